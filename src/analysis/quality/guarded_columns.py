"""The columns that expectations may speak of: those of the tables, and those derived to guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.quality import codebook_columns, focus_group_columns, segment_columns
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.quality.guard_context import GuardContext
    from analysis.quality.guarded_column import GuardedColumn

DERIVED: tuple[GuardedColumn, ...] = (
    *codebook_columns.COLUMNS,
    *focus_group_columns.COLUMNS,
    *segment_columns.COLUMNS,
)


def derived_of(table: str) -> dict[str, GuardedColumn]:
    """Return the derived columns of a table by name."""
    return {column.name: column for column in DERIVED if column.table == table}


def columns_of(table: str) -> tuple[str, ...]:
    """Return every column of a table that an expectation may speak of."""
    return (*COLUMNS[table], *derived_of(table))


def add_guarded_columns(
    tables: Mapping[str, pd.DataFrame], context: GuardContext
) -> dict[str, pd.DataFrame]:
    """Return the tables with their derived columns.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables by name, all text; they stay as they are.
    context : GuardContext
        What the study allows.

    Returns
    -------
    dict of str to DataFrame
        The same rows; a derived column whose own columns are missing is left out.
    """
    guarded = {}
    for name, table in tables.items():
        derived = {
            column.name: column.compute(tables, context)
            for column in derived_of(name).values()
            if not column.missing(tables)
        }
        guarded[name] = table.assign(**derived)
    return guarded


def missing_columns(table: str, column: str, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Return the columns (``table.column``) that are missing where a column should stand."""
    derived = derived_of(table).get(column)
    if derived is not None:
        return derived.missing(tables)
    return () if column in tables[table].columns else (f"{table}.{column}",)
