from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tables.received import read_text_table
from analysis.tables.withdrawal.row_removal import copy_without

HEADER = "segment,focus_group,text"
ODD = (
    'a.1,a,"two\nlines, and a ""quote"""\r\n',
    "b.1,b,plain\n",
    "\n",
    'a.2,"a",\u00e9t\u00e9\n',
    "b.2,b,no end",
)


def rows_of_a(path: Path) -> list[int]:
    """Return the rows of focus group a, as a table's index numbers them."""
    table = read_text_table(path, HEADER.split(","))
    return table.index[table["focus_group"] == "a"].tolist()


def without(content: bytes, folder: Path) -> tuple[bytes, int]:
    """Return a CSV file without the rows of focus group a, and how many these were."""
    path, copy = folder / "from.csv", folder / "to.csv"
    path.write_bytes(content)
    rows = rows_of_a(path)
    copy_without(path, copy, rows)
    return copy.read_bytes(), len(rows)


@pytest.mark.parametrize("header", [HEADER, '"segment","focus_group","text"'])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "marked"])
def test_other_rows_stay_to_the_byte(mark: str, header: str, tmp_path: Path) -> None:
    """Quotes, line ends, empty lines and marks of the rows that stay are as they were."""
    before = f"{mark}{header}\r\n{''.join(ODD)}".encode()
    after = f"{mark}{header}\r\n{ODD[1]}{ODD[2]}{ODD[4]}".encode()

    assert without(before, tmp_path) == (after, 2)


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.text(st.characters(codec="utf-8")), st.booleans()))
)
def test_any_row_goes_or_stays_to_the_byte(told: list[tuple[str, str, bool]]) -> None:
    """Whatever is in them and however it is quoted, rows go or stay whole."""
    lines = [(group, _line(group, text, quoted=quoted)) for group, text, quoted in told]
    whole = "".join([f"{HEADER}\n", *(line for _, line in lines)])
    kept = "".join([f"{HEADER}\n", *(line for group, line in lines if group == "b")])
    with TemporaryDirectory() as folder:
        found = without(whole.encode(), Path(folder))

    assert found == (kept.encode(), sum(group == "a" for group, _ in lines))


def _line(group: str, text: str, *, quoted: bool) -> str:
    file = io.StringIO()
    how = csv.QUOTE_ALL if quoted or "\r" in text else csv.QUOTE_MINIMAL
    csv.writer(file, quoting=how, lineterminator="\r\n" if quoted else "\n").writerow(
        (f"{group}.1", group, text)
    )
    return file.getvalue()


@pytest.mark.parametrize("compression", ["zstd", "snappy", "none"])
def test_parquet_keeps_its_other_rows(compression: str, tmp_path: Path) -> None:
    """Rows of a Parquet table go, with its columns, types and compression as they were."""
    rows = {
        "segment": ["a.1", "b.1", "a.2", "b.2"],
        "focus_group": pa.array(["a", "b", "a", "b"]).dictionary_encode(),
        "text": pa.array(["private", None, "private", "kept"], pa.large_string()),
    }
    whole = pa.table(rows)
    pq.write_table(whole, tmp_path / "from.parquet", compression=compression, row_group_size=3)
    removed = rows_of_a(tmp_path / "from.parquet")
    copy_without(tmp_path / "from.parquet", tmp_path / "to.parquet", removed)
    kept = pq.read_table(tmp_path / "to.parquet")

    assert (len(removed), kept.schema) == (2, pq.read_schema(tmp_path / "from.parquet"))
    assert kept["text"].to_pylist() == [None, "kept"]
    assert b"private" not in (tmp_path / "to.parquet").read_bytes()
    assert (
        pq.read_metadata(tmp_path / "to.parquet").row_group(0).column(0).compression
        == pq.read_metadata(tmp_path / "from.parquet").row_group(0).column(0).compression
    )
