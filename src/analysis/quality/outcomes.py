"""What became of each expectation: told in plain words and rows, never in values of cells."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from analysis.errors import GuardError
from analysis.quality.wording import say_details

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


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one expectation on one table.

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
        Whether it held, fell short, or says nothing since it could not be evaluated, the table or
        the suite is empty, or the column is blank in every row.
    type, column : str
        The type of the expectation and the columns that it speaks of.
    fault : str
        What is wrong, in a few words.
    notes, remedy : str
        Why it is expected, and what to do.
    touches : tuple of str
        Patterns of the claims (without their place) that it touches.
    failing : int
        How many rows fall short.
    rows : tuple of int
        These rows in the file, the header being row 1.
    ids : tuple of str
        The code, focus group or segment of each of these rows; ``""`` where it is malformed.
    details : tuple of str
        What more is told of each of these rows, where the column is one that may be told.
    cells : tuple of str
        The cells of the instrument that these rows belong to.
    focus_groups : tuple of str
        The known focus groups that these rows belong to.
    everywhere : bool
        Whether it concerns every place: some row belongs to no known focus group.
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
    notes: str = ""
    remedy: str = ""
    touches: tuple[str, ...] = ("*",)
    failing: int = 0
    rows: tuple[int, ...] = ()
    ids: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    focus_groups: tuple[str, ...] = ()
    everywhere: bool = False
    message: str = ""

    @property
    def held(self) -> bool:
        """Whether the expectation held."""
        return self.verdict == "held"

    def concerns(self, focus_groups: Collection[str]) -> bool:
        """Return whether it concerns a place with these focus groups."""
        return self.everywhere or not set(self.focus_groups).isdisjoint(focus_groups)

    def offenders(self) -> list[str]:
        """Return its first rows, each with its file, what stands there and what is wrong."""
        if not self.rows:
            return [self.message or f"{self.table}.csv: {self.fault}"]
        rest = len(self.rows) - SHOWN_ROWS
        shown = [
            f"{self.table}.csv row {row}{self._item(id_)}: {self.fault}{say_details([detail])}"
            for row, id_, detail in zip(*self._shown(), strict=True)
        ]
        return [*shown, f"{self.table}.csv, {rest} more rows: {self.fault}"] if rest > 0 else shown

    def _shown(self) -> tuple[Sequence[int], Sequence[str], Sequence[str]]:
        """Return the first rows, with the id and the details of each."""
        rows = self.rows[:SHOWN_ROWS]
        details = self.details[:SHOWN_ROWS] or [""] * len(rows)
        return rows, self.ids[:SHOWN_ROWS], details

    def _item(self, id_: str) -> str:
        return f" ({ITEMS[self.table]} {id_})" if id_ else ""


@dataclass(frozen=True)
class GuardReport:
    """The outcomes of all suites, in the order of the suites.

    Parameters
    ----------
    outcomes : tuple of Outcome
        One for each expectation, or one for a table or suite that is empty.
    """

    outcomes: tuple[Outcome, ...] = field(default=())

    @property
    def critical(self) -> tuple[Outcome, ...]:
        """The outcomes that stop reports."""
        return self._not_held("critical")

    @property
    def warnings(self) -> tuple[Outcome, ...]:
        """The outcomes that stand beside the numbers they touch."""
        return self._not_held("warning")

    @property
    def infos(self) -> tuple[Outcome, ...]:
        """The outcomes that a reader may want to know."""
        return self._not_held("info")

    @property
    def for_reports(self) -> GuardReport:
        """What reports tell of: the warnings, wherever in the files their rows stand."""
        return GuardReport(
            tuple(replace(outcome, rows=(), details=()) for outcome in self.warnings)
        )

    def of(self, expectations: Collection[str]) -> GuardReport:
        """Return what became of some expectations."""
        return GuardReport(
            tuple(each for each in self.outcomes if each.expectation in expectations)
        )

    def _not_held(self, severity: Severity) -> tuple[Outcome, ...]:
        return tuple(
            outcome
            for outcome in self.outcomes
            if not outcome.held and outcome.severity == severity
        )

    def to_json(self) -> str:
        """Return the report as JSON, an outcome a line, the same for the same outcomes."""
        lines = [json.dumps(vars(outcome), ensure_ascii=False) for outcome in self.outcomes]
        return '{"outcomes": [\n' + ",\n".join(lines) + "\n]}\n"

    @classmethod
    def from_json(cls, text: str) -> GuardReport:
        """Return the report that was written as JSON."""
        return cls.from_told(json.loads(text))

    @classmethod
    def from_told(cls, told: Mapping[str, Any]) -> GuardReport:
        """Return the report that was read from JSON."""
        return cls(tuple(_outcome_from(each) for each in told["outcomes"]))


def _outcome_from(told: dict[str, Any]) -> Outcome:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
    }
    return Outcome(**values)


def read_outcomes(path: Path) -> GuardReport:
    """Return the report that a file holds."""
    return GuardReport.from_json(path.read_text(encoding="utf-8"))


def write_outcomes(report: GuardReport, path: Path) -> None:
    """Write a report to a file, and its folder where that is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report.to_json(), encoding="utf-8")


def join_reports(reports: Iterable[GuardReport]) -> GuardReport:
    """Return one report with the outcomes of several, in their order."""
    return GuardReport(tuple(outcome for report in reports for outcome in report.outcomes))


def require_no_critical(
    report: GuardReport,
    *,
    focus_groups: Collection[str] | None = None,
    follows: str = "no report is made from these tables",
) -> None:
    """Refuse tables of which a critical expectation does not hold.

    Parameters
    ----------
    report : GuardReport
        What became of the expectations.
    focus_groups : collection of str, optional
        The focus groups of one place; without them every critical outcome counts.
    follows : str, optional
        What follows from it.

    Raises
    ------
    GuardError
        When a critical outcome concerns the place, naming the file and the rows.
    """
    critical = [
        outcome
        for outcome in report.critical
        if focus_groups is None or outcome.concerns(focus_groups)
    ]
    if critical:
        many = f"{len(critical)} critical expectations"
        count = "A critical expectation" if len(critical) == 1 else many
        raise GuardError(
            f"{count} did not hold; {follows}.",
            offenders=_distinct(line for outcome in critical for line in outcome.offenders()),
            why=" ".join(_distinct(outcome.notes for outcome in critical)),
            remedy=_remedies(critical),
        )


def _remedies(outcomes: Sequence[Outcome]) -> str:
    """Join what to do; where it is more than one thing, each after the fault that it mends."""
    remedies = _distinct(outcome.remedy for outcome in outcomes)
    if len(remedies) == 1:
        return remedies[0]
    return "; ".join(_distinct(f"({outcome.fault}) {outcome.remedy}" for outcome in outcomes))


def _distinct(lines: Iterable[str]) -> Sequence[str]:
    return [line for line in dict.fromkeys(lines) if line]
