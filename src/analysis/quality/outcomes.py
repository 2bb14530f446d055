"""Outcomes of expectations: in plain words and ids, never in file rows or values of cells."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from analysis.errors import CheckError
from analysis.quality.wording import (
    describe_answers,
    describe_fault,
    describe_where,
    fill_touches,
    list_details,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

Stage = Literal["received", "cleaned"]
Severity = Literal["critical", "warning", "info"]
Verdict = Literal["held", "fell_short", "not_evaluated", "empty_table", "empty_suite", "all_null"]

STAGES: tuple[Stage, ...] = ("received", "cleaned")
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")
SHOWN_ROWS = 5
ITEMS = {
    "codebook": "code",
    "focus_groups": "focus group",
    "segments": "segment",
    "code_applications": "segment",
}
CODEBOOK = "codebook"
NO_CELLS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The outcome of one expectation on one table.

    Parameters
    ----------
    expectation : str
        The id of the expectation; ``TABLE.empty_table`` or ``TABLE.empty_suite`` where none was
        evaluated.
    table, stage : str
        The table, as received or cleaned.
    severity : str
        The expectation's own where its verdict is held or fell_short, critical otherwise.
    verdict : str
        Whether it held, fell short, or could not be evaluated, the table or the suite being empty,
        or the column blank in every row.
    type, column : str
        The type of the expectation and the columns that it looks at.
    fault : str
        What is wrong, in a few words.
    expected, caveat : str
        What holds where nothing is wrong, as a sentence for readers; and a sentence on each answer
        in which it does not, with placeholders, if there is one.
    notes, remedy : str
        Why it is expected, and what to do.
    patterns : tuple of str
        Patterns of the claims (without their place) that it may affect, as the suite has them.
    failing : int
        How many rows fall short.
    ids : tuple of str
        The code, focus group or segment of each of these rows; ``""`` where it is malformed.
    groups_of_rows, cells_of_rows : tuple of str
        The known focus group and the cell of each of these rows, ``""`` where it has none;
        published of those with a caveat alone.
    details : tuple of str
        What a derived column says of each of these rows, where it may be repeated.
    cells, answers : tuple of str
        The cells of these rows, in the order of the instrument, and their names.
    focus_groups : tuple of str
        The known focus groups of these rows.
    everywhere : bool
        Whether it concerns every place: some row belongs to no known focus group.
    touches : tuple of str
        The claims that it affects: the patterns, filled with the cells and codes in question.
    message : str
        One sentence for people.
    """

    expectation: str
    table: str
    stage: Stage
    severity: Severity
    verdict: Verdict
    type: str = ""
    column: str = ""
    fault: str = ""
    expected: str = ""
    caveat: str = ""
    notes: str = ""
    remedy: str = ""
    patterns: tuple[str, ...] = ()
    failing: int = 0
    ids: tuple[str, ...] = ()
    groups_of_rows: tuple[str, ...] = ()
    cells_of_rows: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    focus_groups: tuple[str, ...] = ()
    everywhere: bool = False
    touches: tuple[str, ...] = ("*",)
    message: str = ""

    @property
    def held(self) -> bool:
        """Whether the expectation held."""
        return self.verdict == "held"

    def concerns(self, focus_groups: Collection[str]) -> bool:
        """Return whether it concerns a place with these focus groups."""
        return self.everywhere or not set(self.focus_groups).isdisjoint(focus_groups)

    def as_held(self) -> Outcome:
        """Return the outcome without rows: that the expectation held."""
        return replace(
            self,
            verdict="held",
            failing=0,
            touches=self.patterns,
            message=f"Held in all rows of {self.table}.csv.",
            ids=(),
            groups_of_rows=(),
            cells_of_rows=(),
            details=(),
            cells=(),
            answers=(),
            focus_groups=(),
            everywhere=False,
        )

    def with_rows(
        self,
        ids: Sequence[str],
        groups: Sequence[str],
        cells: Sequence[str],
        details: Sequence[str] = (),
        order: Mapping[str, str] = NO_CELLS,
    ) -> Outcome:
        """Return the outcome of falling short in these rows; of none, that it held.

        Parameters
        ----------
        ids, groups, cells, details : sequence of str
            The id, the focus group, the cell and what else is known of each row.
        order : mapping of str to str
            The cells of the instrument with their names, in its order.
        """
        if not groups:
            return self.as_held()
        found, named = set(cells), sorted(set(groups) - {""})
        in_order = tuple(cell for cell in order if cell in found)
        answers = tuple(order[cell] for cell in in_order)
        codes = [id_ or "*" for id_ in ids] if self.table == CODEBOOK else []
        fault, where = self.fault + list_details(details), describe_where(named, answers)
        message = describe_fault(fault, self.table, len(groups), where)
        if self.caveat and cells and details:
            rows = zip(groups, cells, details, strict=True)
            message = describe_answers(self.caveat, rows, order)
        return replace(
            self,
            verdict="fell_short",
            failing=len(groups),
            ids=tuple(ids),
            groups_of_rows=tuple(groups),
            cells_of_rows=tuple(cells),
            details=tuple(details),
            cells=in_order,
            answers=answers,
            focus_groups=tuple(named),
            everywhere="" in groups,
            touches=fill_touches(self.patterns, in_order, codes),
            message=message,
        )

    def in_groups(self, chosen: Collection[str]) -> Outcome:
        """Return the outcome in the rows of some focus groups, and in those of none (codes)."""
        if not self.groups_of_rows:
            return self
        kept = [at for at, group in enumerate(self.groups_of_rows) if not group or group in chosen]
        if len(kept) == self.failing:
            return self
        per_row = (self.ids, self.groups_of_rows, self.cells_of_rows, self.details)
        ids, groups, cells, details = (
            [values[at] for at in kept] if values else [] for values in per_row
        )
        order = dict(zip(self.cells, self.answers, strict=True))
        return self.with_rows(ids, groups, cells, details, order=order)


