"""The reader of matrices without words: documents by codes, with 1 and 0 or with counts.

Such are NVivo's matrices (columns `A : NAME`, rows `1 : NAME`), MAXQDA's Code Matrix Browser and
ATLAS.ti's code-document table, both of which have codes in rows, and tables of one's own. Each
count becomes as many selections without words. Checked against tables written for this purpose.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import CodedDataError, count
from analysis.intake import account as kinds
from analysis.intake.coded.builder import CodedDataBuilder, whole_number
from analysis.intake.coded.coded_data import COUNTED, NONE_BY, Selection
from analysis.intake.coded.plain_tables import (
    CODE,
    CODER,
    DOCUMENT,
    NAMES,
    TEXT,
    YES,
    fact_places,
    is_yes,
    place_of,
    split_path,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.intake.coded.coded_data import CodedData
    from analysis.intake.coded.plain_tables import ColumnRoles
    from analysis.intake.coded.sheets import Sheet

MATRIX = "matrix"
MOST_COUNTED = 1_000_000
NO_COUNT = "a cell that is no count of a code in a document"
A_TOTAL = "a total"
NO_NAME = "its document or code is not named"

_LABEL = re.compile(r"^([A-Z]+|\d+) : (?P<name>.+)$")
_FREQUENCY = re.compile(r"\s+Gr=\d+.*$", re.DOTALL)
"""What ATLAS.ti writes below the name of a code or document: how often it was used."""
_CODES_IN_ROWS = frozenset(
    {"code", "codes", "code system", "codesystem", "code name", "node", "nodes", "theme", "themes"}
)
_TOTALS = re.compile(r"(sum|summe|totals?|gesamt|grand total|n( ?=.*| \(.*\)))", re.IGNORECASE)
_ZERO = frozenset({"", "0", "0.0", "false", "no", "-"})


class _Shape(NamedTuple):
    """Where a matrix has what: the column of names, and the columns of numbers."""

    names_at: int
    numbers_at: list[int]
    has_codes_in_rows: bool


def is_matrix(sheet: Sheet, roles: ColumnRoles) -> bool:
    """Return whether a table has numbers alone, but for names and what is known of documents."""
    if not sheet.rows or roles.place(sheet, TEXT) is not None:
        return False
    shape = _shape_of(sheet, roles)
    if any(not sheet.header[at] for at in shape.numbers_at) or not shape.numbers_at:
        return False
    if all(_LABEL.match(sheet.header[at]) for at in shape.numbers_at):
        return _LABEL.match(sheet.rows[0][1][shape.names_at]) is not None
    names = [row[shape.names_at] for _, row in sheet.rows]
    is_named = not sheet.header[shape.names_at] or roles.place(sheet, DOCUMENT) is not None
    if not is_named and all(whole_number(name) is not None for name in names):
        return False
    counts = [_count_of(row[at]) for _, row in sheet.rows for at in shape.numbers_at]
    return None not in counts and any(counts)


def read_matrix(sheet: Sheet, roles: ColumnRoles) -> CodedData:
    """Return what a matrix holds: for each count, as many selections without words."""
    builder = CodedDataBuilder(MATRIX)
    shape = _shape_of(sheet, roles)
    facts_at = {} if shape.has_codes_in_rows else fact_places(sheet, roles)
    coder_at = None if shape.has_codes_in_rows else roles.place(sheet, CODER)
    known = {*facts_at.values(), coder_at} - {shape.names_at}
    totals = [at for at in shape.numbers_at if _is_total(sheet.header[at])]
    numbers_at = [at for at in shape.numbers_at if at not in totals]
    builder.note_unread_columns(sheet, (shape.names_at, *shape.numbers_at, *known))
    cells = _Cells(builder)
    for _, row in sheet.rows:
        name = name_of(row[shape.names_at])
        filled = sum(bool(row[at].strip()) for at in numbers_at)
        if not name or _is_total(row[shape.names_at]):
            builder.account.exclude(kinds.OTHERS, A_TOTAL if name else NO_NAME, filled)
            continue
        facts = {
            fact: row[at].strip()
            for fact, at in facts_at.items()
            if at != shape.names_at and row[at].strip()
        }
        coder = "" if coder_at is None else row[coder_at].strip()
        for at in numbers_at:
            other = name_of(sheet.header[at])
            document, code = (other, name) if shape.has_codes_in_rows else (name, other)
            cells.add(builder.add_document(document, None, facts), code, row[at], coder)
    builder.account.exclude(
        kinds.OTHERS, A_TOTAL, sum(bool(row[at].strip()) for _, row in sheet.rows for at in totals)
    )
    cells.finish()
    builder.notices += _faults_of_names(sheet, shape, [each.name for each in builder.documents])
    return builder.finish()


class _Cells:
    """The cells read so far."""

    def __init__(self, builder: CodedDataBuilder) -> None:
        self._builder = builder
        self._counted: dict[str, int] = {}
        self._coders: dict[str, str] = {}
        self._last: dict[tuple[str, str, str], int] = {}
        self._strange = 0

    def add(self, document: str, code_name: str, cell: str, coder: str) -> None:
        """Add as many selections of a document as a cell counts, each with its code."""
        builder = self._builder
        code = builder.add_code(split_path(code_name))
        self._counted.setdefault(document, 0)
        self._coders[document] = coder
        number = _count_of(cell)
        if number is None:
            builder.account.exclude(kinds.OTHERS, NO_COUNT)
            self._strange += 1
            return
        self._require_possible(number)
        builder.account.receive(kinds.COUNTS, number)
        builder.reported_counts[code] = builder.reported_counts.get(code, 0) + number
        self._counted[document] += number
        for _ in range(number):
            selection = self._add_selection(document, code_name, coder)
            builder.add_coding(selection, code, coder)

    def _add_selection(self, document: str, name: str, coder: str, **more: str) -> str:
        """Return the next selection that a coder counts; that of another coder where there is one.

        What several coders counted in one document does not count several times.
        """
        last = (document, name, coder)
        self._last[last] = nth = self._last.get(last, 0) + 1
        given = f"{name} {nth}"
        facts = {"given": given, "text_kind": COUNTED, **more}
        key = "\n".join((document, name, str(nth)))
        return self._builder.add_selection(Selection(key, document, "", facts=facts))

    def _require_possible(self, number: int) -> None:
        total = sum(self._counted.values()) + number
        if total > MOST_COUNTED:
            raise CodedDataError(
                "A matrix counts more than a study can hold.",
                offenders=[f"more than {MOST_COUNTED:,} codings"],
                expected="how often each code was applied in each document",
                remedy="export counts of codings, not of characters or words",
            )

    def finish(self) -> None:
        """Add a selection without a code to each document in which no code was counted."""
        for document, number in self._counted.items():
            if not number:
                coder = self._coders[document]
                self._add_selection(document, "no code", coder, **{NONE_BY: coder})
        if self._strange:
            self._builder.notices.append(
                f"{count(self._strange, 'cell')} without a whole number: set aside"
            )


def name_of(label: str) -> str:
    r"""Return the name of a document or a code without what tools add to it.

    Examples
    --------
    >>> name_of("A : Fear"), name_of("Fear\nGr=12"), name_of(" Fear ")
    ('Fear', 'Fear', 'Fear')
    """
    found = _LABEL.match(label.strip())
    return _FREQUENCY.sub("", found["name"] if found else label).strip().lstrip("●○ ").strip()


def _count_of(cell: str) -> int | None:
    """Return the number that a cell counts; None where it counts nothing that can be."""
    folded = cell.strip().casefold()
    if folded in _ZERO:
        return 0
    number = whole_number(folded.removesuffix(".0"))
    return 1 if number is None and is_yes(cell) and folded in YES else number


def _is_total(label: str) -> bool:
    return _TOTALS.fullmatch(name_of(label)) is not None


def _shape_of(sheet: Sheet, roles: ColumnRoles) -> _Shape:
    code_at = place_of(sheet, roles.named[CODE]) if CODE in roles.named else None
    has_codes_in_rows = code_at is not None or (
        DOCUMENT not in roles.named and sheet.header[0].casefold() in _CODES_IN_ROWS
    )
    at = code_at if has_codes_in_rows else roles.place(sheet, DOCUMENT)
    names_at = at or 0
    if roles.codes and not has_codes_in_rows:
        return _Shape(names_at, [place_of(sheet, name) for name in roles.codes], has_codes_in_rows)
    known: set[int | None] = {names_at}
    if not has_codes_in_rows:
        known |= {*fact_places(sheet, roles).values(), roles.place(sheet, CODER)}
    rest = [at for at in range(len(sheet.header)) if at not in known]
    return _Shape(names_at, rest, has_codes_in_rows)


def _faults_of_names(sheet: Sheet, shape: _Shape, documents: list[str]) -> Iterator[str]:
    """Yield where a header names another document than the file does."""
    stem = _folded(PurePath(sheet.file).stem)
    corner = name_of(sheet.header[shape.names_at])
    is_role = corner.casefold() in {*_CODES_IN_ROWS, *NAMES[DOCUMENT]}
    named = [] if is_role or not corner else [corner]
    named += documents if len(documents) == 1 else []
    for name in dict.fromkeys(map(_folded, named)):
        is_like = _letters(name) == _letters(stem) and _letters(name)
        if name not in stem and stem not in name and (is_like or len(documents) == 1):
            yield (
                "its header names another document than the name of the file: check which of the "
                "two is right"
            )


def _folded(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def _letters(name: str) -> str:
    return "".join(filter(str.isalpha, name))
