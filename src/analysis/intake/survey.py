"""Reader of the export of a survey form: two rows of headings, then one response in each row."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from analysis.errors import SourceError
from analysis.intake import account as reasons
from analysis.intake.limits import archive_of, decode_text, require_form, require_sound_xml
from analysis.intake.line_reader import LineReader
from analysis.intake.lines import Paragraph, TemplateLine, read_paragraphs
from analysis.intake.normalisation import digest_normalised, normalise_line_ends
from analysis.intake.spreadsheets import cell_text, read_workbook, rows_of_csv
from analysis.intake.submission import Submission, Suspicion
from analysis.intake.suspicious_text import suspicions_of
from analysis.intake.template_wording import TemplateWording, key_of, wording_of
from analysis.study.instrument import read_instrument

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from analysis.intake.limits import ReceivedFile

Row = list[str]

MOST_ROWS = 10_000
MOST_COLUMNS = 1_000
HEADINGS = 2
WORD = 8
"""Letters of a heading, at least, that is looked for within a longer one."""
# What survey tools record of each response, by the key of the heading.
OF_TOOL = frozenset(
    {
        *("respondent id", "collector id", "date created", "date modified", "start date"),
        *("end date", "custom data 1", "custom data", "response id", "language", "status"),
    }
)
IDENTIFYING = frozenset({"ip address", "email address", "first name", "last name", "name", "email"})
# What survey tools write below a question that has one column.
BELOW_QUESTIONS = frozenset(
    {
        *("response", "open-ended response", "reponse", "reponse ouverte", "respuesta"),
        *("respuesta abierta", "resposta", "resposta aberta"),
    }
)


@dataclass(frozen=True)
class _Heading:
    """The headings of a column: number and words of its question, and the heading within that."""

    block: int
    question: str
    within: str


@dataclass(frozen=True)
class _Column:
    """What a column of the export holds: the answers to a cell, a fact, or neither."""

    number: int
    cell: tuple[str, str] | None = None
    fact: str = ""
    reason: str = reasons.NOT_ASKED


def read_survey(file: ReceivedFile) -> tuple[Submission, ...]:
    """Return the submissions in the export of a survey, one for each response with an answer.

    Parameters
    ----------
    file : ReceivedFile
        The export: CSV in UTF-8, or XLSX, of which the first sheet is read. The first row has the
        questions, the second what is asked within them or nothing, every other row a response.

    Raises
    ------
    SourceError
        When it cannot be read, no column is a question of the template, or it has one row of
        headings.
    """
    rows, other_sheets, hidden = _read_rows(file)
    columns, wording = _understand_headings(file.name, rows)
    responses = [each for each in enumerate(rows[HEADINGS:], start=HEADINGS + 1) if any(each[1])]
    found = [
        _submission(file.name, number, row, columns=columns, wording=wording)
        for number, row in responses
        if _has_answer(row, columns)
    ]
    if not found:
        raise SourceError(
            f"{file.name} has no response with an answer.",
            expected="a row with at least one answer",
            remedy="export the responses again",
        )
    aside = {
        reasons.SILENT: len(responses) - len(found),
        reasons.OTHER_SHEETS: sum(other_sheets.values()),
        reasons.HIDDEN: sum(hidden.values()),
    }
    first = _with_aside(found[0], aside, [f"sheet {number}" for number in other_sheets])
    left_out = [Suspicion(place, reasons.HIDDEN) for place in hidden]
    return (replace(first, suspicions=(*left_out, *first.suspicions)), *found[1:])


def _understand_headings(name: str, rows: Sequence[Row]) -> tuple[list[_Column], TemplateWording]:
    """Return what each column holds, and the wording of the template; refuse what is no survey."""
    if len(rows) <= HEADINGS:
        raise SourceError(
            f"{name} has no response.",
            expected="two rows of headings, and a row for each response",
            remedy="export all responses, with the headings",
        )
    headings = list(_headings(rows))
    wording = wording_of(part for each in headings for part in (each.question, each.within))
    columns = list(_columns(headings, wording))
    if not any(column.cell for column in columns):
        raise SourceError(
            f"{name} has no question of the template.",
            expected="questions such as: " + "; ".join(list(wording.questions)[1:4]),
            remedy="check that the file is an export of the form, and its language; of coded data, "
            "say what it is with --format, or name its columns in a --mapping",
        )
    _refuse_response(name, headings, wording)
    return columns, wording


def _read_rows(file: ReceivedFile) -> tuple[list[Row], dict[int, int], Counter[str]]:
    """Return the rows of an export, how many rows each other sheet has, and what is hidden.

    Other sheets are by number, and hidden cells are counted by place.
    """
    if file.ending != ".xlsx":
        require_form(file.name, file.content, ("text",))
        return _limited(file.name, _rows_of_text(file)), {}, Counter()
    require_form(file.name, file.content, ("xlsx",))
    require_sound_xml(archive_of(file.name, file.content))
    first: list[Row] | None = None
    others: dict[int, int] = {}
    hidden: Counter[str] = Counter()
    for number, sheet in enumerate(read_workbook(file.content), start=1):
        rows = ([cell_text(value) for value in row[:MOST_COLUMNS]] for row in sheet.rows)
        if first is None and not sheet.is_hidden:
            first = _limited(file.name, rows)
        elif filled := sum(any(map(str.strip, row)) for row in rows):
            others[number] = filled
        hidden.update(sheet.hidden)
    return first or [], others, hidden


def _limited(name: str, rows: Iterable[Row]) -> list[Row]:
    """Return rows, unless they are more, or wider, than those of a survey."""
    read = [
        [normalise_line_ends(value) for value in row[:MOST_COLUMNS]]
        for row in islice(rows, MOST_ROWS + 1)
    ]
    if len(read) > MOST_ROWS or any(len(row) == MOST_COLUMNS for row in read):
        raise SourceError(
            f"{name} is too large for the export of a survey.",
            expected=f"less than {MOST_ROWS} rows and {MOST_COLUMNS} columns",
            remedy="split it",
        )
    return read


def _rows_of_text(file: ReceivedFile) -> Iterator[Row]:
    read = 0
    try:
        for row in rows_of_csv(decode_text(file.name, file.content)):
            read += 1
            yield row
    except csv.Error:
        raise SourceError(
            f"{file.name} is not valid CSV.",
            offenders=[f"row {read + 1}"],
            expected="values with commas, semicolons or tabs between them, and quotes around texts "
            "of several lines",
            remedy="export it again, as CSV or XLSX",
        ) from None


def _headings(rows: Sequence[Row]) -> Iterator[_Heading]:
    """Yield the headings of each column; of several with one question, only the first has it."""
    width = max(map(len, rows))
    first, second = ([*row, *[""] * (width - len(row))] for row in rows[:HEADINGS])
    block, question = 0, ""
    for above, below in zip(first, second, strict=True):
        if above.strip():
            block, question = block + 1, above.strip()
        yield _Heading(block, question, below.strip())


def _refuse_response(name: str, headings: Sequence[_Heading], wording: TemplateWording) -> None:
    """Refuse an export whose second row is not one of headings."""
    columns = Counter(each.block for each in headings)
    offenders = [
        f"column {number}"
        for number, each in enumerate(headings, start=1)
        if columns[each.block] == 1 and not _is_heading(each.within, wording)
    ]
    if offenders:
        raise SourceError(
            f"{name} has a second row that looks like a response.",
            offenders=offenders,
            expected="two rows of headings, and a row for each response",
            remedy="export it with both rows of headings, or leave the row below them empty",
        )


def _is_heading(text: str, wording: TemplateWording) -> bool:
    key = key_of(text)
    return key in {"", *BELOW_QUESTIONS} or key in wording.contacts or wording.knows(text)


def _columns(headings: Sequence[_Heading], wording: TemplateWording) -> Iterator[_Column]:
    finder = _CellFinder(wording)
    for number, heading in enumerate(headings, start=1):
        keys = [key_of(heading.within), key_of(heading.question)]
        if any(key in OF_TOOL for key in keys):
            yield _Column(number, reason=reasons.OF_TOOL)
        elif any(key in IDENTIFYING or key in wording.contacts for key in keys):
            yield _Column(number, reason=reasons.CONTACTS)
        elif fact := next((wording.facts[key] for key in keys if key in wording.facts), ""):
            yield _Column(number, fact=fact)
        else:
            yield _Column(number, cell=finder.cell_of(heading))


class _CellFinder:
    """Finds the cells of columns, given those before.

    A column that names its section belongs to that one. Without, the domains are taken to be in the
    order of the template.
    """

    def __init__(self, wording: TemplateWording) -> None:
        self._wording = wording
        self._longest = sorted(wording.questions, key=len, reverse=True)
        self._seen: dict[str, list[tuple[int, str]]] = defaultdict(list)

    def cell_of(self, heading: _Heading) -> tuple[str, str] | None:
        """Return the cell of the next column."""
        within, question = key_of(heading.within), key_of(heading.question)
        both = f"{question} {within}"
        asked = next((key for key in (within, question) if key in self._wording.questions), "")
        asked = asked or next((key for key in self._longest if len(key) > WORD and key in both), "")
        if not asked:
            return None
        cells = self._wording.questions[asked]
        section = next((each for key, each in self._wording.sections.items() if key in both), "")
        named = next((cell for cell in cells if cell[0] == section), None)
        if named:
            return named
        column = (heading.block, within if asked == within else "")
        if column not in self._seen[asked]:
            self._seen[asked].append(column)
        return cells[min(self._seen[asked].index(column), len(cells) - 1)]


def _texts(row: Row, columns: Sequence[_Column]) -> Iterator[tuple[_Column, str]]:
    for column in columns:
        text = row[column.number - 1].strip() if column.number <= len(row) else ""
        if text:
            yield column, text


def _has_answer(row: Row, columns: Sequence[_Column]) -> bool:
    return any(column.cell for column, _ in _texts(row, columns))


def _submission(
    name: str, number: int, row: Row, *, columns: Sequence[_Column], wording: TemplateWording
) -> Submission:
    reader = LineReader(wording, name)
    answers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for column, text in _texts(row, columns):
        place = f"row {number} column {column.number}"
        if column.cell:
            answers[column.cell].append(text)
        elif column.fact:
            reader.take_fact(column.fact, text, place)
        else:
            reader.drop(column.reason, 1, place if column.reason == reasons.NOT_ASKED else "")
    lines = []
    for cell in read_instrument(wording.language).cells:
        section, _, question = cell.partition(".")
        if texts := answers.get((section, question)):
            lines.append(_line_of(number, f"row {number}, {cell}", texts))
            reader.take_answer(section, question, lines[-1])
    submission = reader.submission(digest_normalised("\n".join(row)), suspicions_of(lines))
    return replace(submission, where=f"row {number}")


def _line_of(number: int, where: str, texts: Sequence[str]) -> TemplateLine:
    """Return the answer to a question, each line of it being a paragraph or an item."""
    blocks = read_paragraphs(Paragraph(line) for text in texts for line in text.splitlines())
    return TemplateLine(
        number=number,
        first="",
        second=" ".join(block.text for block in blocks),
        is_row=True,
        where=where,
        blocks=blocks,
    )


def _with_aside(
    submission: Submission, aside: Mapping[str, int], places: Sequence[str]
) -> Submission:
    """Return a submission whose account has the items that are set aside of its file, by reason.

    A person must look at `places`.
    """
    account = submission.account
    counted = {reason: count for reason, count in aside.items() if count}
    received = account.received + sum(counted.values())
    return replace(
        submission,
        account=replace(account, received=received, set_aside={**account.set_aside, **counted}),
        remainder=(*submission.remainder, *places),
    )
