from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import krippendorff
import numpy as np
import pandas as pd
import pytest
from statsmodels.stats import inter_rater

from analysis.synthesis import coefficients
from analysis.synthesis.coefficients import (
    SetDistances,
    count_measures,
    masi_distances,
    members_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    Sets = Sequence[frozenset[str]]


def measures(one: Sequence[int], other: Sequence[int]) -> dict[str, float]:
    """Give the measures of two coders who put a code (1) on units or not (0)."""
    first, second = np.array(one, dtype=bool), np.array(other, dtype=bool)
    found = count_measures(
        np.array([len(first)]),
        both=np.array([(first & second).sum()]),
        only_one=np.array([(first & ~second).sum()]),
        only_other=np.array([(second & ~first).sum()]),
    )
    return {name: float(value[0]) for name, value in found.items()}


def set_alpha(one: Sets, other: Sets) -> float:
    """Give the alpha of two coders' sets on units of one focus group."""
    distances = SetDistances.of(one, other, np.zeros(len(one), dtype=np.int64))
    return float(distances.alpha(np.ones((1, 1), dtype=np.int64))[0])


def singles(values: Sequence[str]) -> Sets:
    """Give sets of one value each: their distance is 0 or 1, as that of nominal values."""
    return [frozenset([value]) for value in values]


def random_sets(seed: int) -> tuple[Sets, Sets]:
    random = np.random.default_rng(seed)
    drawn = [frozenset(random.choice(list("abcd"), random.integers(0, 4))) for _ in range(60)]
    return drawn[:30], drawn[30:]


def test_alpha_of_table_a_of_krippendorff_2011() -> None:
    """Two coders who put one code on ten units have the alpha that the paper prints."""
    found = measures([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0])

    assert round(found["alpha"], 3) == 0.095


def test_alpha_of_table_b_of_krippendorff_2011() -> None:
    """Two coders who chose among five values have the alpha that the paper prints."""
    assert round(set_alpha(singles("aabbdcccedda"), singles("babbbccceddd")), 3) == 0.692


def test_alpha_of_a_published_table_of_two_coders(shared: Path) -> None:
    """100 units in three categories have the alpha that the package irrCAC prints (0.7972585)."""
    path = shared / "data" / "agreement" / "kgwet_cont3x3abstractors.csv"
    counts = pd.read_csv(path).rename(columns=str.strip)
    pairs = counts.melt(id_vars="Type")
    rows = pairs.loc[pairs.index.repeat(pairs["value"]), ["Type", "variable"]]
    one, other = (singles(rows[name].str.strip()) for name in rows)

    assert set_alpha(one, other) == pytest.approx(0.7972585)


def test_paradox_of_kappa() -> None:
    """118 of 125 units alike are a kappa below 0, and an AC1 of 0.941 (Gwet 2002)."""
    found = measures([1] * 123 + [0] * 2, [1] * 118 + [0] * 5 + [1] * 2)

    assert (round(found["kappa"], 3), round(found["ac1"], 3)) == (-0.023, 0.941)


def test_measures_counted_by_hand() -> None:
    """Four of six alike, where chance makes three of six alike: kappa is a third."""
    found = measures([1, 1, 1, 0, 0, 0], [1, 1, 0, 0, 0, 1])

    assert found == {
        "positive_agreement": pytest.approx(4 / 6),
        "alpha": pytest.approx(1 - (4 / 12) / (72 / 132)),
        "percent_agreement": pytest.approx(4 / 6),
        "kappa": pytest.approx(1 / 3),
        "ac1": pytest.approx((4 / 6 - 1 / 2) / (1 / 2)),
    }


@pytest.mark.parametrize("seed", range(5))
def test_measures_equal_those_of_other_packages(seed: int) -> None:
    """On random units, alpha is that of krippendorff, and kappa that of statsmodels."""
    random = np.random.default_rng(seed)
    one = random.integers(0, 2, 40)
    other = np.where(random.random(40) < 0.7, one, 1 - one)

    found = measures(one.tolist(), other.tolist())
    table = pd.crosstab(one, other).to_numpy()
    expected = krippendorff.alpha(np.array([one, other]), level_of_measurement="nominal")
    assert found["alpha"] == pytest.approx(expected)
    assert found["kappa"] == pytest.approx(inter_rater.cohens_kappa(table, return_results=False))


@pytest.mark.parametrize("value", [0, 1])
def test_no_variation_has_no_value_but_percent_agreement(value: int) -> None:
    """Where both put a code on every unit, or on none, agreement beyond chance is undefined."""
    found = measures([value] * 3, [value] * 3)

    undefined = {name for name, number in found.items() if np.isnan(number)}
    assert undefined == {"alpha", "kappa"} | ({"positive_agreement"} if not value else set())
    assert found["percent_agreement"] == found["ac1"] == 1


def test_no_unit_has_no_value() -> None:
    """Where no unit was compared, nothing is defined."""
    assert all(np.isnan(value) for value in measures([], []).values())
    assert np.isnan(SetDistances.of([], [], np.array([], dtype=np.int64)).alpha(np.ones((1, 0))))


def test_alpha_of_sets_counted_by_hand() -> None:
    """Distances 2/3 and 0 within two units, over the mean distance of all pairs of ratings."""
    a, ab, c = frozenset("a"), frozenset("ab"), frozenset("c")
    observed = (2 / 3 + 0) / 2
    expected = (2 / 3 + 1 + 1 + 1 + 1 + 0) / 6

    assert set_alpha([a, c], [ab, c]) == pytest.approx(1 - observed / expected)


def masi(one: frozenset[str], other: frozenset[str]) -> float:
    if one == other:
        return 0.0
    factor = 2 / 3 if one < other or other < one else 1 / 3
    return 1 - factor * len(one & other) / len(one | other)


def alpha_by_pairs(one: Sets, other: Sets) -> float:
    """Give alpha from its definition, by plain sums over pairs."""
    ratings = [*one, *other]
    observed = sum(2 * masi(*unit) for unit in zip(one, other, strict=True))
    expected = sum(2 * masi(*pair) for pair in combinations(ratings, 2))
    return 1 - observed * (len(ratings) - 1) / expected


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("cells", [1, 20, coefficients.CHUNK_CELLS])
def test_alpha_of_sets_equals_plain_sums_over_pairs(
    monkeypatch: pytest.MonkeyPatch, seed: int, cells: int
) -> None:
    """On random sets alpha is a plain sum, however many distances are held at once."""
    one, other = random_sets(seed)
    monkeypatch.setattr(coefficients, "CHUNK_CELLS", cells)

    assert set_alpha(one, other) == pytest.approx(alpha_by_pairs(one, other))


def test_focus_groups_drawn_again_count_again() -> None:
    """A focus group that is drawn twice counts as one of twice its units."""
    one, other = random_sets(0)
    group = np.repeat([0, 1, 2], 10)

    drawn = SetDistances.of(one, other, group).alpha(np.array([[2, 0, 1]]))
    again = [*range(10), *range(10), *range(20, 30)]
    expected = alpha_by_pairs([one[at] for at in again], [other[at] for at in again])
    assert drawn.tolist() == [pytest.approx(expected)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ab", "ab", 0),
        ("a", "ab", 1 - 1 / 2 * 2 / 3),
        ("abc", "a", 1 - 1 / 3 * 2 / 3),
        ("ab", "bc", 1 - 1 / 3 * 1 / 3),
        ("a", "b", 1),
        ("", "a", 1),
        ("", "", 0),
    ],
)
def test_masi_distance_counted_by_hand(one: str, other: str, expected: float) -> None:
    """Jaccard times 1, 2/3, 1/3 or 0, as sets are equal, nested, overlapping or apart."""
    members = members_of([frozenset(one), frozenset(other)])

    assert masi_distances(members, slice(1))[0, 1] == pytest.approx(expected)
