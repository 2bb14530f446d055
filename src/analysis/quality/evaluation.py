"""The evaluation of suites on tables, and the outcome of each expectation.

For each table the columns that its suite looks at are derived, the suite is evaluated by Great
Expectations, and each evaluation becomes an outcome. What would pass because there is nothing to
look at (an empty table or suite, a missing or blank column) falls short.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.quality import gx
from analysis.quality.context import CheckedTables
from analysis.quality.derived import derived_of, missing_columns, with_derived_columns
from analysis.quality.failing_rows import FORMS, find_failing_rows, repeatable_ids
from analysis.quality.outcomes import CheckReport, Outcome
from analysis.quality.personal_data.scan import ID_COLUMNS as SCANNED_IDS
from analysis.quality.suites import columns_read
from analysis.quality.wording import describe_fault, fill_touches
from analysis.tables import focus_groups, segments

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import pandas as pd

    from analysis.quality.context import CheckContext
    from analysis.quality.gx import Evaluation, Positions
    from analysis.quality.outcomes import FailingRows, Stage, Verdict
    from analysis.quality.suites import Expectation, Suite

ID_COLUMNS = {**SCANNED_IDS, "code_applications": segments.SEGMENT}
WHOLE_TABLE: dict[Verdict, tuple[str, str]] = {
    "empty_table": ("the table has no rows", "fill in the table, or leave the study out"),
    "empty_suite": (
        "the suite has no expectation for this table at this stage, so anything would pass",
        "write expectations for it in its suite",
    ),
    "not_evaluated": ("the table is missing", "put the table in the study's folder"),
}


def check_tables(
    tables: Mapping[str, pd.DataFrame],
    context: CheckContext,
    *,
    stage: Stage,
    suites: Sequence[Suite],
    template: pd.DataFrame | None = None,
) -> CheckReport:
    """Return the outcome of each expectation on the tables of a study or of one place.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables by name, all text, missing as ``""``; those as received are indexed by the rows
        of their files.
    template : DataFrame, optional
        The segments as received, where those of the tables are cleaned.
    """
    check = _Check(CheckedTables(tables, template, context.scan_words), context, stage)
    for suite in suites:
        check.evaluate(suite)
    without_suite = [name for name in tables if name not in {suite.table for suite in suites}]
    check.outcomes += [check.whole_table(name, "empty_suite") for name in without_suite]
    return CheckReport(tuple(check.outcomes), check.failing_rows)


class _Check:
    """A check in progress: the outcomes so far, and where expectations fell short."""

    def __init__(self, tables: CheckedTables, context: CheckContext, stage: Stage) -> None:
        self.tables = tables
        self.context = context
        self.stage: Stage = stage
        self.outcomes: list[Outcome] = []
        self.failing_rows: dict[str, FailingRows] = {}
        self.known_groups = frozenset(
            self._ids(tables["focus_groups"], focus_groups.FOCUS_GROUP)
            if "focus_groups" in tables
            else ()
        )

    def evaluate(self, suite: Suite) -> None:
        """Add the outcomes of a suite."""
        table, expectations = suite.table, suite.at(self.stage)
        is_there = table in self.tables
        is_empty = is_there and self.tables[table].empty
        if is_empty and self.stage == "received":
            self.outcomes.append(self.whole_table(table, "empty_table"))
        elif is_there and not expectations:
            self.outcomes.append(self.whole_table(table, "empty_suite"))
        elif expectations and not is_there:
            self.outcomes.append(self.whole_table(table, "not_evaluated"))
        elif expectations and not is_empty:
            self.outcomes += self._evaluate(suite, expectations)

    def _evaluate(self, suite: Suite, expectations: Sequence[Expectation]) -> list[Outcome]:
        table = suite.table
        untestable = {each.id: self._untestable(suite, each) for each in expectations}
        testable = [each for each in expectations if not untestable[each.id]]
        wanted = {column for each in testable for column in columns_read(table, each)}
        frame = with_derived_columns(table, self.tables, self.context, wanted)
        found = gx.evaluate(frame, testable, self.context.parameters())
        return [
            untestable[each.id] or self._evaluated(table, each, found[each.id], frame)
            for each in expectations
        ]

    def _untestable(self, suite: Suite, expectation: Expectation) -> Outcome | None:
        """Return the outcome of an expectation that would pass, or fail, without being tested."""
        table = suite.table
        columns = columns_read(table, expectation)
        lacking = [name for each in columns for name in missing_columns(table, each, self.tables)]
        if lacking:
            named = ", ".join(dict.fromkeys(lacking))
            fault = f"could not be evaluated, {named} being missing"
            remedy = f"add {named}, or correct the column that the expectation names"
            return self._not_tested(table, expectation, "not_evaluated", fault, remedy)
        if _asks_for_value(expectation) and self._is_not_recorded(table, columns):
            named = f"study.yaml lists {columns[0]} under not_recorded"
            return replace(self._held(table, expectation), message=f"Not evaluated: {named}.")
        # Cleaned tables are those of one place, in which a column may be blank.
        blank = [
            name
            for name in expectation.columns
            if self.stage == "received" and self._is_blank(table, name)
            if name not in suite.may_be_blank
        ]
        if blank:
            named = ", ".join(blank)
            fault = f"{named} blank in every row"
            remedy = f"fill in {named}, or list it under may_be_blank in expectations/{table}.json"
            return self._not_tested(table, expectation, "all_null", fault, remedy)
        return None

    def _is_not_recorded(self, table: str, columns: Sequence[str]) -> bool:
        return table == "focus_groups" and set(columns) <= {*self.context.not_recorded}

    def _is_blank(self, table: str, column: str) -> bool:
        if column not in self.tables[table].columns:
            return False
        return bool(gx.are_blank(self.tables[table][column]).all())

    def whole_table(self, table: str, verdict: Verdict) -> Outcome:
        """Return the outcome of a table that no expectation could be evaluated on."""
        fault, remedy = WHOLE_TABLE[verdict]
        return Outcome(
            expectation=f"{table}.{verdict}",
            table=table,
            stage=self.stage,
            severity="critical",
            verdict=verdict,
            fault=fault,
            notes="A table without rows or without expectations would pass any check.",
            remedy=remedy,
            everywhere=True,
            message=f"{table}.csv: {fault}.",
        )

    def _not_tested(
        self, table: str, expectation: Expectation, verdict: Verdict, fault: str, remedy: str
    ) -> Outcome:
        return replace(
            self._held(table, expectation),
            severity="critical",
            verdict=verdict,
            fault=fault,
            remedy=remedy,
            patterns=("*",),
            touches=("*",),
            everywhere=True,
            message=f"{table}.csv: {fault}.",
        )

    def _held(self, table: str, expectation: Expectation) -> Outcome:
        return Outcome(
            expectation=expectation.id,
            table=table,
            stage=self.stage,
            severity=expectation.severity,
            verdict="held",
            type=expectation.type,
            column=", ".join(expectation.columns),
            fault=expectation.fault,
            expected=expectation.expected,
            caveat=expectation.caveat.replace("{max_points}", str(self.context.max_points)),
            notes=expectation.notes,
            remedy=expectation.remedy,
            patterns=expectation.touches,
            touches=expectation.touches,
            message=f"Held in all rows of {table}.csv.",
        )

    def _evaluated(
        self, table: str, expectation: Expectation, found: Evaluation, frame: pd.DataFrame
    ) -> Outcome:
        held = self._held(table, expectation)
        if found.held:
            return held
        if found.held is None:
            fault = f"could not be evaluated: {found.problem}"
            remedy = f"correct the expectation in expectations/{table}.json"
            return self._not_tested(table, expectation, "not_evaluated", fault, remedy)
        if not len(found.positions):
            return replace(
                held,
                verdict="fell_short",
                everywhere=True,
                touches=fill_touches(expectation.touches, ()),
                message=describe_fault(expectation.fault, table, 0, ""),
            )
        return self._fell_short(table, expectation, held, found.positions, frame)

    def _fell_short(
        self,
        table: str,
        expectation: Expectation,
        held: Outcome,
        positions: Positions,
        frame: pd.DataFrame,
    ) -> Outcome:
        whole = self.tables[table]
        # Texts take long to look up, and are not shown.
        rows = whole[[name for name in whole.columns if name in FORMS]].iloc[positions]
        shown = [each for each in expectation.columns if _is_shown(table, each)]
        details = zip(*(frame[each].iloc[positions] for each in shown), strict=True)
        ids = self._ids(rows, ID_COLUMNS[table])
        names = self.context.cell_names
        if self.stage == "received":
            self.failing_rows[expectation.id] = find_failing_rows(
                expectation, rows, ID_COLUMNS[table], self.context, self.tables
            )
        return held.with_rows(
            ids,
            self._groups_of(table, rows, ids),
            self._cells_of(table, rows),
            ["; ".join(map(str, each)) for each in details],
            order={cell: names.get(cell, cell) for cell in self.context.cells},
        )

    def _ids(self, rows: pd.DataFrame, column: str) -> list[str]:
        return repeatable_ids(rows, column, self.context)

    def _groups_of(self, table: str, rows: pd.DataFrame, ids: Sequence[str]) -> list[str]:
        """Return the known focus group of each row, "" where it has none."""
        if table == "codebook":
            groups: Iterable[str] = [""] * len(rows)
        elif table == "code_applications":
            groups = self._groups_of_segments(ids)
        else:
            groups = self._ids(rows, focus_groups.FOCUS_GROUP)
        return [group if group in self.known_groups else "" for group in groups]

    def _groups_of_segments(self, ids: Sequence[str]) -> list[str]:
        if not (self.tables.has("segments.segment") and self.tables.has("segments.focus_group")):
            return [""] * len(ids)
        texts = self.tables["segments"]
        named = texts[texts[segments.SEGMENT].isin([id_ for id_ in ids if id_])]
        groups = dict(
            zip(named[segments.SEGMENT], self._ids(named, segments.FOCUS_GROUP), strict=True)
        )
        return [groups.get(id_, "") for id_ in ids]

    def _cells_of(self, table: str, rows: pd.DataFrame) -> list[str]:
        """Return the cell of each segment, "" where the instrument has none."""
        if table != "segments" or not {segments.SECTION, segments.QUESTION} <= {*rows.columns}:
            return []
        known: Collection[str] = frozenset(self.context.cells)
        return [cell if cell in known else "" for cell in segments.cells_of(rows)]


def _asks_for_value(expectation: Expectation) -> bool:
    return expectation.type == "expect_column_values_to_not_be_null"


def _is_shown(table: str, column: str) -> bool:
    derived = derived_of(table).get(column)
    return derived is not None and derived.is_shown
