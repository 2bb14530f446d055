r"""The reader of Dedoose's export of excerpts, with its codes in columns.

Checked against a workbook in that form whose content is made up. Each code has a column
`Code: NAME Applied`, and may have `Code: NAME Range` and `Code: NAME Weight`; a code below another
is written `parent\child`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.intake import account as kinds
from analysis.intake.coded.builder import CodedDataBuilder, reason_against
from analysis.intake.coded.coded_data import Selection
from analysis.intake.coded.plain_tables import is_yes, require_yes_or_no

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.coded.plain_tables import ColumnRoles
    from analysis.intake.coded.sheets import Sheet

DEDOOSE = "dedoose"
TEXT = "excerpt copy"
NO_WEIGHTS = "a study has no weights"

_APPLIED = re.compile(r"Code: (?P<name>.+) Applied", re.IGNORECASE)
# Columns that repeat others.
_REPEATED = re.compile(r"Code: .+ Range|Codes Applied Combined", re.IGNORECASE)


def is_dedoose(sheet: Sheet, _roles: ColumnRoles) -> bool:
    """Return whether a table has the columns of exported excerpts."""
    return sheet.has(TEXT) and any(_APPLIED.fullmatch(name) for name in sheet.header)


def read_dedoose(sheet: Sheet, _roles: ColumnRoles) -> CodedData:
    """Return what a table of excerpts holds."""
    builder = CodedDataBuilder(DEDOOSE)
    at_text = sheet.at(TEXT) or 0
    places = [sheet.at(name) for name in ("media title", "excerpt range", "excerpt creator")]
    columns = _code_columns(sheet, builder)
    require_yes_or_no(sheet, [at for at, _, _ in columns])
    builder.note_unread_columns(sheet, (at_text, *places, *_known_columns(sheet, columns)))
    for _, row in sheet.rows:
        title, stretch, coder = map(str.strip, sheet.pick(row, places))
        applied = [code for at, _, code in columns if is_yes(row[at])]
        weights = [at for _, at, _ in columns if at is not None and row[at].strip()]
        builder.account.exclude(kinds.WEIGHTS, NO_WEIGHTS, len(weights))
        reason = reason_against(row[at_text], title)
        if reason:
            builder.set_aside(reason, selections=1, codings=len(applied))
            continue
        document = builder.add_document(title)
        # Each row is an excerpt: without its range, the same words again were said again.
        words = (document, stretch, row[at_text])
        key = "\n".join(words if stretch else (*words, builder.nth(*words, coder)))
        selection = builder.add_selection(Selection(key, document, row[at_text]))
        for code in applied:
            builder.add_coding(selection, code, coder)
        builder.add_coder(coder)
    return builder.finish()


def _known_columns(
    sheet: Sheet, columns: list[tuple[int, int | None, str]]
) -> Iterator[int | None]:
    """Yield the columns of codes, and those that repeat others."""
    for applied, weight, _ in columns:
        yield from (applied, weight)
    yield from (at for at, name in enumerate(sheet.header) if _REPEATED.fullmatch(name))


def _code_columns(sheet: Sheet, builder: CodedDataBuilder) -> list[tuple[int, int | None, str]]:
    """Return the columns of each code, whether applied and its weight, and its key."""
    found = []
    for at, header in enumerate(sheet.header):
        match = _APPLIED.fullmatch(header)
        if match:
            key = builder.add_code(match["name"].split("\\"))
            found.append((at, sheet.at(f"code: {match['name'].casefold()} weight"), key))
    return found
