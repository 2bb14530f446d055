"""The rows of the export of a survey, as CSV or as a workbook."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from analysis.errors import SourceError
from analysis.intake.csv_rows import rows_of_csv
from analysis.intake.limits import (
    archive_of,
    decode_text,
    read_limited,
    require_form,
    require_sound_xml,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_ROWS = 10_000
MOST_COLUMNS = 1_000

Row = list[str]


def read_survey_rows(path: Path) -> list[Row]:
    """Return the rows of an export.

    Parameters
    ----------
    path : Path
        A CSV file in UTF-8, or a workbook, of which the first sheet is read.

    Raises
    ------
    SourceError
        When it cannot be read, or is too large.
    """
    content = read_limited(path)
    if path.suffix.casefold() == ".xlsx":
        require_form(path.name, content, ("xlsx",))
        require_sound_xml(archive_of(path.name, content))
        rows = _rows_of_workbook(content)
    else:
        require_form(path.name, content, ("text",))
        rows = _rows_of_text(path.name, decode_text(path.name, content))
    read = [row[:MOST_COLUMNS] for row in islice(rows, MOST_ROWS + 1)]
    if len(read) > MOST_ROWS or any(len(row) == MOST_COLUMNS for row in read):
        raise SourceError(
            f"{path.name} is too large for the export of a survey.",
            expected=f"less than {MOST_ROWS} rows and {MOST_COLUMNS} columns",
            remedy="split it",
        )
    return read


def _rows_of_workbook(content: bytes) -> Iterator[Row]:
    import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415

    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheet = workbook.worksheets[0]
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):
        yield [_text_of(value) for value in row[:MOST_COLUMNS]]


def _text_of(value: Any) -> str:  # noqa: ANN401 - a cell of a workbook holds anything
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _rows_of_text(name: str, text: str) -> Iterator[Row]:
    read = 0
    try:
        for read, row in enumerate(rows_of_csv(text), start=1):  # noqa: B007 - told if one fails
            yield row
    except csv.Error:
        raise SourceError(
            f"{name} is no sound CSV.",
            offenders=[f"row {read + 1}"],
            expected="values with commas, semicolons or tabs between them, and quotes around texts "
            "of several lines",
            remedy="export it again, as CSV or XLSX",
        ) from None
