"""The readers of ATLAS.ti's exports: quotations (a workbook, a row for each) and codes.

The columns are those of its quotation manager (`ID`, `Document`, `Quotation Content`, `Codes`,
`Reference`, `Comment`, `Created by`); several codes are in one cell, a line for each. A list of
codes has `Code`, `Comment` and `Code Group 1`, `Code Group 2` and so on, as its manual says. Both
were checked against tables written for this purpose, and not against a file that ATLAS.ti wrote.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.intake import account as kinds
from analysis.intake.coded.builder import CodedDataBuilder, reason_against
from analysis.intake.coded.coded_data import Selection

if TYPE_CHECKING:
    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.coded.plain_tables import ColumnRoles
    from analysis.intake.coded.sheets import Sheet

ATLAS_TI = "atlas-ti"
CODE_LIST = "atlas-ti-codebook"

_ID = ("id",)
_DOCUMENT = ("document", "document name")
_TEXT = ("quotation content", "content", "quotation text")
_CODES = ("codes",)
_CODER = ("created by", "author")
_MEMO = ("comment",)
_REFERENCE = ("reference",)
_CODE = ("code", "code name")
_DEFINITION = ("comment", "code comment", "code definition", "definition", "kommentar")
_GROUP = re.compile(r"code[ -]?(group|gruppe)(s|n|)( \d+)?", re.IGNORECASE)


def is_atlas_ti(sheet: Sheet, _roles: ColumnRoles) -> bool:
    """Return whether a table has the columns of exported quotations."""
    return all(sheet.at(*names) is not None for names in (_DOCUMENT, _TEXT, _CODES))


def read_atlas_ti(sheet: Sheet, _roles: ColumnRoles) -> CodedData:
    """Return what a table of quotations holds.

    A quotation doesn't name who applied each code: its author counts as the coder.
    """
    builder = CodedDataBuilder(ATLAS_TI)
    columns = (_ID, _DOCUMENT, _TEXT, _CODES, _CODER, _MEMO, _REFERENCE)
    places = [sheet.at(*names) for names in columns]
    builder.note_unread_columns(sheet, places)
    for _, row in sheet.rows:
        given, title, text, codes, coder, memo, reference = sheet.pick(row, places)
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


def is_code_list(sheet: Sheet, _roles: ColumnRoles) -> bool:
    """Return whether a table has the columns of exported codes with their groups."""
    has_group = any(map(_GROUP.fullmatch, sheet.header))
    return has_group and sheet.at(*_CODE) is not None and sheet.at(*_TEXT) is None


def read_code_list(sheet: Sheet, _roles: ColumnRoles) -> CodedData:
    """Return the codes that a list of codes holds, and the groups that they are in."""
    builder = CodedDataBuilder(CODE_LIST)
    places = [sheet.at(*names) for names in (_CODE, _DEFINITION)]
    of_groups = [at for at, name in enumerate(sheet.header) if _GROUP.fullmatch(name)]
    builder.note_unread_columns(sheet, (*places, *of_groups))
    for _, row in sheet.rows:
        name, definition = map(str.strip, sheet.pick(row, places))
        if not name:
            builder.account.exclude(kinds.CODES, "it has no name")
            continue
        code = builder.define_code((name,), definition)
        for group in (line.strip() for at in of_groups for line in row[at].splitlines()):
            if group:
                builder.add_to_group(group, code)
    return builder.finish()
