"""Rows taken out of a table's file; all others stay as they are, in a CSV file to the byte."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.tables.streaming import CHUNK_ROWS, TEXT
from analysis.tables.withdrawal.tombstones import FOCUS_GROUP, SEGMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    Goes = Callable[[Mapping[str, str]], bool]

IDS = (FOCUS_GROUP, SEGMENT)
BYTE_ORDER_MARK = "\ufeff"


def copy_without(path: Path, copy: Path, goes: Goes) -> int:
    """Write a copy of a table without some rows, and return how many were left out.

    Parameters
    ----------
    path : Path
        The file, CSV or Parquet, which a reader of tables has found to be in order.
    copy : Path
        The file to write.
    goes : callable
        Whether a row is left out, from its ids by column.
    """
    remove = _from_parquet if path.suffix == ".parquet" else _from_csv
    return remove(path, copy, goes)


def _from_csv(path: Path, copy: Path, goes: Goes) -> int:
    removed = 0
    header: list[str] = []
    with (
        path.open(encoding="utf-8", newline="") as file,
        copy.open("w", encoding="utf-8", newline="") as kept,
    ):
        # It is no part of the first name, which may be quoted.
        if file.read(1) == BYTE_ORDER_MARK:
            kept.write(BYTE_ORDER_MARK)
        else:
            file.seek(0)
        for values, text in _rows_as_written(file):
            if not values or not header:
                header = header or values
                kept.write(text)
            elif goes(dict(zip(header, values, strict=False))):
                removed += 1
            else:
                kept.write(text)
    return removed


def _rows_as_written(lines: Iterable[str]) -> Iterator[tuple[list[str], str]]:
    """Yield the values of each row, and the lines that it takes up, to their ends."""
    taken: list[str] = []

    def take() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    for values in csv.reader(take(), strict=True):
        yield values, "".join(taken)
        taken.clear()


def _from_parquet(path: Path, copy: Path, goes: Goes) -> int:
    removed = 0
    with pq.ParquetFile(path) as file:
        schema = file.schema_arrow
        # Smallest and largest values, which the file tells apart from its rows, are told anew.
        with pq.ParquetWriter(copy, schema, compression=_compression(file)) as kept:
            for batch in file.iter_batches(CHUNK_ROWS):
                stays = [not goes(row) for row in _ids(batch)]
                kept.write_table(pa.Table.from_batches([batch.filter(pa.array(stays))], schema))
                removed += len(stays) - sum(stays)
    return removed


def _compression(file: pq.ParquetFile) -> str:
    has_columns = file.metadata.num_row_groups and file.metadata.num_columns
    named = file.metadata.row_group(0).column(0).compression if has_columns else "ZSTD"
    return "NONE" if named == "UNCOMPRESSED" else str(named)


def _ids(batch: pa.RecordBatch) -> Iterator[dict[str, str]]:
    """Yield the ids in each row by column."""
    names = [name for name in IDS if name in batch.schema.names]
    columns = [pc.fill_null(batch[name].cast(TEXT), "").to_pylist() for name in names]
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))
