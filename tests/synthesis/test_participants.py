from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.quality.disclosure.people import CONTINENT, GROUP, HOME, Number
from analysis.quality.disclosure.withheld import Withheld
from analysis.quality.outcomes import Outcome
from analysis.synthesis.claims import Ledger
from analysis.synthesis.participants import claim_people, number_of, show_kinds, tell_withheld
from synthesis.made_corpora import make_corpus

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus

NURSES = Number(HOME, "esa", "nurses")


@pytest.fixture
def corpus(study: OpenedStudy) -> Corpus:
    """Give a corpus of which one focus group told no participants."""
    told = {"ken": "8 peers; 2 nurses", "uga": "6 peers", "tza": ""}
    groups = [{"focus_group": name, "participants": each} for name, each in told.items()]
    return make_corpus(study, groups=groups)


@pytest.mark.parametrize(
    ("number", "withheld", "text", "groups"),
    [
        (Number(HOME, "esa"), (), "16", ("ken", "tza", "uga")),
        (Number(HOME, "esa"), (Number(HOME, "esa"),), "withheld", ("ken", "tza", "uga")),
        (NURSES, (), "2", ("ken",)),
        (NURSES, (NURSES,), "withheld", ("ken",)),
        (NURSES, (Number(HOME, "esa", "peers"),), "2", ("ken",)),
        (Number(HOME, "esa", "doctors"), (), "0", ()),
    ],
    ids=["all", "all-withheld", "kind", "withheld", "other-withheld", "nobody"],
)
def test_people_are_claimed_or_withheld(
    corpus: Corpus, number: Number, withheld: tuple[Number, ...], text: str, groups: tuple[str, ...]
) -> None:
    """A number of people rests on the groups that had such people, whether it is shown or not."""
    hidden = Withheld(frozenset(withheld))

    claim = claim_people(Ledger("esa"), hidden, number, ("people", "People"), corpus.focus_groups)

    assert (claim.text, claim.focus_groups) == (text, groups)
    assert claim.is_withheld == (text == "withheld") == (claim.value is None)


def test_group_that_told_nobody_has_no_number(corpus: Corpus) -> None:
    """Where a focus group told no participants, their number is not defined, and no zero."""
    alone = corpus.focus_groups.iloc[[2]]
    named = ("people", "People")

    claim = claim_people(Ledger("esa"), Withheld(), Number(GROUP, "tza"), named, alone)

    assert (claim.text, claim.is_withheld) == ("not defined", False)


def test_kind_bears_the_caveat_of_a_group_that_did_not_tell(corpus: Corpus) -> None:
    """A group that told no participants may have had some of each kind: all numbers say so."""
    silent = Outcome(
        expectation="e",
        table="focus_groups",
        stage="cleaned",
        severity="warning",
        verdict="fell_short",
        touches=("participants.*",),
        ids=("tza",),
        message="No participants.",
    )

    shown = show_kinds(corpus, Ledger("esa", [silent]))

    marked = {claim.id: claim.caveats for claim in shown.claims}
    assert marked == {
        "esa.participants.nurses": ("No participants.",),
        "esa.participants.peers": ("No participants.",),
        "esa.participants": (),
    }


@pytest.mark.parametrize(
    ("place", "number"),
    [
        ("esa", Number(HOME, "esa", "peers")),
        ("africa", Number(CONTINENT, "africa", "peers")),
    ],
)
def test_number_is_of_a_region_or_a_continent(
    study: OpenedStudy, place: str, number: Number
) -> None:
    """The people counted at a place are those at home in a region, or counted at a continent."""
    assert number_of(make_corpus(study, groups=[], place=place), "peers") == number


def test_kinds_are_shown_with_their_total(corpus: Corpus) -> None:
    """Each kind has its number, and all kinds theirs, also where one of them is withheld."""
    hidden = replace(corpus, withheld=Withheld(frozenset({NURSES})))

    shown = show_kinds(hidden, Ledger("esa"))

    rows = [re.sub(r"\s+", " ", line).strip() for line in shown.text.splitlines() if line.strip()]
    assert rows[-4:-1] == ["nurses withheld", "peers 14", "In all 16"]
    assert rows[-1].startswith("A number of fewer than 5 people is withheld")


def test_nothing_is_shown_where_nobody_told_a_kind(study: OpenedStudy) -> None:
    """Without a participant there is no table of kinds."""
    silent = make_corpus(study, groups=[{"focus_group": "ken", "participants": ""}])

    assert show_kinds(silent, Ledger("esa")).claims == ()


def test_nothing_withheld_needs_no_reason() -> None:
    """Where all numbers are shown, the page has no word on withholding."""
    assert tell_withheld(Withheld(), 5) == []
