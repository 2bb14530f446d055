"""In which parts of a study's tables each focus group stands, and with it each segment."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from analysis.tables.streaming import TEXT

if TYPE_CHECKING:
    from pandas.core.groupby import DataFrameGroupBy


class GroupStanding:
    """The parts in which focus groups stand, each focus group being known by a number.

    Parameters
    ----------
    stands : DataFrame of bool
        Focus groups, by their ids, x parts, of which the last is elsewhere.
    """

    def __init__(self, stands: pd.DataFrame) -> None:
        self._names = pa.array(stands.index.tolist(), TEXT)
        self._stands = stands.to_numpy(dtype=bool)

    @property
    def names(self) -> list[str]:
        """The focus groups, in the order of their numbers."""
        return list(self._names.to_pylist())

    @property
    def elsewhere(self) -> np.ndarray:
        """In which parts something stands that stands elsewhere alone."""
        last: np.ndarray = np.arange(self._stands.shape[1]) == self._stands.shape[1] - 1
        return last

    def numbers(self, names: pa.Array) -> np.ndarray:
        """Return the number of each focus group named; one that is unknown stands elsewhere."""
        found = pc.index_in(names, value_set=self._names)
        if found.null_count:
            unknown = names.filter(found.is_null()).unique()
            self._names = pa.concat_arrays([self._names, unknown])
            self._stands = np.vstack([self._stands, *[self.elsewhere] * len(unknown)])
            found = pc.index_in(names, value_set=self._names)
        return np.asarray(found, dtype=np.int32)

    def stands(self, numbers: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Return in which parts focus groups stand: numbers x parts."""
        stands: np.ndarray = self._stands[numbers]
        return stands

    def stand_elsewhere_too(self, numbers: np.ndarray) -> None:
        """Let focus groups stand elsewhere besides."""
        self._stands[numbers, -1] = True


class SegmentStanding:
    """The parts in which segments stand: those of their focus groups.

    Parameters
    ----------
    segments : ChunkedArray of str
        The segment of each row of their table.
    numbers : ndarray of int
        The number of the focus group of each row.
    groups : GroupStanding
        The parts in which the focus groups stand.
    """

    def __init__(
        self, segments: pa.ChunkedArray, numbers: np.ndarray, groups: GroupStanding
    ) -> None:
        self._segments = segments
        self._repeated = _repeated(segments, numbers)
        self._numbers = numbers
        self._groups = groups

    def __len__(self) -> int:
        return len(self._segments)

    def groups_apart(self) -> np.ndarray:
        """Return the focus groups of a segment that is there again, but not in the same parts.

        Where each stands, the segment is there once: only side by side can they be told apart.
        """
        named = self._repeated[self._repeated["segment"].str.strip() != ""]
        stands = self._stands_of(named)
        is_apart = (stands.any() & ~stands.all()).any(axis="columns")
        return named.loc[named["segment"].map(is_apart).astype(bool), "group"].unique()

    def stands(self, segments: pa.ChunkedArray) -> np.ndarray:
        """Return in which parts segments stand: segments x parts.

        One that is there more than once stands wherever it is there; one that is unknown,
        elsewhere.
        """
        found = pc.index_in(segments, value_set=self._segments).fill_null(len(self._segments))
        stands: np.ndarray = self._table[self._lines[found.to_numpy()]]
        return stands

    @cached_property
    def _table(self) -> np.ndarray:
        """Where focus groups stand, then segments that are there again, then unknown ones."""
        repeated = self._stands_of(self._repeated).any().to_numpy(dtype=bool)
        return np.vstack([self._groups.stands(), repeated, self._groups.elsewhere])

    @cached_property
    def _lines(self) -> np.ndarray:
        """The line of the table for each row of segments, and for unknown ones."""
        lines = np.append(self._numbers, len(self._table) - 1)
        names = self._repeated.groupby("segment").ngroup()
        lines[names.index] = len(self._groups.stands()) + names
        return lines

    def _stands_of(self, repeated: pd.DataFrame) -> DataFrameGroupBy[str, bool]:
        stands = pd.DataFrame(self._groups.stands(repeated["group"].to_numpy()), repeated.index)
        return stands.groupby(repeated["segment"])


def _repeated(segments: pa.ChunkedArray, numbers: np.ndarray) -> pd.DataFrame:
    """Return the segments that are there more than once, and their focus groups."""
    is_repeated = np.zeros(len(segments), dtype=bool)
    if pc.count_distinct(segments).as_py() < len(segments):
        names = pc.index_in(segments, value_set=segments.unique()).to_numpy()
        is_repeated = np.bincount(names)[names] > 1
    return pd.DataFrame(
        {
            "segment": segments.filter(pa.array(is_repeated)).to_pandas().array,
            "group": numbers[is_repeated],
        },
        index=np.flatnonzero(is_repeated),
    )
