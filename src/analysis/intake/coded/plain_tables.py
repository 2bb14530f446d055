"""The readers of plain tables: long, a row for each coding, and wide, a column for each code.

A column is found by its name, or as a mapping names it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError, closest, count
from analysis.intake.coded.builder import CodedDataBuilder, reason_against, whole_number
from analysis.intake.coded.coded_data import (
    COUNTED,
    DOCUMENT_FACTS,
    GROUP_PREFIX,
    SELECTION_FACTS,
    SHARED_NAMES,
    Selection,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.coded.sheets import Sheet


DOCUMENT = "document"
SELECTION = "selection"
TEXT = "text"
CODE = "code"
CODER = "coder"
START = "start"
END = "end"

NAMES: Mapping[str, Sequence[str]] = {
    DOCUMENT: (
        *("focus_group", "document", "document name", "source", "file", "file name", "filename"),
        *("transcript", "interview", "media title", "title"),
    ),
    SELECTION: ("segment", "selection", "passage_id", "passage id", "segment_id", "id"),
    TEXT: (
        *("text", "passage_text", "passage", "segment_text", "excerpt", "quotation", "quote"),
        *("content", "statement", "answer"),
    ),
    CODE: ("code", "code name", "codename", "tag", "code_name"),
    CODER: ("coder", "coded by", "annotator", "rater", "user", "created by"),
    START: ("start", "start_offset", "begin", "from", "timestamp", "line", "paragraph", "turn"),
    END: ("end", "end_offset", "to"),
}

# Values in a column of a wide table that mean yes or no.
YES = frozenset({"1", "1.0", "true", "yes", "x"})
NO = frozenset({"", "0", "0.0", "false", "no"})


@dataclass(frozen=True)
class ColumnRoles:
    """Which column of a plain table holds what, as a mapping states."""

    named: Mapping[str, str] = field(default_factory=dict)
    """The column that holds the documents, the text and so on; those left out go by their names."""
    codes: tuple[str, ...] = ()
    """The columns that are codes, in a wide table; found by what they hold where none is named."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """The column for each column of the study's tables."""

    def place(self, sheet: Sheet, role: str) -> int | None:
        """Return the place of the column with a role."""
        given = self.named.get(role)
        return sheet.at(*NAMES[role]) if given is None else place_of(sheet, given)

    def fact_places(self, sheet: Sheet, known: Sequence[str], prefix: str = "") -> dict[str, int]:
        """Return the places of columns that hold facts, by what the study calls them."""
        given = {fact: place_of(sheet, name) for fact, name in self.facts.items() if fact in known}
        named = {fact: sheet.at(f"{prefix}{fact}") for fact in known}
        return {fact: at for fact, at in named.items() if at is not None} | given


def place_of(sheet: Sheet, name: str) -> int:
    """Return the place of a column that a person named."""
    at = sheet.at(name.casefold())
    if at is None:
        hint = closest(name, sheet.header)
        raise CodedDataError(
            "The mapping names a column that is not there.",
            offenders=[f"{sheet.file}: {f'{name}{hint}' if hint else 'no column is like it'}"],
            expected=f"the name of one of its {len(sheet.header)} columns, in its first row",
            remedy="correct columns: in the mapping",
        )
    return at


LONG = "long"
WIDE = "wide"
ONE_DOCUMENT = "all rows"
KNOWN_NAMES = (
    *(name for names in NAMES.values() for name in names),
    *(*DOCUMENT_FACTS, *SELECTION_FACTS),
)
SEPARATORS = (" > ", "\\")


def is_long(sheet: Sheet, roles: ColumnRoles) -> bool:
    """Return whether a table has a column of text and one of codes."""
    return all(roles.place(sheet, role) is not None for role in (TEXT, CODE))


def is_wide(sheet: Sheet, roles: ColumnRoles) -> bool:
    """Return whether a table has a column of text and columns of yes and no."""
    return roles.place(sheet, TEXT) is not None and bool(_code_places(sheet, roles))


