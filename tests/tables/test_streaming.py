from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.errors import TableError
from analysis.tables import streaming
from analysis.tables.received import read_table
from analysis.tables.streaming import stream_table

if TYPE_CHECKING:
    from pathlib import Path

WANTED = ("segment", "code", "coder")
HEADER = "segment,code,coder\n"
SIZES = [1, 2, 3, 1000]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    return folder / "code_applications.csv"


@pytest.fixture(params=SIZES)
def chunk_rows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Let rows be read so many at a time."""
    monkeypatch.setattr(streaming, "CHUNK_ROWS", request.param)
    return request.param


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_rows_come_some_at_a_time(table: Path, chunk_rows: int, suffix: str) -> None:
    """No batch has more rows than one may have, and all of them are the table."""
    rows = pd.DataFrame({name: [f"{name}-{at}" for at in range(5)] for name in WANTED})
    rows.to_csv(table, index=False)
    rows.to_parquet(table.with_suffix(".parquet"), index=False)

    batches = list(stream_table(table.with_suffix(suffix), WANTED))

    assert max(batch.num_rows for batch in batches) == min(chunk_rows, 5)
    assert pa.Table.from_batches(batches).to_pydict() == {
        "row": [2, 3, 4, 5, 6],
        **rows.to_dict("list"),
    }


@pytest.mark.usefixtures("chunk_rows")
def test_rows_are_counted_across_batches(table: Path) -> None:
    """Empty lines and values of several lines count as they do in a spreadsheet, wherever read."""
    table.write_text(f'\n{HEADER}a,b,c\n\n\n"d\n\ne",f,g\n\nh,i,j\n')

    read = read_table(table, WANTED)

    assert read["segment"].to_dict() == {3: "a", 6: "d\n\ne", 8: "h"}


@pytest.mark.usefixtures("chunk_rows")
@pytest.mark.parametrize(
    ("rows", "offenders"),
    [
        ("a,b,c\na,b\na,b,c\na\n", ("row 3: 2 values", "row 5: 1 values")),
        ("a,b\na,b,c\n\nx,y,z\n", ("row 2: 2 values",)),
        (
            'a,b\na,b,c\n"a"b,c,d\n',
            ("row 4: a quote is misplaced, or a quote is not closed",),
        ),
    ],
    ids=["every-row", "the-first", "quotes-first"],
)
def test_offenders_are_told_across_batches(
    table: Path, rows: str, offenders: tuple[str, ...]
) -> None:
    """Every row that is not rectangular is told, unless a quote leaves in doubt what a row is."""
    table.write_text(HEADER + rows)

    with pytest.raises(TableError) as refusal:
        read_table(table, WANTED)

    assert refusal.value.offenders == tuple(f"code_applications.csv {each}" for each in offenders)


@pytest.mark.usefixtures("chunk_rows")
def test_no_row_follows_one_that_is_not_rectangular(table: Path) -> None:
    """Once a row falls short no more rows are given, though the rest is still looked at."""
    table.write_text(HEADER + "a,b,c\n" * 5 + "a,b\n" + "a,b,c\n" * 5)
    given: list[pa.RecordBatch] = []

    with pytest.raises(TableError, match="row 7: 2 values"):
        given.extend(stream_table(table, WANTED))

    assert sum(batch.num_rows for batch in given) <= 5


@pytest.mark.parametrize("block_bytes", [1, 2, 3, 1000])
@pytest.mark.parametrize(
    ("content", "offender"),
    [
        ("a,é,€\n\U0001f600,b,c\n".encode(), None),
        (b"a,b,c\na,\xe9,c\n", "line 3: byte 27 is no UTF-8 character"),
        (b"a,b,\xe2\x82", "line 2: byte 23 is no UTF-8 character"),
        (b"a,\xf0\x9f\x98,c\n", "line 2: byte 21 is no UTF-8 character"),
    ],
    ids=["sound", "latin-1", "cut-at-the-end", "cut-within"],
)
def test_characters_may_span_blocks(
    table: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    block_bytes: int,
    content: bytes,
    offender: str | None,
) -> None:
    """What is no UTF-8 is told by its line and byte, wherever the blocks that are read end."""
    monkeypatch.setattr(streaming, "BLOCK_BYTES", block_bytes)
    table.write_bytes(HEADER.encode() + content)

    try:
        found = list(stream_table(table, WANTED)) and None
    except TableError as refusal:
        (found,) = refusal.offenders

    assert found == (offender and f"code_applications.csv {offender}")


def test_parquet_that_holds_other_than_characters_is_refused(table: Path) -> None:
    """Text in Parquet that is no UTF-8 is refused before anything is made of it."""
    latin = pa.array([b"caf\xe9"]).view(pa.string())
    path = table.with_suffix(".parquet")
    pq.write_table(pa.table({"segment": latin, "code": ["hope"], "coder": ["ann"]}), path)

    with pytest.raises(TableError, match="cannot be read as Parquet"):
        list(stream_table(path, WANTED))


def test_parquet_with_a_column_twice_is_refused(table: Path) -> None:
    """Of two columns of one name nobody guesses which one counts."""
    path = table.with_suffix(".parquet")
    values = pa.array(["a"])
    pq.write_table(pa.Table.from_arrays([values] * 4, names=[*WANTED, "code"]), path)

    with pytest.raises(TableError, match="cannot be read as Parquet"):
        list(stream_table(path, WANTED))


def test_index_of_pandas_is_no_column(table: Path) -> None:
    """What pandas wrote beside the columns to number the rows is left out."""
    path = table.with_suffix(".parquet")
    rows = pd.DataFrame({name: ["a", "b"] for name in WANTED}, pd.Index([7, 9], name="row"))
    rows.to_parquet(path)

    read = read_table(path, WANTED)

    assert (list(read.index), list(read.columns)) == ([2, 3], list(WANTED))
