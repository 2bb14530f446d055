"""One column that is derived from the tables so that an expectation can be said on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from analysis.quality.guard_context import GuardContext
    from analysis.quality.linked_tables import LinkedTables

Compute = Callable[["LinkedTables", "GuardContext"], "pd.Series"]


@dataclass(frozen=True, kw_only=True)
class GuardedColumn:
    """A derived column: what it means, what it needs, and how it is computed.

    Parameters
    ----------
    table : str
        The table that the column is added to.
    name : str
        The name of the column; a column of true and false is named by what should hold.
    meaning : str
        What the column says of a row, in one plain sentence.
    needs : tuple of str
        The columns that it is computed from, each ``table.column``.
    compute : callable
        From the tables by name and the context to the column, on the index of its table.
    is_told : bool
        Whether outcomes tell what the column says of a row: only where it is made of known words,
        and never of what stands in a cell.
    """

    table: str
    name: str
    meaning: str
    needs: tuple[str, ...]
    compute: Compute
    is_told: bool = False

    def missing(self, tables: LinkedTables) -> tuple[str, ...]:
        """Return the columns that it needs and that the tables do not have."""
        return tuple(need for need in self.needs if not tables.has(need))
