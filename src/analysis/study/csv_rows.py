r"""The one strict reader of CSV files, with row numbers, and the one writer.

A file is UTF-8, with or without a byte order mark, and has a header and as many cells in each row.
The header is row 1 and an empty line counts as a row, as in a spreadsheet. The writer writes the
same bytes on every version of Python: ``\n`` ends a row, and a cell is quoted where it needs to be,
also for a single ``\r``, which the standard library leaves bare before Python 3.13.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING

from analysis.errors import LONGEST_VALUE, SHORT_FORM, TableError, closest, describe_value
from analysis.study.csv_faults import (
    LONGEST_TEXT,
    blank_rows,
    misquoted,
    named,
    not_utf8,
    refuse_misplaced_header,
    require_csv,
    too_long,
    workbook_beside,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

IDENTIFIER = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
"""The form of every id but a country's: lower-case words, joined by dots."""

IDENTIFIER_FORM = "lower-case letters a-z, digits, '-' and '_', with '.' between parts"

TRANSLATED_NAMES = ("name_fr", "name_pt")
"""Names in the other languages of reports: columns that a table may lack, and are then blank."""

_NEEDS_QUOTES = re.compile('[",\r\n]')


@dataclass(frozen=True)
class Row:
    """One row of a file.

    Parameters
    ----------
    file : str
        The file's name.
    number : int
        The row's number in the file, the header being row 1.
    cells : mapping of str to str
        The row's text by column.
    """

    file: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def offender(self, detail: str) -> str:
        """Return a line with the place of this row and what is wrong with it."""
        return f"{self.file} row {self.number}: {detail}"


def translated_names(row: Row) -> dict[str, str]:
    """Return the names of a row in other languages: its cells of `name_fr` and `name_pt`."""
    names = {column: row.cells.get(column, "").strip() for column in TRANSLATED_NAMES}
    return {column.removeprefix("name_"): name for column, name in names.items() if name}


def read_rows(
    path: Path, columns: Sequence[str], *, may_be_empty: bool = False, exactly: bool = False
) -> list[Row]:
    """Return the rows of a small CSV file, by column.

    Parameters
    ----------
    path : Path
        The file.
    columns : sequence of str
        The columns that it must have.
    may_be_empty : bool, optional
        Whether it may have a header alone.
    exactly : bool, optional
        Whether it may have no other columns; they are returned otherwise.

    Raises
    ------
    TableError
        When the file is missing, is no CSV in UTF-8 with commas, has other columns or a misplaced
        quote, rows of another length than its header, rows without a value, a value over 1,000,000
        characters, or no rows.
    """
    lines = iter_rows(path, columns, exactly=exactly)
    _, header = next(lines)
    rows = [
        Row(path.name, number, dict(zip(header, cells, strict=True))) for number, cells in lines
    ]
    if not rows and not may_be_empty:
        raise TableError(
            f"{named(path)} has no rows.",
            expected="a header and at least one row",
            remedy=f"restore {path.name}, or fill it in",
        )
    return rows


def read_optional_rows(path: Path, columns: Sequence[str], *, exactly: bool = False) -> list[Row]:
    """Return the rows of a small CSV file as `read_rows` does; none if it does not exist.

    A workbook of the same name is refused: whoever filled it in meant its rows.
    """
    if not path.exists() and not workbook_beside(path):
        return []
    return read_rows(path, columns, may_be_empty=True, exactly=exactly)


def iter_rows(
    path: Path, columns: Sequence[str], *, exactly: bool = True
) -> Iterator[tuple[int, list[str]]]:
    """Yield the header and the rows of a CSV file of any size, each with its number.

    Some faults show only at the last row: use no row before all are read.

    Parameters
    ----------
    path : Path
        The file.
    columns : sequence of str
        The columns that it must have, in any order; it may lack those of `TRANSLATED_NAMES`.
    exactly : bool, optional
        Whether it may have no others.

    Yields
    ------
    tuple of int and list of str
        The row's number in the file, and its cells.

    Raises
    ------
    TableError
        As `read_rows` does, but a file may have a header alone.
    """
    lines = _iter_lines(path, columns)
    number, header = next(lines)
    required = required_columns(columns, header)
    if not set(required) <= set(header):
        refuse_misplaced_header(path, required)
    require_columns(path, header, required, exactly=exactly)
    yield number, header
    yield from lines


def required_columns(columns: Sequence[str], found: Sequence[str]) -> list[str]:
    """Return the columns that a table must have, those it has of `TRANSLATED_NAMES` included."""
    return [name for name in columns if name in found or name not in TRANSLATED_NAMES]


def parse_csv(text: str, delimiter: str = ",") -> Iterator[list[str]]:
    """Yield the rows of CSV text, header first; an empty line is an empty list.

    Raises
    ------
    csv.Error
        When a quote is misplaced or never closed, or a cell is too long.
    """
    yield from parse_lines(io.StringIO(text, newline=""), delimiter)


def parse_lines(lines: Iterable[str], delimiter: str = ",") -> Iterator[list[str]]:
    """Return the rows of lines of CSV, as `parse_csv` does."""
    # The limit is that of the process: whoever may have changed it, a table reads the same.
    csv.field_size_limit(LONGEST_TEXT)
    return csv.reader(lines, delimiter=delimiter, strict=True)