@dataclass(frozen=True)
class FailingRows:
    """The rows of a file in which an expectation falls short, for whoever holds the file.

    Parameters
    ----------
    rows : tuple of int
        All of them, the header being row 1.
    faults : tuple of str
        What is wrong in each of the first rows, with the value where it may be shown.
    """

    rows: tuple[int, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class CheckReport:
    """The outcomes of all suites, in the order of the suites.

    Parameters
    ----------
    outcomes : tuple of Outcome
        One for each expectation, or one for a table or suite that is empty.
    failing_rows : mapping of str to FailingRows
        Rows of files and values, by expectation, where tables were checked in this process. They
        are for a terminal: they are never written, and not part of what a report is.
    """

    outcomes: tuple[Outcome, ...] = ()
    failing_rows: Mapping[str, FailingRows] = field(default_factory=dict, compare=False, repr=False)

    @property
    def critical(self) -> tuple[Outcome, ...]:
        """The outcomes that stop reports."""
        return self._not_held("critical")

    @property
    def warnings(self) -> tuple[Outcome, ...]:
        """The outcomes that are shown next to the numbers that they affect."""
        return self._not_held("warning")

    @property
    def infos(self) -> tuple[Outcome, ...]:
        """The outcomes for information."""
        return self._not_held("info")

    def of(self, expectations: Collection[str]) -> CheckReport:
        """Return the outcomes of some expectations."""
        chosen = (each for each in self.outcomes if each.expectation in expectations)
        return replace(self, outcomes=tuple(chosen))

    def in_groups(self, focus_groups: Collection[str]) -> CheckReport:
        """Return the outcomes in the rows of some focus groups, as of one place."""
        return CheckReport(tuple(each.in_groups(focus_groups) for each in self.outcomes))

    def concerning(self, focus_groups: Collection[str]) -> CheckReport:
        """Return the outcomes without those that fell short in other focus groups alone."""
        chosen = (each for each in self.outcomes if each.held or each.concerns(focus_groups))
        return replace(self, outcomes=tuple(chosen))

    def offenders(self, outcome: Outcome) -> list[str]:
        """Return the first rows of an outcome, each with what is wrong."""
        if not outcome.failing:
            return [outcome.message or f"{outcome.table}.csv: {outcome.fault}"]
        # Rows of files are known of the tables as received alone.
        is_received = outcome.stage == "received"
        found = self.failing_rows.get(outcome.expectation) if is_received else None
        shown = [
            f"{outcome.table}.csv{f' row {found.rows[at]}' if found else ''}"
            f"{_item(outcome, at)}: {found.faults[at] if found else outcome.fault}"
            f"{list_details(outcome.details[at : at + 1])}"
            for at in range(min(outcome.failing, SHOWN_ROWS))
        ]
        rest = outcome.failing - SHOWN_ROWS
        more = f"{outcome.table}.csv, {rest} more rows: {outcome.fault}"
        return [*shown, more] if rest > 0 else shown

    def _not_held(self, severity: Severity) -> tuple[Outcome, ...]:
        return tuple(
            outcome
            for outcome in self.outcomes
            if not outcome.held and outcome.severity == severity
        )

    def to_json(self) -> str:
        """Return the outcomes as JSON, one a line, the same for the same outcomes."""
        lines = [json.dumps(vars(outcome), ensure_ascii=False) for outcome in self.outcomes]
        return '{"outcomes": [\n' + ",\n".join(lines) + "\n]}\n"

    def for_terminal(self) -> dict[str, list[dict[str, Any]]]:
        """Return the outcomes for whoever holds the tables, with rows of files and values."""
        none = FailingRows((), ())
        found = [self.failing_rows.get(each.expectation, none) for each in self.outcomes]
        return {
            "outcomes": [
                {**vars(outcome), "rows": rows.rows, "found": rows.faults}
                for outcome, rows in zip(self.outcomes, found, strict=True)
            ]
        }

    @classmethod
    def from_json(cls, text: str) -> CheckReport:
        """Return the report that was written as JSON."""
        return cls.from_dict(json.loads(text))

    @classmethod
    def from_dict(cls, read: Mapping[str, Any]) -> CheckReport:
        """Return the report that was read from JSON."""
        return cls(tuple(_outcome_from(each) for each in read["outcomes"]))


def _item(outcome: Outcome, at: int) -> str:
    id_ = outcome.ids[at] if outcome.ids else ""
    return f" ({ITEMS[outcome.table]} {id_})" if id_ else ""


def _outcome_from(read: dict[str, Any]) -> Outcome:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in read.items()
    }
    return Outcome(**values)


