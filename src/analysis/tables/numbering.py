"""Columns as numbers: values that repeat, and places of values among others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]


def number_values(column: pd.Series) -> tuple[IntArray, list[str]]:
    """Return the values of a column as numbers, and the values by number, sorted.

    Parameters
    ----------
    column : Series
        Text, or text as categories; none is missing. Categories may be more than occur.
    """
    categories = column.astype("category").cat
    return np.asarray(categories.codes, dtype=np.int64), list(categories.categories)


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
    return np.asarray(found.fill_null(-1), dtype=np.int64)


def split_rows(keys: IntArray, length: int) -> list[IntArray]:
    """Return the rows of each key below ``length``, in their order.

    Parameters
    ----------
    keys : array of int
        The key of each row.
    length : int
        How many keys there are.
    """
    order = np.argsort(keys, kind="stable")
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
