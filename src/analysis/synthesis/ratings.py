"""Ratings of coders: which levels can compare them, their tally, and how far apart two are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, TableError, closest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from collections.abc import Set as AbstractSet

    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]
    FloatArray = npt.NDArray[np.float64]
    Bits = npt.NDArray[np.uint64]
    Distances = Callable[[IntArray], FloatArray]

Level = Literal["nominal", "ordinal", "interval", "ratio", "set"]

MISSING = -1
# MASI of two sets of which one holds the other, and of two that only overlap.
SUBSET = 2 / 3
OVERLAP = 1 / 3
WORD = 64


def refuse_incomparable(ratings: pd.DataFrame, level: Level) -> None:
    """Raise for every rating that a level cannot compare."""
    if level not in get_args(Level):
        raise ParameterError(
            f"The level {level!r} is unknown{closest(level, get_args(Level))}.",
            expected=f"one of {', '.join(get_args(Level))}",
            remedy="Name one of these levels.",
        )
    if level == "nominal":
        return
    expected, fits = _KINDS[level]
    offenders = [
        f"unit {unit}, coder {coder}: {value!r}"
        for coder in ratings.columns
        for unit, value in ratings[coder].dropna().items()
        if not fits(value)
    ]
    if offenders:
        raise TableError(
            f"Some ratings cannot be compared at level {level}.",
            offenders=offenders,
            expected=expected,
            remedy="Correct the ratings, or choose another level.",
        )


def _is_number(value: object) -> bool:
    """Return whether a rating is a finite number."""
    return isinstance(value, Real) and math.isfinite(value)


def _is_amount(value: object) -> bool:
    """Return whether a rating is a finite number from 0."""
    return isinstance(value, Real) and math.isfinite(value) and float(value) >= 0


def _is_set(value: object) -> bool:
    """Return whether a rating is a set that can be looked up."""
    return isinstance(value, frozenset)


_KINDS: dict[Level, tuple[str, Callable[[object], bool]]] = {
    "ordinal": ("finite numbers", _is_number),
    "interval": ("finite numbers", _is_number),
    "ratio": ("finite numbers, none negative", _is_amount),
    "set": ("frozensets", _is_set),
}


@dataclass(frozen=True, eq=False)
class Tally:
    """The count of coders for each unit and category, one entry for each pair that occurs.

    Parameters
    ----------
    unit, category, count : array of int
        Entries: so many coders (``count``) put this unit into this category.
    length : int
        How many units there are.
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
    length: int
    options: int
    coders: int
    present: int

    @property
    def sizes(self) -> FloatArray:
        """Return how many coders coded each unit."""
        return sum_by(self.unit, self.count, length=self.length)

    @property
    def pairable(self) -> npt.NDArray[np.bool_]:
        """Return which units at least two coders coded."""
        return self.sizes >= 2

    @property
    def units(self) -> int:
        """Return how many units at least two coders coded."""
        return int(np.count_nonzero(self.pairable))

    @property
    def alike(self) -> FloatArray:
        """Return the ordered pairs of coders who chose the same category, for each unit."""
        pairs = self.count * (self.count - 1)
        return sum_by(self.unit, pairs, length=self.length)

    @property
    def totals(self) -> FloatArray:
        """Return the ratings of each category, in units that at least two coders coded."""
        counts = self.count * self.pairable[self.unit]
        return sum_by(self.category, counts, length=self.options)

    @property
    def shares(self) -> FloatArray:
        """Return the share of each category, every unit that anyone coded weighing the same."""
        parts = self.count / self.sizes[self.unit]
        return sum_by(self.category, parts) / np.count_nonzero(self.sizes)


def sum_by(position: IntArray, amount: IntArray | FloatArray, *, length: int = 0) -> FloatArray:
    """Return the sum of the amounts at each position."""
    return np.bincount(position, amount, minlength=length).astype(np.float64)


def category_ids(ratings: pd.DataFrame) -> tuple[IntArray, list[object]]:
    """Return the category of each rating as a number, and the categories by number."""
    values = ratings.to_numpy(dtype=object)
    ids, categories = pd.factorize(values.ravel())
    return ids.reshape(values.shape).astype(np.int64), list(categories)


def tally_ratings(ratings: pd.DataFrame, categories: Collection[object] | None = None) -> Tally:
    """Return the tally of a table of ratings."""
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
        length=len(ids),
        options=len(occurring) if categories is None else len(set(categories)),
        coders=len(np.unique(coder[shared[unit]])),
        present=len(np.unique(coder)),
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


def ratio_distances(values: FloatArray) -> Distances:
    """Return a function from some values to their distances from every value.

    The distance is the squared ratio of difference to sum (Krippendorff 2011, section C, ratio
    metric). Rows are made when asked for, so that many distinct values need no square matrix.

    Examples
    --------
    >>> ratio_distances(np.array([0.0, 1.0, 3.0]))(np.array([1]))
    array([[1.  , 0.  , 0.25]])
    """

    def distances(rows: IntArray) -> FloatArray:
        one = values[rows, np.newaxis]
        total = one + values
        apart = np.divide(one - values, total, out=np.zeros_like(total), where=total > 0)
        return np.square(apart)

    return distances


def masi_distances(sets: Bits) -> Distances:
    """Return a function from some sets to their MASI distances from every set.

    MASI (Passonneau 2006, "Measuring Agreement on Set-valued Items (MASI) for Semantic and
    Pragmatic Annotation", LREC, section 3) is 1 - J x M: J is the Jaccard coefficient, and M is
    1 for equal sets, 2/3 where one holds the other, 1/3 where they only overlap, and 0 where
    they share nothing. Two empty sets are equal.

    Examples
    --------
    >>> masi_distances(as_bits([{"a", "b"}, {"a"}, {"c"}]))(np.array([0])).round(3)
    array([[0.   , 0.667, 1.   ]])
    """
    sizes = np.bitwise_count(sets).sum(axis=1, dtype=np.int64)
    kinds, kind = np.unique(sizes, return_inverse=True)
    apart = _masi(kinds[:, np.newaxis, np.newaxis], kinds[:, np.newaxis], kinds.max(initial=0))

    def distances(rows: IntArray) -> FloatArray:
        shared = np.zeros((len(rows), len(sets)), dtype=np.intp)
        for word in sets.T:
            shared += np.bitwise_count(word[rows, np.newaxis] & word)
        return np.asarray(apart[kind[rows, np.newaxis], kind, shared])

    return distances


def _masi(one: IntArray, other: IntArray, most: int) -> FloatArray:
    """Return the MASI distances of two sets of these sizes that share from none to most members."""
    shared = np.arange(most + 1)
    union = one + other - shared
    jaccard = np.divide(shared, union, out=np.ones(union.shape), where=union > 0)
    holds = (shared == one) | (shared == other)
    monotonicity = np.select([shared == union, shared == 0, holds], [1.0, 0.0, SUBSET], OVERLAP)
    return np.asarray(1 - jaccard * monotonicity)


def as_bits(sets: Sequence[AbstractSet[object]]) -> Bits:
    """Return sets x words, each bit of a word saying whether a set has a member.

    Examples
    --------
    >>> as_bits([{"a"}, set()])
    array([[1],
           [0]], dtype=uint64)
    """
    number = {member: at for at, member in enumerate(set().union(*sets))}
    bits = np.zeros((len(sets), len(number) // WORD + 1), dtype=np.uint64)
    for row, held in enumerate(sets):
        for at in map(number.__getitem__, held):
            bits[row, at // WORD] |= np.uint64(1 << at % WORD)
    return bits
