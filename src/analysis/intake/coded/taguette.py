"""The readers of Taguette's tables: exported highlights, and codebooks.

Checked against real exports of highlights and of six versions of a codebook. The columns are those
that Taguette 1.4 writes: `id, document, tag, content`, a row for each tag on a highlight, and
`tag, description, number of highlights`, to which later versions add `number of documents`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.intake.coded import account as kinds
from analysis.intake.coded.coded_data import Selection
from analysis.intake.coded.gathering import Gathering, reason_against
from analysis.intake.coded.whole_numbers import whole_number

if TYPE_CHECKING:
    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.coded.column_roles import ColumnRoles
    from analysis.intake.coded.sheets import Sheet

HIGHLIGHTS = "taguette-highlights"
CODEBOOK = "taguette-codebook"
COUNT = "number of highlights"
DOCUMENTS = "number of documents"
NO_NAME = "it has no name"


def are_highlights(sheet: Sheet, _roles: ColumnRoles) -> bool:
    """Return whether a table has the columns of exported highlights."""
    return sheet.has("id", "document", "tag", "content")


def is_codebook(sheet: Sheet, _roles: ColumnRoles) -> bool:
    """Return whether a table has the columns of an exported codebook."""
    return sheet.has("tag", "description") and not sheet.has("content")


def read_highlights(sheet: Sheet, _roles: ColumnRoles) -> CodedData:
    """Return what a table of highlights holds.

    Raises
    ------
    CodedDataError
        When rows of one highlight have different words.
    """
    gathering = Gathering(HIGHLIGHTS)
    places = [sheet.at(name) for name in ("id", "document", "tag", "content")]
    gathering.tell_unread(sheet, places)
    at_id, at_document, at_tag, at_content = (place or 0 for place in places)
    for _, row in sheet.rows:
        tag, text, highlight = row[at_tag].strip(), row[at_content], row[at_id].strip()
        reason = reason_against(text, row[at_document])
        if reason:
            gathering.set_aside(reason, codings=1)
            continue
        document = gathering.add_document(row[at_document].strip())
        selection = gathering.add_selection(
            Selection(f"{document}\n{highlight}", document, text, facts={"given": highlight})
        )
        if tag:
            gathering.add_coding(selection, gathering.add_code((tag,)))
    return gathering.finish()


def read_codebook(sheet: Sheet, _roles: ColumnRoles) -> CodedData:
    """Return the tags of a codebook as codes, and how often it says that each was put."""
    gathering = Gathering(CODEBOOK)
    at_tag, at_description, at_count = (
        sheet.at("tag"),
        sheet.at("description"),
        sheet.at(COUNT),
    )
    gathering.tell_unread(sheet, (at_tag, at_description, at_count, sheet.at(DOCUMENTS)))
    for _, row in sheet.rows:
        if not row[at_tag or 0].strip():
            gathering.account.turn_away(kinds.CODES, NO_NAME)
            continue
        described = row[at_description or 0] if at_description is not None else ""
        key = gathering.define_code((row[at_tag or 0],), described.strip())
        told = whole_number(row[at_count]) if at_count is not None else None
        if told is not None:
            gathering.told_counts.setdefault(key, told)
    return gathering.finish()
