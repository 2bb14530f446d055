"""The columns of a study's tables that expectations take, and what they tell of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.quality.basis import OF_CONDITION
from analysis.quality.guarded_columns import derived_of
from analysis.tables import code_applications, segments
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.quality.suites import Expectation

OF_SEGMENTS = (segments.SEGMENT, segments.FOCUS_GROUP, segments.SECTION, segments.QUESTION)
# What is told of the rows of the large tables, by the columns that tell it.
TOLD_COLUMNS = {
    "segments": tuple(f"segments.{column}" for column in OF_SEGMENTS),
    "code_applications": (
        f"code_applications.{code_applications.SEGMENT}",
        *(f"segments.{column}" for column in OF_SEGMENTS),
    ),
}


def needed_columns(asked: Iterable[tuple[str, Expectation]]) -> dict[str, set[str]]:
    """Return the columns that expectations take, and those that tell where they fall short.

    Parameters
    ----------
    asked : iterable of (str, Expectation)
        A table and what is expected of it.

    Returns
    -------
    dict of str to set of str
        By table.
    """
    needed: dict[str, set[str]] = {}
    for table, expectation in asked:
        for need in (*TOLD_COLUMNS.get(table, ()), *columns_taken(table, expectation)):
            of, column = need.split(".")
            needed.setdefault(of, set()).add(column)
    return needed


def columns_taken(table: str, expectation: Expectation) -> Iterator[str]:
    """Yield the columns, each ``table.column``, that an expectation on a table takes."""
    # A condition may speak of any column.
    is_any = not OF_CONDITION.isdisjoint(expectation.kwargs)
    for column in COLUMNS[table] if is_any else expectation.columns:
        derived = derived_of(table).get(column)
        yield from derived.needs if derived else (f"{table}.{column}",)
