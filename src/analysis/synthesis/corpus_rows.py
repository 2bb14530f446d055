"""The segments of a corpus by their rows, grouped once by all that is counted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.synthesis.coded_rows import NONE, CodedRows, number_codings
from analysis.tables.numbering import Names, number_values, split_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    from analysis.tables.numbering import IntArray


class Bearing(NamedTuple):
    """What bears a claim.

    Parameters
    ----------
    focus_groups, segments : sequence of str
        Focus groups, sorted, and segments, in the order of the corpus.
    """

    focus_groups: Sequence[str]
    segments: Sequence[str]


@dataclass(frozen=True, eq=False)
class CorpusRows:
    """The segments of a corpus by row; rows always rise, and so stand in the order of the corpus.

    Parameters
    ----------
    segments : DataFrame
        The segments counted.
    codings : DataFrame
        The codings counted, each on one of them.
    set_aside : DataFrame
        The segments that cleaning set aside.
    """

    segments: pd.DataFrame
    codings: pd.DataFrame
    set_aside: pd.DataFrame

    @cached_property
    def ids(self) -> npt.NDArray[np.object_]:
        """The id of each segment counted by row; then of those set aside."""
        both = (self.segments["segment"], self.set_aside["segment"])
        return np.concatenate([ids.to_numpy(dtype=object) for ids in both])

    @cached_property
    def coded(self) -> CodedRows:
        """The codings."""
        return number_codings(self.segments, self.codings)

    @property
    def group(self) -> IntArray:
        """The number of each segment's focus group among `groups`."""
        return self._groups[0]

    @property
    def groups(self) -> list[str]:
        """The focus groups, sorted."""
        return self._groups[1]

    @cached_property
    def of_group(self) -> dict[str, IntArray]:
        """The segments of each focus group."""
        parted = split_rows(self.group, len(self.groups))
        return dict(zip(self.groups, parted, strict=True))

    @cached_property
    def has_text(self) -> npt.NDArray[np.bool_]:
        """Whether the words of each segment may be shown here."""
        return (self.segments["text"] != "").to_numpy(dtype=bool)

    @cached_property
    def is_withheld(self) -> npt.NDArray[np.bool_]:
        """Whether consent is for counts only."""
        return self.segments["withheld"].to_numpy(dtype=bool)

    @cached_property
    def headings(self) -> IntArray:
        """Points that only head sub-points."""
        return np.flatnonzero(self._is_heading)

    @cached_property
    def codable(self) -> IntArray:
        """Segments that can bear codes: all but points that only head sub-points."""
        return np.flatnonzero(~self._is_heading)

    @cached_property
    def is_point(self) -> npt.NDArray[np.bool_]:
        """Whether each counts as a point: sub-points count within the point that heads them."""
        return (self.segments["role"] != "subpoint").to_numpy(dtype=bool)

    @cached_property
    def uncoded(self) -> IntArray:
        """Segments on which no counted coding stands, of those that can bear codes."""
        left = ~self._is_heading
        left[self.coded.row] = False
        return np.flatnonzero(left)

    @cached_property
    def codes_borne(self) -> IntArray:
        """How many codes each segment bears."""
        return np.bincount(self.coded.row, minlength=len(self.segments))

    def codable_in(self, cell: str) -> IntArray:
        """Return the segments of a cell that can bear codes."""
        return self._codable_by_cell.get(cell, NONE)

    def points_in(self, cell: str) -> IntArray:
        """Return the segments of a cell that count as points."""
        return self._points_by_cell.get(cell, NONE)

    def themes_in(self, cell: str) -> list[tuple[str, IntArray]]:
        """Return the themes raised in a cell, each with the segments that bear it there."""
        return self._themes_by_cell.get(cell, [])

    def bearing(self, rows: IntArray) -> Bearing:
        """Return the focus groups and the ids of segments."""
        occurs = np.bincount(self.group[rows], minlength=len(self.groups))
        return Bearing(Names(self._group_names, np.flatnonzero(occurs)), Names(self.ids, rows))

    @cached_property
    def _group_names(self) -> npt.NDArray[np.object_]:
        return np.array(self.groups, dtype=object)

    @cached_property
    def _groups(self) -> tuple[IntArray, list[str]]:
        return number_values(self.segments["focus_group"])

    @cached_property
    def _is_heading(self) -> npt.NDArray[np.bool_]:
        return self.segments["is_heading"].to_numpy(dtype=bool)

    @cached_property
    def _cells(self) -> tuple[IntArray, list[str]]:
        return number_values(self.segments["cell"])

    @cached_property
    def _codable_by_cell(self) -> dict[str, IntArray]:
        return self._by_cell(self.codable)

    @cached_property
    def _points_by_cell(self) -> dict[str, IntArray]:
        return self._by_cell(np.flatnonzero(self.is_point))

    @cached_property
    def _themes_by_cell(self) -> dict[str, list[tuple[str, IntArray]]]:
        return self.coded.by_cell(*self._cells)

    def _by_cell(self, rows: IntArray) -> dict[str, IntArray]:
        cell, cells = self._cells
        parted = split_rows(cell[rows], len(cells))
        return {name: rows[at] for name, at in zip(cells, parted, strict=True)}
