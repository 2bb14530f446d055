"""Krippendorff's alpha from how much ratings disagree and how much chance would make them.

Alpha is 1 - observed / expected disagreement (Krippendorff 2011, "Computing Krippendorff's
Alpha-Reliability"). The functions here take only units that at least two coders coded, and at
least two different ratings. None builds a square table of units or of values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.synthesis.tallies import sum_by

if TYPE_CHECKING:
    from analysis.synthesis.distances import Distances
    from analysis.synthesis.tallies import FloatArray, IntArray, Tally

CHUNK_CELLS = 2**20


def nominal_alpha(tally: Tally) -> float:
    """Return alpha where ratings are the same or not.

    Parameters
    ----------
    tally : Tally
        Its units that one coder coded are left out.

    Returns
    -------
    float
        1 where coders always chose the same.
    """
    kept = tally.pairable
    sizes = tally.sizes[kept]
    differing = (sizes * (sizes - 1) - tally.alike[kept]) / (sizes - 1)
    ratings = tally.totals.sum()
    expected = ratings**2 - np.square(tally.totals).sum()
    return float(1 - (differing * tally.repeats[kept]).sum() * (ratings - 1) / expected)


def interval_alpha(numbers: FloatArray) -> float:
    """Return alpha where the disagreement of two ratings is their squared difference.

    Summed over all pairs, squared differences are a sum of squares around the mean (times the
    number of ratings), so no pair need be formed.

    Parameters
    ----------
    numbers : array of float
        Units x coders, a missing rating being NaN.

    Returns
    -------
    float
        1 where coders always chose the same.
    """
    sizes = np.count_nonzero(~np.isnan(numbers), axis=1)
    means = np.nansum(numbers, axis=1) / sizes
    within = np.nansum(np.square(numbers - means[:, np.newaxis]), axis=1)
    observed = (sizes * within / (sizes - 1)).sum() / sizes.sum()
    expected = np.nansum(np.square(numbers - np.nanmean(numbers))) / (sizes.sum() - 1)
    return float(1 - observed / expected)


def ordinal_alpha(numbers: FloatArray) -> float:
    """Return alpha where the disagreement of two ratings is how many ratings lie between them.

    The ordinal metric (Krippendorff 2011, section C) counts the ratings from one value to the
    other, each end by half. That is the difference of the values' mean ranks.

    Parameters
    ----------
    numbers : array of float
        Units x coders, a missing rating being NaN.

    Returns
    -------
    float
        1 where coders always chose the same.
    """
    given = ~np.isnan(numbers)
    _, position, counts = np.unique(numbers[given], return_inverse=True, return_counts=True)
    ranks = np.full(numbers.shape, np.nan)
    ranks[given] = (np.cumsum(counts) - counts / 2)[position]
    return interval_alpha(ranks)


def distance_alpha(tally: Tally, distances: Distances) -> float:
    """Return alpha where the disagreement of two ratings is the distance of their categories.

    Each pair of the categories that occur is looked at once, so many at a time that no more than
    ``CHUNK_CELLS`` distances are held: time grows with the ratings and with the square of the
    categories, memory with the ratings alone. Of sets of codes on a million segments a few
    thousand differ.

    Parameters
    ----------
    tally : Tally
        Its units that one coder coded are left out.
    distances : callable
        From some categories to their distances from every category.

    Returns
    -------
    float
        1 where coders always chose the same.
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
    weight = tally.repeats / np.maximum(tally.sizes - 1, 1)
    width = len(tally.totals)
    keys, weights = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for apart in range(1, np.bincount(unit).max()):
        one = np.flatnonzero(unit[apart:] == unit[:-apart])
        other = one + apart
        keys.append(category[one] * width + category[other])
        weights.append(count[one] * count[other] * weight[unit[one]])
    pairs, position = np.unique(np.concatenate(keys), return_inverse=True)
    return pairs // width, pairs % width, sum_by(position, np.concatenate(weights))
