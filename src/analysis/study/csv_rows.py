"""The rows of the CSV files that experts edit, each with its number in the file."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import StudyError, closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

IDENTIFIER = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
"""What every id but a country's is made of: lower-case words, joined by dots."""

IDENTIFIER_FORM = "lower-case letters a-z, digits, '-' and '_', with '.' between parts"


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
        """Return a line that says where this row is and what is wrong with it."""
        return f"{self.file} row {self.number}: {detail}"


def read_rows(path: Path, columns: Sequence[str], *, may_be_empty: bool = False) -> list[Row]:
    """Return the rows of a CSV file that has at least these columns.

    Empty lines are passed over but counted, so that numbers match what a spreadsheet shows.

    Parameters
    ----------
    path : Path
        The file: UTF-8, with or without the mark that spreadsheets put before it.
    columns : sequence of str
        The columns that must be there; others are read too.
    may_be_empty : bool, optional
        Whether a header alone will do.

    Returns
    -------
    list of Row
        At least one row, unless the file may be empty.

    Raises
    ------
    StudyError
        If the file is missing, is not UTF-8, lacks a column, has a row of another length than its
        header, or has no rows.
    """
    lines = list(csv.reader(io.StringIO(_read_text(path), newline="")))
    header = lines[0] if lines else []
    _refuse_header(path.name, header, columns)
    ragged = list(_ragged(path.name, lines, len(header)))
    if ragged:
        raise StudyError(
            f"{path.name} has rows of another length than its header.",
            offenders=ragged,
            expected=f"{len(header)} cells a row: {', '.join(header)}",
            remedy="Put text that has a comma or a line break in it between double quotes.",
        )
    rows = [
        Row(path.name, number, dict(zip(header, line, strict=True)))
        for number, line in enumerate(lines[1:], start=2)
        if line
    ]
    if not rows and not may_be_empty:
        raise StudyError(
            f"{path.name} has no rows.",
            expected="a header and at least one row",
            remedy=f"Restore {path.name} or fill it in.",
        )
    return rows


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
    first: dict[str, int] = {}
    for row in rows:
        value = row[column]
        number = first.setdefault(value.casefold(), row.number)
        if number != row.number and value.strip():
            yield row.offender(f"{column} {value!r} is also in row {number}")


def _read_text(path: Path) -> str:
    """Return the text of a file, or say why it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise StudyError(
            f"{path.name} is missing.",
            offenders=[f"{path.parent.name}/{path.name}"],
            expected=f"a file {path.name} in the folder {path.parent.name}",
            remedy="Restore the file, or check the name of the study.",
        ) from error
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        byte = error.object[error.start]
        raise StudyError(
            f"{path.name} is not UTF-8.",
            offenders=[f"{path.name} row {row}: byte 0x{byte:02x} is not UTF-8"],
            expected="text encoded as UTF-8",
            remedy="Save the file again as 'CSV UTF-8'.",
        ) from error


def _refuse_header(file: str, header: Sequence[str], columns: Sequence[str]) -> None:
    """Raise if a header lacks a column or names one twice."""
    offenders = [
        f"{file} row 1: no column {column!r}{closest(column, header)}"
        for column in columns
        if column not in header
    ]
    offenders += [
        f"{file} row 1: column {column!r} is there {header.count(column)} times"
        for column in dict.fromkeys(header)
        if header.count(column) > 1
    ]
    if offenders:
        raise StudyError(
            f"{file} does not have the columns it needs.",
            offenders=offenders,
            expected=", ".join(columns),
            remedy=f"Correct the first row of {file}.",
        )


def _ragged(file: str, lines: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Yield an offender for each row that has more or fewer cells than the header."""
    for number, line in enumerate(lines, start=1):
        if line and len(line) != width:
            yield f"{file} row {number}: {len(line)} cells"
