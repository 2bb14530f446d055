"""The readers of tables in a study's own words: our exports, codings of segments, a codebook.

An export is a table with a row for each coding and for each segment without. It holds the codebook
and focus groups without segments too: in sheets of their own in a workbook, in rows without a
segment in a CSV file. Codings of segments name a segment by its id, and may leave its words out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import CodedDataError
from analysis.intake import account as kinds
from analysis.intake.coded.builder import CodedDataBuilder
from analysis.intake.coded.coded_data import (
    DOCUMENT_FACTS,
    GROUP_PREFIX,
    ORIGIN,
    CodedCode,
    CodedData,
    Document,
    Selection,
)
from analysis.intake.coded.plain_tables import (
    CODE,
    CODER,
    NAMES,
    ONE_DOCUMENT,
    SELECTION,
    TEXT,
    read_long,
    split_path,
)
from analysis.intake.coded.table_writer import restore
from analysis.study.codebook import COLUMNS as CODEBOOK_COLUMNS
from analysis.study.codebook import Code, parse_codebook
from analysis.study.csv_rows import IDENTIFIER, TRANSLATED_NAMES, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.intake.coded.plain_tables import ColumnRoles
    from analysis.intake.coded.sheets import Sheet

EXPORT = "compendium-export"
CODINGS = "segment-codings"
CODEBOOK = "codebook"

SEGMENT = "segment"
FOCUS_GROUP = "focus_group"
CODE_NAME = "code_name"
CODE_PREFIX = "code_"
ENTRY_COLUMNS = (*CODEBOOK_COLUMNS, *TRANSLATED_NAMES)
DEFINING = ("parent", *ENTRY_COLUMNS[3:])
"""What an export in CSV states of a code, in columns that begin with `CODE_PREFIX`."""

CODINGS_SHEET = "codings"
CODEBOOK_SHEET = "codebook"
GROUPS_SHEET = "focus_groups"
CODERS_SHEET = "coders"

IN_SETTINGS = "study.yaml describes coders"

_SHEETS = {
    CODEBOOK_SHEET: CODEBOOK_COLUMNS,
    GROUPS_SHEET: (FOCUS_GROUP,),
    CODERS_SHEET: (CODER,),
}
_EXPORTED = (SEGMENT, FOCUS_GROUP, "section", "question", TEXT, CODE, CODE_NAME, CODER)
_OF_CODES = (CODE_NAME, *(f"{CODE_PREFIX}{name}" for name in DEFINING))


def is_export(sheet: Sheet, _: ColumnRoles) -> bool:
    """Return whether a table has the columns of an export of ours."""
    return sheet.has(*_EXPORTED)


def are_codings(sheet: Sheet, roles: ColumnRoles) -> bool:
    """Return whether a table has ids of segments and codes, and no words."""
    at = sheet.at(SEGMENT)
    has_words = sheet.at(*NAMES[TEXT]) is not None or roles.named.get(TEXT)
    if at is None or has_words or roles.place(sheet, CODE) is None:
        return False
    return any(IDENTIFIER.fullmatch(row[at].strip()) for _, row in sheet.rows)


def is_codebook(sheet: Sheet, _: ColumnRoles) -> bool:
    """Return whether a table has the columns of a codebook of ours, and no segments."""
    return sheet.has(*CODEBOOK_COLUMNS[:4]) and not sheet.has(SEGMENT)


def read_codings(sheet: Sheet, roles: ColumnRoles) -> CodedData:
    """Return codings of segments that are named by their ids alone; their words are blank."""
    builder = CodedDataBuilder(CODINGS)
    places = [roles.place(sheet, role) for role in (SELECTION, CODE, CODER)]
    builder.note_unread_columns(sheet, places)
    document = builder.add_document(ONE_DOCUMENT)
    offenders = []
    for number, row in sheet.rows:
        segment, code, coder = map(str.strip, sheet.pick(row, places))
        if not segment or not code:
            offenders.append(sheet.offender(number, f"no {'code' if segment else 'segment'}"))
            continue
        builder.where = f"{sheet.place} row {number}"
        key = builder.add_selection(Selection(segment, document, "", facts={SEGMENT: segment}))
        builder.add_coding(key, builder.add_code(split_path(code)), coder)
    if offenders:
        raise CodedDataError(
            f"{sheet.file} has rows that are no codings.",
            offenders=offenders,
            expected="the id of a segment and a code in every row",
            remedy="fill in what is missing, or delete these rows",
        )
    return builder.finish()


def read_codebook_table(sheet: Sheet, _: ColumnRoles) -> CodedData:
    """Return the codebook that a table is."""
    builder = CodedDataBuilder(CODEBOOK)
    builder.note_unread_columns(sheet, {sheet.at(name) for name in ENTRY_COLUMNS})
    return _with_codebook(builder.finish(), _parse(_records(sheet, ENTRY_COLUMNS)))


def read_export(codings: Sheet, roles: ColumnRoles, sheets: Sequence[Sheet] = ()) -> CodedData:
    """Return what an export of ours holds: segments, codings, focus groups and codebook.

    `sheets` are those of its workbook.
    """
    rows = _split(_restored(codings.require_even()))
    data = replace(read_long(rows.codings, roles), file_format=EXPORT, origin=ORIGIN)
    groups, codebook = rows.groups, rows.codebook
    for sheet in filter(is_of_export, sheets):
        title = sheet.title.casefold()
        if title == CODEBOOK_SHEET:
            codebook += _records(sheet.require_even(), ENTRY_COLUMNS)
        elif title == GROUPS_SHEET:
            groups += _records(sheet.require_even(), DOCUMENT_FACTS)
        else:
            data.account.exclude(kinds.OTHERS, IN_SETTINGS, len(sheet.rows))
    return _with_codebook(_with_groups(data, groups), _parse(codebook))


def is_of_export(sheet: Sheet) -> bool:
    """Return whether a sheet is one that an export of ours has besides its codings."""
    columns = _SHEETS.get(sheet.title.casefold())
    return columns is not None and sheet.has(*columns)


class _Split(NamedTuple):
    """The rows of an export, by what they are."""

    codings: Sheet
    groups: list[Row]
    codebook: list[Row]


def _split(sheet: Sheet) -> _Split:
    """Return the rows with segments, those of focus groups alone, and those of the codebook."""
    at = {name: sheet.at(name) or 0 for name in _EXPORTED}  # all are there: see `is_export`
    kept, groups, codes, offenders = [], [], [], []
    for number, row in sheet.rows:
        named = {name for name in _EXPORTED if row[at[name]].strip()}
        if SEGMENT in named:
            # A coder may have written the name alone.
            code = row[at[CODE_NAME if CODE not in named else CODE]]
            kept.append((number, [*row[: at[CODE]], code, *row[at[CODE] + 1 :]]))
        elif named <= {CODE, CODE_NAME}:
            codes.append((number, row))
        elif named == {FOCUS_GROUP}:
            groups.append((number, row))
        else:
            offenders.append(sheet.offender(number, "no segment"))
    if offenders:
        raise CodedDataError(
            f"{sheet.file} has rows without a segment.",
            offenders=offenders,
            expected="the id of its segment in each row with words or a coder",
            remedy="copy the id from the row above where it is the same segment, or from the "
            "export, and import again",
        )
    return _Split(
        _without(replace(sheet, rows=kept), _OF_CODES),
        _records(replace(sheet, rows=groups), DOCUMENT_FACTS, GROUP_PREFIX),
        _records(replace(sheet, rows=codes), ENTRY_COLUMNS, CODE_PREFIX),
    )


def _records(sheet: Sheet, names: Iterable[str], prefix: str = "") -> list[Row]:
    """Return rows by these names; a column has the name itself, or the prefix before it."""
    at = {name: sheet.at(f"{prefix}{name}", name) for name in names}
    return [
        Row(
            sheet.place,
            number,
            {name: "" if place is None else row[place] for name, place in at.items()},
        )
        for number, row in sheet.rows
    ]


def _without(sheet: Sheet, names: Sequence[str]) -> Sheet:
    """Return a table without some of its columns."""
    kept = [at for at, name in enumerate(sheet.header) if name.casefold() not in names]
    return replace(
        sheet,
        header=tuple(sheet.header[at] for at in kept),
        rows=[(number, [row[at] for at in kept]) for number, row in sheet.rows],
    )


def _restored(sheet: Sheet) -> Sheet:
    """Remove the apostrophes that we write before cells that look like a formula."""
    if sheet.title:  # in a workbook there are none
        return sheet
    return replace(sheet, rows=[(at, [restore(cell) for cell in row]) for at, row in sheet.rows])


def _with_groups(data: CodedData, groups: Sequence[Row]) -> CodedData:
    """Return data with the focus groups that have rows of their own, which come in their order."""
    documents = {each.key: each for each in data.documents}
    offenders = []
    for row in groups:
        facts = {name: row[name].strip() for name in DOCUMENT_FACTS if row[name].strip()}
        key = facts.get(FOCUS_GROUP, "")
        found = documents.get(key)
        if found is None:
            documents[key] = Document(key, key, None, facts)
            data.account.receive(kinds.DOCUMENTS)
            data.account.receive(kinds.FACTS, len(facts))
        elif differing := _differing(found.facts, facts):
            offenders.append(row.offender(f"{', '.join(differing)}: its segments say otherwise"))
    if offenders:
        raise CodedDataError(
            "Rows of one focus group contradict each other.",
            offenders=offenders,
            expected="the same in every row of a focus group",
            remedy="correct the rows",
        )
    order = {row[FOCUS_GROUP].strip(): number for number, row in enumerate(groups)}
    in_order = sorted(documents.values(), key=lambda each: order.get(each.key, len(order)))
    return replace(data, documents=tuple(in_order))


def _differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    return [name for name in DOCUMENT_FACTS if one.get(name, "") != other.get(name, "")]


def _parse(rows: Sequence[Row]) -> tuple[Code, ...]:
    return tuple(parse_codebook(rows).entries.values())


def _with_codebook(data: CodedData, codebook: tuple[Code, ...]) -> CodedData:
    """Return data with a codebook, all of whose entries are codes of the data too."""
    known = {code.name for code in data.codes}
    added = [CodedCode(each.code, each.code) for each in codebook if each.code not in known]
    data.account.receive(kinds.CODES, len(added))
    return replace(data, codes=(*data.codes, *added), codebook=codebook)
