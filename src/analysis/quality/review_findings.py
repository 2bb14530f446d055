"""The findings of a study that a person can decide on, with their words.

Only the terminal of whoever holds the data may show these words: no log, page, JSON or error does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import StudyError, closest
from analysis.quality.personal_data.lexicon import read_study_words
from analysis.quality.personal_data.scan import ID_COLUMNS, SCANNED, WEAK, find_spans
from analysis.quality.personal_data.study_texts import texts_of
from analysis.quality.personal_data.table_scan import TableScan, are_naming
from analysis.study.csv_rows import IDENTIFIER
from analysis.tables.cleaning import CLEANED_TEXTS
from analysis.tables.text_cleaning import clean_texts, read_spelling, steps_of_cleaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.quality.personal_data.exceptions import About
    from analysis.quality.personal_data.mentions import Span
    from analysis.study.opened_study import OpenedStudy


@dataclass(frozen=True)
class Finding:
    """One kind of personal data in one cell of a table, or in a text beside the tables.

    Parameters
    ----------
    table, id, column, kind : str
        What an exception for it is about.
    row : int
        The row of the table's file; 0 where the text is in no table.
    text : str
        The whole text, which only the terminal of the data holder may show.
    spans : tuple of (int, int)
        Where it is in the text. The whole text, where only cleaning brings it out.
    was_reviewed : bool
        Whether a person reviewed this cell when its words were others.
    """

    table: str
    id: str
    column: str
    kind: str
    row: int
    text: str
    spans: tuple[Span, ...]
    was_reviewed: bool = False

    @property
    def about(self) -> About:
        """What an exception for it is about."""
        return self.table, self.id, self.column, self.kind

    @property
    def severity(self) -> str:
        """Its severity: a name alone is a warning, unless other words were reviewed."""
        return "warning" if self.kind in WEAK and not self.was_reviewed else "critical"

    @property
    def shown_id(self) -> str:
        """Its id, or "" where the id may hold anybody's words or name."""
        is_id = IDENTIFIER.fullmatch(self.id if self.row else self.id.lower())
        return self.id if is_id and not are_naming(pd.Series([self.id], dtype="str"))[0] else ""

    @property
    def where(self) -> str:
        """Where it is: the file with its row and id, and the column."""
        if not self.row:
            file = "study.yaml" if self.table == "study" else "the study's own places"
            return f"{file}, {self.shown_id} {self.column}"
        named = f" ({self.shown_id})" if self.shown_id else ""
        return f"{self.table}.csv row {self.row}{named}, {self.column}"

    @property
    def is_free_text(self) -> bool:
        """Whether its words can be replaced here: ids and settings are edited by hand."""
        return self.row > 0 and self.column in SCANNED[self.table]

    @property
    def is_in_segment(self) -> bool:
        """Whether its segment can be set aside."""
        return self.table == "segments" and self.is_free_text


def list_findings(opened: OpenedStudy, tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """Return each kind of personal data in each text of a study, whether reviewed or not.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    tables : mapping of str to DataFrame
        Its tables as received, by name.

    Returns
    -------
    list of Finding
        Those beside the tables first, then by table and row.
    """
    return [*_find_beside(opened), *_find_in_tables(opened, tables)]


def choose(
    findings: Sequence[Finding], *, ids: Sequence[str] = (), kind: str = "", phrase: str = ""
) -> list[Finding]:
    """Return the findings in some rows, of a kind, or whose words overlap a phrase.

    Parameters
    ----------
    findings : sequence of Finding
        Findings.
    ids : sequence of str
        Ids of rows; all when empty.
    kind : str
        A kind; all when empty.
    phrase : str
        Whole words; all when empty.
    """
    return [
        each
        for each in findings
        if (not ids or each.id in ids)
        and (not kind or each.kind == kind)
        and (not phrase or _overlaps(each, phrase))
    ]


def require_findings(findings: Sequence[Finding], ids: Sequence[str]) -> None:
    """Refuse ids of rows without a finding.

    Parameters
    ----------
    findings : sequence of Finding
        Findings.
    ids : sequence of str
        Ids of rows.

    Raises
    ------
    StudyError
        When no finding is in a row with one of these ids.
    """
    known = {each.id for each in findings}
    unknown = [f"{each}{closest(each, known)}" for each in ids if each not in known]
    if unknown:
        raise StudyError(
            "There is no finding without a decision in these rows.",
            offenders=unknown,
            expected="the id of a row with a finding: compendium review lists them",
            remedy="correct --id; nothing was changed",
        )


def is_within(finding: Finding, phrase: str) -> bool:
    """Return whether a phrase covers all that was found: nothing else passes with it."""
    places = _places_of(phrase, finding.text)
    return all(
        any(start <= at and end <= until for start, until in places) for at, end in finding.spans
    )


def pattern_of(phrase: str) -> re.Pattern[str]:
    """Return the pattern of the whole words of a phrase, whatever white space is between them."""
    words = r"\s+".join(map(re.escape, phrase.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)" if phrase[-1:].isalnum() else rf"(?<!\w){words}")


def replace_words(text: str, words: Sequence[tuple[Span, str]]) -> str:
    """Return a text with other words at some places of it."""
    for (start, end), new in sorted(words, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def in_brackets(table: str, words: str) -> str:
    """Return new words as readers see them; in a codebook brackets refer to codes."""
    has_some = words.startswith("[") and words.endswith("]")
    return words if has_some or table != "segments" else f"[{words}]"


def _places_of(phrase: str, text: str) -> list[Span]:
    return [each.span() for each in pattern_of(phrase).finditer(text)]


def _overlaps(finding: Finding, phrase: str) -> bool:
    return any(
        start < end and at < until
        for start, until in _places_of(phrase, finding.text)
        for at, end in finding.spans
        if start < end
    )


def _find_beside(opened: OpenedStudy) -> Iterator[Finding]:
    """Yield what is found in the texts of a study that are in no table."""
    own = read_study_words(opened.folder)
    for each in texts_of(opened):
        for kind, spans in find_spans(each.text, own).items():
            yield Finding(each.table, each.id, each.column, kind, 0, each.text, spans)


def _find_in_tables(opened: OpenedStudy, tables: Mapping[str, pd.DataFrame]) -> Iterator[Finding]:
    """Yield what is found in tables as received, and what only cleaning brings out."""
    steps = steps_of_cleaning(read_spelling(opened.spelling_path))
    own = read_study_words(opened.folder)
    received = TableScan(tables, own)
    texts = {
        name: {column: clean_texts(tables[name][column], steps)[0] for column in columns}
        for name, columns in CLEANED_TEXTS.items()
    }
    cleaned = TableScan({name: tables[name].assign(**texts[name]) for name in texts}, own)
    for table, id_column in ID_COLUMNS.items():
        rows = tables[table]
        found = {*received.find(table), *(cleaned.find(table) if table in texts else ())}
        for at, column, kind in sorted(found):
            id_, text = rows[id_column].iloc[at], rows[column].iloc[at]
            spans = received.spans(table, column, at).get(kind, ((0, len(text)),))
            yield Finding(table, id_, column, kind, int(rows.index[at]), text, spans)
