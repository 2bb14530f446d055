from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.quality.outcomes import Outcome
from analysis.synthesis.claims import Ledger
from analysis.synthesis.overview import show_method, show_source
from analysis.synthesis.participants import claim_group, claim_total, show_total
from analysis.synthesis.who_was_heard import show_heard
from synthesis.made_corpora import make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.study.settings import NumbersOfPeople
    from analysis.synthesis.corpus import Corpus


def corpus_of(study: OpenedStudy, *participants: str, rule: NumbersOfPeople = "rounded") -> Corpus:
    """Return a corpus of focus groups with these participants."""
    publication = study.settings.publication.model_copy(update={"participants": rule})
    settings = study.settings.model_copy(update={"publication": publication})
    groups = [
        {"focus_group": f"g{at}", "participants": text} for at, text in enumerate(participants)
    ]
    return make_corpus(replace(study, settings=settings), groups=groups)


@pytest.mark.parametrize(
    ("participants", "rule", "shown"),
    [
        (("13 peers", "6 peers"), "rounded", "20"),
        (
            ("13 peers", "3 peers", ""),
            "rounded",
            "15 (1 group of fewer than 5; 1 group not reported)",
        ),
        (("13 peers", "", "many"), "rounded", "15 (2 groups not reported)"),
        (("4 peers",), "rounded", "fewer than 5"),
        (("4 peers", "1 nurse"), "rounded", "no total (2 groups of fewer than 5)"),
        (("", ""), "rounded", "not reported"),
        (("13 peers", "3 peers", ""), "exact", "16 (1 group not reported)"),
    ],
)
def test_total_is_shown_with_what_it_leaves_out(
    study: OpenedStudy, participants: tuple[str, ...], rule: NumbersOfPeople, shown: str
) -> None:
    """A total counts focus groups of 5 or more, and says how many focus groups it doesn't count."""
    ledger, corpus = Ledger("esa"), corpus_of(study, *participants)
    claims = claim_total(ledger, "participants", "Participants", corpus.focus_groups, rule)

    assert claims is not None
    assert re.sub(r"<[^>]+>", "", ledger.show(show_total(claims)).html) == shown


@pytest.mark.parametrize(
    ("text", "rule", "shown"),
    [
        ("13 peers", "rounded", "15"),
        ("3 peers; 1 nurse", "rounded", "fewer than 5"),
        ("many", "rounded", "not reported"),
        ("3 peers", "exact", "3"),
    ],
)
def test_number_of_one_focus_group_follows_the_rule(
    study: OpenedStudy, text: str, rule: NumbersOfPeople, shown: str
) -> None:
    """The number of people of a focus group is rounded, in words, or exact."""
    claim = claim_group(Ledger("esa"), corpus_of(study, text).focus_groups, rule)

    assert claim is not None
    assert claim.text == shown


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("exact", "Participants of g0"), ("rounded", "Participants of g0, rounded to the nearest 5")],
)
def test_label_says_whether_a_number_is_rounded(
    study: OpenedStudy, rule: NumbersOfPeople, expected: str
) -> None:
    """The label of a number of people says how it is published."""
    claim = claim_group(Ledger("esa"), corpus_of(study, "13 peers").focus_groups, rule)

    assert claim is not None
    assert claim.label == expected


def test_kinds_of_a_group_that_may_only_be_counted_are_not_named(study: OpenedStudy) -> None:
    """With consent for counts only, who took part in a focus group is not published."""
    corpus = make_corpus(
        study,
        groups=[
            *make_groups("ken", participants="8 peers"),
            *make_groups("uga", participants="6 trans women", consent="aggregate-only"),
        ],
    )

    shown = show_method(corpus, Ledger("esa"))

    cells = re.findall(r'<td data-label="Kinds of participants">([^<]*)<', shown.html)
    assert cells == ["peers", "type of participant not published"]


@pytest.mark.parametrize(
    ("participants", "rule", "sentence"),
    [
        (("13 peers",), "rounded", "About 15 participants."),
        (("13 peers",), "exact", "13 participants."),
        (("1 peer",), "exact", "1 participant."),
        (("4 peers",), "rounded", "fewer than 5 participants."),
        (("",), "rounded", "Number of participants: not reported."),
        (("4 peers", "1 nurse"), "rounded", "Number of participants: no total."),
    ],
)
def test_sentence_on_people_says_how_sure_the_number_is(
    study: OpenedStudy, participants: tuple[str, ...], rule: NumbersOfPeople, sentence: str
) -> None:
    """A rounded number is "about"; words replace a number that is not published."""
    shown = show_source(corpus_of(study, *participants, rule=rule), Ledger("esa"))

    assert f" {sentence}" in " ".join(shown.text.split()).replace(" .", ".")


def test_no_number_of_people_is_published_where_the_study_says_none(study: OpenedStudy) -> None:
    """With `participants: none` no section of a report has one."""
    corpus, ledger = corpus_of(study, "13 peers", "2 nurses", rule="none"), Ledger("esa")
    shown = [
        show_source(corpus, ledger),
        show_heard(corpus, ledger),
        show_method(corpus, ledger),
    ]

    claims = [claim.id for fragment in shown for claim in fragment.claims]
    assert [name for name in claims if "participants" in name] == []
    assert not any("13" in fragment.text for fragment in shown)


def test_kinds_are_counted_in_focus_groups(study: OpenedStudy) -> None:
    """A kind counts the focus groups in which it took part; that of the most comes first."""
    shown = show_heard(corpus_of(study, "8 peers; 2 nurses", "6 Peers", ""), Ledger("esa"))

    assert [(claim.id, claim.text) for claim in shown.claims if ".kinds." in claim.id] == [
        ("esa.kinds.peers", "2 of 2"),
        ("esa.kinds.nurses", "1 of 2"),
    ]


def test_kind_has_the_caveat_of_those_who_report_kinds(study: OpenedStudy) -> None:
    """A warning on a focus group of the denominator marks each kind."""
    warning = Outcome(
        expectation="e",
        table="focus_groups",
        stage="cleaned",
        severity="warning",
        verdict="fell_short",
        touches=("kinds.*",),
        ids=("g1",),
        message="Not understood.",
    )

    shown = show_heard(corpus_of(study, "8 peers; 2 nurses", "6 peers"), Ledger("esa", [warning]))

    kinds = [claim for claim in shown.claims if ".kinds." in claim.id]
    assert {claim.caveats for claim in kinds} == {("Not understood.",)}


def test_nothing_is_counted_where_nobody_reports_a_kind(study: OpenedStudy) -> None:
    """Without a kind there is no table of kinds."""
    shown = show_heard(corpus_of(study, "", ""), Ledger("esa"))

    assert "Kinds of participants" not in shown.html
