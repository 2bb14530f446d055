"""Rows taken out of a table's file; all other bytes of a CSV file stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.study.csv_rows import parse_lines
from analysis.tables.received import HEADER_ROW

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

BYTE_ORDER_MARK = "\ufeff"


def copy_without(path: Path, copy: Path, rows: Collection[int]) -> None:
    """Write a copy of a table without some rows.

    Parameters
    ----------
    path : Path
        The file, CSV or Parquet, which `read_text_table` has read.
    copy : Path
        The file to write.
    rows : collection of int
        The rows to leave out, as that table's index numbers them.
    """
    if path.suffix == ".parquet":
        _copy_parquet(path, copy, rows)
    else:
        _copy_csv(path, copy, rows)


def _copy_csv(path: Path, copy: Path, rows: Collection[int]) -> None:
    left_out = set(rows)
    with (
        path.open(encoding="utf-8", newline="") as file,
        copy.open("w", encoding="utf-8", newline="") as kept,
    ):
        # It is no part of the first name, which may be quoted.
        if file.read(1) == BYTE_ORDER_MARK:
            kept.write(BYTE_ORDER_MARK)
        else:
            file.seek(0)
        for number, text in enumerate(_rows_as_written(file), start=HEADER_ROW):
            if number not in left_out:
                kept.write(text)


def _rows_as_written(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that each row takes up, to their ends."""
    taken: list[str] = []

    def take() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    for _ in parse_lines(take()):
        yield "".join(taken)
        taken.clear()


def _copy_parquet(path: Path, copy: Path, rows: Collection[int]) -> None:
    with pq.ParquetFile(path) as file:
        table, compression = file.read(), _compression(file)
    numbers = np.arange(HEADER_ROW + 1, HEADER_ROW + 1 + table.num_rows)
    kept = table.filter(pa.array(~np.isin(numbers, list(rows))))
    pq.write_table(kept, copy, compression=compression)


def _compression(file: pq.ParquetFile) -> str:
    has_columns = file.metadata.num_row_groups and file.metadata.num_columns
    named = file.metadata.row_group(0).column(0).compression if has_columns else "ZSTD"
    return "NONE" if named == "UNCOMPRESSED" else str(named)
