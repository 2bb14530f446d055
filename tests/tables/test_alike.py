from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tables.alike import number_alike

ROWS = st.lists(st.tuples(*[st.sampled_from(["", "a", "b", "ab"])] * 3), min_size=1)


@given(rows=ROWS, columns=st.integers(1, 3))
def test_rows_have_the_number_of_the_first_that_is_alike(
    rows: list[tuple[str, ...]], columns: int
) -> None:
    """Rows are alike that have the same in each column, and numbered as they first occur."""
    table = pd.DataFrame(rows, dtype="str").iloc[:, :columns].set_axis(range(7, 7 + len(rows)))
    first = list(dict.fromkeys(table.itertuples(index=False, name=None)))

    numbers = number_alike(*(table[name] for name in table.columns))

    assert numbers.tolist() == [first.index(row[:columns]) for row in rows]
    assert numbers.index.equals(table.index)


@pytest.mark.parametrize("kind", ["str", "int64", "bool"])
def test_no_rows_have_no_numbers(kind: str) -> None:
    """An empty table has no rows to be alike."""
    assert number_alike(pd.Series([], dtype=kind)).tolist() == []
