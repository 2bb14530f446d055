"""Agreement coefficients: how alike coders are on the units that they both coded.

None of them says how good the coding is. `count_measures` and `SetDistances` serve two coders who
applied any number of codes to each unit; the others any number of coders with one value each.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from analysis.synthesis.ratings import (
    as_bits,
    category_ids,
    masi_distances,
    ratio_distances,
    refuse_incomparable,
    sum_by,
    tally_ratings,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import pandas as pd

    from analysis.synthesis.ratings import Distances, FloatArray, IntArray, Level, Tally

TOO_FEW_CODERS = "fewer than two coders"
NO_OVERLAP = "no unit was coded by two coders"
NO_VARIATION = "no variation: all ratings are the same"

# Order of summation (of rows, coders, threads) moves the last digits; reports must not.
DECIMALS = 12
# Distances held in memory at once.
CHUNK_CELLS = 2**20
# The bootstrap: draws, and the seed of Python's own generator.
DRAWS = 1000
SEED = 2020


@dataclass(frozen=True)
class Agreement:
    """How alike coders are by one coefficient.

    Parameters
    ----------
    coefficient : str
        Its name.
    value : float or None
        1 is perfect agreement; for all but percent agreement (a share from 0 to 1), 0 is what
        chance would give and less than 0 is worse than chance. None where it is undefined.
    units : int
        Units that at least two coders coded: those that the value rests on.
    coders : int
        Coders who coded at least one of these.
    reason : str
        Why the value is undefined; empty where it is defined.
    """

    coefficient: str
    value: float | None
    units: int
    coders: int
    reason: str = ""


def percent_agreement(ratings: pd.DataFrame) -> Agreement:
    """Return the share of pairs of coders who chose the same, averaged over units."""
    tally = tally_ratings(ratings)
    return _agreement("percent agreement", tally, lambda: _observed(tally))


def cohen_kappa(ratings: pd.DataFrame) -> Agreement:
    """Return Cohen's kappa of two coders, over the units that both coded.

    Source: Cohen (1960), "A coefficient of agreement for nominal scales", Educational and
    Psychological Measurement 20, 37-46.
    """
    tally = tally_ratings(ratings)
    if tally.coders > 2:
        reason = f"{tally.coders} coders, where exactly two can be compared"
        return Agreement("Cohen's kappa", None, tally.units, tally.coders, reason)

    def kappa() -> float | None:
        both = ratings[tally.pairable].dropna(axis="columns", how="all")
        ids, categories = category_ids(both)
        one, other = (np.bincount(coder, minlength=len(categories)) for coder in ids.T)
        expected = float((one * other).sum()) / tally.units**2
        return _beyond_chance(_observed(tally), expected)

    return _agreement("Cohen's kappa", tally, kappa)


def fleiss_kappa(ratings: pd.DataFrame) -> Agreement:
    """Return Fleiss' kappa of any number of coders.

    Source: Fleiss (1971), "Measuring nominal scale agreement among many raters", Psychological
    Bulletin 76, 378-382. Missing ratings as in Gwet (2014), Handbook of Inter-Rater Reliability:
    a unit that one coder coded counts in the shares of the categories, not in the agreement.
    """
    tally = tally_ratings(ratings)

    def kappa() -> float | None:
        return _beyond_chance(_observed(tally), float(np.square(tally.shares).sum()))

    return _agreement("Fleiss' kappa", tally, kappa)


def gwet_ac1(ratings: pd.DataFrame, *, categories: Collection[object] | None = None) -> Agreement:
    """Return Gwet's AC1, which stays near the observed agreement where one category prevails.

    Source: Gwet (2008), "Computing inter-rater reliability and its variance in the presence of
    high agreement", British Journal of Mathematical and Statistical Psychology 61, 29-48. Missing
    ratings as in Gwet (2014), Handbook of Inter-Rater Reliability, and the package irrCAC.

    Parameters
    ----------
    ratings : DataFrame
        Units x coders, a missing rating being NaN.
    categories : collection, optional
        What the coders could choose from, used or not: chance depends on how many there are.
        Default: the categories that occur.

    Returns
    -------
    Agreement
        Undefined where there is but one category.

    Raises
    ------
    ParameterError
        When a rating is none of ``categories``.
    """
    tally = tally_ratings(ratings, categories)

    def ac1() -> float | None:
        if tally.options < 2:
            return None
        shares = tally.shares
        expected = float((shares * (1 - shares)).sum()) / (tally.options - 1)
        return _beyond_chance(_observed(tally), expected)

    return _agreement("Gwet's AC1", tally, ac1)


def krippendorff_alpha(ratings: pd.DataFrame, *, level: Level = "nominal") -> Agreement:
    """Return Krippendorff's alpha of any number of coders, with missing ratings.

    Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", University of
    Pennsylvania. Units that fewer than two coders coded play no part.

    Parameters
    ----------
    ratings : DataFrame
        Units x coders, a missing rating being NaN.
    level : {"nominal", "ordinal", "interval", "ratio", "set"}
        What the ratings are: any values; numbers of which only the order, the difference or the
        ratio counts; or sets, compared by MASI distance (Passonneau 2006).

    Returns
    -------
    Agreement
        Undefined where every rating of the units that count is the same.

    Raises
    ------
    ParameterError
        When the level is unknown.
    TableError
        When ratings are not of the kind that the level needs.
    """
    refuse_incomparable(ratings, level)
    tally = tally_ratings(ratings)

    def alpha() -> float | None:
        if np.count_nonzero(tally.totals) < 2:
            return None
        if level == "nominal":
            return _nominal_alpha(tally)
        return _metric_alpha(ratings, tally, level)

    return _agreement(f"Krippendorff's alpha ({level})", tally, alpha)


def _metric_alpha(ratings: pd.DataFrame, tally: Tally, level: Level) -> float:
    """Return alpha of ratings that are more or less far apart."""
    if level in ("ordinal", "interval"):
        numbers = _numbers(ratings[tally.pairable])
        return _ordinal_alpha(numbers) if level == "ordinal" else _interval_alpha(numbers)
    _, values = category_ids(ratings)
    if level == "ratio":
        return _distance_alpha(tally, ratio_distances(np.array(values, dtype=float)))
    sets = as_bits(cast("list[frozenset[object]]", values))
    return _distance_alpha(tally, masi_distances(sets))


def _agreement(coefficient: str, tally: Tally, value: Callable[[], float | None]) -> Agreement:
    """Return the value where coders overlap, or why there is none."""
    if tally.units == 0:
        reason = TOO_FEW_CODERS if tally.present < 2 else NO_OVERLAP
        return Agreement(coefficient, None, 0, 0, reason)
    number = value()
    if number is None:
        return Agreement(coefficient, None, tally.units, tally.coders, NO_VARIATION)
    return Agreement(coefficient, round(number, DECIMALS), tally.units, tally.coders)


def _observed(tally: Tally) -> float:
    """Return the share of agreeing pairs of coders, averaged over units."""
    kept = tally.pairable
    sizes = tally.sizes[kept]
    shares = tally.alike[kept] / (sizes * (sizes - 1))
    return float(shares.sum() / tally.units)


def _beyond_chance(observed: float, expected: float) -> float | None:
    """Return the agreement beyond chance, of what chance leaves; none where it leaves nothing."""
    # Chance leaves exactly nothing only when all ratings are the same; sums may miss that by a bit.
    return None if expected > 1 - 10**-DECIMALS else (observed - expected) / (1 - expected)


def _numbers(ratings: pd.DataFrame) -> FloatArray:
    """Return ratings as numbers, a missing one as NaN."""
    return ratings.to_numpy(dtype=float, na_value=np.nan)


def _nominal_alpha(tally: Tally) -> float:
    """Return alpha where ratings are the same or not."""
    kept = tally.pairable
    sizes = tally.sizes[kept]
    differing = (sizes * (sizes - 1) - tally.alike[kept]) / (sizes - 1)
    ratings = tally.totals.sum()
    expected = ratings**2 - np.square(tally.totals).sum()
    return float(1 - differing.sum() * (ratings - 1) / expected)


def _interval_alpha(numbers: FloatArray) -> float:
    """Return alpha where the disagreement of two ratings is their squared difference.

    Summed over all pairs, squared differences are a sum of squares around the mean (times the
    number of ratings), so no pair need be formed.
    """
    sizes = np.count_nonzero(~np.isnan(numbers), axis=1)
    means = np.nansum(numbers, axis=1) / sizes
    within = np.nansum(np.square(numbers - means[:, np.newaxis]), axis=1)
    observed = (sizes * within / (sizes - 1)).sum() / sizes.sum()
    expected = np.nansum(np.square(numbers - np.nanmean(numbers))) / (sizes.sum() - 1)
    return float(1 - observed / expected)


def _ordinal_alpha(numbers: FloatArray) -> float:
    """Return alpha where the disagreement of two ratings is how many ratings lie between them.

    The ordinal metric (Krippendorff 2011, section C) counts the ratings from one value to the
    other, each end by half. That is the difference of the values' mean ranks.
    """
    given = ~np.isnan(numbers)
    _, position, counts = np.unique(numbers[given], return_inverse=True, return_counts=True)
    ranks = np.full(numbers.shape, np.nan)
    ranks[given] = (np.cumsum(counts) - counts / 2)[position]
    return _interval_alpha(ranks)


def _distance_alpha(tally: Tally, distances: Distances) -> float:
    """Return alpha where the disagreement of two ratings is the distance of their categories.

    Each pair of the categories that occur is looked at once, so many at a time that no more than
    ``CHUNK_CELLS`` distances are held: time grows with the ratings and with the square of the
    categories, memory with the ratings alone. Of sets of codes on a million segments a few
    thousand differ.
    """
    totals = tally.totals
    one, other, weights = _coincidences(tally)
    observed = expected = 0.0
    step = max(CHUNK_CELLS // len(totals), 1)
    for start in range(0, len(totals), step):
        rows = np.arange(start, min(start + step, len(totals)), dtype=np.int64)
        apart = distances(rows)
        expected += float((totals[rows, np.newaxis] * totals * apart).sum())
        here = slice(*np.searchsorted(one, [start, start + step]))
        observed += float((weights[here] * apart[one[here] - start, other[here]]).sum())
    return 1 - 2 * observed * float(totals.sum() - 1) / expected


def _coincidences(tally: Tally) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the pairs of categories that coders chose for one unit, sorted, with their weights."""
    order = np.lexsort((tally.category, tally.unit))
    order = order[tally.pairable[tally.unit[order]]]
    unit, category, count = (each[order] for each in (tally.unit, tally.category, tally.count))
    weight = 1 / np.maximum(tally.sizes - 1, 1)
    width = len(tally.totals)
    keys, weights = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for apart in range(1, np.bincount(unit).max()):
        one = np.flatnonzero(unit[apart:] == unit[:-apart])
        other = one + apart
        keys.append(category[one] * width + category[other])
        weights.append(count[one] * count[other] * weight[unit[one]])
    pairs, position = np.unique(np.concatenate(keys), return_inverse=True)
    return pairs // width, pairs % width, sum_by(position, np.concatenate(weights))


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
        number: dict[frozenset[str], int] = {}
        at = [
            np.array([number.setdefault(held, len(number)) for held in sets], dtype=np.int64)
            for sets in (one, other)
        ]
        groups = int(group.max(initial=-1)) + 1
        distances = masi_distances(as_bits(list(number)))
        held = np.zeros((groups, len(number)))
        for sets in at:
            np.add.at(held, (group, sets), 1)
        crossed, apart = np.zeros((groups, groups)), np.zeros(len(group))
        step = max(CHUNK_CELLS // max(len(number), 1), 1)
        for start in range(0, len(number), step):
            rows = np.arange(start, min(start + step, len(number)), dtype=np.int64)
            found = distances(rows)
            crossed += held[:, rows] @ (found @ held.T)
            here = (at[0] >= start) & (at[0] < start + step)
            apart[here] = found[at[0][here] - start, at[1][here]]
        return cls(
            sum_by(group, np.ones(len(group)), length=groups).astype(np.int64),
            sum_by(group, apart, length=groups),
            crossed,
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

    Parameters
    ----------
    groups : int
        How many focus groups there are.
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
