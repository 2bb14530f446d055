"""How far apart two ratings are, where that is more than same or different."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    import numpy.typing as npt

    from analysis.synthesis.tallies import FloatArray, IntArray

    Bits = npt.NDArray[np.uint64]

    Distances = Callable[[IntArray], FloatArray]

SUBSET = 2 / 3
OVERLAP = 1 / 3
WORD = 64


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


def masi_distances(sets: Bits) -> Distances:
    """Return a function from some sets to their MASI distances from every set.

    MASI (Passonneau 2006, "Measuring Agreement on Set-valued Items (MASI) for Semantic and
    Pragmatic Annotation", LREC, section 3) is 1 - J x M: J is the Jaccard coefficient, and M is
    1 for equal sets, 2/3 where one holds the other, 1/3 where they only overlap, and 0 where
    they share nothing. Two empty sets are equal.

    Parameters
    ----------
    sets : array of unsigned int
        The distinct sets as bits: sets x words.

    Returns
    -------
    callable
        From n positions in ``sets`` to an array of n x ``len(sets)``.

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
    """Return sets x words, each bit of a word telling whether a set holds a member.

    Parameters
    ----------
    sets : sequence of set
        Sets of anything that can be hashed.

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
