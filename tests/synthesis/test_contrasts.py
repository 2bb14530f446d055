from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from analysis.synthesis import contrasts as contrasts_of
from analysis.synthesis.aggregates import open_continent
from analysis.synthesis.claims import Ledger
from analysis.synthesis.continent import show_cards, show_continent_wide
from analysis.synthesis.contrasts import (
    Contrast,
    contrast_regions,
    find_differences,
    show_by_region,
    show_differences,
)
from analysis.synthesis.excerpts import WITHHELD
from analysis.synthesis.prevalence import measure_prevalence
from synthesis.made_corpora import make_codings, make_corpus, make_groups
from tiny_study import STUDY

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus

NAMES = ("ken.1", "uga.1", "gha.1", "afr.1")
ESA = tuple(f"e{at}" for at in range(6))
WCA = tuple(f"w{at}" for at in range(5))


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


def make_regions(study: OpenedStudy, *codings: dict[str, object], few: bool = False) -> Corpus:
    """Make six focus groups of esa and five of wca (or four), each with a coded segment."""
    wca = WCA[:-1] if few else WCA
    groups = [*make_groups(*ESA, home="esa"), *make_groups(*wca, home="wca", coders="bot")]
    return make_corpus(
        study,
        groups=groups,
        segments=[{"segment": f"{group}.1"} for group in (*ESA, *wca)],
        codings=[*make_codings(*(f"{group}.1 community" for group in (*ESA, *wca))), *codings],
        place="africa",
    )


def by_code(contrasts: list[Contrast]) -> dict[str, Contrast]:
    return {contrast.code: contrast for contrast in contrasts}


@pytest.fixture
def corpus(study: OpenedStudy) -> Corpus:
    """Give a continent whose regions share one code and differ on another."""
    return make_africa(
        study,
        *("ken.1 stigma", "uga.1 stigma", "uga.1 services", "gha.1 services", "afr.1 community"),
    )


def test_each_region_counts_its_own(corpus: Corpus) -> None:
    """A code counts in each region the groups of the region, and the continent-wide ones apart."""
    stigma = by_code(contrast_regions(corpus, Ledger("africa")))["stigma"]

    assert {region: claim.text for region, claim in stigma.regions.items()} == {
        "esa": "2 of 2",
        "wca": "0 of 1",
    }
    assert stigma.wider is not None
    assert stigma.wider.text == "0 of 1"


def test_parts_add_up_to_the_continent(corpus: Corpus) -> None:
    """For each theme and code, regions and continent-wide discussions make the whole."""
    ledger = Ledger("africa")
    measure_prevalence(corpus, ledger)

    for contrast in contrast_regions(corpus, ledger):
        parts = [*contrast.regions.values(), *([contrast.wider] if contrast.wider else [])]
        whole = ledger[f"prevalence.{contrast.code}"]
        assert sum(part.numerator or 0 for part in parts) == whole.numerator
        assert sum(part.denominator or 0 for part in parts) == whole.denominator


@pytest.mark.parametrize(
    "codings", [("afr.1 stigma",), ("ken.1 stigma", "afr.1 stigma")], ids=["none", "one"]
)
def test_fewer_than_two_regions_are_not_compared(
    study: OpenedStudy, codings: tuple[str, ...]
) -> None:
    """Where fewer than two regions are coded, no section compares them."""
    corpus, ledger = make_africa(study, *codings), Ledger("africa")
    measure_prevalence(corpus, ledger)

    contrasts = contrast_regions(corpus, ledger)

    for show in (show_by_region, show_differences):
        assert show(corpus, ledger, contrasts).html == ""


def test_table_by_region_holds_the_continent_too(corpus: Corpus) -> None:
    """The table has a column for each region, the continent-wide discussions and the continent."""
    ledger = Ledger("africa")
    measure_prevalence(corpus, ledger)

    shown = show_by_region(corpus, ledger, contrast_regions(corpus, ledger))

    assert re.findall('<th scope="col">([^<]+?) ?<', shown.html) == [
        "Topic",
        "Eastern and Southern Africa",
        "Western and Central Africa",
        "Continent-wide",
        "Africa",
    ]
    assert "africa.prevalence.stigma" in {claim.id for claim in shown.claims}
    assert "shade-" not in shown.html


def test_card_names_what_a_region_raised_most(study: OpenedStudy) -> None:
    """Each region is a card with its groups and its countries, and what most of them raised."""
    corpus = make_corpus(
        study,
        groups=[
            *make_groups("ken", "uga", places="KEN;esa"),
            *make_groups("gha", home="wca", places="GHA"),
            *make_groups("afr", home="africa", places="africa"),
        ],
        segments=[
            {"segment": "ken.1", "cell": "context.concerns"},
            {"segment": "uga.1", "cell": "structures.concerns"},
            {"segment": "gha.1", "cell": "context.hope"},
        ],
        codings=make_codings("ken.1 stigma", "uga.1 stigma", "uga.1 services", "gha.1 services"),
        place="africa",
    )

    shown = show_cards(corpus, Ledger("africa"))

    assert re.findall('href="([a-z]+.html)"', shown.html) == ["esa.html", "wca.html"]
    assert {claim.id: claim.text for claim in shown.claims} == {
        "africa.part.groups.esa": "2",
        "africa.part.countries.esa": "1",
        "africa.region.esa.stigma.concerns": "2 of 2",
        "africa.part.groups.wca": "1",
        "africa.part.countries.wca": "1",
        "africa.region.wca.services.hope": "1 of 1",
    }


