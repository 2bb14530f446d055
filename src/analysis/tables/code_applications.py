"""The table of code applications: its columns, and which coder coded which focus group."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SEGMENT = "segment"
CODE = "code"
CODER = "coder"

COLUMNS = (SEGMENT, CODE, CODER)


def coders_of_focus_groups(segments: pd.DataFrame, code_applications: pd.DataFrame) -> pd.DataFrame:
    """Return each coder of each focus group, one row a pair.

    A coder has coded a focus group when they put at least one code on one of its segments.

    Parameters
    ----------
    segments : DataFrame
        With columns ``segment`` and ``focus_group``.
    code_applications : DataFrame
        With columns ``segment``, ``code`` and ``coder``.

    Returns
    -------
    DataFrame
        Columns ``focus_group`` and ``coder``, without repeats, sorted.
    """
    located = code_applications.merge(segments[[SEGMENT, "focus_group"]], on=SEGMENT)
    pairs = located[["focus_group", CODER]].drop_duplicates()
    return pairs.sort_values(["focus_group", CODER], ignore_index=True)
