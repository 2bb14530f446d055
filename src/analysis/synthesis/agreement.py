"""Agreement coefficients: how alike coders are on the units that they both coded.

None of them says how good the coding is, and none is labelled good or poor: what is enough
depends on the study.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from analysis.errors import ParameterError
from analysis.synthesis.disagreement import (
    distance_alpha,
    interval_alpha,
    nominal_alpha,
    ordinal_alpha,
)
from analysis.synthesis.distances import as_bits, masi_distances, ratio_distances
from analysis.synthesis.levels import Level, refuse_incomparable
from analysis.synthesis.tallies import Tally, category_ids, tally_ratings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pandas as pd

    from analysis.synthesis.distances import Bits
    from analysis.synthesis.tallies import FloatArray

TOO_FEW_CODERS = "fewer than two coders"
NO_OVERLAP = "no unit was coded by two coders"
NO_VARIATION = "no variation: all ratings are the same"

# Order of summation (of rows, coders, threads) moves the last digits; reports must not.
DECIMALS = 12


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


def percent_agreement(ratings: pd.DataFrame | Tally) -> Agreement:
    """Return the share of pairs of coders who chose the same, averaged over units.

    Parameters
    ----------
    ratings : DataFrame or Tally
        Units x coders, a missing rating being NaN; or their tally.

    Returns
    -------
    Agreement
        A share from 0 to 1, over units that at least two coders coded.
    """
    tally = _tally(ratings)
    return _agreement("percent agreement", tally, lambda: _observed(tally))


def cohen_kappa(ratings: pd.DataFrame) -> Agreement:
    """Return Cohen's kappa of two coders, over the units that both coded.

    Source: Cohen (1960), "A coefficient of agreement for nominal scales", Educational and
    Psychological Measurement 20, 37-46.

    Parameters
    ----------
    ratings : DataFrame
        Units x coders, a missing rating being NaN.

    Returns
    -------
    Agreement
        Undefined for more than two coders, or where both put every unit into one category.
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


def fleiss_kappa(ratings: pd.DataFrame | Tally) -> Agreement:
    """Return Fleiss' kappa of any number of coders.

    Source: Fleiss (1971), "Measuring nominal scale agreement among many raters", Psychological
    Bulletin 76, 378-382. Missing ratings as in Gwet (2014), Handbook of Inter-Rater Reliability:
    a unit that one coder coded counts in the shares of the categories, not in the agreement.

    Parameters
    ----------
    ratings : DataFrame or Tally
        Units x coders, a missing rating being NaN; or their tally.

    Returns
    -------
    Agreement
        Undefined where every rating is the same.
    """
    tally = _tally(ratings)

    def kappa() -> float | None:
        return _beyond_chance(_observed(tally), float(np.square(tally.shares).sum()))

    return _agreement("Fleiss' kappa", tally, kappa)


def gwet_ac1(
    ratings: pd.DataFrame | Tally, *, categories: Collection[object] | None = None
) -> Agreement:
    """Return Gwet's AC1, which stays near the observed agreement where one category prevails.

    Source: Gwet (2008), "Computing inter-rater reliability and its variance in the presence of
    high agreement", British Journal of Mathematical and Statistical Psychology 61, 29-48. Missing
    ratings as in Gwet (2014), Handbook of Inter-Rater Reliability, and the package irrCAC.

    Parameters
    ----------
    ratings : DataFrame or Tally
        Units x coders, a missing rating being NaN; or their tally.
    categories : collection, optional
        What the coders could choose from, used or not: chance depends on how many there are.
        Default: the categories that occur (in a tally, its options).

    Returns
    -------
    Agreement
        Undefined where there is but one category.

    Raises
    ------
    ParameterError
        When a rating is none of ``categories``.
    """
    tally = _tally(ratings, categories)

    def ac1() -> float | None:
        if tally.options < 2:
            return None
        shares = tally.shares
        expected = float((shares * (1 - shares)).sum()) / (tally.options - 1)
        return _beyond_chance(_observed(tally), expected)

    return _agreement("Gwet's AC1", tally, ac1)


def krippendorff_alpha(ratings: pd.DataFrame | Tally, *, level: Level = "nominal") -> Agreement:
    """Return Krippendorff's alpha of any number of coders, with missing ratings.

    Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", University of
    Pennsylvania. Units that fewer than two coders coded play no part.

    Parameters
    ----------
    ratings : DataFrame or Tally
        Units x coders, a missing rating being NaN; or, for ``nominal``, their tally.
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
        When the level is unknown, or a tally comes with a level other than ``nominal``.
    TableError
        When ratings are not of the kind that the level needs.
    """
    if isinstance(ratings, Tally):
        if level != "nominal":
            raise ParameterError(f"A tally has alpha of level nominal only, not {level}.")
    else:
        refuse_incomparable(ratings, level)
    tally = _tally(ratings)

    def alpha() -> float | None:
        if np.count_nonzero(tally.totals) < 2:
            return None
        if isinstance(ratings, Tally) or level == "nominal":
            return nominal_alpha(tally)
        return _metric_alpha(ratings, tally, level)

    return _agreement(f"Krippendorff's alpha ({level})", tally, alpha)


def _metric_alpha(ratings: pd.DataFrame, tally: Tally, level: Level) -> float:
    """Return alpha of ratings that are more or less far apart."""
    if level in ("ordinal", "interval"):
        numbers = _numbers(ratings[tally.pairable])
        return ordinal_alpha(numbers) if level == "ordinal" else interval_alpha(numbers)
    _, values = category_ids(ratings)
    if level == "ratio":
        return distance_alpha(tally, ratio_distances(np.array(values, dtype=float)))
    sets = as_bits(cast("list[frozenset[object]]", values))
    return distance_alpha(tally, masi_distances(sets))


def alpha_of_sets(tally: Tally, sets: Bits) -> Agreement:
    """Return Krippendorff's alpha of sets by MASI distance, as `krippendorff_alpha` does.

    Parameters
    ----------
    tally : Tally
        How many coders chose which set for each unit.
    sets : array of unsigned int
        The sets that its categories stand for, as bits: sets x words.
    """

    def alpha() -> float | None:
        if np.count_nonzero(tally.totals) < 2:
            return None
        return distance_alpha(tally, masi_distances(sets))

    return _agreement("Krippendorff's alpha (set)", tally, alpha)


def _tally(ratings: pd.DataFrame | Tally, categories: Collection[object] | None = None) -> Tally:
    """Return the tally of ratings that may be one already."""
    return ratings if isinstance(ratings, Tally) else tally_ratings(ratings, categories)


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
    return float((shares * tally.repeats[kept]).sum() / tally.units)


def _beyond_chance(observed: float, expected: float) -> float | None:
    """Return the agreement beyond chance, of what chance leaves; none where it leaves nothing."""
    # Chance leaves exactly nothing only when all ratings are the same; sums may miss that by a bit.
    return None if expected > 1 - 10**-DECIMALS else (observed - expected) / (1 - expected)


def _numbers(ratings: pd.DataFrame) -> FloatArray:
    """Return ratings as numbers, a missing one as NaN."""
    return ratings.to_numpy(dtype=float, na_value=np.nan)
