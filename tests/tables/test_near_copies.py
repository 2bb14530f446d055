from __future__ import annotations

import pandas as pd

from analysis.tables.near_copies import MOST_GROUPS, count_runs, count_shared_runs


def test_runs_are_shared_whatever_case_and_punctuation() -> None:
    """A text of seven words has three runs of five; another group has all but the last."""
    texts = pd.Series(
        ["We pay a fine every single night.", "WE PAY, a fine: every single day", "We"]
    )
    groups = pd.Series(["one", "two", "two"])

    shared = count_shared_runs(texts, groups)

    assert count_runs(texts).to_list() == [3, 3, 0]
    assert shared.reset_index().to_numpy().tolist() == [[0, "one", "two", 2], [1, "two", "one", 2]]


def test_phrase_of_many_groups_is_no_copy() -> None:
    """What more than 20 focus groups say is a phrase, and proves nothing."""
    texts = pd.Series(["Nothing about us without us."] * (MOST_GROUPS + 1))
    groups = pd.Series([f"group {number}" for number in range(len(texts))])

    assert count_shared_runs(texts, groups).empty
    assert len(count_shared_runs(texts[:2], groups[:2])) == 2
