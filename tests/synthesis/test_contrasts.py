from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.synthesis.aggregates import open_continent
from analysis.synthesis.claims import Claim, Ledger
from analysis.synthesis.continent_wide import show_continent_wide
from analysis.synthesis.contrasts import (
    APART_FROM,
    Contrast,
    contrast_regions,
    draw_contrasts,
    show_against_others,
    show_shared_and_parted,
    show_side_by_side,
)
from analysis.synthesis.excerpts import WITHHELD
from analysis.synthesis.prevalence import measure_prevalence
from synthesis.made_corpora import make_codings, make_corpus, make_groups
from tiny_study import STUDY

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus

NAMES = ("ken.1", "uga.1", "gha.1", "afr.1")


def make_africa(study: OpenedStudy, *codings: str) -> Corpus:
    """Make two focus groups of esa, one of wca and a wider one, of one segment each."""
    return make_corpus(
        study,
        groups=[
            *make_groups("ken", "uga", home="esa"),
            *make_groups("gha", home="wca"),
            *make_groups("afr", home="africa"),
        ],
        segments=[{"segment": name} for name in NAMES],
        codings=make_codings(*codings),
        place="africa",
    )


def by_code(contrasts: list[Contrast]) -> dict[str, Contrast]:
    return {contrast.code: contrast for contrast in contrasts}


@pytest.fixture
def corpus(study: OpenedStudy) -> Corpus:
    """Give a continent whose regions share one code and part on another."""
    return make_africa(
        study,
        *("ken.1 stigma", "uga.1 stigma", "uga.1 services", "gha.1 services", "afr.1 community"),
    )


def test_regions_stand_beside_each_other_and_the_wider(corpus: Corpus) -> None:
    """A code counts in each region those of the region, in the others the rest, and the wider."""
    stigma = by_code(contrast_regions(corpus, Ledger("africa")))["stigma"]

    assert {region: claim.text for region, claim in stigma.regions.items()} == {
        "esa": "2 of 2",
        "wca": "0 of 1",
    }
    assert {region: claim.text for region, claim in stigma.others.items()} == {
        "esa": "0 of 1",
        "wca": "2 of 2",
    }
    assert stigma.wider is not None
    assert stigma.wider.text == "0 of 1"


def test_parts_add_up_to_the_continent(corpus: Corpus) -> None:
    """For each theme and code, regions and wider submissions make the continent's prevalence."""
    ledger = Ledger("africa")
    measure_prevalence(corpus, ledger)

    for contrast in contrast_regions(corpus, ledger):
        parts = [*contrast.regions.values(), *([contrast.wider] if contrast.wider else [])]
        whole = ledger[f"prevalence.{contrast.code}"]
        assert sum(part.numerator or 0 for part in parts) == whole.numerator
        assert sum(part.denominator or 0 for part in parts) == whole.denominator


@pytest.mark.parametrize(
    ("codings", "reason"),
    [
        (("afr.1 stigma",), "No submission of a single region of Africa was received"),
        (("ken.1 stigma", "afr.1 stigma"), "Only one region of Africa has coded"),
    ],
    ids=["none", "one"],
)
def test_fewer_than_two_regions_are_not_compared(
    study: OpenedStudy, codings: tuple[str, ...], reason: str
) -> None:
    """Where fewer than two regions are coded nothing is compared, and it is said once why."""
    corpus, ledger = make_africa(study, *codings), Ledger("africa")

    contrasts = contrast_regions(corpus, ledger)

    assert contrasts == []
    assert reason in show_side_by_side(corpus, ledger, contrasts).text
    for show in (draw_contrasts, show_shared_and_parted, show_against_others):
        assert show(corpus, ledger, contrasts).html == ""


def test_shared_is_half_of_every_region(corpus: Corpus) -> None:
    """A code is shared that at least half of the focus groups of every region raised."""
    contrasts = by_code(contrast_regions(corpus, Ledger("africa")))

    assert [code for code, contrast in contrasts.items() if contrast.is_shared] == [
        "support",
        "services",
    ]


