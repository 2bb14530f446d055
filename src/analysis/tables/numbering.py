"""Columns as numbers: values that repeat, and places of values among others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    IntArray = npt.NDArray[np.signedinteger]


@dataclass(frozen=True, eq=False)
class Names(Sequence[str]):
    """Names by their numbers, each once: millions take little room, and most are never looked at.

    Parameters
    ----------
    of_numbers : array of str
        The name of each number.
    numbers : array of int
        Those of the names, in their order, without repeats.
    """

    of_numbers: npt.NDArray[np.object_]
    numbers: IntArray

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.numbers)

    def __iter__(self) -> Iterator[str]:
        """Yield each."""
        return iter(self.of_numbers[self.numbers].tolist())

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        """Return those at some places."""
        found = self.of_numbers[self.numbers[at]]
        return list(found) if isinstance(found, np.ndarray) else str(found)


def name_once(names: Iterable[str], *, rising: bool = False) -> Sequence[str]:
    """Return names, each once, in the order given or sorted; those numbered are so already.

    Parameters
    ----------
    names : iterable of str
        The names.
    rising : bool, optional
        Whether they are sorted.
    """
    if isinstance(names, Names):
        return names
    return sorted(set(names)) if rising else list(dict.fromkeys(names))


def number_values(column: pd.Series) -> tuple[IntArray, list[str]]:
    """Return the values of a column as numbers, and the values by number, sorted.

    Parameters
    ----------
    column : Series
        Text, or text as categories; none is missing. Categories may be more than occur.
    """
    categories = column.astype("category").cat
    return np.asarray(categories.codes, dtype=np.int32), list(categories.categories)


def name_numbers(numbers: IntArray, names: Sequence[str]) -> pd.Categorical:
    """Return numbers as categories of these names."""
    return pd.Categorical.from_codes(numbers, pd.Index(list(names), dtype="str"))


def places_of(values: pd.Series, among: pd.Series) -> IntArray:
    """Return the place of each value among others, and -1 where it is none of them.

    Parameters
    ----------
    values, among : Series
        Text; that of ``among`` without repeats.
    """
    found = pc.index_in(pa.array(values), value_set=pa.array(among))
    return np.asarray(found.fill_null(-1), dtype=np.int32)


def split_rows(keys: IntArray, length: int) -> list[IntArray]:
    """Return the rows of each key below ``length``, in their order.

    Parameters
    ----------
    keys : array of int
        The key of each row.
    length : int
        How many keys there are.
    """
    order = np.argsort(keys, kind="stable").astype(np.int32)
    ends = np.searchsorted(keys[order], np.arange(1, length))
    return np.split(order, ends) if length else []


def count_earlier(keys: IntArray) -> IntArray:
    """Return for each row how many rows before it have the same key."""
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    sizes = np.diff(starts, append=len(keys))
    earlier = np.empty(len(keys), dtype=np.int64)
    earlier[order] = np.arange(len(keys)) - np.repeat(starts, sizes)
    return earlier
