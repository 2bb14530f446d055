"""How many coders chose what for each unit: all that coefficients of nominal ratings need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, closest

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]
    FloatArray = npt.NDArray[np.float64]

MISSING = -1


@dataclass(frozen=True, eq=False)
class Tally:
    """The count of coders for each unit and category, one entry for each pair that occurs.

    Parameters
    ----------
    unit, category, count : array of int
        Entries: so many coders (``count``) put this unit into this category.
    repeats : array of int
        For each unit, how many units of the same entries it stands for.
    options : int
        How many categories the coders could choose from.
    coders : int
        How many coders coded a unit that another coded too.
    present : int
        How many coders coded any unit.
    """

    unit: IntArray
    category: IntArray
    count: IntArray
    repeats: IntArray
    options: int
    coders: int
    present: int

    @property
    def sizes(self) -> FloatArray:
        """Return how many coders coded each unit."""
        return sum_by(self.unit, self.count, length=len(self.repeats))

    @property
    def pairable(self) -> npt.NDArray[np.bool_]:
        """Return which units at least two coders coded."""
        return self.sizes >= 2

    @property
    def units(self) -> int:
        """Return how many units at least two coders coded."""
        return int(self.repeats[self.pairable].sum())

    @property
    def alike(self) -> FloatArray:
        """Return the ordered pairs of coders who chose the same category, for each unit."""
        pairs = self.count * (self.count - 1)
        return sum_by(self.unit, pairs, length=len(self.repeats))

    @property
    def totals(self) -> FloatArray:
        """Return the ratings of each category, in units that at least two coders coded."""
        counts = self.count * (self.repeats * self.pairable)[self.unit]
        return sum_by(self.category, counts, length=self.options)

    @property
    def shares(self) -> FloatArray:
        """Return the share of each category, every unit that anyone coded weighing the same."""
        parts = self.count * self.repeats[self.unit] / self.sizes[self.unit]
        return sum_by(self.category, parts) / float(self.repeats[self.sizes > 0].sum())


def sum_by(position: IntArray, amount: IntArray | FloatArray, *, length: int = 0) -> FloatArray:
    """Return the sum of the amounts that stand at each position.

    Parameters
    ----------
    position : array of int
        Where each amount belongs.
    amount : array
        What is summed.
    length : int, optional
        How many positions there are at least.

    Returns
    -------
    array of float
        One sum a position.
    """
    return np.bincount(position, amount, minlength=length).astype(np.float64)


def category_ids(ratings: pd.DataFrame) -> tuple[IntArray, list[object]]:
    """Return the category of each rating as a number, and the categories by number.

    Parameters
    ----------
    ratings : DataFrame
        Units x coders, of any values that can be hashed; a missing rating is NaN.

    Returns
    -------
    tuple of (array of int, list)
        Units x coders, with ``-1`` where a coder did not code a unit; and the categories that
        occur.
    """
    values = ratings.to_numpy(dtype=object)
    ids, categories = pd.factorize(values.ravel())
    return ids.reshape(values.shape).astype(np.int64), list(categories)


def tally_ratings(ratings: pd.DataFrame, categories: Collection[object] | None = None) -> Tally:
    """Return the tally of a table of ratings.

    Parameters
    ----------
    ratings : DataFrame
        Units x coders; a missing rating is NaN.
    categories : collection, optional
        What the coders could choose from. Default: the categories that occur.

    Returns
    -------
    Tally
        Entries sorted by unit and category.

    Raises
    ------
    ParameterError
        When a rating is none of ``categories``.
    """
    ids, occurring = category_ids(ratings)
    if categories is not None:
        _refuse_unknown(occurring, categories)
    unit, coder = np.nonzero(ids != MISSING)
    shared = np.count_nonzero(ids != MISSING, axis=1) >= 2
    width = max(len(occurring), 1)
    keys, count = np.unique(unit * width + ids[unit, coder], return_counts=True)
    return Tally(
        unit=keys // width,
        category=keys % width,
        count=count,
        repeats=np.ones(len(ids), dtype=np.int64),
        options=len(occurring) if categories is None else len(set(categories)),
        coders=len(np.unique(coder[shared[unit]])),
        present=len(np.unique(coder)),
    )


def tally_binary(times: IntArray, *, coders: int, present: int) -> Tally:
    """Return the tally of codes that coders applied or not.

    Parameters
    ----------
    times : array of int
        Codes x n x n: the number of units that so many coders coded, of whom so many applied the
        code.
    coders : int
        How many coders coded a unit that another coded too.
    present : int
        How many coders coded any unit.

    Returns
    -------
    Tally
        Two categories: 0, not applied, and 1, applied.
    """
    alike = np.nonzero(times)
    _, size, positive = alike
    rows = np.arange(len(size), dtype=np.int64)
    return Tally(
        unit=np.concatenate([rows, rows]),
        category=np.repeat(np.array([0, 1], dtype=np.int64), len(rows)),
        count=np.concatenate([size - positive, positive]),
        repeats=times[alike],
        options=2,
        coders=coders,
        present=present,
    )


def _refuse_unknown(occurring: list[object], categories: Collection[object]) -> None:
    """Raise for every rating that no coder could have chosen."""
    known = set(categories)
    names = [str(category) for category in categories]
    unknown = [f"{value}{closest(str(value), names)}" for value in occurring if value not in known]
    if unknown:
        raise ParameterError(
            "Some ratings are none of the categories.",
            offenders=sorted(unknown),
            expected=f"one of {', '.join(names)}",
            remedy="Correct the ratings, or add what is missing to the categories.",
        )
