from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from analysis.synthesis import listing
from analysis.synthesis.claims import Ledger
from analysis.synthesis.listing import (
    take_fairly,
    take_groups_fairly,
    tell_groups_listed,
    tell_segments_listed,
)
from synthesis.made_corpora import make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus

ALL = np.arange(6)


@pytest.fixture
def corpus(study: OpenedStudy) -> Corpus:
    """Give two focus groups of one country and one of another, of which one is withheld."""
    names = ("ken.1", "ken.2", "ken.3", "nai.1", "uga.1", "uga.2")
    told = {"uga.1": {"text": "", "withheld": True}}
    return make_corpus(
        study,
        groups=[*make_groups("ken", "nai"), *make_groups("uga", places="UGA", home="africa")],
        segments=[{"segment": name, **told.get(name, {})} for name in names],
    )


@pytest.mark.parametrize(
    ("most", "taken"),
    [
        (2, ["ken.1", "uga.2"]),
        (3, ["ken.1", "nai.1", "uga.2"]),
        (4, ["ken.1", "ken.2", "nai.1", "uga.2"]),
        (6, ["ken.1", "ken.2", "ken.3", "nai.1", "uga.1", "uga.2"]),
    ],
    ids=["each-place", "each-focus-group", "second-ones", "all"],
)
def test_places_and_focus_groups_come_before_any_twice(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, most: int, taken: list[str]
) -> None:
    """Of many segments those with words are listed, of each focus group and place before others."""
    monkeypatch.setattr(listing, "MOST_LISTED", most)

    listed = take_fairly(corpus, ALL)

    assert list(corpus.rows.bearing(listed).segments) == taken


def test_focus_groups_of_each_place_come_first(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many focus groups one of each place is listed before any second one."""
    monkeypatch.setattr(listing, "MOST_LISTED", 2)

    assert list(take_groups_fairly(corpus.focus_groups)["focus_group"]) == ["ken", "uga"]


def test_nothing_is_said_of_a_list_of_all(corpus: Corpus) -> None:
    """Where a list shows all there is, nothing is said of others."""
    ledger = Ledger("esa")
    segments = ledger.number("all", "All", (6, "segments"))
    groups = ledger.number("groups", "All", (3, "focus groups"))

    assert tell_segments_listed(corpus, ledger, ALL, segments) == []
    assert tell_groups_listed(corpus, ledger, corpus.focus_groups, groups) == []


def test_what_is_not_listed_is_told(corpus: Corpus) -> None:
    """Where a list shows the first, it says of how many, in which order, and where others stand."""
    ledger = Ledger("esa")
    whole = ledger.number("all", "All segments", (6, "segments"))

    shown = ledger.show(*tell_segments_listed(corpus, ledger, ALL[:2], whole))

    assert [(claim.id, claim.value) for claim in shown.claims] == [
        ("esa.all.listed", 2),
        ("esa.all", 6),
    ]
    assert shown.claims[0].segments == ("ken.1", "ken.2")
    assert "One of each focus group is listed before any second one" in shown.text
    assert 'at the end of this report and in those on <a href="africa.html">' in shown.html
