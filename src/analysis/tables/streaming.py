"""The one strict reader of tables: it yields rows as text, some at a time, or refuses the file."""

from __future__ import annotations

import codecs
import csv
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.errors import TableError, closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

ROW = "row"
HEADER_ROW = 1
TEXT = pa.large_string()
CHUNK_ROWS = 2**14
WHOLE_ROWS = 2**17
BLOCK_BYTES = 2**20


def schema_of(columns: Sequence[str]) -> pa.Schema:
    """Return the schema of rows as they are read: their row in the file, and columns of text."""
    return pa.schema([(ROW, pa.int64()), *((name, TEXT) for name in columns)])


def stream_table(
    path: Path, columns: Sequence[str], *, whole: bool = False
) -> Iterator[pa.RecordBatch]:
    """Return the rows of a table as text, some at a time.

    Some faults show only at the last row: what was yielded is good once all was.

    Parameters
    ----------
    path : Path
        A CSV file (UTF-8, comma, a header) or a Parquet file of text.
    columns : sequence of str
        The columns that the table must have, and no others.
    whole : bool, optional
        Whether all rows are to be held at once anyway: more of a Parquet file are read at a time.

    Returns
    -------
    iterator of RecordBatch
        ``row``, and the columns in the order given, a missing value being the empty text.
        ``row`` counts the header as 1 and an empty line as a row, as spreadsheets do; in Parquet
        it counts as if there were both.

    Raises
    ------
    TableError
        When the file is absent, not UTF-8, not rectangular, or has other columns.
    """
    if not path.is_file():
        raise TableError(
            f"The table {_named(path)} is missing.",
            expected="columns " + ", ".join(columns),
            remedy="put the file there, or check the name of the study",
        )
    if path.suffix == ".parquet":
        return _stream_parquet(path, columns, WHOLE_ROWS if whole else CHUNK_ROWS)
    return _stream_csv(path, columns)


def _named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _stream_parquet(path: Path, columns: Sequence[str], rows: int) -> Iterator[pa.RecordBatch]:
    try:
        # Read ahead by blocks: a file may be one group of rows, too large for the memory.
        with pq.ParquetFile(path, pre_buffer=False, buffer_size=BLOCK_BYTES) as file:
            _require_columns(_columns_of(file.schema_arrow), path, columns)
            _require_text(path, file.schema_arrow, columns)
            first = HEADER_ROW + 1
            # Without threads, which a process that is forked later must not have.
            for batch in file.iter_batches(rows, columns=list(columns), use_threads=False):
                batch.validate(full=True)
                numbers = np.arange(first, first + batch.num_rows)
                yield _batch(numbers, {name: _as_text(batch[name]) for name in columns})
                first += batch.num_rows
    except (ValueError, OSError) as error:  # what pyarrow's own errors derive from
        raise TableError(
            f"{_named(path)} cannot be read as Parquet.",
            expected="a Parquet file with each column once",
            remedy="write the table again",
        ) from error


def _columns_of(schema: pa.Schema) -> list[str]:
    """List the columns but for those that hold the index of a table of pandas."""
    if len(set(schema.names)) < len(schema.names):
        raise ValueError("a column is there twice")
    index = (schema.pandas_metadata or {}).get("index_columns", [])
    return [name for name in schema.names if name not in index]


def _require_text(path: Path, schema: pa.Schema, columns: Sequence[str]) -> None:
    """Refuse columns that are not text; those of other types may hold it, or nothing at all."""
    others = [name for name in columns if not _is_text_type(schema.field(name).type)]
    table = pd.read_parquet(path, columns=others) if others else pd.DataFrame()
    offenders = [f"{name}: {col.dtype}" for name, col in table.items() if not _is_text(col)]
    if offenders:
        raise TableError(
            f"{_named(path)} has columns that are not text.",
            offenders=offenders,
            expected="every column as text, dates as YYYY-MM-DD",
            remedy="write these columns as text",
        )


def _is_text_type(kind: pa.DataType) -> bool:
    return kind in (pa.string(), pa.large_string(), pa.string_view())


def _is_text(column: pd.Series) -> bool:
    if isinstance(column.dtype, pd.StringDtype):
        return True
    return pd.api.types.infer_dtype(column.dropna().astype("object")) in ("string", "empty")


def _as_text(values: pa.Array) -> pa.Array:
    if values.null_count == len(values):
        return pa.repeat(pa.scalar("", TEXT), len(values))
    return pc.fill_null(values.cast(TEXT), "")


def _batch(rows: Sequence[int] | np.ndarray, texts: dict[str, pa.Array]) -> pa.RecordBatch:
    return pa.record_batch([pa.array(rows, pa.int64()), *texts.values()], schema_of(list(texts)))


