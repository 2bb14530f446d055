"""Tables in CSV files and workbooks, each row as text with its number in the file."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError
from analysis.intake.limits import archive_of, decode_text, require_sound_xml
from analysis.intake.normalisation import normalise_line_ends
from analysis.intake.spreadsheets import cell_text, read_workbook, rows_of_csv
from analysis.study.csv_faults import LONGEST_TEXT
from analysis.study.csv_rows import column_letters

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


@dataclass(frozen=True)
class Sheet:
    """A table with a header."""

    file: str
    """The name of its file."""
    title: str
    """The name of the sheet in a workbook; empty in a CSV file."""
    header: tuple[str, ...]
    """The names of its columns; a name may be there more than once."""
    rows: list[tuple[int, list[str]]]
    """Each row that holds something: its number in the file, and as many values as columns."""
    longer: tuple[int, ...] = ()
    """The rows that have values beyond the last column, which are not in `rows`."""
    hidden: Mapping[str, int] = field(default_factory=dict)
    """The filled cells that are hidden anywhere in its file, by their place."""

    def at(self, *names: str) -> int | None:
        """Return the place of the first of these columns that there is, whatever its case."""
        folded = [name.casefold() for name in self.header]
        return next((folded.index(name) for name in names if name in folded), None)

    def has(self, *names: str) -> bool:
        """Return whether all these columns, in lower case, are there."""
        return all(self.at(name) is not None for name in names)

    @staticmethod
    def pick(row: Sequence[str], places: Sequence[int | None]) -> list[str]:
        """Return the values of a row at some places; blank for a column that is not there."""
        return ["" if at is None else row[at] for at in places]

    def unread(self, used: Collection[int | None]) -> list[int]:
        """Return the places of columns that hold something, but for those that are used."""
        return [
            at
            for at in range(len(self.header))
            if at not in used and any(row[at].strip() for _, row in self.rows)
        ]

    @property
    def place(self) -> str:
        """The name of its file, and of its sheet in a workbook."""
        return f"{self.file}, sheet {self.title}," if self.title else self.file

    def offender(self, row: int, what: str) -> str:
        """Return a line that says where a row is and what is wrong with it."""
        return f"{self.place} row {row}: {what}"

    @staticmethod
    def column(at: int) -> str:
        """Return the column at a place as a spreadsheet names it."""
        return f"column {column_letters(at + 1)}"

    @property
    def has_title(self) -> bool:
        """Whether its first row is a title: one value, above rows of several."""
        return len(self.header) == 1 and bool(self.longer)

    def require_even(self) -> Sheet:
        """Return it, if no row is longer than the header."""
        if self.has_title:
            raise CodedDataError(
                f"{self.file} has a title above its header.",
                offenders=[self.offender(self.longer[0], "the names of the columns are here")],
                expected="the names of the columns in its first row",
                remedy="delete the rows above",
            )
        if self.longer:
            raise CodedDataError(
                f"{self.file} has rows that are longer than its header.",
                offenders=[self.offender(row, "more values than columns") for row in self.longer],
                expected=f"at most {len(self.header)} values a row",
                remedy="put values with a comma or a line break in them between double quotes",
            )
        return self


def join_sheets(sheets: Sequence[Sheet], column: str) -> Sheet:
    """Return sheets with the same columns as one, with their titles in a further column."""
    first = sheets[0]
    rows = [(number, [*row, each.title]) for each in sheets for number, row in each.rows]
    longer = tuple(number for each in sheets for number in each.longer)
    return replace(first, title="", header=(*first.header, column), rows=rows, longer=longer)


def sheet_of_csv(name: str, content: bytes) -> Sheet:
    """Return the table that a CSV file holds: commas, semicolons or tabs between values."""
    text = decode_text(name, content)
    lines: list[list[str]] = []
    try:
        lines.extend(rows_of_csv(text))
    except csv.Error:
        raise CodedDataError(
            f"{name} is not a table.",
            offenders=[f"{name} row {len(lines) + 1}: a quote is misplaced, or a value too long"],
            expected="values in CSV, those with a comma or a line break between double quotes, "
            f"of at most {LONGEST_TEXT:,} characters",
            remedy="export it again",
        ) from None
    filled = _filled(lines)
    if not filled:
        raise CodedDataError(
            f"{name} holds no table.", expected="a header and rows", remedy="export it again"
        )
    return _sheet(name, "", filled).require_even()


def sheets_of_workbook(name: str, content: bytes) -> list[Sheet]:
    """Return the tables of a workbook that hold something; rows may be longer than a header."""
    require_sound_xml(archive_of(name, content))
    try:
        found = []
        hidden: Counter[str] = Counter()
        for each in read_workbook(content):
            found.append((each.title, [list(map(cell_text, row)) for row in each.rows]))
            hidden.update(each.hidden)
    except Exception as error:  # a workbook that was tampered with fails in many ways
        raise CodedDataError(
            f"{name} cannot be read as a workbook.",
            expected="a workbook as Excel writes it (.xlsx)",
            remedy="open it in a spreadsheet program, and save it again",
        ) from error
    return [
        replace(_sheet(name, title, filled), hidden=hidden)
        for title, lines in found
        if (filled := _filled(lines))
    ]


def _filled(lines: Iterable[list[str]]) -> list[tuple[int, list[str]]]:
    """Return the lines that hold something, each with its number."""
    numbered = enumerate(lines, 1)
    return [(number, line) for number, line in numbered if any(value.strip() for value in line)]


def _sheet(file: str, title: str, filled: list[tuple[int, list[str]]]) -> Sheet:
    """Return a table whose rows have one width; longer rows are only listed by number."""
    (_, first), *rows = filled
    header = tuple(normalise_line_ends(name).strip() for name in first)
    while header and not header[-1]:
        header = header[:-1]
    width = len(header)
    longer = {number for number, row in rows if any(value.strip() for value in row[width:])}
    even = [
        (number, [*row[:width], *[""] * (width - len(row))])
        for number, row in rows
        if number not in longer
    ]
    return Sheet(file, title, header, even, tuple(sorted(longer)))
