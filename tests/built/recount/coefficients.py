"""Agreement coefficients in plain Python, each from its published formula."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    Unit = Sequence[Hashable]


def different(one: Hashable, other: Hashable) -> float:
    """Return the nominal distance (Krippendorff 2011, section C)."""
    return float(one != other)


def masi(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the MASI distance (Passonneau 2006, section 3): 1 - Jaccard x monotonicity."""
    if one == other:
        return 0.0
    shared = len(one & other)
    monotonicity = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - shared / len(one | other) * (monotonicity if shared else 0)


def alpha(units: Iterable[Unit], distance: Callable[[Hashable, Hashable], float]) -> float | None:
    """Return Krippendorff's alpha (Krippendorff 2011): 1 - observed / expected disagreement.

    Both are means over ordered pairs of ratings: within units, each unit's pairs weighted by
    1 / (its ratings - 1); and of any two ratings of all units.
    """
    paired = [unit for unit in units if len(unit) > 1]
    ratings = Counter(value for unit in paired for value in unit)
    total = ratings.total()
    if len(ratings) < 2:
        return None
    observed = sum(
        distance(one, other) / (len(unit) - 1)
        for unit in paired
        for one, other in permutations(unit, 2)
    )
    expected = sum(
        times * ratings[other] * distance(one, other)
        for one, times in ratings.items()
        for other in ratings
    )
    return 1 - (observed / total) / (expected / (total * (total - 1)))