def test_difference_of_just_a_third_parts() -> None:
    """Shares are compared exactly: 11 of 12 and 7 of 12 are a third apart."""
    claims = {
        region: Claim(f"a.{region}", "", count, "focus groups", count, 12)
        for region, count in (("esa", 11), ("wca", 7))
    }

    assert Contrast("c", "C", is_theme=False, regions=claims, wider=None, others={}).spread == (
        APART_FROM
    )


def test_widest_differences_stand_first(corpus: Corpus) -> None:
    """What is shared is listed, and where regions part, the widest first."""
    ledger = Ledger("africa")

    shown = show_shared_and_parted(corpus, ledger, contrast_regions(corpus, ledger))

    assert [claim.id for claim in shown.claims] == [
        *("africa.region.esa.services", "africa.region.wca.services"),
        *("africa.region.esa.stigma", "africa.region.wca.stigma"),
    ]


def test_side_by_side_holds_the_continent_too(corpus: Corpus) -> None:
    """The table has a column for each region, the wider submissions and the continent."""
    ledger = Ledger("africa")
    measure_prevalence(corpus, ledger)

    shown = show_side_by_side(corpus, ledger, contrast_regions(corpus, ledger))

    columns = [
        name
        for name in ("Eastern and Southern Africa", "Wider submissions", "Africa")
        if f'<th scope="col">{name}</th>' in shown.html
    ]
    assert columns == ["Eastern and Southern Africa", "Wider submissions", "Africa"]
    assert "africa.prevalence.stigma" in {claim.id for claim in shown.claims}


def test_each_region_stands_against_the_others(corpus: Corpus) -> None:
    """For each region its themes stand against the others, most above them first."""
    ledger = Ledger("africa")

    shown = show_against_others(corpus, ledger, contrast_regions(corpus, ledger))

    assert '<a href="esa.html">Eastern and Southern Africa</a>' in shown.html
    assert [claim.id for claim in shown.claims if ".region." in claim.id] == [
        *("africa.region.esa.rights", "africa.region.esa.support"),
        *("africa.region.wca.support", "africa.region.wca.rights"),
    ]


def test_figure_tells_each_region_in_words(corpus: Corpus) -> None:
    """The text alternative holds the count of each region for each theme."""
    ledger = Ledger("africa")

    shown = draw_contrasts(corpus, ledger, contrast_regions(corpus, ledger))

    assert "Rights: ESA 2 of 2, WCA 0 of 1; Support: ESA 1 of 2, WCA 1 of 1." in shown.html


@pytest.mark.usefixtures("tiny_root")
def test_wider_submission_is_reported_point_by_point() -> None:
    """What a continent's own focus groups said is listed by question, each point linked."""
    shown = show_continent_wide(open_continent(STUDY, "africa"), Ledger("africa"))

    assert shown.html.count("<h3>") == 1
    assert "Networks of Africa" in shown.html
    assert '<a href="#segment-afr.1">' in shown.html
    assert "segment-ken" not in shown.html


def test_withheld_submission_is_named(study: OpenedStudy) -> None:
    """A wider submission whose consent is for counts only is named without its points."""
    corpus = make_corpus(
        study,
        groups=[*make_groups("afr", home="africa"), *make_groups("ken")],
        segments=[{"segment": "afr.1", "text": "", "withheld": True}],
        place="africa",
    )

    shown = show_continent_wide(corpus, Ledger("africa"))

    assert WITHHELD in shown.text
    assert "<table" not in shown.html


def test_report_on_one_focus_group_is_about_it_anyway(study: OpenedStudy) -> None:
    """Where one wider submission is all that is counted, the whole report tells it."""
    corpus = make_corpus(
        study,
        groups=make_groups("afr", home="africa"),
        segments=[{"segment": "afr.1"}],
        place="africa",
    )

    assert show_continent_wide(corpus, Ledger("africa")).html == ""