def read_outcomes(path: Path) -> CheckReport:
    """Return the report that a file holds."""
    return CheckReport.from_json(path.read_text(encoding="utf-8"))


def write_outcomes(report: CheckReport, path: Path) -> None:
    """Write a report to a file at once, and its folder where that is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".next")
    beside.write_text(report.to_json(), encoding="utf-8")
    beside.replace(path)


def join_reports(reports: Iterable[CheckReport]) -> CheckReport:
    """Return one report with the outcomes of several, in their order."""
    return CheckReport(tuple(outcome for report in reports for outcome in report.outcomes))


def require_no_critical(
    report: CheckReport,
    *,
    focus_groups: Collection[str] | None = None,
    follows: str = "no report is built from these tables",
) -> None:
    """Refuse tables of which a critical expectation does not hold.

    Parameters
    ----------
    report : CheckReport
        The outcomes of the expectations.
    focus_groups : collection of str, optional
        The focus groups of one place; without them every critical outcome counts.
    follows : str, optional
        What follows from it.

    Raises
    ------
    CheckError
        When a critical outcome concerns the place, naming the file and the rows.
    """
    critical = [
        outcome
        for outcome in report.critical
        if focus_groups is None or outcome.concerns(focus_groups)
    ]
    # What falls short as received falls short when cleaned, too.
    received = {each.expectation for each in critical if each.stage == "received"}
    critical = [
        each for each in critical if each.stage == "received" or each.expectation not in received
    ]
    if critical:
        many = f"{len(critical)} critical expectations"
        count = "A critical expectation" if len(critical) == 1 else many
        raise CheckError(
            f"{count} did not hold; {follows}.",
            offenders=_distinct(line for each in critical for line in report.offenders(each)),
            why=" ".join(_distinct(outcome.notes for outcome in critical)),
            remedy=_remedies(critical),
        )


def _remedies(outcomes: Sequence[Outcome]) -> str:
    """Join what to do; where it is more than one thing, each after the fault that it fixes."""
    remedies = _distinct(outcome.remedy for outcome in outcomes)
    if len(remedies) == 1:
        return remedies[0]
    return "; ".join(_distinct(f"({outcome.fault}) {outcome.remedy}" for outcome in outcomes))


def _distinct(lines: Iterable[str]) -> Sequence[str]:
    return [line for line in dict.fromkeys(lines) if line]