def read_long(sheet: Sheet, roles: ColumnRoles) -> CodedData:
    """Read a table with a row for each coding; a blank code means that none was applied."""
    rows = Rows(sheet, roles, CodedDataBuilder(LONG))
    code_at = _required(sheet, roles, CODE)
    for number, row in sheet.rows:
        rows.builder.where = f"{sheet.place} row {number}"
        name = row[code_at].strip()
        selection = rows.add(row, codings=bool(name))
        if name and selection:
            code = rows.builder.add_code(split_path(name))
            rows.builder.add_coding(selection, code, rows.value(row, CODER).strip())
    return rows.finish()


def read_wide(sheet: Sheet, roles: ColumnRoles) -> CodedData:
    """Return what a table with a column for each code holds; each row of a coder is a selection."""
    rows = Rows(sheet, roles, CodedDataBuilder(WIDE))
    places = _code_places(sheet, roles)
    require_yes_or_no(sheet, places)
    keys = {at: rows.builder.add_code(split_path(sheet.header[at])) for at in places}
    for number, row in sheet.rows:
        rows.builder.where = f"{sheet.place} row {number}"
        applied = [at for at in places if is_yes(row[at])]
        coder = rows.value(row, CODER).strip()
        selection = rows.add(row, codings=len(applied), by=coder)
        for at in applied if selection else ():
            rows.builder.add_coding(selection, keys[at], coder)
    return rows.finish()


def split_path(name: str) -> tuple[str, ...]:
    r"""Return the names from the top down to a code that is written as a path.

    Examples
    --------
    >>> split_path(r"Rights\Stigma"), split_path("Rights > Stigma"), split_path("Fear")
    (('Rights', 'Stigma'), ('Rights', 'Stigma'), ('Fear',))
    """
    for separator in SEPARATORS:
        parts = [part.strip() for part in name.split(separator)]
        if len(parts) > 1 and all(parts):
            return tuple(parts)
    return (name.strip(),)


def require_yes_or_no(sheet: Sheet, places: list[int]) -> None:
    """Refuse a table in which a column of a code has values other than yes and no."""
    offenders = [
        sheet.offender(number, f"{sheet.column(at)} is neither yes nor no")
        for at in places
        for number, row in sheet.rows
        if _folded(row[at]) not in YES | NO
    ]
    if offenders or not places:
        raise CodedDataError(
            f"{sheet.file} has no columns of codes that can be read.",
            offenders=offenders,
            expected="1 where a code was applied, and 0 or nothing where not",
            remedy="correct the cells, or name the columns under columns: codes: in the mapping",
        )


def is_yes(cell: str) -> bool:
    """Return whether a cell says that a code was applied.

    Examples
    --------
    >>> is_yes(" TRUE"), is_yes("0")
    (True, False)
    """
    return _folded(cell) in YES


