"""A table, and the expectations that are asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.quality.basis import Basis, basis_of
from analysis.quality.distinct_values import DistinctValues, distinct_values

if TYPE_CHECKING:
    import pandas as pd

    from analysis.quality.suites import Expectation


@dataclass(frozen=True, eq=False)
class Asked:
    """A table, and the expectations that are asked of it.

    Parameters
    ----------
    table : DataFrame
        With the columns that the expectations speak of, and at least one row.
    expectations : tuple of Expectation
        What is asked.
    known : dict of str to DistinctValues
        The distinct values of columns, as far as they are known.
    """

    table: pd.DataFrame
    expectations: tuple[Expectation, ...]
    known: dict[str, DistinctValues] = field(default_factory=dict)

    def of(self, basis: Basis) -> tuple[Expectation, ...]:
        """Return the expectations that are decided in one way."""
        return tuple(each for each in self.expectations if basis_of(each) == basis)

    def distinct(self, column: str) -> DistinctValues:
        """Return the distinct values of a column."""
        if column not in self.known:
            self.known[column] = distinct_values(self.table[column])
        return self.known[column]
