"""The reader of ATLAS.ti's export of quotations (a workbook, a row for each quotation).

The columns are those of its quotation manager (`ID`, `Document`, `Quotation Content`, `Codes`,
`Reference`, `Comment`, `Created by`); several codes are in one cell, a line for each. It was
checked against tables written for this purpose, and not against a file that ATLAS.ti wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.intake import account as kinds
from analysis.intake.coded.builder import CodedDataBuilder, reason_against
from analysis.intake.coded.coded_data import Selection

if TYPE_CHECKING:
    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.coded.plain_tables import ColumnRoles
    from analysis.intake.coded.sheets import Sheet

ATLAS_TI = "atlas-ti"

_ID = ("id",)
_DOCUMENT = ("document", "document name")
_TEXT = ("quotation content", "content", "quotation text")
_CODES = ("codes",)
_CODER = ("created by", "author")
_MEMO = ("comment",)
_REFERENCE = ("reference",)


def is_atlas_ti(sheet: Sheet, _roles: ColumnRoles) -> bool:
    """Return whether a table has the columns of exported quotations."""
    return all(sheet.at(*names) is not None for names in (_DOCUMENT, _TEXT, _CODES))


def read_atlas_ti(sheet: Sheet, _roles: ColumnRoles) -> CodedData:
    """Return what a table of quotations holds.

    A quotation doesn't name who applied each code: its author counts as the coder.

    Raises
    ------
    CodedDataError
        When rows of one quotation have different words.
    """
    builder = CodedDataBuilder(ATLAS_TI)
    columns = (_ID, _DOCUMENT, _TEXT, _CODES, _CODER, _MEMO, _REFERENCE)
    places = [sheet.at(*names) for names in columns]
    builder.note_unread_columns(sheet, places)
    for _, row in sheet.rows:
        given, title, text, codes, coder, memo, reference = (
            "" if at is None else row[at] for at in places
        )
        names = [name.strip() for name in codes.splitlines() if name.strip()]
        if memo.strip():
            builder.account.exclude(kinds.MEMOS, "a comment: the study has no table for it")
        reason = reason_against(text, title)
        if reason:
            builder.set_aside(reason, selections=1, codings=len(names))
            continue
        document = builder.add_document(title.strip())
        place = given.strip() or "\n".join((reference, text, builder.nth(title, reference, text)))
        key = f"{document}\n{place}"
        facts = {"given": given.strip()} if given.strip() else {}
        selection = builder.add_selection(Selection(key, document, text, facts=facts))
        for name in names:
            builder.add_coding(selection, builder.add_code((name,)), coder.strip())
    return builder.finish()
