"""Review of findings of personal data: each is kept, its words are replaced, or it is set aside.

Each decision is one journaled change of the study: it is on the disk before the next finding is
shown. Quotes of findings are for the terminal of whoever holds the data, and for nothing else.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from analysis.errors import StudyError
from analysis.quality.personal_data.exceptions import (
    about_of,
    follow_edit,
    read_exception_rows,
    read_exceptions,
    short_digest,
)
from analysis.quality.personal_data.lexicon import read_study_words
from analysis.quality.personal_data.scan import ID_COLUMNS, SCANNED, WEAK, scan_text
from analysis.quality.review_findings import (
    in_brackets,
    list_findings,
    pattern_of,
    replace_words,
)
from analysis.study.csv_rows import write_csv
from analysis.study.journal import StudyChange
from analysis.study.lock import hold_lock
from analysis.study.opened_study import open_study
from analysis.study.root import require_study
from analysis.tables import segments
from analysis.tables.received import read_received, table_paths
from analysis.tables.row_edits import Edit, copy_with_edits
from analysis.tables.table_files import EXCEPTION_COLUMNS, EXCEPTIONS
from analysis.tables.text_cleaning import clean_texts, read_spelling, steps_of_cleaning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from analysis.quality.personal_data.exceptions import ExceptionRows
    from analysis.quality.personal_data.mentions import Span
    from analysis.quality.review_findings import Finding
    from analysis.study.opened_study import OpenedStudy

    # By table, row of its file and column.
    Edits = dict[str, dict[int, dict[str, Edit]]]

KEPT = "Identifies nobody, or is public with consent."
SET_ASIDE = "Set aside: people can be recognised by its words."
REVIEWER = "data-holder"


class _Undo(NamedTuple):
    """What takes a decision back."""

    edits: Edits
    exceptions: ExceptionRows


class Review:
    """A study whose findings are decided on, while its lock is held; `open_review` makes it.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    reviewer : str
        Who decides, by pseudonym; that of the last exception when empty.
    """

    def __init__(self, opened: OpenedStudy, reviewer: str = "") -> None:
        self._opened = opened
        self._paths = table_paths(opened.folder)
        self._tables = read_received(opened.folder).by_name()
        self._exceptions = read_exception_rows(opened.folder)
        last = self._exceptions[-1]["reviewed_by"] if self._exceptions else ""
        self.reviewer = reviewer or last or REVIEWER
        self._undo: list[_Undo] = []
        self._found = self._scan()

    @property
    def decisions(self) -> int:
        """How many decisions were made and not taken back."""
        return len(self._undo)

    def left(self) -> list[Finding]:
        """Return the findings without a decision, the most severe first."""
        reviewed = {about_of(row): row["text_sha256"].strip() for row in self._exceptions}
        left = [
            replace(each, was_reviewed=each.about in reviewed)
            for each in self._found
            if reviewed.get(each.about) != short_digest(each.text)
        ]
        tables = list(dict.fromkeys(each.table for each in left))
        return sorted(
            left,
            key=lambda each: (
                each.severity != "critical",
                tables.index(each.table),
                each.row,
                each.spans,
            ),
        )

    def keep(self, findings: Sequence[Finding], reason: str = KEPT) -> None:
        """Record that findings may stay, in the words that they have now.

        Parameters
        ----------
        findings : sequence of Finding
            The findings.
        reason : str
            Why; no personal data itself.

        Raises
        ------
        StudyError
            When the reason has personal data.
        """
        self._require_plain(reason)
        about = {each.about for each in findings}
        rows = [row for row in self._exceptions if about_of(row) not in about]
        rows += [self._exception(each, each.kind, each.text, reason) for each in findings]
        self._decide({}, rows)

    def replace(self, finding: Finding, words: Sequence[tuple[Span, str]]) -> None:
        """Replace words of a finding.

        In segments the new words are put in square brackets, by which readers recognise them.

        Parameters
        ----------
        finding : Finding
            A finding whose `is_free_text` is true.
        words : sequence of (span, str)
            Where in its text, and the new words.
        """
        words = [(span, in_brackets(finding.table, new)) for span, new in words]
        text = replace_words(finding.text, words)
        self._edit({(finding.table, finding.row, finding.column): text})

    def replace_found(self, findings: Sequence[Finding], new: str) -> int:
        """Replace all words of findings by the same new words, and return in how many cells.

        Parameters
        ----------
        findings : sequence of Finding
            Findings; those whose `is_free_text` is false are left as they are.
        new : str
            The new words.
        """
        spans: dict[tuple[str, int, str], set[Span]] = {}
        for each in findings:
            if each.is_free_text:
                spans.setdefault((each.table, each.row, each.column), set()).update(each.spans)
        cells = {}
        for (table, row, column), of_cell in spans.items():
            words = in_brackets(table, new)
            text = self._value(table, row, column)
            cells[table, row, column] = replace_words(text, [(span, words) for span in of_cell])
        if cells:
            self._edit(cells)
        return len(cells)

    def replace_phrase(self, phrase: str, new: str) -> int:
        """Replace a phrase wherever it is in the free texts of the tables.

        Parameters
        ----------
        phrase : str
            Whole words.
        new : str
            The new words.

        Returns
        -------
        int
            In how many cells.
        """
        pattern = pattern_of(phrase)
        cells = {}
        for table, columns in SCANNED.items():
            words = in_brackets(table, new)
            for column in columns:
                texts = self._tables[table][column]
                for row, text in texts[texts.str.contains(pattern)].items():
                    cells[table, int(str(row)), column] = pattern.sub(lambda _: words, text)  # noqa: B023
        if cells:
            self._edit(cells)
        return len(cells)

    def set_aside(self, findings: Sequence[Finding], reason: str = SET_ASIDE) -> None:
        """Take the words of segments out of the table; their rows and codes stay, set aside.

        Parameters
        ----------
        findings : sequence of Finding
            Findings whose `is_in_segment` is true.
        reason : str
            Why; no personal data itself.

        Raises
        ------
        StudyError
            When the reason has personal data.
        """
        self._require_plain(reason)
        first = {each.row: each for each in reversed(findings)}
        blank = {segments.ROLE: segments.SET_ASIDE, segments.LABEL: "", segments.TEXT: ""}
        edits = {
            row: {
                column: Edit(self._value("segments", row, column), after)
                for column, after in blank.items()
            }
            for row in sorted(first)
        }
        ids = {each.id for each in first.values()}
        emptied = [("segments", id_, column) for id_ in ids for column in SCANNED["segments"]]
        rows = [row for row in self._exceptions if about_of(row)[:3] not in emptied]
        rows += [
            {**self._exception(each, each.kind, "", reason), "column": segments.TEXT}
            for each in first.values()
        ]
        self._decide({"segments": edits}, rows)

    def undo(self) -> bool:
        """Take back the last decision of this review, and return whether there was one."""
        if not self._undo:
            return False
        last = self._undo.pop()
        self._write(last.edits, last.exceptions)
        return True

    def forget(self, ids: Iterable[str]) -> int:
        """Remove the exceptions for some ids, so that their findings are reviewed again.

        Returns
        -------
        int
            How many were removed.

        Raises
        ------
        StudyError
            When a segment was set aside: its words are no longer in the table.
        """
        ids = set(ids)
        gone = [row for row in self._exceptions if row["id"] in ids]
        rows = self._tables["segments"]
        is_aside = rows[segments.SEGMENT].isin(ids) & (rows[segments.ROLE] == segments.SET_ASIDE)
        if is_aside.any():
            raise StudyError(
                "The words of a segment that was set aside are no longer in the table.",
                offenders=[f"segments.csv row {row}" for row in rows.index[is_aside]],
                remedy="put its role, label and text back from the file as received, and remove "
                f"its row from {EXCEPTIONS}",
            )
        if gone:
            self._decide({}, [row for row in self._exceptions if row["id"] not in ids])
        return len(gone)

    def _value(self, table: str, row: int, column: str) -> str:
        return str(self._tables[table].loc[row, column])

    def _edit(self, cells: dict[tuple[str, int, str], str]) -> None:
        """Write new texts; a review of the old words becomes one of the new."""
        edits: Edits = {}
        rows = self._exceptions
        for (table, row, column), after in cells.items():
            before = self._value(table, row, column)
            edits.setdefault(table, {}).setdefault(row, {})[column] = Edit(before, after)
            cell = table, self._value(table, row, ID_COLUMNS[table]), column
            rows = follow_edit(rows, cell, (before, after), self._kinds_of)
        self._decide(edits, rows)

    def _kinds_of(self, text: str) -> set[str]:
        steps = steps_of_cleaning(read_spelling(self._opened.spelling_path))
        cleaned, _ = clean_texts(pd.Series([text], dtype="str"), steps)
        own = read_study_words(self._opened.folder)
        return {*scan_text(text, own), *scan_text(cleaned.iloc[0], own)}

    def _exception(self, finding: Finding, kind: str, text: str, reason: str) -> dict[str, str]:
        return {
            **dict(zip(("table", "id", "column"), finding.about, strict=False)),
            "kind": kind,
            "reason": reason,
            "reviewed_by": self.reviewer,
            "text_sha256": short_digest(text),
        }

    def _decide(self, edits: Edits, exceptions: ExceptionRows) -> None:
        back = {
            table: {
                row: {column: Edit(*reversed(edit)) for column, edit in of_row.items()}
                for row, of_row in rows.items()
            }
            for table, rows in edits.items()
        }
        before = self._exceptions
        self._write(edits, exceptions)
        self._undo.append(_Undo(back, before))

    def _write(self, edits: Edits, exceptions: ExceptionRows) -> None:
        """Write a decision in one journaled change, and look at what it leaves."""
        with StudyChange(self._opened.folder) as change:
            for table, rows in edits.items():
                path = self._paths[table]
                copy_with_edits(path, change.stage(path.name), rows)
            if exceptions != self._exceptions:
                columns = list(dict.fromkeys((*EXCEPTION_COLUMNS, *(exceptions or [{}])[0])))
                written = [[row.get(name, "") for name in columns] for row in exceptions]
                write_csv(change.stage(EXCEPTIONS), [columns, *written])
            change.commit()
        self._exceptions = exceptions
        for table, rows in edits.items():
            for row, of_row in rows.items():
                for column, edit in of_row.items():
                    self._tables[table].loc[row, column] = edit.after
        if edits:
            self._found = self._scan()

    def _scan(self) -> list[Finding]:
        return list_findings(self._opened, self._tables)

    @staticmethod
    def _require_plain(reason: str) -> None:
        if not reason.strip() or not WEAK.issuperset(scan_text(reason)):
            raise StudyError(
                "The reason has personal data itself, or is blank; nothing was decided.",
                expected="why it may stay, or why it is set aside, without repeating it",
                remedy="give another reason",
            )


@contextmanager
def open_review(root: Path, study: str, reviewer: str = "") -> Iterator[Review]:
    """Open a study for decisions on its findings; no build or import can start meanwhile.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study.
    reviewer : str
        Who decides, by pseudonym; that of the last exception when empty.

    Raises
    ------
    StudyError
        When the study does not exist, is being built or changed, or its exceptions can't be used.
    TableError
        When a table can't be read.
    """
    require_study(root / "data", study)
    with hold_lock(root, study):
        yield Review(_open(root, study), reviewer)


def list_undecided(root: Path, study: str) -> list[Finding]:
    """Return the findings without a decision, the most severe first; nothing is written.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study.

    Raises
    ------
    StudyError
        When the study does not exist, or its exceptions can't be used.
    TableError
        When a table can't be read.
    """
    require_study(root / "data", study)
    return Review(_open(root, study)).left()


def _open(root: Path, study: str) -> OpenedStudy:
    """Open a study, and refuse exceptions that can't be used."""
    opened = open_study(root, study, may_lack_codebook=True)
    read_exceptions(opened.folder)
    return opened
