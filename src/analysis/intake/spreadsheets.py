"""Rows of spreadsheets: of CSV files, whichever sign separates their values, and of workbooks."""

from __future__ import annotations

import csv
import io
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from lxml import etree  # type: ignore[import-untyped]

from analysis.study.csv_rows import parse_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

DELIMITERS = ",;\t"
STATED_DELIMITERS = {f"sep={delimiter}": delimiter for delimiter in DELIMITERS}
"""Excel's own first line, which states what is between the values."""
ROWS_TO_COMPARE = 3
MOST_COLUMNS = 16_384
"""Columns of a sheet."""
MOST_DIGITS = 9


def rows_of_csv(text: str) -> Iterator[list[str]]:
    r"""Return the rows of a CSV file with commas, semicolons or tabs between its values.

    It is the delimiter that splits the first rows into as many values each, and into the most.

    Raises
    ------
    csv.Error
        When a quote is misplaced or never closed, or a value is too long; while rows are read.

    Examples
    --------
    >>> list(rows_of_csv("Day;What, and why;Who\n1;Nets;\n"))
    [['Day', 'What, and why', 'Who'], ['1', 'Nets', '']]
    """
    stated, _, rest = text.partition("\n")
    if stated.rstrip("\r") in STATED_DELIMITERS:
        return chain([[]], parse_csv(rest, STATED_DELIMITERS[stated.rstrip("\r")]))
    return parse_csv(text, max(DELIMITERS, key=lambda delimiter: _fit(text, delimiter)))


@dataclass(frozen=True)
class WorkbookSheet:
    """A sheet of a workbook."""

    title: str
    """Its name."""
    is_hidden: bool
    """Whether the sheet as a whole is hidden."""
    rows: Iterator[tuple[Any, ...]]
    """Its values as they are stored; those of hidden rows and columns are None."""
    hidden: Counter[str]
    """The filled cells of hidden rows and columns, by their place, once all rows are read."""


def read_workbook(content: bytes) -> Iterator[WorkbookSheet]:
    """Yield the sheets of a workbook; read the rows of each before the next."""
    import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415 (heavy)

    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        for number, sheet in enumerate(workbook.worksheets, start=1):
            sheet.reset_dimensions()  # the size that a sheet states is often wrong
            is_hidden = sheet.sheet_state != "visible"
            hidden: Counter[str] = Counter()
            rows = _visible_rows(sheet, f"sheet {number}", hidden)
            yield WorkbookSheet(sheet.title, is_hidden, rows, hidden)
    finally:
        workbook.close()


def _visible_rows(sheet: Any, place: str, hidden: Counter[str]) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - openpyxl ships no types
    """Yield the rows of a sheet, and count what is hidden in them."""
    hidden_rows, hidden_columns = _hidden_of(sheet)
    is_hidden = sheet.sheet_state != "visible"
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        values = list(row)
        for at, value in enumerate(row):
            if not (is_hidden or number in hidden_rows or at + 1 in hidden_columns):
                continue
            if value is not None and str(value).strip():
                part = f" row {number}" if number in hidden_rows else f" column {at + 1}"
                hidden[place + part * (not is_hidden)] += 1
            values[at] = None
        yield tuple(values)


def _hidden_of(sheet: Any) -> tuple[set[int], set[int]]:  # noqa: ANN401 - see _visible_rows
    """Return the numbers of the rows and the columns of a sheet that are hidden.

    The reader of openpyxl that needs little memory passes over them.
    """
    rows: set[int] = set()
    columns: set[int] = set()
    number = 0
    with sheet.parent._archive.open(sheet._worksheet_path) as source:  # noqa: SLF001 - see above
        for _, element in etree.iterparse(source, tag=("{*}row", "{*}col")):
            is_row = element.tag.endswith("row")
            size = element.get("ht" if is_row else "width")
            is_hidden = element.get("hidden") in ("1", "true") or size in ("0", "0.0")
            if is_row:
                number = _number(element.get("r"), number + 1)
                rows |= {number} if is_hidden else set()
            elif is_hidden:
                first, last = (_number(element.get(name), 0) for name in ("min", "max"))
                columns |= {*range(first, min(last, MOST_COLUMNS) + 1)}
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return rows, columns


def _number(digits: str | None, otherwise: int) -> int:
    is_number = digits and digits.isascii() and digits.isdecimal() and len(digits) < MOST_DIGITS
    return int(digits) if digits and is_number else otherwise


def cell_text(value: object) -> str:
    """Return the text of a cell of a workbook; a day has no time, and a whole number no point.

    Examples
    --------
    >>> cell_text(datetime(2020, 10, 1)), cell_text(3.0), cell_text(None)
    ('2020-10-01', '3', '')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _fit(text: str, delimiter: str) -> tuple[bool, int]:
    """Return whether a sign splits the first rows alike, and into how many values the first."""
    rows: list[list[str]] = []
    is_sound = False
    with suppress(csv.Error):
        rows.extend(islice(filter(None, parse_csv(text, delimiter)), ROWS_TO_COMPARE))
        is_sound = True
    widths = {len(row) for row in rows}
    return is_sound and len(widths) == 1 and widths != {1}, len(rows[0]) if rows else 0