def test_card_counts_topics_of_which_many_are_tied(study: OpenedStudy) -> None:
    """Up to three topics at the same count are named; of more, only their number is shown."""
    codes = ("criminalization", "stigma", "services", "community")
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[{"segment": "ken.1", "cell": "context.hope"}],
        codings=make_codings(*(f"ken.1 {code}" for code in codes)),
        place="africa",
    )

    shown = show_cards(corpus, Ledger("africa"))

    assert "4 topics at 1 of 1" in " ".join(shown.text.split())
    assert "Stigma" not in shown.text


def test_difference_of_a_third_between_large_regions_is_listed(study: OpenedStudy) -> None:
    """Two regions of five or more groups differ where their shares are a third or more apart."""
    raised = make_codings(*(f"{group}.1 stigma" for group in ESA[:2]))
    just_less = make_codings(*(f"{group}.1 services" for group in (*ESA[:3], WCA[0])))
    corpus, ledger = make_regions(study, *raised, *just_less), Ledger("africa")

    found = find_differences(corpus, contrast_regions(corpus, ledger))

    assert [(each.contrast.code, each.more, each.less) for each in found] == [
        ("stigma", "esa", "wca")
    ]


def test_widest_differences_come_first(study: OpenedStudy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Differences are in the order of their size; those beyond the most are one click away."""
    monkeypatch.setattr(contrasts_of, "MOST_SHOWN", 1)
    raised = make_codings(
        *(f"{group}.1 stigma" for group in ESA[:3]), *(f"{group}.1 services" for group in ESA)
    )
    corpus, ledger = make_regions(study, *raised), Ledger("africa")
    contrasts = contrast_regions(corpus, ledger)

    shown = show_differences(corpus, ledger, contrasts)

    found = [each.contrast.code for each in find_differences(corpus, contrasts)]
    assert found == ["services", "stigma"]
    assert "Services" in shown.html.partition("<details>")[0]
    assert "Stigma" in shown.html.partition("<details>")[2].partition("</details>")[0]


def test_region_of_few_groups_is_not_compared(study: OpenedStudy) -> None:
    """A region of fewer than five groups is listed as too few to compare."""
    raised = make_codings(*(f"{group}.1 stigma" for group in ESA))
    corpus, ledger = make_regions(study, *raised, few=True), Ledger("africa")
    contrasts = contrast_regions(corpus, ledger)

    shown = show_differences(corpus, ledger, contrasts)

    assert find_differences(corpus, contrasts) == []
    assert "4 groups, too few to compare" in " ".join(shown.text.split())


def test_difference_that_one_coder_makes_depends_on_who_coded(study: OpenedStudy) -> None:
    """A difference whose direction does not hold counting the first coder alone is set apart."""
    by_second = {"coders": 1, "of_coders": 2, "by_first": False}
    raised = make_codings(*(f"{group}.1 stigma" for group in ESA[:4]), **by_second)
    holds = make_codings(*(f"{group}.1 services" for group in ESA[:5]))
    corpus, ledger = make_regions(study, *raised, *holds), Ledger("africa")
    contrasts = contrast_regions(corpus, ledger)

    found = {each.contrast.code: each.holds for each in find_differences(corpus, contrasts)}
    shown = show_differences(corpus, ledger, contrasts)

    assert found == {"services": True, "stigma": False}
    text = " ".join(shown.text.split())
    assert "1 difference depends on who coded" in text
    assert "1 of 1 shown" in text
    assert "coded by bot" in text


def test_topics_that_nobody_in_a_region_raised_are_named(study: OpenedStudy) -> None:
    """What a region did not raise at all is listed."""
    corpus, ledger = make_regions(study), Ledger("africa")

    shown = show_differences(corpus, ledger, contrast_regions(corpus, ledger))

    assert (
        "In Western and Central Africa, nobody raised: Criminalization, Stigma, Services."
        in shown.text
    )


@pytest.mark.usefixtures("tiny_root")
def test_continent_wide_discussion_is_listed_point_by_point() -> None:
    """What a continent's own focus groups said is listed by question, each point linked."""
    shown = show_continent_wide(open_continent(STUDY, "africa"), Ledger("africa"))

    assert shown.html.count("<h3>") == 1
    assert "Networks of Africa" in shown.html
    assert '<a href="#segment-afr.1">' in shown.html
    assert "segment-ken" not in shown.html


def test_withheld_discussion_is_named(study: OpenedStudy) -> None:
    """A discussion whose consent is for counts only is named without its points."""
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
    """Where one continent-wide discussion is all that is counted, the whole report is about it."""
    corpus = make_corpus(
        study,
        groups=make_groups("afr", home="africa"),
        segments=[{"segment": "afr.1"}],
        place="africa",
    )

    assert show_continent_wide(corpus, Ledger("africa")).html == ""
