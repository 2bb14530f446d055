"""Segments as reports tell of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

    from analysis.tables.numbering import IntArray


class ToldSegment(NamedTuple):
    """One segment as a report tells of it.

    Parameters
    ----------
    segment, focus_group : str
        Its id and its focus group.
    cell, position : str
        Where it stands in its submission.
    label, text : str
        Its label and its words; ``""`` where they are withheld, or stand in another report.
    text_kind, language : str
        What kind of words they are, and in which language.
    shown_in : str
        The page on which it stands.
    withheld : bool
        Whether its consent is for counts only.
    """

    segment: str
    focus_group: str
    cell: str
    position: str
    label: str
    text: str
    text_kind: str
    language: str
    shown_in: str
    withheld: bool


def tell_segments(segments: pd.DataFrame, rows: IntArray) -> list[ToldSegment]:
    """Return rows of a table of segments.

    Parameters
    ----------
    segments : DataFrame
        The table.
    rows : array of int
        Its rows, in any order.
    """
    if not len(rows):
        return []
    # To take a few texts from among all would go through all.
    first, last = int(rows.min()), int(rows.max())
    near = segments[list(ToldSegment._fields)].iloc[first : last + 1]
    taken = near.take(rows - first)
    columns = (taken[name].tolist() for name in ToldSegment._fields)
    return list(map(ToldSegment._make, zip(*columns, strict=True)))
