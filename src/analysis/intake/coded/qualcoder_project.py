"""The reader of QualCoder's projects (`data.qda`, a database).

Tables and columns are those that QualCoder 3 creates. Positions count code points in `fulltext`.
It was checked against databases written for this purpose after QualCoder's source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.intake.coded import account as kinds
from analysis.intake.coded.coded_data import Selection
from analysis.intake.coded.databases import open_database
from analysis.intake.coded.facts import DOCUMENT_FACTS
from analysis.intake.coded.gathering import Gathering, unique_name
from analysis.intake.coded.refi_sources import NOT_TEXT, UNKNOWN_CODE

if TYPE_CHECKING:
    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.coded.databases import Database

QUALCODER_PROJECT = "qualcoder-project"
TABLES = ("code_text", "code_name", "code_cat", "source")
NO_DOCUMENT = "its document is not there any more"
MEMO = "a memo: the study has no table for it"


def read_qualcoder_project(name: str, content: bytes) -> CodedData:
    """Return what a project holds; the same stretch of a document is one selection.

    Parameters
    ----------
    name : str
        The name of the file.
    content : bytes
        Its content.

    Raises
    ------
    CodedDataError
        When it is damaged.
    """
    gathering = Gathering(QUALCODER_PROJECT)
    with open_database(name, content) as database:
        codes = _read_codes(gathering, database)
        documents = _read_documents(gathering, database)
        _read_codings(gathering, database, codes, documents)
        for table in ("code_image", "code_av"):
            if database.has(table):
                number = len(database.rows(table, cid=int))
                gathering.account.receive(kinds.CODINGS, number)
                gathering.account.set_aside(kinds.CODINGS, NOT_TEXT, number)
        for table in ("annotation", "journal"):
            if database.has(table):
                number = len(database.rows(table, date=str))
                gathering.account.receive(kinds.MEMOS, number)
                gathering.account.set_aside(kinds.MEMOS, MEMO, number)
    return gathering.finish()


def _read_codes(gathering: Gathering, database: Database) -> dict[int, str]:
    """Return the key of each code; categories are codes above, and a code may have one above."""
    categories = {
        number: (name, above)
        for number, name, above in database.rows("code_cat", catid=int, name=str, supercatid=int)
    }
    rows = database.rows("code_name", cid=int, name=str, memo=str, catid=int, supercid=int)
    names = {number: (name, category, above) for number, name, _, category, above in rows}

    def path_of_category(number: int | None) -> tuple[str, ...]:
        path: list[str] = []
        seen: set[int | None] = set()
        while number in categories and number not in seen:
            seen.add(number)
            name, number = categories[number]
            path.insert(0, name)
        return tuple(path)

    def path_of(number: int) -> tuple[str, ...]:
        path: list[str] = []
        category: int | None = None
        above: int | None = number
        seen: set[int | None] = set()
        while above in names and above not in seen:
            seen.add(above)
            name, category, above = names[above]
            path.insert(0, name)
        return (*path_of_category(category), *path)

    for number in categories:
        gathering.add_code(path_of_category(number))
    return {
        number: gathering.add_code(path_of(number), memo.strip()) for number, _, memo, _, _ in rows
    }


def _read_documents(gathering: Gathering, database: Database) -> dict[int, str]:
    facts: dict[int, dict[str, str]] = {}
    if database.has("attribute"):
        for name, kind, value, number in database.rows(
            "attribute", name=str, attr_type=str, value=str, id=int
        ):
            if kind == "file" and name in DOCUMENT_FACTS and value:
                facts.setdefault(number, {})[name] = value
    documents: dict[int, str] = {}
    for number, name, text in database.rows("source", id=int, name=str, fulltext=str):
        if not text:
            gathering.account.receive(kinds.DOCUMENTS)
            gathering.account.set_aside(kinds.DOCUMENTS, "it has no text")
        else:
            unique = unique_name(name, documents.values(), number)
            documents[number] = gathering.add_document(unique, text, facts.get(number, {}))
    return documents


def _read_codings(
    gathering: Gathering, database: Database, codes: dict[int, str], documents: dict[int, str]
) -> None:
    texts = {each.key: each.text or "" for each in gathering.documents}
    belied = 0
    rows = database.rows("code_text", cid=int, fid=int, seltext=str, pos0=int, pos1=int, owner=str)
    for code, number, text, start, end, coder in rows:
        document = documents.get(number)
        if document is None or code not in codes:
            gathering.account.receive(kinds.CODINGS)
            gathering.account.set_aside(kinds.CODINGS, UNKNOWN_CODE if document else NO_DOCUMENT)
            continue
        place: tuple[int | None, int | None] = (start, end)
        if start is None or start < 0 or texts[document][start:end] != text:
            belied += 1
            place = (None, None)
        key = "\n".join((document, str(start), str(end)))
        selection = gathering.add_selection(Selection(key, document, text, *place))
        gathering.add_coding(selection, codes[code], coder.strip())
    if belied:
        gathering.notices.append(
            f"{belied} codings have other words than stand at their positions; "
            "their own words are taken"
        )
