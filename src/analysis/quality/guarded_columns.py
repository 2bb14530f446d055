"""The columns that expectations may speak of: those of the tables, and those derived to guard."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from analysis.quality import (
    codebook_columns,
    focus_group_columns,
    meeting_columns,
    position_columns,
    segment_columns,
    text_columns,
)
from analysis.quality.personal_data import columns as personal_data_columns
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from analysis.quality.guard_context import GuardContext
    from analysis.quality.guarded_column import GuardedColumn
    from analysis.quality.linked_tables import LinkedTables

DERIVED: tuple[GuardedColumn, ...] = (
    *codebook_columns.COLUMNS,
    *focus_group_columns.COLUMNS,
    *meeting_columns.COLUMNS,
    *segment_columns.COLUMNS,
    *position_columns.COLUMNS,
    *text_columns.COLUMNS,
    *personal_data_columns.COLUMNS,
)


@cache
def derived_of(table: str) -> dict[str, GuardedColumn]:
    """Return the derived columns of a table by name."""
    return {column.name: column for column in DERIVED if column.table == table}


def columns_of(table: str) -> tuple[str, ...]:
    """Return every column of a table that an expectation may speak of."""
    return (*COLUMNS[table], *derived_of(table))


def add_guarded_columns(
    table: str, tables: LinkedTables, context: GuardContext, wanted: Collection[str]
) -> pd.DataFrame:
    """Return a table with derived columns.

    Parameters
    ----------
    table : str
        The table.
    tables : LinkedTables
        All tables, all text; they stay as they are.
    context : GuardContext
        What the study allows.
    wanted : collection of str
        The derived columns that are wanted; one whose own columns are missing is left out.
    """
    return tables[table].assign(
        **{
            name: column.compute(tables, context)
            for name, column in derived_of(table).items()
            if name in wanted and not column.missing(tables)
        }
    )


def missing_columns(table: str, column: str, tables: LinkedTables) -> tuple[str, ...]:
    """Return the columns (``table.column``) that are missing where a column should stand."""
    derived = derived_of(table).get(column)
    needed = derived.needs if derived else (f"{table}.{column}",)
    return tuple(need for need in needed if not tables.has(need))
