"""Why a file is no table: what spreadsheet programs make of CSV, each said once with its fix."""

from __future__ import annotations

import csv
from itertools import groupby, islice
from typing import TYPE_CHECKING

from analysis.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LONGEST_TEXT = 1_000_000
"""Characters of the longest text in a table; a whole transcript has about 200,000."""

FIRST_ROW = 1
_FIRST_LINES = 20
"""Lines of a file in which its header is looked for."""
_ZIP = b"PK\x03\x04"
_WORKBOOKS = (".xlsx", ".xls", ".ods")
_SAVE_AS_CSV = 'open the workbook, save it as "CSV UTF-8" under the name {}'


def require_csv(path: Path, columns: Sequence[str]) -> None:
    """Refuse a table that is not there, or is a workbook."""
    workbook = workbook_beside(path)
    if not path.is_file():
        there = f", but {workbook.name} is there" if workbook else ""
        raise TableError(
            f"The table {named(path)} is missing{there}.",
            expected="columns " + ", ".join(columns),
            remedy=f"{_SAVE_AS_CSV.format(path.name)}, and move the workbook away"
            if workbook
            else "put the file there, or check the name of the study",
        )
    with path.open("rb") as file:
        if file.read(len(_ZIP)) == _ZIP:
            raise TableError(
                f"{named(path)} is a workbook, whatever its name says.",
                expected="CSV in UTF-8 with commas",
                remedy=_SAVE_AS_CSV.format(path.name),
            )


def require_no_workbook(path: Path) -> None:
    """Refuse a workbook beside a table that has no rows: whoever filled it in meant its rows.

    Parameters
    ----------
    path : Path
        The CSV file of the table.

    Raises
    ------
    TableError
        When there is such a workbook.
    """
    workbook = workbook_beside(path)
    if workbook:
        raise TableError(
            f"{named(path)} has no rows, but {workbook.name} is beside it.",
            expected="the rows in the CSV file, which is the one that is read",
            remedy=f"{_SAVE_AS_CSV.format(path.name)}, and move the workbook away",
        )


def workbook_beside(path: Path) -> Path | None:
    """Return the workbook that lies where a CSV file is expected, if there is one."""
    beside = (path.with_suffix(ending) for ending in _WORKBOOKS)
    return next((each for each in beside if each.is_file()), None)


def blank_rows(path: Path, rows: Sequence[int]) -> TableError:
    """Return the error for rows that have nothing but separators, as below a table in Excel."""
    return TableError(
        f"{named(path)} has rows without any value.",
        offenders=[f"{path.name} {each}" for each in _runs(rows)],
        expected="a value in each row",
        remedy="delete these rows in the spreadsheet, and save it again; nothing was changed",
    )


def _runs(numbers: Sequence[int]) -> Iterator[str]:
    """Yield runs of row numbers in words, as ``rows 12 to 48``."""
    for _, run in groupby(enumerate(numbers), lambda each: each[1] - each[0]):
        rows = [number for _, number in run]
        yield f"row {rows[0]}" if len(rows) == 1 else f"rows {rows[0]} to {rows[-1]}"


def refuse_misplaced_header(path: Path, columns: Sequence[str]) -> None:
    """Refuse a file with its header in a later row, or with another mark than a comma."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        first = [*islice(file, _FIRST_LINES)]
    for mark, name in ((",", "commas"), (";", "semicolons"), ("\t", "tabs")):
        for row, cells in enumerate(csv.reader(first, delimiter=mark), start=1):
            if len({*columns} & {*cells}) < max(2, len(columns) / 2):
                continue
            if mark != ",":
                raise TableError(
                    f"{named(path)} has {name} between its values.",
                    offenders=[f"{path.name} row {row}: {name} between the names of columns"],
                    expected="commas",
                    remedy="open it in a spreadsheet program and save it with commas; "
                    "docs/tables.md says how",
                )
            if row > 1:
                above = "row 1" if row == FIRST_ROW + 1 else f"rows 1 to {row - 1}"
                raise TableError(
                    f"{named(path)} has its header in row {row}.",
                    offenders=[f"{path.name} {above}: not the names of columns"],
                    expected="the names of the columns in row 1, and no title above them",
                    remedy=f"delete {above}",
                )


def named(path: Path) -> str:
    """Return how errors name a file: with its folder, which is the study's name."""
    return f"{path.parent.name}/{path.name}"


def not_utf8(path: Path) -> TableError:
    """Return the error for a file of other bytes, with the first of them."""
    before = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                offender = f"line {number}: byte {before + error.start} is no UTF-8 character"
                break
            before += len(line)
    return TableError(
        f"{named(path)} is not UTF-8.",
        offenders=[f"{path.name} {offender}"],
        expected="text in UTF-8",
        remedy='save it again as "CSV UTF-8"; nothing was changed',
    )


def too_long(path: Path, rows: Sequence[int]) -> TableError:
    """Return the error for rows of a table, CSV or Parquet, with a text over `LONGEST_TEXT`."""
    return TableError(
        f"{named(path)} has a text that is too long.",
        offenders=[f"{path.name} row {row}" for row in rows],
        expected=f"at most {LONGEST_TEXT:,} characters in a value, and every quote closed",
        remedy="split the text, or close the quote before it; nothing was changed",
    )


def misquoted(path: Path, rows: Sequence[int]) -> TableError:
    """Return the error for rows with a quote that is misplaced, or not closed."""
    return TableError(
        f"{named(path)} is not a rectangular table.",
        offenders=[
            f"{path.name} row {row}: a quote is misplaced, or a quote is not closed" for row in rows
        ],
        expected="quotes around a whole value, and a quote within it written twice",
        remedy="fix the quotes of this row; nothing was changed",
    )
