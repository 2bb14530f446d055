"""The readers of Taguette: exported highlights and codebooks (tables), and projects (.sqlite3).

The tables were checked against real exports. Their columns are those that Taguette 1.4 writes:
`id, document, tag, content`, a row for each tag on a highlight, and `tag, description, number of
highlights`, to which later versions add `number of documents`. The tables and columns of a project
are those of Taguette's own models; it was checked against databases written for this purpose.
Positions count bytes of UTF-8 in the text of a document without its HTML tags. Who applied a tag
is only in the log of commands, which isn't read.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

from analysis.intake import account as kinds
from analysis.intake.coded.builder import (
    NO_TEXT,
    CodedDataBuilder,
    reason_against,
    whole_number,
)
from analysis.intake.coded.coded_data import Selection
from analysis.intake.coded.databases import open_database
from analysis.intake.coded.offsets import bytes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.coded.databases import Database
    from analysis.intake.coded.plain_tables import ColumnRoles
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
    """Return what a table of highlights holds."""
    builder = CodedDataBuilder(HIGHLIGHTS)
    places = [sheet.at(name) for name in ("id", "document", "tag", "content")]
    builder.note_unread_columns(sheet, places)
    for _, row in sheet.rows:
        highlight, title, tag, text = sheet.pick(row, places)
        reason = reason_against(text, title)
        if reason:
            builder.set_aside(reason, codings=1)
            continue
        document, given = builder.add_document(title.strip()), highlight.strip()
        selection = builder.add_selection(
            Selection(f"{document}\n{given}", document, text, facts={"given": given})
        )
        if tag.strip():
            builder.add_coding(selection, builder.add_code((tag,)))
    return builder.finish()


def read_codebook(sheet: Sheet, _roles: ColumnRoles) -> CodedData:
    """Return the tags of a codebook as codes, and how often it counts each."""
    builder = CodedDataBuilder(CODEBOOK)
    places = [sheet.at(name) for name in ("tag", "description", COUNT)]
    builder.note_unread_columns(sheet, (*places, sheet.at(DOCUMENTS)))
    for _, row in sheet.rows:
        tag, described, times = map(str.strip, sheet.pick(row, places))
        if not tag:
            builder.account.exclude(kinds.CODES, NO_NAME)
            continue
        key = builder.define_code((tag,), described)
        count = whole_number(times)
        if count is not None:
            builder.reported_counts.setdefault(key, count)
    return builder.finish()


TAGUETTE_PROJECT = "taguette-project"
PROJECT_TABLES = ("highlights", "highlight_tags", "tags", "documents")
UNNAMED_TAG = "(no name)"
DESCRIPTION = "a description of a project or document: the study has no table for it"
GONE = "its tag or its highlight is not there any more"
NO_DOCUMENT = "its document is not there any more"
LINE_BREAK = "br"
BLOCKS = frozenset(
    {
        *("p", "div", "li", "ul", "ol", "dt", "dd", "blockquote", "pre", "tr", "td", "th"),
        *("h1", "h2", "h3", "h4", "h5", "h6"),
    }
)


def read_taguette_project(name: str, content: bytes) -> CodedData:
    """Return what a project holds."""
    builder = CodedDataBuilder(TAGUETTE_PROJECT)
    with open_database(name, content) as database:
        documents = {
            number: builder.add_distinct_document(title, number, text_of_html(contents, ""))
            for number, title, contents in database.rows(
                "documents", id=int, name=str, contents=str
            )
        }
        codes = {
            tag: builder.define_code((path or UNNAMED_TAG,), described)
            for tag, path, described in database.rows("tags", id=int, path=str, description=str)
        }
        selections = _read_project_highlights(builder, documents, database)
        for highlight, tag in database.rows("highlight_tags", highlight_id=int, tag_id=int):
            if highlight in selections and tag in codes:
                builder.add_coding(selections[highlight], codes[tag])
            else:
                builder.account.exclude(kinds.CODINGS, GONE)
        for table in ("projects", "documents"):
            described = database.count_filled(table, "description")
            builder.account.exclude(kinds.MEMOS, DESCRIPTION, described)
    return builder.finish()


def _read_project_highlights(
    builder: CodedDataBuilder, documents: Mapping[int, str], database: Database
) -> dict[int, str]:
    units = {data.key: bytes_of(data.text or "") for data in builder.documents}
    selections: dict[int, str] = {}
    differing = 0
    positions = {"start_offset": int, "end_offset": int}
    rows = database.rows("highlights", id=int, document_id=int, **positions, snippet=str)
    for number, document_id, start, end, snippet in rows:
        document = documents.get(document_id)
        text = text_of_html(snippet, "\n").strip()
        if document is None or not text:
            builder.account.exclude(kinds.SELECTIONS, NO_TEXT if document else NO_DOCUMENT)
            continue
        is_placed = start is not None and end is not None
        place = units[document].stretch(start, end) if is_placed else None
        held = units[document].text[slice(*place)] if place else ""
        if _letters(held) != _letters(text):
            differing += 1
            place = None
        began, ended = place or (None, None)
        selections[number] = builder.add_selection(
            Selection(str(number), document, text, began, ended, {"given": str(number)})
        )
    builder.note_other_words(differing, "highlight")
    return selections


def _letters(text: str) -> str:
    return "".join(text.split())


def text_of_html(html: str, between: str) -> str:
    r"""Return the text of HTML, with something between its blocks.

    Examples
    --------
    >>> text_of_html("<p>Fear of <b>police</b></p><p>Shame</p>", "\n")
    'Fear of police\nShame\n'
    >>> text_of_html("<td>Fear<br>Shame</td><td>Guilt<br/>Hope</td>", "\n")
    'Fear\nShame\nGuilt\nHope\n'
    """
    parser = _TextOf(between)
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)


class _TextOf(HTMLParser):
    def __init__(self, between: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._between = between

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 (the parser's own)
        if tag == LINE_BREAK:
            self.parts.append(self._between)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.parts.append(self._between)
