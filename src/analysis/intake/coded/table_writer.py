"""The writers of tables: CSV and workbooks in which no cell is a formula; always the same bytes.

A cell that a spreadsheet would take for a formula gets an apostrophe before it in CSV, and the mark
of text in a workbook; numbers stay numbers.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from analysis.errors import CodedDataError
from analysis.study.csv_rows import format_csv
from analysis.study.writing import zip_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    Rows = Sequence[Sequence[str]]
    TypedRows = Sequence[Sequence[str | float | date]]


MOST_CHARACTERS = 32_767
"""Units of UTF-16 in a cell, in which workbooks count characters."""
MOST_ROWS = 1_048_576
APOSTROPHE = "'"

# What spreadsheets take for the beginning of a formula, also in the full width of East Asia.
_FORMULA = re.compile("^'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*%?|\d+(\.\d+)?[eE][+-]?\d+)")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_COUNTED_TWICE = re.compile("[\U00010000-\U0010ffff]")
_CHANGED = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_CORE = "docProps/core.xml"


def defuse(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> defuse("=1+1"), defuse("-5"), defuse("+254 700"), defuse("Fear")
    ("'=1+1", '-5', "'+254 700", 'Fear')
    """
    if not _FORMULA.match(cell) or _NUMBER.fullmatch(cell):
        return cell
    return f"{APOSTROPHE}{cell}"


def restore(cell: str) -> str:
    """Return a cell as it was before `defuse`.

    Examples
    --------
    >>> restore(defuse("=1+1")), restore("'quoted'")
    ('=1+1', "'quoted'")
    """
    is_defused = cell.startswith(APOSTROPHE) and _FORMULA.match(cell)
    return cell[1:] if is_defused else cell


def csv_bytes(rows: Rows) -> bytes:
    """Return rows as CSV in UTF-8, the header first."""
    return format_csv([defuse(cell) for cell in row] for row in rows).encode("utf-8", "replace")


def workbook_bytes(sheets: Mapping[str, TypedRows]) -> bytes:
    """Return a workbook of text, numbers and dates, the header of each sheet staying in sight.

    Parameters
    ----------
    sheets : mapping of str to rows of str, numbers or dates
        The rows of each sheet by its name, the header first.

    Raises
    ------
    CodedDataError
        When a cell or a sheet is longer than a workbook can hold.
    """
    from openpyxl import Workbook  # type: ignore[import-untyped]  # noqa: PLC0415 (heavy)

    _require_room(sheets)
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    written = io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    # When it was written is no part of what is written.
    parts[_CORE] = _CHANGED.sub(b"", parts[_CORE])
    return zip_of(parts)


def _cell(sheet: Any, value: str | float | date) -> Any:  # noqa: ANN401 (openpyxl has no types)
    """Return a value; as a cell of text where openpyxl would take it for a formula or an error."""
    if not isinstance(value, str):
        return value
    text = _UNSEEN.sub("\ufffd", value)
    is_formula = defuse(text) != text
    if not is_formula and not text.startswith("#"):
        return text or None
    # Imported for the few cells that need it: this is called for each cell of a table.
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]  # noqa: PLC0415

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = is_formula
    return cell


def _require_room(sheets: Mapping[str, TypedRows]) -> None:
    offenders = [
        f"sheet {title}: {len(rows):,} rows"
        for title, rows in sheets.items()
        if len(rows) > MOST_ROWS
    ]
    offenders += [
        f"sheet {title} row {number}: a text of {len(value):,} characters"
        for title, rows in sheets.items()
        for number, row in enumerate(rows, 1)
        for value in row
        if isinstance(value, str)
        and len(value) + len(_COUNTED_TWICE.findall(value)) > MOST_CHARACTERS
    ]
    if offenders:
        raise CodedDataError(
            "A workbook cannot hold this; nothing was written.",
            offenders=offenders,
            expected=f"at most {MOST_CHARACTERS:,} characters a cell, {MOST_ROWS:,} rows a sheet",
            remedy="export to csv or qdpx",
        )
