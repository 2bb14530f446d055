"""The reader of tables with several columns of codes: `Code 1`, `Code 2` and so on hold names.

Answers to open questions are often coded so. Where there are several questions, the columns of
each begin with its name: `Q1`, `Q1 Code 1`, `Q1 Code 2`, `Q2`, `Q2 Code 1`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError
from analysis.intake import account as kinds
from analysis.intake.coded.builder import CodedDataBuilder
from analysis.intake.coded.plain_tables import CODER, TEXT, Rows, split_path

if TYPE_CHECKING:
    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.coded.plain_tables import ColumnRoles
    from analysis.intake.coded.sheets import Sheet

CODE_COLUMNS = "code-columns"
TWICE_IN_A_ROW = "the same code is in another column of its row too"

_CODE_COLUMN = re.compile(r"(?P<question>.*?)[\s_.:-]*code[\s_-]*\d+", re.IGNORECASE)
_ANSWERS = ("", " text", " answer", " answers", " response", " responses", " comment")
"""What may follow the name of a question in the name of the column with its answers."""


def has_code_columns(sheet: Sheet, roles: ColumnRoles) -> bool:
    """Return whether a table has columns `Code 1` and so on, and the text that they code."""
    columns = _columns_of_codes(sheet)
    return bool(columns) and any(
        _text_at(sheet, roles, question) is not None for question in columns
    )


def read_code_columns(sheet: Sheet, roles: ColumnRoles) -> CodedData:
    """Return what a table with columns of code names holds; each answer is a selection."""
    columns = _columns_of_codes(sheet)
    texts = {question: _text_at(sheet, roles, question) for question in columns}
    missing = [question for question, at in texts.items() if at is None]
    if missing or not columns:
        raise CodedDataError(
            f"{sheet.file} has columns of codes without the answers that they code.",
            offenders=[
                f"{sheet.column(columns[question][0])}: no column has the name of its question"
                for question in missing
            ],
            expected="Q1 beside Q1 Code 1, Q1 Code 2; or a column of text beside Code 1, Code 2",
            remedy="name the column of answers like the question, or as columns: {text: NAME}",
        )
    builder = CodedDataBuilder(CODE_COLUMNS)
    also = {at for places in columns.values() for at in places} | set(texts.values())
    rows = Rows(sheet, roles, builder, also=also)
    for number, row in sheet.rows:
        builder.where = f"{sheet.place} row {number}"
        coder = rows.value(row, CODER).strip()
        for question, places in columns.items():
            names = [row[at].strip() for at in places if row[at].strip()]
            codes = list(dict.fromkeys(names))
            text = row[texts[question] or 0]
            if not text.strip() and not codes:
                continue  # this person did not answer this question
            builder.account.exclude(kinds.CODINGS, TWICE_IN_A_ROW, len(names) - len(codes))
            selection = rows.add(row, codings=len(codes), by=coder, text=text, question=question)
            for name in codes if selection else ():
                builder.add_coding(selection, builder.add_code(split_path(name)), coder)
    return rows.finish()


def _columns_of_codes(sheet: Sheet) -> dict[str, list[int]]:
    """Return the places of the columns of codes by the name of their question."""
    found: dict[str, list[int]] = {}
    for at, name in enumerate(sheet.header):
        match = _CODE_COLUMN.fullmatch(name)
        if match:
            found.setdefault(match["question"].strip(), []).append(at)
    return found


def _text_at(sheet: Sheet, roles: ColumnRoles, question: str) -> int | None:
    """Return the place of the answers to a question; of the text where it has no name."""
    named = [f"{question}{ending}".casefold() for ending in _ANSWERS] if question else []
    at = sheet.at(*named)
    return roles.place(sheet, TEXT) if at is None and (not question or TEXT in roles.named) else at
