"""The guards on a study's tables: each expectation evaluated, and told by file and row."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from analysis.quality.asked import Asked
from analysis.quality.evaluation import evaluate
from analysis.quality.guarded_columns import add_guarded_columns, missing_columns
from analysis.quality.linked_tables import LinkedTables
from analysis.quality.outcomes import GuardReport, Outcome
from analysis.quality.personal_data.columns import OF_SCAN
from analysis.quality.personal_data.joint_scan import JointScan
from analysis.quality.telling import Telling
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from analysis.quality.guard_context import GuardContext
    from analysis.quality.library import Evaluation
    from analysis.quality.outcomes import Stage
    from analysis.quality.suites import Expectation, Suite

    # What is told of an expectation, or its table and itself where it is to be evaluated.
    Told: TypeAlias = Outcome | tuple[str, Expectation]

PIECE = 10_000
"""Rows that are looked at together for one that is not blank."""


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """Tables that are guarded together: those of a study, or of a part of it.

    Parameters
    ----------
    tables : LinkedTables
        The tables, all text, missing as ``""``, each indexed by the rows of its file.
    stage : {"received", "cleaned"}
        What the tables are.
    suites : sequence of Suite
        What is expected of them.
    empty_tables : collection of str
        The tables that should have rows, and have none.
    blank_columns : mapping of str to collection of str
        The columns, by table, of which every row is blank and not every row may be.
    elsewhere : collection of str
        The ids of expectations that are evaluated elsewhere; here they are told to hold.
    """

    tables: LinkedTables
    stage: Stage
    suites: Sequence[Suite]
    empty_tables: Collection[str] = ()
    blank_columns: Mapping[str, Collection[str]] = field(default_factory=dict)
    elsewhere: Collection[str] = ()


def guard(
    tables: Mapping[str, pd.DataFrame] | LinkedTables,
    context: GuardContext,
    *,
    stage: Stage,
    suites: Sequence[Suite],
    elsewhere: Collection[str] = (),
) -> GuardReport:
    """Return what becomes of each expectation on the tables of a study or of one place.

    Parameters
    ----------
    tables : mapping of str to DataFrame, or LinkedTables
        The tables by name, all text, missing as ``""``, each indexed by the rows of its file.
        Others than the tables of a study are left alone.
    context : GuardContext
        What the study allows.
    stage : {"received", "cleaned"}
        What the tables are.
    suites : sequence of Suite
        What is expected of them.
    elsewhere : collection of str, optional
        The ids of expectations that are evaluated elsewhere; here they are told to hold.

    Returns
    -------
    GuardReport
        In the order of the suites and their expectations. A table as received that is empty, or a
        column of it that is blank in every row, falls short whatever is expected of it.
    """
    linked = tables if isinstance(tables, LinkedTables) else _linked(tables)
    # Cleaned tables are a place's part of those received: a part may be blank where no whole may.
    whole = {name: linked[name] for name in linked.names if stage == "received"}
    guarded = Guarded(
        tables=linked,
        stage=stage,
        suites=suites,
        empty_tables=[name for name, table in whole.items() if table.empty],
        blank_columns={name: blank_columns(table) for name, table in whole.items()},
        elsewhere=elsewhere,
    )
    (report,) = guard_each([guarded], context)
    without_suite = [name for name in linked.names if name not in {suite.table for suite in suites}]
    telling = Telling(linked, context, stage)
    empty = [telling.whole_table(name, "empty_suite") for name in without_suite]
    return GuardReport((*report.outcomes, *empty))


def _linked(tables: Mapping[str, pd.DataFrame]) -> LinkedTables:
    return LinkedTables({name: table for name, table in tables.items() if name in COLUMNS})


def blank_columns(table: pd.DataFrame) -> list[str]:
    """Return the columns of a table that are blank in every row."""
    return [name for name in table.columns if _is_blank(table[name])]


def _is_blank(column: pd.Series) -> bool:
    """Say whether a column is blank in every row, without looking further than it takes."""
    pieces = (column.iloc[at : at + PIECE] for at in range(0, len(column), PIECE))
    return all((piece.str.strip() == "").all() for piece in pieces)


def guard_each(guarded: Sequence[Guarded], context: GuardContext) -> list[GuardReport]:
    """Return what becomes of each expectation, for each that is guarded.

    Parameters
    ----------
    guarded : sequence of Guarded
        Tables of one study, and what is expected of them.
    context : GuardContext
        What the study allows.

    Returns
    -------
    list of GuardReport
        In the order of the suites and their expectations; the same whatever else is guarded.
    """
    return Drafts(guarded, context).reports()


class Drafts:
    """Reports in the making, with all that is derived to guard, and nothing evaluated yet.

    Parameters
    ----------
    guarded : sequence of Guarded
        Tables of one study, and what is expected of them.
    context : GuardContext
        What the study allows.
    """

    def __init__(self, guarded: Sequence[Guarded], context: GuardContext) -> None:
        self._context = context
        self._drafts = [_Draft(each, context) for each in guarded]
        scan = JointScan([scanned for draft in self._drafts for scanned in draft.scanned()])
        for each in guarded:
            each.tables.scan = scan
        self._asked = [(draft, asked) for draft in self._drafts for asked in draft.asked()]

    def reports(self) -> list[GuardReport]:
        """Return the reports, having everything evaluated."""
        found = evaluate([each for _, each in self._asked], self._context.parameters())
        for (draft, _), evaluations in zip(self._asked, found, strict=True):
            draft.evaluations |= evaluations
        return [draft.report() for draft in self._drafts]


class _Draft:
    """A report in the making: what says nothing by passing is told before anything is evaluated."""

    def __init__(self, guarded: Guarded, context: GuardContext) -> None:
        self._guarded = guarded
        self._context = context
        self._telling = Telling(guarded.tables, context, guarded.stage)
        self._told = [told for suite in guarded.suites for told in self._tell_table(suite)]
        self.evaluations: dict[str, Evaluation] = {}

    def scanned(self) -> list[tuple[LinkedTables, str]]:
        """Return the tables that are scanned for personal data."""
        tables = self._guarded.tables
        return [(tables, name) for name, wanted in self._wanted.items() if wanted & OF_SCAN]

    def asked(self) -> list[Asked]:
        """Return what is to be evaluated, table by table."""
        return [self._ask(table, expectations) for table, expectations in self._asked.items()]

    @cached_property
    def _asked(self) -> dict[str, list[Expectation]]:
        """What is to be evaluated, by table."""
        asked: dict[str, list[Expectation]] = {}
        for told in self._told:
            if not isinstance(told, Outcome):
                asked.setdefault(told[0], []).append(told[1])
        return asked

    @property
    def _wanted(self) -> dict[str, set[str]]:
        """The columns that are evaluated, by table."""
        return {
            table: {column for each in expectations for column in each.columns}
            for table, expectations in self._asked.items()
        }

    def _ask(self, table: str, expectations: Sequence[Expectation]) -> Asked:
        tables = self._guarded.tables
        guarded = add_guarded_columns(table, tables, self._context, self._wanted[table])
        return Asked(guarded, tuple(expectations), tables.known[table])

    def report(self) -> GuardReport:
        """Return the report, when all is evaluated."""
        return GuardReport(
            tuple(
                told
                if isinstance(told, Outcome)
                else self._telling.evaluated(*told, self.evaluations[told[1].id])
                for told in self._told
            )
        )

    def _tell_table(self, suite: Suite) -> list[Told]:
        table, guarded = suite.table, self._guarded
        expectations = suite.at(guarded.stage)
        has_rows = table in guarded.tables and len(guarded.tables[table]) > 0
        is_elsewhere = all(each.id in guarded.elsewhere for each in expectations)
        if table in guarded.empty_tables:
            return [self._telling.whole_table(table, "empty_table")]
        if not expectations:
            is_known = has_rows or table in guarded.blank_columns
            return [self._telling.whole_table(table, "empty_suite")] if is_known else []
        if table not in guarded.tables and not is_elsewhere:
            return [self._telling.whole_table(table, "not_evaluated")]
        if has_rows or is_elsewhere:
            return [self._tell(suite, each) for each in expectations]
        return []

    def _tell(self, suite: Suite, expectation: Expectation) -> Told:
        is_elsewhere = expectation.id in self._guarded.elsewhere
        missing = () if is_elsewhere else _missing(suite, expectation, self._guarded.tables)
        blank = _blank(suite, expectation, self._guarded.blank_columns.get(suite.table, ()))
        if missing:
            return self._telling.missing(suite.table, expectation, missing)
        if blank:
            return self._telling.all_null(suite.table, expectation, blank)
        if is_elsewhere:
            return self._telling.held(suite.table, expectation)
        return suite.table, expectation


def _missing(suite: Suite, expectation: Expectation, tables: LinkedTables) -> tuple[str, ...]:
    """List the columns, each ``table.column``, that an expectation lacks."""
    lacking = [
        name
        for column in expectation.columns
        for name in missing_columns(suite.table, column, tables)
    ]
    return tuple(dict.fromkeys(lacking))


def _blank(suite: Suite, expectation: Expectation, blank: Collection[str]) -> tuple[str, ...]:
    """List the columns of an expectation that are blank in every row and may not be."""
    return tuple(
        column
        for column in expectation.columns
        if column in blank and column not in suite.may_be_blank
    )
