"""The columns that expectations may look at: those of the tables, and those derived from them.

Where a rule spans columns, rows or tables, a module for each table computes a column from plain
DataFrames, and an expectation in a suite says what that column should hold. Start at the module of
the table.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from analysis.quality.context import DerivedColumn
from analysis.quality.derived import (
    code_applications,
    codebook,
    focus_group_segments,
    focus_groups,
    personal_data,
    segments,
    texts,
)
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from analysis.quality.context import CheckContext, CheckedTables

MODULES = (codebook, focus_groups, focus_group_segments, segments, texts, code_applications)
DERIVED: tuple[DerivedColumn, ...] = (
    *(each for module in MODULES for each in vars(module).values() if type(each) is DerivedColumn),
    *personal_data.COLUMNS,
)


@cache
def derived_of(table: str) -> dict[str, DerivedColumn]:
    """Return the derived columns of a table by name."""
    return {column.name: column for column in DERIVED if column.table == table}


def columns_of(table: str) -> tuple[str, ...]:
    """Return every column of a table that an expectation may look at."""
    return (*COLUMNS[table], *derived_of(table))


def with_derived_columns(
    table: str, tables: CheckedTables, context: CheckContext, wanted: Collection[str]
) -> pd.DataFrame:
    """Return the wanted columns of a table, those derived included.

    Parameters
    ----------
    wanted : collection of str
        The columns; each must be there, or have all that it is derived from.
    """
    derived, whole = derived_of(table), tables[table]
    return whole[[name for name in whole.columns if name in wanted]].assign(
        **{name: derived[name].compute(tables, context) for name in derived if name in wanted}
    )


def missing_columns(table: str, column: str, tables: CheckedTables) -> tuple[str, ...]:
    """Return the columns (``table.column``) that are missing and that a column is, or needs."""
    derived = derived_of(table).get(column)
    needed = derived.needs if derived else (f"{table}.{column}",)
    return tuple(need for need in needed if not tables.has(need))