def _stream_csv(path: Path, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    _require_utf8(path)
    offenders: list[str] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, strict=True)
        first, header = _find_header(lines, path)
        _require_columns(header, path, columns)
        while chunk := _take(lines, CHUNK_ROWS, path, first):
            filled = [(row, line) for row, line in enumerate(chunk, first) if line]
            offenders += _uneven(filled, path, len(header))
            if filled and not offenders:
                yield _batch_of_lines(filled, header, columns)
            first += len(chunk)
    _refuse_uneven(offenders, path, len(header))


def _find_header(lines: Iterator[list[str]], path: Path) -> tuple[int, list[str]]:
    """Return the first line that is not empty, after the row that follows it."""
    row = HEADER_ROW
    while (found := _take(lines, 1, path, row)) == [[]]:
        row += 1
    return row + 1, [name for line in found for name in line]


def _take(lines: Iterator[list[str]], most: int, path: Path, first: int) -> list[list[str]]:
    """Return the next lines, from row `first` on; a value of several lines is within one row."""
    taken: list[list[str]] = []
    try:
        taken.extend(islice(lines, most))  # keeps what came before a fault
    except csv.Error as error:
        fault = "a value is too long" if "limit" in str(error) else "a quote is misplaced"
        row = first + len(taken)
        raise TableError(
            f"{_named(path)} is not a rectangular table.",
            offenders=[f"{path.name} row {row}: {fault}, or a quote is not closed"],
            expected="quotes around a whole value, and a quote within it written twice",
            remedy="mend the quotes of this row; nothing was changed",
        ) from None
    return taken


def _uneven(filled: Sequence[tuple[int, list[str]]], path: Path, width: int) -> list[str]:
    return [
        f"{path.name} row {row}: {len(line)} values" for row, line in filled if len(line) != width
    ]


def _refuse_uneven(offenders: Sequence[str], path: Path, width: int) -> None:
    if offenders:
        raise TableError(
            f"{_named(path)} is not a rectangular table.",
            offenders=offenders,
            expected=f"{width} values in each row, as many as there are columns",
            remedy="put quotes around values that hold commas; leave an empty value between commas",
        )


def _batch_of_lines(
    filled: Sequence[tuple[int, list[str]]], header: Sequence[str], columns: Sequence[str]
) -> pa.RecordBatch:
    values = dict(zip(header, zip(*(line for _, line in filled), strict=True), strict=True))
    rows = [row for row, _ in filled]
    return _batch(rows, {name: pa.array(values[name], TEXT) for name in columns})


def _require_utf8(path: Path) -> None:
    start, lines, rest = 0, 0, b""
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK_BYTES)
            content = rest + block
            try:
                _, read = codecs.utf_8_decode(content, "strict", not block)
            except UnicodeDecodeError as error:
                line = lines + content.count(b"\n", 0, error.start) + 1
                raise TableError(
                    f"{_named(path)} is not UTF-8.",
                    offenders=[
                        f"{path.name} line {line}: byte {start + error.start} is no UTF-8 character"
                    ],
                    expected="text in UTF-8",
                    remedy='save it again as "CSV UTF-8"; nothing was changed',
                ) from None
            if not block:
                return
            start, lines, rest = start + read, lines + content.count(b"\n", 0, read), content[read:]


def _require_columns(found: Sequence[str], path: Path, columns: Sequence[str]) -> None:
    if not found:
        raise TableError(
            f"{_named(path)} is empty.",
            expected="a header row, and a row for each item",
            remedy="export the table again",
        )
    missing = [f"missing: {name}{closest(name, found)}" for name in columns if name not in found]
    unknown = [
        _unknown(number, name, columns)
        for number, name in enumerate(found, start=1)
        if name not in columns
    ]
    repeated = [f"{found.count(name)} times: {name}" for name in columns if found.count(name) > 1]
    if missing or unknown or repeated:
        raise TableError(
            f"{_named(path)} does not have the columns expected.",
            offenders=[*missing, *unknown, *repeated],
            expected=", ".join(columns),
            remedy="rename, add or remove these columns; a column may be empty but not absent"
            + _separator_hint(found),
        )


def _unknown(number: int, name: str, columns: Sequence[str]) -> str:
    """Tell of a column without its heading: where the header is missing, that is an answer."""
    return f"unknown: column {number}, of {len(name)} characters{closest(name, columns)}"


def _separator_hint(found: Sequence[str]) -> str:
    used = [name for mark, name in ((";", "semicolons"), ("\t", "tabs")) if mark in found[0]]
    return f"; if {used[0]} part its values, export it with commas" if used else ""
