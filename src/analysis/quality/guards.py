"""The guards on a study's tables: each expectation evaluated, and told by file and row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.quality.evaluation import evaluate
from analysis.quality.guarded_columns import add_guarded_columns, missing_columns
from analysis.quality.outcomes import GuardReport, Outcome
from analysis.quality.telling import Telling
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from analysis.quality.guard_context import GuardContext
    from analysis.quality.outcomes import Stage
    from analysis.quality.suites import Expectation, Suite


def guard(
    tables: Mapping[str, pd.DataFrame],
    context: GuardContext,
    *,
    stage: Stage,
    suites: Sequence[Suite],
) -> GuardReport:
    """Return what becomes of each expectation on the tables of a study or of one place.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables by name, all text, missing as ``""``, each indexed by the rows of its file.
        Others than the tables of a study are left alone.
    context : GuardContext
        What the study allows.
    stage : {"received", "cleaned"}
        What the tables are.
    suites : sequence of Suite
        What is expected of them.

    Returns
    -------
    GuardReport
        In the order of the suites and their expectations. A table as received that is empty, or a
        column of it that is blank in every row, falls short whatever is expected of it.
    """
    of_study = {name: table for name, table in tables.items() if name in COLUMNS}
    guarded = add_guarded_columns(of_study, context)
    telling = Telling(of_study, context, stage)
    outcomes = [outcome for suite in suites for outcome in _guard_table(suite, guarded, telling)]
    without_suite = [name for name in of_study if name not in {suite.table for suite in suites}]
    empty = [telling.whole_table(name, "empty_suite") for name in without_suite]
    return GuardReport((*outcomes, *empty))


def _guard_table(
    suite: Suite, guarded: Mapping[str, pd.DataFrame], telling: Telling
) -> list[Outcome]:
    """Guard one table; what says nothing by passing is told before anything is evaluated."""
    expectations = suite.at(telling.stage)
    if suite.table not in guarded:
        return [telling.whole_table(suite.table, "not_evaluated")] if expectations else []
    table = guarded[suite.table]
    # Cleaned tables are a place's part of those received: a part may be blank where no whole may.
    is_whole = telling.stage == "received"
    if table.empty:
        return [telling.whole_table(suite.table, "empty_table")] if is_whole else []
    if not expectations:
        return [telling.whole_table(suite.table, "empty_suite")]
    missing = {each.id: _missing(suite, each, guarded) for each in expectations}
    blank = {each.id: _blank(suite, each, table) if is_whole else () for each in expectations}
    evaluated = [each for each in expectations if not missing[each.id] and not blank[each.id]]
    found = evaluate(table, evaluated, telling.context.parameters()) if evaluated else {}
    return [
        telling.missing(suite.table, each, missing[each.id])
        if missing[each.id]
        else telling.all_null(suite.table, each, blank[each.id])
        if blank[each.id]
        else telling.evaluated(suite.table, each, found[each.id])
        for each in expectations
    ]


def _missing(
    suite: Suite, expectation: Expectation, guarded: Mapping[str, pd.DataFrame]
) -> tuple[str, ...]:
    """List the columns, each ``table.column``, that an expectation lacks."""
    lacking = [
        name
        for column in expectation.columns
        for name in missing_columns(suite.table, column, guarded)
    ]
    return tuple(dict.fromkeys(lacking))


def _blank(suite: Suite, expectation: Expectation, table: pd.DataFrame) -> tuple[str, ...]:
    """List the columns of an expectation that are blank in every row and may not be."""
    return tuple(
        column
        for column in expectation.columns
        if column in COLUMNS[suite.table]
        and column not in suite.may_be_blank
        and column in table.columns
        and (table[column].str.strip() == "").all()
    )
