"""Rows put at the end of a table of a study, what stands in it being kept byte for byte."""

from __future__ import annotations

import csv
import io
import shutil
from typing import TYPE_CHECKING

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.tables.streaming import stream_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CSV = ".csv"


def append_rows(
    path: Path, written: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]
) -> None:
    """Write a table with more rows at its end.

    Parameters
    ----------
    path : Path
        The table as it is, CSV or Parquet.
    written : Path
        Where to write it.
    columns : sequence of str
        The columns that it has, in any order.
    rows : sequence of mapping
        The rows to add, by column.

    Raises
    ------
    TableError
        When the table cannot be read, or its columns are others.
    """
    for _ in stream_table(path, columns):
        pass  # a table that cannot be read to its end is refused before anything is written
    if path.suffix == CSV:
        _append_to_csv(path, written, rows)
    else:
        _append_to_parquet(path, written, rows)


def _append_to_csv(path: Path, written: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open(encoding="utf-8-sig", newline="") as table:
        header = next(line for line in csv.reader(table) if line)
        table.seek(0)
        line_end = "\r\n" if table.readline().endswith("\r\n") else "\n"
    added = io.StringIO()
    writer = csv.writer(added, lineterminator=line_end)
    writer.writerows([row[column] for column in header] for row in rows)
    shutil.copyfile(path, written)
    with written.open("rb+") as table:
        table.seek(-1, 2)
        is_ended = table.read(1) in (b"\n", b"\r")
        table.write(
            ("" if is_ended else line_end).encode() + added.getvalue().encode("utf-8", "replace")
        )


def _append_to_parquet(path: Path, written: Path, rows: Sequence[Mapping[str, str]]) -> None:
    table = pq.read_table(path)
    added = pa.Table.from_pylist([dict(row) for row in rows]).select(table.column_names)
    pq.write_table(pa.concat_tables([table, added.cast(table.schema)]), written)
