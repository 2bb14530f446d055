from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tables.numbering import (
    Names,
    count_earlier,
    name_numbers,
    name_once,
    number_values,
    places_of,
    split_rows,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

KEYS = st.lists(st.integers(0, 4), max_size=12)


@pytest.mark.parametrize("dtype", ["str", "category"])
def test_values_are_numbered_in_their_order(dtype: str) -> None:
    """Values of a column are numbered as they sort, whether they are text or categories."""
    numbers, values = number_values(pd.Series(["uga", "ken", "uga"], dtype=dtype))

    assert (numbers.tolist(), values) == ([1, 0, 1], ["ken", "uga"])


def test_numbers_are_named_again() -> None:
    """Numbers become the names that they stand for, in their own order of names."""
    named = name_numbers(np.array([1, 0, 1]), ["uga", "ken"])

    assert (list(named), list(named.categories)) == (["ken", "uga", "ken"], ["uga", "ken"])


def test_places_are_found_among_others() -> None:
    """Each value has its place among the others; one that is none of them has -1."""
    values, among = (pd.Series(texts, dtype="str") for texts in (["b", "x", "a"], ["a", "b"]))

    assert places_of(values, among).tolist() == [1, -1, 0]


@given(KEYS)
def test_rows_are_split_by_key_in_their_order(keys: Sequence[int]) -> None:
    """Each row is in the part of its key, and in none else, and rows rise."""
    parts = split_rows(np.array(keys, dtype=np.int64), 5)

    expected = [[row for row, key in enumerate(keys) if key == wanted] for wanted in range(5)]
    assert [part.tolist() for part in parts] == expected


def test_rows_of_no_keys_are_no_parts() -> None:
    """Where there is no key, there is no part."""
    assert split_rows(np.array([], dtype=np.int64), 0) == []


@given(KEYS)
def test_earlier_rows_of_a_key_are_counted(keys: Sequence[int]) -> None:
    """Each row has the number of rows before it with the same key."""
    counted = count_earlier(np.array(keys, dtype=np.int64))

    assert counted.tolist() == [keys[:row].count(key) for row, key in enumerate(keys)]


def test_names_stand_once() -> None:
    """Names stand once, in the order given or sorted, and those numbered as they are."""
    numbered = Names(np.array(["a"], dtype=object), np.array([0]))

    assert name_once(["b", "a", "b"]) == ["b", "a"]
    assert name_once(["b", "a", "b"], rising=True) == ["a", "b"]
    assert name_once(numbered, rising=True) is numbered


def test_names_are_made_when_asked_for() -> None:
    """Names stand in the order of their numbers, one by one, in part and in all."""
    names = Names(np.array(["a", "b", "c"], dtype=object), np.array([2, 0]))

    assert (len(names), list(names), names[0], names[1:]) == (2, ["c", "a"], "c", ["a"])
    assert "b" not in names
