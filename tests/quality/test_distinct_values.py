from __future__ import annotations

import pandas as pd
import pytest

from analysis.quality.distinct_values import distinct_values


@pytest.mark.parametrize(
    ("column", "values", "places"),
    [
        ([True, True], [True], [0, 0]),
        ([False, True, False], [False, True], [0, 1, 0]),
        ([3, 1, 3], [3, 1], [0, 1, 0]),
        (["b", " ", "b", ""], ["b", None, None], [0, 1, 0, 2]),
        (["x"] * 300, ["x"], [0] * 300),
        ([str(number) for number in range(300)], [str(n) for n in range(300)], list(range(300))),
    ],
    ids=["all-true", "truths", "numbers", "blank", "one-value", "many-values"],
)
def test_values_are_listed_once_and_found_again(
    column: list[object], values: list[object], places: list[int]
) -> None:
    """Values stand in the order of their first rows, blank ones as missing, whatever their type."""
    distinct = distinct_values(pd.Series(column, dtype="str" if column[0] == "b" else None))

    assert distinct.series.astype("object").where(distinct.series.notna(), None).tolist() == values
    assert distinct.places.tolist() == places


@pytest.mark.parametrize("kind", ["str", "bool", "int64"])
def test_empty_column_has_no_values(kind: str) -> None:
    """Where there are no rows there is nothing to list."""
    distinct = distinct_values(pd.Series([], dtype=kind))

    assert (len(distinct.series), len(distinct.places)) == (0, 0)
