from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.synthesis.claims import Ledger
from analysis.synthesis.prevalence import (
    Prevalence,
    draw_prevalence,
    measure_prevalence,
    most_heard,
    show_prevalence,
)
from synthesis.made_corpora import make_codings, make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus

SEGMENTS = [{"segment": name} for name in ("ken.1", "ken.2", "uga.1", "tza.1")]


@pytest.fixture
def corpus(study: OpenedStudy) -> Corpus:
    """Give three focus groups, of which one has no coded segment."""
    return make_corpus(
        study,
        groups=make_groups("ken", "uga", "tza"),
        segments=SEGMENTS,
        codings=[
            *make_codings("ken.1 stigma", "ken.2 stigma", coders=1, of_coders=2),
            *make_codings("ken.2 criminalization", coders=2, of_coders=2),
            *make_codings("uga.1 stigma"),
        ],
    )


def by_code(measured: list[Prevalence]) -> dict[str, Prevalence]:
    return {prevalence.code: prevalence for prevalence in measured}


def test_denominator_is_who_has_a_coded_segment(corpus: Corpus) -> None:
    """A theme or code counts focus groups, of those with any coded segment."""
    measured = by_code(measure_prevalence(corpus, Ledger("esa")))

    counted = {code: prevalence.claim.text for code, prevalence in measured.items()}
    assert counted == {
        "rights": "2 of 2",
        "stigma": "2 of 2",
        "criminalization": "1 of 2",
        "support": "0 of 2",
        "community": "0 of 2",
        "services": "0 of 2",
    }


def test_most_prevalent_first_with_all_that_nobody_said(corpus: Corpus) -> None:
    """Themes and their codes stand by falling prevalence, those of nobody by name at the end."""
    measured = measure_prevalence(corpus, Ledger("esa"))

    assert [prevalence.code for prevalence in measured] == [
        *("rights", "stigma", "criminalization"),
        *("support", "community", "services"),
    ]


def test_segments_count_once_a_theme(corpus: Corpus) -> None:
    """A segment that bears two codes of a theme counts once for the theme."""
    rights = by_code(measure_prevalence(corpus, Ledger("esa")))["rights"]

    assert (rights.segments.value, rights.segments.segments) == (3, ("ken.1", "ken.2", "uga.1"))


def test_agreed_by_all_needs_several_coders(corpus: Corpus) -> None:
    """What a single coder put is agreed by no one else, and is no agreement."""
    measured = by_code(measure_prevalence(corpus, Ledger("esa")))

    by_all = {
        code: prevalence.by_all.segments if prevalence.by_all else None
        for code, prevalence in measured.items()
    }
    assert (by_all["stigma"], by_all["criminalization"], by_all["rights"]) == (
        (),
        ("ken.2",),
        None,
    )


def test_no_agreement_is_reported_where_no_group_had_two_coders(study: OpenedStudy) -> None:
    """Where each focus group had one coder, nothing is said of agreement."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=SEGMENTS,
        codings=make_codings("ken.1 stigma", "uga.1 stigma"),
    )
    ledger = Ledger("esa")

    shown = show_prevalence(corpus, ledger, measure_prevalence(corpus, ledger))

    assert "agreed" not in shown.html


def test_table_of_one_focus_group_tells_segments_alone(study: OpenedStudy) -> None:
    """Of one focus group no prevalence is told: neither in the table nor in a figure."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken"),
        segments=SEGMENTS[:2],
        codings=make_codings("ken.1 stigma"),
    )
    ledger = Ledger("esa")
    measured = measure_prevalence(corpus, ledger)

    shown = show_prevalence(corpus, ledger, measured)

    assert {claim.unit for claim in shown.claims} == {"segments"}
    assert "that bear each theme and code" in shown.text
    assert draw_prevalence(corpus, ledger, measured).claims == ()
    assert "<svg" not in draw_prevalence(corpus, ledger, measured).html


def test_figure_is_reported_in_words(corpus: Corpus) -> None:
    """The text alternative of the figure holds each theme with its count, and no code."""
    ledger = Ledger("esa")

    shown = draw_prevalence(corpus, ledger, measure_prevalence(corpus, ledger))

    assert (
        'aria-label="Focus groups in Eastern and Southern Africa that raised each theme: '
        'Rights, 2 of 2; Support, 0 of 2."'
    ) in shown.html


def test_themes_that_tie_with_the_last_are_named_too(study: OpenedStudy) -> None:
    """The most heard themes are cut between counts and never between equals, nor name nobody's."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=SEGMENTS,
        codings=make_codings("ken.1 stigma", "uga.1 services"),
    )
    measured = measure_prevalence(corpus, Ledger("esa"))
    only_rights = [each for each in measured if each.code != "support"]

    named = [[theme.code for theme in most_heard(each, most=1)] for each in (measured, only_rights)]

    assert named == [["rights", "support"], ["rights"]]


def test_uncoded_place_counts_nothing_of_nobody(study: OpenedStudy) -> None:
    """Where nothing is coded, each prevalence is none of none."""
    corpus = make_corpus(study, groups=make_groups("ken", "uga"), segments=SEGMENTS)

    measured = measure_prevalence(corpus, Ledger("esa"))

    assert {(prevalence.claim.text, prevalence.share) for prevalence in measured} == {
        ("0 of 0", 0.0)
    }
