"""The reader of MAXQDA's export of coded segments (a workbook, a row for each).

The columns are those that scripts for such exports name (`Document name`, `Code`, `Segment`, and
`Weight score`, `Created by` and others beside them), in English or German; codes are paths joined
by `>`, as MAXQDA's manual says. It was checked against tables written for this purpose, and not
against a file that MAXQDA wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.intake import account as kinds
from analysis.intake.coded.builder import CodedDataBuilder, reason_against
from analysis.intake.coded.coded_data import Selection
from analysis.intake.coded.plain_tables import split_path

if TYPE_CHECKING:
    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.coded.plain_tables import ColumnRoles
    from analysis.intake.coded.sheets import Sheet

MAXQDA = "maxqda"
NO_WEIGHTS = "a study has no weights"

_DOCUMENT = ("document name", "dokumentname")
_GROUP = ("document group", "dokumentgruppe")
_CODE = ("code",)
_TEXT = ("segment", "coded segments", "codierte segmente")
_CODER = ("created by", "author", "autor", "erstellt von")
_WEIGHT = ("weight score", "weight", "gewicht")
_BEGIN = ("beginning", "begin", "anfang")
_END = ("end", "ende")
_MEMO = ("comment", "kommentar")


def is_maxqda(sheet: Sheet, _roles: ColumnRoles) -> bool:
    """Return whether a table has the columns of exported coded segments."""
    return all(sheet.at(*names) is not None for names in (_DOCUMENT, _CODE, _TEXT))


def read_maxqda(sheet: Sheet, _roles: ColumnRoles) -> CodedData:
    """Return what a table of coded segments holds.

    The same words at the same place of a document are one selection, whatever their codes. The same
    coder puts a code on it once: where it is there again, the words were said again.
    """
    builder = CodedDataBuilder(MAXQDA)
    columns = (_GROUP, _DOCUMENT, _CODE, _TEXT, _CODER, _WEIGHT, _BEGIN, _END, _MEMO)
    places = [sheet.at(*names) for names in columns]
    builder.note_unread_columns(sheet, places)
    for _, row in sheet.rows:
        group, title, code, text, coder, weight, begin, end, memo = sheet.pick(row, places)
        _set_aside(builder, weight, memo)
        reason = reason_against(text, title)
        if reason:
            builder.set_aside(reason, codings=1)
            continue
        name = " / ".join(each.strip() for each in (group, title) if each.strip())
        document = builder.add_document(name)
        words = (document, begin, end, text)
        key = "\n".join((*words, builder.nth(*words, code, coder)))
        selection = builder.add_selection(Selection(key, document, text))
        if code.strip():
            path = builder.add_code(split_path(code))
            builder.add_coding(selection, path, coder.strip())
    return builder.finish()


def _set_aside(builder: CodedDataBuilder, weight: str, memo: str) -> None:
    if weight.strip() not in ("", "0"):
        builder.account.exclude(kinds.WEIGHTS, NO_WEIGHTS)
    if memo.strip():
        builder.account.exclude(kinds.MEMOS, "a comment: the study has no table for it")