def require_columns(
    path: Path, found: Sequence[str], columns: Sequence[str], *, exactly: bool
) -> None:
    """Refuse a table, CSV or Parquet, that lacks a column, or has one twice.

    Parameters
    ----------
    path : Path
        The file of the table.
    found : sequence of str
        The columns that it has.
    columns : sequence of str
        The columns that it must have.
    exactly : bool
        Whether it may have no others. Their names are shown where no other column is missing: a
        header that is not one may be somebody's words.

    Raises
    ------
    TableError
        When the columns are not those expected.
    """
    missing = [f"missing: {name}{closest(name, found)}" for name in columns if name not in found]
    unknown = [
        f"unknown: column {column_letters(number)}{_describe_header(name, is_shown=not missing)}"
        f"{closest(name, columns)}"
        for number, name in enumerate(found, start=1)
        if exactly and name not in columns
    ]
    repeated = [f"{found.count(name)} times: {name}" for name in columns if found.count(name) > 1]
    if missing or unknown or repeated:
        raise TableError(
            f"{named(path)} does not have the columns expected.",
            offenders=[*missing, *unknown, *repeated],
            expected=", ".join(columns),
            remedy="rename, add or remove these columns; a column may be empty but not absent"
            if missing or repeated
            else "delete these columns, or rename them; nothing was changed",
        )


def column_letters(number: int) -> str:
    """Return what a spreadsheet calls a column, the first being number 1.

    Examples
    --------
    >>> column_letters(1), column_letters(16), column_letters(28)
    ('A', 'P', 'AB')
    """
    letters = ""
    while number:
        number, at = divmod(number - 1, len(ascii_uppercase))
        letters = ascii_uppercase[at] + letters
    return letters


def _describe_header(name: str, *, is_shown: bool) -> str:
    if not name.strip():
        return ", which has no name"
    if is_shown and len(name) <= LONGEST_VALUE:
        return f" {name!r}"
    return f", of {len(name)} characters"


def repeated(rows: Sequence[Row], column: str) -> Iterator[str]:
    """Yield an offender for each row whose cell a row above it has, whatever its case.

    Parameters
    ----------
    rows : sequence of Row
        Rows of one file.
    column : str
        The column whose cells must differ.

    Yields
    ------
    str
        An offender with its file and row.
    """
    for row, number in find_repeated(rows, lambda row: row[column].casefold()):
        if row[column].strip():
            named = describe_value(row[column], column, form=SHORT_FORM)
            yield row.offender(f"{named} is also in row {number}")


def find_repeated(rows: Sequence[Row], key: Callable[[Row], Hashable]) -> Iterator[tuple[Row, int]]:
    """Yield each row whose key a row above it has, with the number of the first such row."""
    first: dict[Hashable, int] = {}
    for row in rows:
        number = first.setdefault(key(row), row.number)
        if number != row.number:
            yield row, number


def write_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file, the header being the first of the rows."""
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        file.writelines(f"{_format_row(cells)}\n" for cells in rows)


def format_csv(rows: Iterable[Sequence[str]], *, line_end: str = "\n") -> str:
    r"""Return rows as CSV text.

    Examples
    --------
    >>> format_csv([["code", "name"], ["hope", "Hope, and faith"], ["fear", "a\rb"]])
    'code,name\nhope,"Hope, and faith"\nfear,"a\rb"\n'
    """
    return "".join(f"{_format_row(cells)}{line_end}" for cells in rows)


def _format_row(cells: Sequence[str]) -> str:
    # An empty line would be no row.
    return ",".join(map(_format_cell, cells)) or '""'


def _format_cell(text: str) -> str:
    return '"{}"'.format(text.replace('"', '""')) if _NEEDS_QUOTES.search(text) else text


def _iter_lines(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the header and the rows of a file with their numbers."""
    require_csv(path, columns)
    width = number = 0
    uneven: list[str] = []
    blank: list[int] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, cells in enumerate(parse_lines(file), start=1):
                width = width or len(cells)
                if not any(cells):  # an empty line, or nothing but separators
                    blank += [number] if cells else []
                elif len(cells) != width:
                    uneven.append(f"{path.name} row {number}: {len(cells)} values")
                elif not uneven:
                    yield number, cells
    except UnicodeDecodeError:
        raise not_utf8(path) from None
    except csv.Error as error:
        is_long = "limit" in str(error)
        raise (too_long if is_long else misquoted)(path, [number + 1]) from None
    _refuse_faulty(path, width, uneven, blank)


def _refuse_faulty(path: Path, width: int, uneven: Sequence[str], blank: Sequence[int]) -> None:
    """Refuse a file that is empty, or has rows of another length or without a value."""
    if not width:
        raise TableError(
            f"{named(path)} is empty.",
            expected="a header row, and a row for each item",
            remedy="export the table again",
        )
    if uneven:
        raise TableError(
            f"{named(path)} is not a rectangular table.",
            offenders=uneven,
            expected=f"{width} values in each row, as many as there are columns",
            remedy="put quotes around values that hold commas; leave an empty value between commas",
        )
    if blank:
        raise blank_rows(path, blank)