class Rows:
    """The rows of a plain table as documents and selections."""

    def __init__(
        self,
        sheet: Sheet,
        roles: ColumnRoles,
        builder: CodedDataBuilder,
        *,
        also: Collection[int | None] = (),
    ) -> None:
        self.builder = builder
        self._unplaced = 0
        self._text_at = roles.place(sheet, TEXT) if also else _required(sheet, roles, TEXT)
        self._at = {
            role: roles.place(sheet, role) for role in (DOCUMENT, SELECTION, CODER, START, END)
        }
        self._of_document = fact_places(sheet, roles)
        self._of_selection = roles.fact_places(sheet, SELECTION_FACTS)
        used = {self._text_at, *also, *self._at.values(), *self._of_document.values()}
        used |= {*self._of_selection.values(), roles.place(sheet, CODE)}
        used |= {*_code_places(sheet, roles)}
        builder.note_unread_columns(sheet, used, KNOWN_NAMES)
        if self._at[DOCUMENT] is None:
            builder.notices.append("no column names the documents: all rows count as one")

    def add(
        self,
        row: list[str],
        *,
        codings: int,
        by: str | None = None,
        text: str | None = None,
        question: str = "",
    ) -> str:
        """Return the selection of a row; empty where it is none, and its codings are set aside.

        The same words in another row by the same coder were said twice. `text` and `question` are
        those of one of several answers in a row.
        """
        text = row[self._text_at or 0] if text is None else text
        document = ONE_DOCUMENT
        if self._at[DOCUMENT] is not None:
            document = self.value(row, DOCUMENT).strip()
        own = {fact: row[at] for fact, at in self._of_selection.items()}
        reason = reason_against(COUNTED if own.get("text_kind") == COUNTED else text, document)
        if reason:
            self.builder.set_aside(reason, selections=1, codings=codings)
            return ""
        named = self.value(row, SELECTION).strip()
        if named and not own.get("segment"):
            own["given"] = named
        if question:
            own |= {"question": question, "given": f"{named} {question}" if named else ""}
        facts = {fact: row[at].strip() for fact, at in self._of_document.items() if row[at].strip()}
        key = self.builder.add_document(document, None, facts)
        place = (self.value(row, START).strip(), self.value(row, END).strip())
        cell = (own.get(fact, "").strip() for fact in ("section", "question", "position"))
        identity: tuple[str, ...] = (key, named or text, *place, *cell)
        if by is not None and not named:
            identity = (*identity, self.builder.nth(*identity, by))
        selection = Selection("\n".join(identity), key, text, *self._offsets(row), own)
        return self.builder.add_selection(selection)

    def value(self, row: list[str], role: str) -> str:
        """Return what a row holds in the column of a role; blank where there is none."""
        at = self._at[role]
        return "" if at is None else row[at]

    def _offsets(self, row: list[str]) -> tuple[int | None, int | None]:
        positions = [self.value(row, role) for role in (START, END)]
        start, end = map(whole_number, positions)
        if start is not None and end is not None:
            return start, end
        if self._at[END] is not None:  # a single column has lines or times, and no positions
            self._unplaced += any(each.strip() for each in positions)
        return None, None

    def finish(self) -> CodedData:
        """Return what the rows hold."""
        if self._unplaced:
            self.builder.notices.append(
                f"{count(self._unplaced, 'row')} with positions that aren't two whole numbers: "
                "read without positions"
            )
        return self.builder.finish()


def fact_places(sheet: Sheet, roles: ColumnRoles) -> dict[str, int]:
    """Return the places of columns with facts of documents, by what the study calls them."""
    bare = [fact for fact in DOCUMENT_FACTS if fact not in SHARED_NAMES]
    return roles.fact_places(sheet, bare) | roles.fact_places(sheet, DOCUMENT_FACTS, GROUP_PREFIX)


def _code_places(sheet: Sheet, roles: ColumnRoles) -> list[int]:
    """Return the columns that are codes: as named, or all with no other values than yes and no."""
    if roles.codes:
        return [place_of(sheet, name) for name in roles.codes]
    if roles.place(sheet, CODE) is not None:
        return []
    known = {*KNOWN_NAMES, *(name.casefold() for name in roles.named.values())}
    places = [at for at, name in enumerate(sheet.header) if name and name.casefold() not in known]
    return [at for at in places if _is_yes_or_no(sheet, at)]


def _is_yes_or_no(sheet: Sheet, at: int) -> bool:
    held = {_folded(row[at]) for _, row in sheet.rows}
    return held <= YES | NO and held != {""}


def _folded(value: str) -> str:
    return value.strip().casefold()


def _required(sheet: Sheet, roles: ColumnRoles, role: str) -> int:
    at = roles.place(sheet, role)
    if at is None:
        raise CodedDataError(
            f"{sheet.file} has no column that is known to hold the {role}.",
            expected=f"one of {', '.join(NAMES[role])}",
            remedy=f"name the column in the mapping, as columns: {{{role}: NAME}}",
        )
    return at
