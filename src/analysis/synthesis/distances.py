"""How far apart two ratings are, where that is more than same or different."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from analysis.synthesis.tallies import FloatArray, IntArray

    Distances = Callable[[IntArray], FloatArray]

SUBSET = 2 / 3
OVERLAP = 1 / 3


def ratio_distances(values: FloatArray) -> Distances:
    """Return a function from some values to their distances from every value.

    The distance is the squared ratio of difference to sum (Krippendorff 2011, section C, ratio
    metric). Rows are made when asked for, so that many distinct values need no square matrix.

    Parameters
    ----------
    values : array of float
        The distinct values, none negative.

    Returns
    -------
    callable
        From n positions in ``values`` to an array of n x ``len(values)``.

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


def masi_distances(sets: Sequence[AbstractSet[object]]) -> Distances:
    """Return a function from some sets to their MASI distances from every set.

    MASI (Passonneau 2006, "Measuring Agreement on Set-valued Items (MASI) for Semantic and
    Pragmatic Annotation", LREC, section 3) is 1 - J x M: J is the Jaccard coefficient, and M is
    1 for equal sets, 2/3 where one holds the other, 1/3 where they only overlap, and 0 where
    they share nothing. Two empty sets are equal.

    Parameters
    ----------
    sets : sequence of set
        The distinct sets.

    Returns
    -------
    callable
        From n positions in ``sets`` to an array of n x ``len(sets)``.

    Examples
    --------
    >>> masi_distances([{"a", "b"}, {"a"}, {"c"}])(np.array([0])).round(3)
    array([[0.   , 0.667, 1.   ]])
    """
    members = _membership(sets)
    sizes = members.sum(axis=1)

    def distances(rows: IntArray) -> FloatArray:
        shared = members[rows] @ members.T
        one = sizes[rows, np.newaxis]
        union = one + sizes - shared
        jaccard = np.divide(shared, union, out=np.ones_like(union), where=union > 0)
        holds = (shared == one) | (shared == sizes)
        monotonicity = np.select([shared == union, shared == 0, holds], [1.0, 0.0, SUBSET], OVERLAP)
        return np.asarray(1 - jaccard * monotonicity)

    return distances


def _membership(sets: Sequence[AbstractSet[object]]) -> FloatArray:
    """Return sets x members: 1 where a set holds a member."""
    column = {member: number for number, member in enumerate(set().union(*sets))}
    members = np.zeros((len(sets), len(column)))
    for row, held in enumerate(sets):
        members[row, [column[member] for member in held]] = 1
    return members
