"""The readers of QualCoder: exported codings (CSV, a row for each), and projects (`data.qda`).

The columns of the table are those that QualCoder 3 writes: `File` or `Case` with `Filename`,
`Coder`, `Coded`, `Id`, `Codename`, `Coded_Memo`, and `Category` as often as need be, from the
nearest to the top; then variables of files (`FileVar_…`) and of cases (`CaseVar_…`). `Id` begins
with `ctid:` where a text was coded. A project is a database; its positions count code points in
`fulltext`. Both were checked against files written for this purpose after QualCoder's source.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from analysis.intake import account as kinds
from analysis.intake.coded.builder import (
    NO_TEXT,
    NOT_TEXT,
    UNKNOWN_CODE,
    UNNAMED,
    CodedDataBuilder,
)
from analysis.intake.coded.coded_data import DOCUMENT_FACTS, OF_NO_TEXT, SAID_ALREADY, Selection
from analysis.intake.coded.databases import open_database

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.intake.account import Account
    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.coded.databases import Database
    from analysis.intake.coded.plain_tables import ColumnRoles
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
    builder = CodedDataBuilder(QUALCODER)
    columns = (("filename", "file"), ("coder",), ("coded",), ("id",), ("codename",))
    places = [sheet.at(*names) for names in (*columns, ("coded_memo",))]
    categories = [at for at, name in enumerate(sheet.header) if name.casefold() == CATEGORY]
    variables = _variables(sheet)
    builder.note_unread_columns(sheet, (*places, *categories, *variables.values()))
    for _, row in sheet.rows:
        title, coder, text, given, name, memo = sheet.pick(row, places)
        if memo.strip():
            builder.account.exclude(kinds.MEMOS, MEMO)
        if (given.strip() and not given.startswith(OF_TEXT)) or not text.strip():
            builder.set_aside(NOT_TEXT, codings=1)
            continue
        if not title.strip():
            builder.set_aside(UNNAMED, codings=1)
            continue
        facts = {fact: row[at].strip() for fact, at in variables.items() if row[at].strip()}
        document = builder.add_document(title.strip(), None, facts)
        above = [row[at].strip() for at in reversed(categories) if row[at].strip()]
        path = (*above, name)
        key = "\n".join((document, text, builder.nth(document, text, *path, coder)))
        selection = builder.add_selection(Selection(key, document, text))
        if name.strip():
            builder.add_coding(selection, builder.add_code(path), coder.strip())
    return builder.finish()


def _variables(sheet: Sheet) -> dict[str, int]:
    """Return the columns of variables with the name of a column of focus groups."""
    found = {
        fact: sheet.at(*(f"{prefix}{fact}" for prefix in VARIABLES)) for fact in DOCUMENT_FACTS
    }
    return {fact: at for fact, at in found.items() if at is not None}


QUALCODER_PROJECT = "qualcoder-project"
PROJECT_TABLES = ("code_text", "code_name", "code_cat", "source")
NO_DOCUMENT = "its document is not there any more"
MEMO = "a memo: the study has no table for it"
OF_A_FILE = "file"
IDLE = "it applied no code to text"

Node: TypeAlias = tuple[str, int | None]
"""A category or a code, by its number."""

_NO_PLACE = (
    (kinds.CODINGS, NOT_TEXT, "code_image"),
    (kinds.CODINGS, NOT_TEXT, "code_av"),
    (kinds.CASES, "a case: the study has no table for it", "cases"),
    (kinds.OTHERS, "a stretch that belongs to a case", "case_text"),
)
_MEMOS = (
    *((table, "memo") for table in ("project", "source", "code_cat", "code_text", "code_image")),
    *((table, "memo") for table in ("code_av", "annotation", "cases", "case_text")),
    *(("attribute_type", "memo"), ("journal", "jentry")),
)


def read_qualcoder_project(name: str, content: bytes) -> CodedData:
    """Return what a project holds; the same stretch of a document is one selection."""
    builder = CodedDataBuilder(QUALCODER_PROJECT)
    with open_database(name, content) as database:
        codes = _read_codes(builder, database)
        documents = _read_documents(builder, database)
        _read_codings(builder, database, codes, documents)
        _set_aside(builder.account, database)
    return builder.finish()


def _set_aside(account: Account, database: Database) -> None:
    """Set aside what has no place in a study, of the tables and columns that there are."""
    for kind, reason, table in _NO_PLACE:
        if database.has(table):
            account.exclude(kind, reason, len(database.rows(table, owner=str)))
    for table, column in _MEMOS:
        account.exclude(kinds.MEMOS, MEMO, database.count_filled(table, column))
    if database.has("coder_names"):
        coded = {owner.strip() for (owner,) in database.rows("code_text", owner=str)}
        listed = {name.strip() for (name,) in database.rows("coder_names", name=str)}
        account.exclude(kinds.CODERS, IDLE, len(listed - coded - {""}))


def _read_codes(builder: CodedDataBuilder, database: Database) -> dict[int, str]:
    """Return the key of each code; categories are codes above, and a code may have one above."""
    categories = database.rows("code_cat", catid=int, name=str, supercatid=int)
    codes = database.rows("code_name", cid=int, name=str, memo=str, catid=int, supercid=int)
    known = {number for number, *_ in codes}
    tree = {("category", number): (name, ("category", above)) for number, name, above in categories}
    tree |= {
        ("code", number): (name, ("code", above) if above in known else ("category", category))
        for number, name, _, category, above in codes
    }
    for number, *_ in categories:
        builder.define_code(_path_in(tree, ("category", number)), is_codable=False)
    return {
        number: builder.define_code(_path_in(tree, ("code", number)), memo.strip())
        for number, _, memo, _, _ in codes
    }


def _path_in(tree: Mapping[Node, tuple[str, Node]], node: Node) -> tuple[str, ...]:
    """Return the names from the top down to a node; a tree that leads in a circle is cut."""
    path: list[str] = []
    seen: set[Node] = set()
    while node in tree and node not in seen:
        seen.add(node)
        name, node = tree[node]
        path.insert(0, name)
    return tuple(path)


def _read_documents(builder: CodedDataBuilder, database: Database) -> dict[int, str]:
    sources = database.rows("source", id=int, name=str, fulltext=str)
    facts = _read_facts(builder.account, database, {number for number, _, text in sources if text})
    documents: dict[int, str] = {}
    for number, name, text in sources:
        if text:
            own = facts.get(number)
            documents[number] = builder.add_distinct_document(name, number, text, own)
        else:
            builder.account.exclude(kinds.DOCUMENTS, NO_TEXT)
    return documents


def _read_facts(
    account: Account, database: Database, documents: set[int]
) -> dict[int, dict[str, str]]:
    """Return the attributes of documents; those of anything else are set aside."""
    facts: dict[int, dict[str, str]] = defaultdict(dict)
    if not database.has("attribute"):
        return facts
    for name, kind, value, number in database.rows(
        "attribute", name=str, attr_type=str, value=str, id=int
    ):
        if not value.strip():
            continue
        if kind != OF_A_FILE or number not in documents:
            account.exclude(kinds.FACTS, OF_NO_TEXT)
        elif name in facts[number]:
            account.exclude(kinds.FACTS, SAID_ALREADY)
        else:
            facts[number][name] = value
    return facts


def _read_codings(
    builder: CodedDataBuilder, database: Database, codes: dict[int, str], documents: dict[int, str]
) -> None:
    texts = {each.key: each.text or "" for each in builder.documents}
    differing = 0
    rows = database.rows("code_text", cid=int, fid=int, seltext=str, pos0=int, pos1=int, owner=str)
    for code, number, text, start, end, coder in rows:
        document = documents.get(number)
        if document is None or code not in codes:
            builder.account.exclude(kinds.CODINGS, UNKNOWN_CODE if document else NO_DOCUMENT)
            continue
        place: tuple[int | None, int | None] = (start, end)
        if start is None or start < 0 or texts[document][start:end] != text:
            differing += 1
            place = (None, None)
        key = "\n".join((document, str(start), str(end), text))
        selection = builder.add_selection(Selection(key, document, text, *place))
        builder.add_coding(selection, codes[code], coder.strip())
    builder.note_other_words(differing, "coding")
