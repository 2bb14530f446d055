from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.tables.received import read_table
from analysis.tables.writing import write_csv, write_parquet

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("segment", "text")
# A NUL character is no text that a file of text can hold.
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
rows = st.lists(st.tuples(words, words), max_size=6)


def _table(of: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(of, columns=list(COLUMNS), dtype="str")


def test_csv_is_plain(tmp_path: Path) -> None:
    """CSV has Unix line ends, quotes only where needed, no index, and makes its folder."""
    path = tmp_path / "new" / "table.csv"
    table = _table([("NA", "sex workers\u2019 laws"), ("b", 'so, "this"'), ("c", "")])

    write_csv(table, path)

    assert path.read_bytes().decode() == (
        'segment,text\nNA,sex workers\u2019 laws\nb,"so, ""this"""\nc,\n'
    )


def test_csv_keeps_numbers_plain(tmp_path: Path) -> None:
    """Numbers and truth values are not quoted, even where a text has to be."""
    path = tmp_path / "table.csv"

    write_csv(pd.DataFrame({"n": [1, 2], "held": [True, False], "text": ["a", "b\rc"]}), path)

    assert path.read_bytes() == b'"n","held","text"\n1,True,"a"\n2,False,"b\rc"\n'


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows)
def test_csv_reads_back(tmp_path: Path, of: list[tuple[str, str]]) -> None:
    """What is written as CSV reads back the same, whatever marks and line ends it holds."""
    path = tmp_path / "table.csv"

    write_csv(_table(of), path)

    assert read_table(path, COLUMNS).to_numpy().tolist() == [list(row) for row in of]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows)
def test_parquet_reads_back(tmp_path: Path, of: list[tuple[str, str]]) -> None:
    """What is written as Parquet reads back the same."""
    path = tmp_path / "table.parquet"

    write_parquet(_table(of), path)

    assert read_table(path, COLUMNS).to_numpy().tolist() == [list(row) for row in of]


def test_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    """The bytes depend on the rows alone, not on their index or on what was there before."""
    table = _table([("a", "one"), ("b", "two")])
    renumbered = table.set_axis([7, 9])
    for folder, each in (("first", table), ("second", renumbered)):
        write_csv(each, tmp_path / folder / "table.csv")
        write_parquet(each, tmp_path / folder / "table.parquet")
        write_csv(each, tmp_path / folder / "table.csv")

    first, second = (
        [(tmp_path / folder / name).read_bytes() for name in ("table.csv", "table.parquet")]
        for folder in ("first", "second")
    )

    assert first == second
