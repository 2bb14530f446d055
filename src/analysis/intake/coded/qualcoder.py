"""The reader of QualCoder's export of codings (a CSV file, a row for each coding).

The columns are those that QualCoder 3 writes: `File` or `Case` with `Filename`, `Coder`, `Coded`,
`Id`, `Codename`, `Coded_Memo`, and `Category` as often as need be, from the nearest to the top;
then variables of files (`FileVar_…`) and of cases (`CaseVar_…`). `Id` begins with `ctid:` where a
text was coded. It was checked against tables written for this purpose after QualCoder's source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.intake.coded import account as kinds
from analysis.intake.coded.coded_data import Selection
from analysis.intake.coded.facts import DOCUMENT_FACTS
from analysis.intake.coded.gathering import UNNAMED, Gathering
from analysis.intake.coded.refi_sources import NOT_TEXT

if TYPE_CHECKING:
    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.coded.column_roles import ColumnRoles
    from analysis.intake.coded.sheets import Sheet

QUALCODER = "qualcoder-codings"
CATEGORY = "category"
OF_TEXT = "ctid:"
VARIABLES = ("filevar_", "casevar_")


def is_qualcoder(sheet: Sheet, _roles: ColumnRoles) -> bool:
    """Return whether a table has the columns of exported codings."""
    return sheet.has("coder", "coded", "codename") and sheet.at("file", "filename") is not None


def read_qualcoder(sheet: Sheet, _roles: ColumnRoles) -> CodedData:
    """Return what a table of codings holds.

    The same words of a document are one selection. The same coder puts a code on it once: where it
    is there again, the words were said again.
    """
    gathering = Gathering(QUALCODER)
    columns = (("filename", "file"), ("coder",), ("coded",), ("id",), ("codename",))
    places = [sheet.at(*names) for names in columns]
    at_memo = sheet.at("coded_memo")
    categories = [at for at, name in enumerate(sheet.header) if name.casefold() == CATEGORY]
    variables = _variables(sheet)
    gathering.tell_unread(sheet, (*places, at_memo, *categories, *variables.values()))
    for _, row in sheet.rows:
        title, coder, text, given, name = ("" if at is None else row[at] for at in places)
        if at_memo is not None and row[at_memo].strip():
            gathering.account.turn_away(kinds.MEMOS, "a memo: the study has no table for it")
        if (given.strip() and not given.startswith(OF_TEXT)) or not text.strip():
            gathering.set_aside(NOT_TEXT, codings=1)
            continue
        if not title.strip():
            gathering.set_aside(UNNAMED, codings=1)
            continue
        facts = {fact: row[at].strip() for fact, at in variables.items() if row[at].strip()}
        document = gathering.add_document(title.strip(), None, facts)
        above = [row[at].strip() for at in reversed(categories) if row[at].strip()]
        path = (*above, name)
        key = "\n".join((document, text, gathering.nth(document, text, *path, coder)))
        selection = gathering.add_selection(Selection(key, document, text))
        if name.strip():
            gathering.add_coding(selection, gathering.add_code(path), coder.strip())
    return gathering.finish()


def _variables(sheet: Sheet) -> dict[str, int]:
    """Return the columns of variables that are named like what a study says of a focus group."""
    found = {
        fact: sheet.at(*(f"{prefix}{fact}" for prefix in VARIABLES)) for fact in DOCUMENT_FACTS
    }
    return {fact: at for fact, at in found.items() if at is not None}
