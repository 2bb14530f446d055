from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.tables import near_copies
from analysis.tables.near_copies import (
    MOST_GROUPS,
    count_runs,
    count_shared_runs,
    find_alike,
    find_runs,
    fold_words,
)

if TYPE_CHECKING:
    import pytest


def test_runs_are_shared_whatever_case_and_punctuation() -> None:
    """A text of seven words has three runs of five; another group has all but the last."""
    said = ["We pay a fine every single night.", "WE PAY, a fine: every single day", "We"]
    texts = pd.Series(said).map(fold_words)
    groups = pd.Series(["one", "two", "two"])

    runs = find_runs(texts, groups)
    shared = count_shared_runs(runs)

    assert count_runs(runs, texts).to_list() == [3, 3, 0]
    assert shared.reset_index().to_numpy().tolist() == [[0, "one", "two", 2], [1, "two", "one", 2]]


def test_phrase_of_many_groups_is_no_copy() -> None:
    """What more than 20 focus groups say is a phrase, and proves nothing."""
    texts = pd.Series(["nothing about us without us"] * (MOST_GROUPS + 1))
    groups = pd.Series([f"group {number}" for number in range(len(texts))])

    assert count_shared_runs(find_runs(texts, groups)).empty
    assert len(count_shared_runs(find_runs(texts[:2], groups[:2]))) == 2


def _alike(*words: str) -> list[list[object]]:
    groups = pd.Series([f"group {number}" for number in range(len(words))], dtype="str")
    runs = find_runs(pd.Series(words, dtype="str"), groups)
    return find_alike(runs, count_shared_runs(runs)).to_numpy().tolist()


def _count_to(last: int, first: int = 1) -> str:
    return " ".join(f"word{number}" for number in range(first, last + 1))


def test_share_is_that_of_the_shorter_focus_group() -> None:
    """All 20 runs of 24 words are among the 36 of 40: a copy, whichever is asked for."""
    assert _alike(_count_to(24), _count_to(40)) == [
        ["group 0", "group 1", 1.0, True],
        ["group 1", "group 0", 1.0, True],
    ]


def test_focus_groups_are_similar_before_they_are_copies() -> None:
    """With half of their runs in common, or few runs at all, they are no copies."""
    half = _alike(_count_to(44), _count_to(64, first=21))
    few = _alike(_count_to(23), _count_to(23))

    assert half == [["group 0", "group 1", 0.5, False], ["group 1", "group 0", 0.5, False]]
    assert few == [["group 0", "group 1", 1.0, False], ["group 1", "group 0", 1.0, False]]
    assert _alike(_count_to(43), _count_to(64, first=21)) == []


def test_one_focus_group_is_like_no_other() -> None:
    """A study of one focus group, and one without a segment, have no pairs."""
    assert _alike(_count_to(40)) == []
    assert _alike() == []


def test_copy_in_a_large_study_is_found_in_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one run in four is compared, a copy shares four fifths of these, and others none."""
    words = [_count_to(400), _count_to(400), _count_to(1400, first=1001)]
    monkeypatch.setattr(near_copies, "MOST_RUNS", 300)

    found = _alike(*words)

    assert [[*pair[:2], pair[3]] for pair in found] == [
        ["group 0", "group 1", True],
        ["group 1", "group 0", True],
    ]
    assert len(find_runs(pd.Series(words), pd.Series(["a", "b", "c"]))) < 3 * 396 / 3
