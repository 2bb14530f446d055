"""Rows of a table's file removed or edited; all other bytes of a CSV file stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.errors import TableError
from analysis.study.csv_rows import format_csv, parse_csv, parse_lines
from analysis.tables.received import HEADER_ROW

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

BYTE_ORDER_MARK = "\ufeff"


class Edit(NamedTuple):
    """The value of a cell as it was read, and its new value."""

    before: str
    after: str


def copy_without(path: Path, copy: Path, rows: Collection[int]) -> None:
    """Write a copy of a table without some rows, as the index of `read_text_table` numbers them."""
    if path.suffix == ".parquet":
        _copy_parquet(path, copy, rows)
    else:
        left_out = set(rows)
        _copy_csv(path, copy, lambda number, text: "" if number in left_out else text)


def copy_with_edits(path: Path, copy: Path, edits: Mapping[int, Mapping[str, Edit]]) -> None:
    """Write a copy of a table with other values in some cells.

    Parameters
    ----------
    path : Path
        The file, CSV or Parquet, which `read_text_table` has read.
    copy : Path
        The file to write.
    edits : mapping of int to mapping of str to Edit
        By row, as that table's index numbers them, and by column.

    Raises
    ------
    TableError
        When a cell no longer has the value that was read.
    """
    if path.suffix == ".parquet":
        _edit_parquet(path, copy, edits)
    else:
        _edit_csv(path, copy, edits)


def _edit_csv(path: Path, copy: Path, edits: Mapping[int, Mapping[str, Edit]]) -> None:
    header: list[str] = []
    left = set(edits)

    def edit(number: int, text: str) -> str:
        if not header:
            header.extend(next(parse_csv(text)))
        if number not in edits:
            return text
        left.remove(number)
        return _edit_row(path, number, text, header, edits[number])

    _copy_csv(path, copy, edit)
    if left:
        raise _changed_meanwhile(path, min(left))


def _edit_row(
    path: Path, number: int, text: str, header: list[str], edits: Mapping[str, Edit]
) -> str:
    cells = next(parse_csv(text))
    for column, edit in edits.items():
        at = header.index(column)
        if len(cells) != len(header) or cells[at] != edit.before:
            raise _changed_meanwhile(path, number)
        cells[at] = edit.after
    body = text.rstrip("\r\n")
    return format_csv([cells], line_end=text[len(body) :])


def _edit_parquet(path: Path, copy: Path, edits: Mapping[int, Mapping[str, Edit]]) -> None:
    with pq.ParquetFile(path) as file:
        table, compression = file.read(), _compression(file)
    for column in sorted({column for of_row in edits.values() for column in of_row}):
        values = table[column].to_pylist()
        for number, of_row in edits.items():
            at = number - HEADER_ROW - 1
            if column in of_row:
                if at >= len(values) or (values[at] or "") != of_row[column].before:
                    raise _changed_meanwhile(path, number)
                values[at] = of_row[column].after
        field = table.schema.field(column)
        at = table.schema.get_field_index(column)
        table = table.set_column(at, field, pa.array(values, type=field.type))
    pq.write_table(table, copy, compression=compression)


def _changed_meanwhile(path: Path, row: int) -> TableError:
    return TableError(
        f"{path.name} was changed meanwhile.",
        offenders=[f"{path.name} row {row}"],
        expected="the values that were read",
        remedy="save and close it in other programs, then run this again; nothing was changed",
    )


def _copy_csv(path: Path, copy: Path, change: Callable[[int, str], str]) -> None:
    """Copy a CSV file with its rows as they become, given the number and the text of each."""
    with (
        path.open(encoding="utf-8", newline="") as file,
        copy.open("w", encoding="utf-8", newline="") as written,
    ):
        # The byte order mark isn't part of the first name.
        if file.read(1) == BYTE_ORDER_MARK:
            written.write(BYTE_ORDER_MARK)
        else:
            file.seek(0)
        for number, text in enumerate(_rows_as_written(file), start=HEADER_ROW):
            written.write(change(number, text))


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
