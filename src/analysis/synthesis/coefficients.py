"""How alike two coders are on the segments that both looked at, code by code and by sets of codes.

No measure says how good the coding is.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    IntArray: TypeAlias = npt.NDArray[np.int64]
    FloatArray: TypeAlias = npt.NDArray[np.float64]

# Order of summation (of rows, coders, threads) moves the last digits; reports must not.
DECIMALS = 12
# Distances held in memory at once: on a million segments a few thousand sets of codes differ.
CHUNK_CELLS = 2**20
# MASI of two sets of which one holds the other, and of two that only overlap.
SUBSET = 2 / 3
OVERLAP = 1 / 3
# The bootstrap: draws, and the seed of Python's own generator.
DRAWS = 1000
SEED = 2020


def count_measures(
    units: IntArray, *, both: IntArray, only_one: IntArray, only_other: IntArray
) -> dict[str, FloatArray]:
    """Return how alike two coders are on codes that each put, or not, on units that both saw.

    Parameters
    ----------
    units : array of int
        Units that both coders looked at.
    both, only_one, only_other : array of int
        On how many of them both put a code, and only one of them did.

    Returns
    -------
    dict of str to array of float
        ``positive_agreement``, 2a / (2a + b + c) (Cicchetti & Feinstein 1990); ``alpha``
        (Krippendorff 2011, nominal); ``percent_agreement``, as a share; ``kappa`` (Cohen 1960);
        and ``ac1`` (Gwet 2008). NaN where undefined.

    Examples
    --------
    >>> counts = {name: np.array([n]) for name, n in (("both", 2), ("only_one", 1))}
    >>> found = count_measures(np.array([10]), **counts, only_other=np.array([1]))
    >>> [f"{name} {values[0]:.3f}" for name, values in found.items() if name != "kappa"]
    ['positive_agreement 0.667', 'alpha 0.548', 'percent_agreement 0.800', 'ac1 0.655']
    """
    applied, differ = 2 * both + only_one + only_other, only_one + only_other
    ratings, observed = 2 * units, 1 - _divide(differ, units)
    # Krippendorff: of the pairs of all ratings, how many differ.
    differing = _divide(2 * applied * (ratings - applied), ratings * (ratings - 1))
    one, other = _divide(both + only_one, units), _divide(both + only_other, units)
    mean = (one + other) / 2
    measures = {
        "positive_agreement": _divide(2 * both, applied),
        "alpha": 1 - _divide(1 - observed, differing),
        "percent_agreement": observed,
        "kappa": _chance_corrected(observed, one * other + (1 - one) * (1 - other)),
        "ac1": _chance_corrected(observed, 2 * mean * (1 - mean)),
    }
    return {name: np.round(value, DECIMALS) for name, value in measures.items()}


def _divide(one: FloatArray | IntArray, other: FloatArray | IntArray) -> FloatArray:
    """Return a ratio, NaN where the divisor is nothing."""
    one, other = np.broadcast_arrays(one, other)
    result = np.full(one.shape, np.nan)
    return np.asarray(np.divide(one, other, out=result, where=other != 0))


def _chance_corrected(observed: FloatArray, expected: FloatArray) -> FloatArray:
    left = 1 - expected
    return _divide(observed - expected, np.where(left < 10**-DECIMALS, 0, left))


def members_of(sets: Sequence[frozenset[str]]) -> FloatArray:
    """Return sets x members: 1 where a set has the member, and 0 elsewhere."""
    number = {member: at for at, member in enumerate(sorted(frozenset().union(*sets)))}
    members = np.zeros((len(sets), len(number)))
    for row, held in enumerate(sets):
        members[row, [number[each] for each in held]] = 1
    return members


def masi_distances(members: FloatArray, rows: slice) -> FloatArray:
    """Return the MASI distances of some sets from every set.

    MASI (Passonneau 2006, "Measuring Agreement on Set-valued Items (MASI) for Semantic and
    Pragmatic Annotation", LREC, section 3) is 1 - J x M: J is the Jaccard coefficient, and M is
    1 for equal sets, 2/3 where one holds the other, 1/3 where they only overlap, and 0 where
    they share nothing. Two empty sets are equal.

    Examples
    --------
    >>> sets = members_of([frozenset("ab"), frozenset("a"), frozenset("c")])
    >>> masi_distances(sets, slice(1)).round(3)
    array([[0.   , 0.667, 1.   ]])
    """
    shared, sizes = members[rows] @ members.T, members.sum(axis=1)
    own = sizes[rows, np.newaxis]
    union = own + sizes - shared
    jaccard = np.divide(shared, union, out=np.ones(union.shape), where=union > 0)
    is_within = (shared == own) | (shared == sizes)
    kinds = [shared == union, shared == 0, is_within]
    return np.asarray(1 - jaccard * np.select(kinds, [1.0, 0.0, SUBSET], OVERLAP))


class SetDistances(NamedTuple):
    """The MASI distances of two coders' sets of codes, summed by focus group.

    Alpha needs no more, also where focus groups are drawn again and again.

    Parameters
    ----------
    units : array of int
        Units of each focus group.
    observed : array of float
        The sum of the distances of the two sets of each unit, by focus group.
    crossed : array of float
        The sum of the distances of every set in one focus group from every set in another.
    """

    units: IntArray
    observed: FloatArray
    crossed: FloatArray

    @classmethod
    def of(
        cls,
        one: Sequence[frozenset[str]],
        other: Sequence[frozenset[str]],
        group: IntArray,
    ) -> SetDistances:
        """Return the distances of two sets of each unit, with the number of its focus group."""
        number = {held: at for at, held in enumerate(dict.fromkeys([*one, *other]))}
        at = [np.array([number[held] for held in sets], dtype=np.int64) for sets in (one, other)]
        groups = int(group.max(initial=-1)) + 1
        members = members_of(list(number))
        held = np.zeros((groups, len(number)))
        for sets in at:
            np.add.at(held, (group, sets), 1)
        crossed, apart = np.zeros((groups, groups)), np.zeros(len(group))
        step = max(CHUNK_CELLS // max(len(number), 1), 1)
        for start in range(0, len(number), step):
            rows = slice(start, start + step)
            found = masi_distances(members, rows)
            crossed += held[:, rows] @ (found @ held.T)
            here = (at[0] >= start) & (at[0] < start + step)
            apart[here] = found[at[0][here] - start, at[1][here]]
        return cls(
            units=np.bincount(group, minlength=groups),
            observed=np.bincount(group, apart, minlength=groups).astype(np.float64),
            crossed=crossed,
        )

    def alpha(self, times: IntArray) -> FloatArray:
        """Return Krippendorff's alpha where focus groups occur so many times: draws x groups.

        The observed disagreement is the mean distance within units, the expected one that of any
        two ratings (Krippendorff 2011), by MASI distance (Passonneau 2006).
        """
        units = times @ self.units
        expected = np.einsum("dg,gh,dh->d", times, self.crossed, times, optimize=True)
        observed = _divide(times @ self.observed, units)
        disagreement = _divide(
            observed, np.round(_divide(expected, 2 * units * (2 * units - 1)), DECIMALS)
        )
        return np.asarray(np.round(1 - disagreement, DECIMALS))


def draw_groups(groups: int) -> IntArray:
    """Return how often each focus group is drawn, in each draw of as many as there are.

    The number of a draw is the integer part of ``random() * groups``, of Python's own generator
    with a fixed seed, so that anybody can draw the same.
    """
    random = Random(SEED)  # noqa: S311 (nothing secret)
    times = np.zeros((DRAWS, groups), dtype=np.int64)
    for draw in times:
        for _ in range(groups):
            draw[int(random.random() * groups)] += 1
    return times


def interval_of(draws: FloatArray) -> FloatArray:
    """Return the 2.5th and the 97.5th percentile of the draws that are defined, by column.

    Percentiles are rounded to 6 decimals, so that they are the same on every machine.
    """
    return np.asarray(np.round(np.nanpercentile(draws, [2.5, 97.5], axis=0), 6))
