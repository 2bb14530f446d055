"""Rows of spreadsheets: of CSV files, whichever sign separates their values, and of workbooks."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from analysis.study.csv_rows import parse_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

DELIMITERS = ",;\t"
ROWS_TO_COMPARE = 3


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
    return parse_csv(text, max(DELIMITERS, key=lambda delimiter: _fit(text, delimiter)))


def read_workbook(content: bytes) -> Iterator[tuple[str, Iterator[tuple[Any, ...]]]]:
    """Yield the title of each sheet of a workbook, and its rows of values as they are stored."""
    import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415 (heavy)

    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # the size that a sheet states is often wrong
            yield sheet.title, sheet.iter_rows(values_only=True)
    finally:
        workbook.close()


def _fit(text: str, delimiter: str) -> tuple[bool, int]:
    """Return whether a sign splits the first rows alike, and into how many values the first."""
    rows: list[list[str]] = []
    is_sound = False
    with suppress(csv.Error):
        rows.extend(islice(filter(None, parse_csv(text, delimiter)), ROWS_TO_COMPARE))
        is_sound = True
    widths = {len(row) for row in rows}
    return is_sound and len(widths) == 1 and widths != {1}, len(rows[0]) if rows else 0
