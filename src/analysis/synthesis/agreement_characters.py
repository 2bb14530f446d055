"""Passages that coders cut themselves: the characters that both, or only one, put a code on.

Imported selections have their positions in their ids, ``group.100-250``. Where selections of a
focus group overlap, its coders did not code the same passages, and no passage is a unit for both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import numpy.typing as npt
    import pandas as pd

    BoolArray: TypeAlias = npt.NDArray[np.bool_]

# The start and the end, and a number where another document has the same positions.
_POSITIONS = re.compile(r"\.(?P<start>\d+)-(?P<end>\d+)(?:-\d+)?$")
COMPARED = 20
"""Characters by which two overlapping passages are recognised as of one document."""


class Characters(NamedTuple):
    """How many characters carry a code of both coders, only of one, only of the other."""

    both: int
    only_one: int
    only_other: int


@dataclass(frozen=True, eq=False)
class CutGroups:
    """Focus groups whose coders cut passages of their own.

    Parameters
    ----------
    groups : frozenset of str
        The focus groups.
    uncountable : frozenset of str
        Those of several documents: their positions cannot be compared.
    applied : DataFrame
        The codes on passages of the others: ``segment, focus_group, code, coder, start, end``.
    """

    groups: frozenset[str]
    uncountable: frozenset[str]
    applied: pd.DataFrame

    def within(
        self, groups: Collection[str], *, coders: Collection[str], codes: Collection[str]
    ) -> CutGroups:
        """Return those of some focus groups, with some coders and codes."""
        kept = self.groups.intersection(groups)
        applied = self.applied
        is_kept = applied["focus_group"].isin(kept) & applied["code"].isin(codes)
        is_kept &= applied["coder"].isin(coders)
        return CutGroups(kept, self.uncountable & kept, applied[is_kept])

    def characters(self, code: str, coders: tuple[str, str]) -> Characters:
        """Return the characters on which two coders put a code."""
        total = np.zeros(3, dtype=np.int64)
        found = self.applied[self.applied["code"] == code]
        for _, rows in found.groupby("focus_group", observed=True):
            length = int(rows["end"].max())
            one, other = (_cover(rows[rows["coder"] == coder], length) for coder in coders)
            total += [(one & other).sum(), (one & ~other).sum(), (other & ~one).sum()]
        return Characters(*total.tolist())


def has_positions(segments: pd.Series) -> pd.Series:
    """Return which ids are of selections with positions in their document."""
    return segments.map(lambda segment: bool(_POSITIONS.search(segment))).astype("bool")


def find_cut_groups(segments: pd.DataFrame, applied: pd.DataFrame) -> CutGroups:
    """Return the focus groups in which selections overlap, and the codes on these."""
    positions = segments["segment"].str.extract(_POSITIONS).dropna().astype("int64")
    placed = segments.loc[positions.index, ["segment", "focus_group", "text"]].join(positions)
    # Other ids can have such numbers, as of a question and its points: these are no characters.
    placed = placed[2 * (placed["end"] - placed["start"]) >= placed["text"].str.len()]
    groups, uncountable = set(), set()
    for group, rows in placed.groupby("focus_group", observed=True):
        overlaps = list(_overlapping(rows.sort_values(["start", "end"])))
        if overlaps:
            groups.add(str(group))
        if not all(overlaps):
            uncountable.add(str(group))
    countable = placed[placed["focus_group"].isin(groups - uncountable)]
    return CutGroups(
        frozenset(groups),
        frozenset(uncountable),
        applied.merge(countable[["segment", "start", "end"]], on="segment"),
    )


def _overlapping(rows: pd.DataFrame) -> Iterator[bool]:
    """Yield for each passage that overlaps the one before whether both have the same words there.

    Passages of two documents can have the same positions; their words differ then.
    """
    reach, words, first = -1, "", 0
    for start, end, text in zip(rows["start"], rows["end"], rows["text"], strict=True):
        if start < reach:
            length = min(COMPARED, reach - start, end - start)
            yield text[:length].strip() in words[max(start - first - COMPARED, 0) :]
        if end > reach:
            reach, words, first = end, text, start


def _cover(rows: pd.DataFrame, length: int) -> BoolArray:
    """Return which characters of a document some passages hold."""
    covered = np.zeros(length, dtype=np.bool_)
    for start, end in zip(rows["start"], rows["end"], strict=True):
        covered[start:end] = True
    return covered
