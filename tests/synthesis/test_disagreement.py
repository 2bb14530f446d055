from __future__ import annotations

from itertools import combinations

import krippendorff
import numpy as np
import pandas as pd
import pytest

from analysis.synthesis import disagreement
from analysis.synthesis.agreement import krippendorff_alpha

LEVELS = ("nominal", "ordinal", "interval", "ratio")


def random_ratings(seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    truth = random.integers(0, 6, size=(30, 1))
    ratings = truth + random.integers(0, 3, size=(30, 5))
    return pd.DataFrame(np.where(random.random(ratings.shape) < 0.3, np.nan, ratings))


def masi(one: frozenset[str], other: frozenset[str]) -> float:
    if one == other:
        return 0.0
    factor = 2 / 3 if one < other or other < one else 1 / 3
    return 1 - factor * len(one & other) / len(one | other)


def alpha_by_pairs(rows: list[list[frozenset[str]]]) -> float:
    ratings = [value for row in rows for value in row]
    observed = sum(
        2 * masi(one, other) / (len(row) - 1) for row in rows for one, other in combinations(row, 2)
    )
    expected = sum(2 * masi(one, other) for one, other in combinations(ratings, 2))
    return 1 - observed * (len(ratings) - 1) / expected


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(4))
def test_alpha_equals_the_package_krippendorff(level: str, seed: int):
    """On a random table of five coders with missing ratings, alpha is that of the package."""
    ratings = random_ratings(seed)

    expected = krippendorff.alpha(ratings.T.to_numpy(), level_of_measurement=level)
    assert krippendorff_alpha(ratings, level=level).value == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(4))
def test_alpha_of_sets_equals_plain_sums_over_pairs(seed: int):
    """On random sets, some missing, alpha is what a plain sum over all pairs gives."""
    random = np.random.default_rng(seed)
    rows = [
        [frozenset(random.choice(list("abcd"), size=random.integers(0, 4))) for _ in range(size)]
        for size in random.integers(2, 4, size=20)
    ]
    ratings = pd.DataFrame([row + [np.nan] * (3 - len(row)) for row in rows])

    expected = pytest.approx(alpha_by_pairs(rows))
    assert krippendorff_alpha(ratings, level="set").value == expected


@pytest.mark.parametrize("cells", [1, 20])
def test_alpha_does_not_depend_on_how_many_rows_are_made_at_once(
    monkeypatch: pytest.MonkeyPatch, cells: int
):
    """Distances made row by row, or a few rows at a time, give the same alpha."""
    ratings = random_ratings(0)
    expected = krippendorff_alpha(ratings, level="ratio")
    monkeypatch.setattr(disagreement, "CHUNK_CELLS", cells)

    assert krippendorff_alpha(ratings, level="ratio") == expected
