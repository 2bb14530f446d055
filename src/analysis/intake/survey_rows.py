"""The rows of the export of a survey, as CSV or as a workbook."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
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
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MOST_ROWS = 10_000
MOST_COLUMNS = 1_000

Row = list[str]


@dataclass(frozen=True)
class SurveyRows:
    """What an export holds.

    Parameters
    ----------
    rows : list of list of str
        Its rows.
    elsewhere : mapping of int to int
        By the number of each other sheet of a workbook, how many rows there hold something.
    """

    rows: list[Row]
    elsewhere: Mapping[int, int] = field(default_factory=dict)


def read_survey_rows(path: Path) -> SurveyRows:
    """Return what an export holds.

    Parameters
    ----------
    path : Path
        A CSV file in UTF-8, or a workbook, of which the first sheet is read and others counted.

    Raises
    ------
    SourceError
        When it cannot be read, or is too large.
    """
    content = read_limited(path)
    if path.suffix.casefold() == ".xlsx":
        require_form(path.name, content, ("xlsx",))
        require_sound_xml(archive_of(path.name, content))
        first, *others = _sheets_of(content)
        filled = {number: _filled(rows) for number, rows in enumerate(others, start=2)}
        elsewhere = {number: count for number, count in filled.items() if count}
        return SurveyRows(_limited(path.name, first), elsewhere)
    require_form(path.name, content, ("text",))
    return SurveyRows(
        _limited(path.name, _rows_of_text(path.name, decode_text(path.name, content)))
    )


def _limited(name: str, rows: Iterable[Row]) -> list[Row]:
    """Return rows, unless they are more, or wider, than those of a survey."""
    read = [row[:MOST_COLUMNS] for row in islice(rows, MOST_ROWS + 1)]
    if len(read) > MOST_ROWS or any(len(row) == MOST_COLUMNS for row in read):
        raise SourceError(
            f"{name} is too large for the export of a survey.",
            expected=f"less than {MOST_ROWS} rows and {MOST_COLUMNS} columns",
            remedy="split it",
        )
    return read


def _filled(rows: Iterable[Row]) -> int:
    """Return how many rows hold something."""
    return sum(any(map(str.strip, row)) for row in rows)


def _sheets_of(content: bytes) -> list[Iterator[Row]]:
    """Return the rows of each sheet of a workbook."""
    import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415

    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return [_rows_of_sheet(sheet) for sheet in workbook.worksheets]


def _rows_of_sheet(sheet: Any) -> Iterator[Row]:  # noqa: ANN401 - openpyxl ships no types
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
