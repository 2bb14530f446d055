from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats import inter_rater

from analysis.errors import ParameterError, TableError
from analysis.synthesis import coefficients
from analysis.synthesis.coefficients import (
    NO_OVERLAP,
    NO_VARIATION,
    TOO_FEW_CODERS,
    Agreement,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from analysis.synthesis.ratings import (
    as_bits,
    masi_distances,
    ratio_distances,
    refuse_incomparable,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Coefficient = Callable[[pd.DataFrame], Agreement]

MANY_CODERS: list[Coefficient] = [percent_agreement, fleiss_kappa, gwet_ac1, krippendorff_alpha]
LEVELS = ("nominal", "ordinal", "interval", "ratio")

tables = st.lists(
    st.lists(st.sampled_from([1.0, 2.0, 4.0, math.nan]), min_size=3, max_size=3),
    min_size=2,
    max_size=6,
).map(pd.DataFrame)


def two_coders(one: str, other: str) -> pd.DataFrame:
    return pd.DataFrame({"one": list(one), "other": list(other)})


def read_ratings(shared: Path, name: str) -> pd.DataFrame:
    table = pd.read_csv(shared / "data" / "agreement" / f"kgwet_{name}.csv", dtype=str)
    ratings = table.drop(columns=["Group", "Units"], errors="ignore")
    return ratings.apply(lambda coder: coder.str.strip()).replace(["", "."], np.nan)


def read_contingency(shared: Path, name: str) -> pd.DataFrame:
    path = shared / "data" / "agreement" / f"kgwet_{name}.csv"
    counts = pd.read_csv(path).rename(columns=lambda name: name.strip())
    pairs = counts.melt(id_vars=counts.columns[0], var_name="other")
    return pairs.loc[pairs.index.repeat(pairs["value"])].drop(columns="value")


def rounded(agreement: Agreement) -> float:
    assert agreement.value is not None
    return round(agreement.value, 3)


def random_ratings(seed: int, *, coders: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    truth = random.integers(0, 4, size=(40, 1))
    noise = random.integers(0, 4, size=(40, coders))
    return pd.DataFrame(np.where(random.random((40, coders)) < 0.6, truth, noise))


@pytest.mark.parametrize(
    ("level", "expected"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_alpha_of_table_c_of_krippendorff_2011(shared: Path, level: str, expected: float):
    """Four coders with missing ratings have the alpha that the paper prints for each level."""
    ratings = read_ratings(shared, "cac.raw4raters").astype(float)

    assert rounded(krippendorff_alpha(ratings, level=level)) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("0100000010", "1110010000", 0.095), ("aabbdcccedda", "babbbccceddd", 0.692)],
)
def test_alpha_of_tables_a_and_b_of_krippendorff_2011(one: str, other: str, expected: float):
    """Two coders without missing ratings have the alpha that the paper prints."""
    assert rounded(krippendorff_alpha(two_coders(one, other))) == expected


@pytest.mark.parametrize(
    ("name", "coefficient", "expected"),
    [
        ("cac.raw4raters", gwet_ac1, 0.775),
        ("cac.raw4raters", fleiss_kappa, 0.761),
        ("cac.raw.g1g2", krippendorff_alpha, 0.632),
        ("cac.raw.g1g2", gwet_ac1, 0.685),
        ("cac.raw.gender", krippendorff_alpha, 0.143),
        ("cac.raw.gender", gwet_ac1, 0.208),
    ],
)
def test_published_tables_of_four_coders(
    shared: Path, name: str, coefficient: Coefficient, expected: float
):
    """Published tables of four coders, most with missing ratings, have their published values."""
    ratings = read_ratings(shared, name)

    assert rounded(coefficient(ratings)) == expected


@pytest.mark.parametrize(
    ("name", "kappa", "ac1"),
    [("cont3x3abstractors", 0.796, 0.849), ("cont4x4diagnosis", 0.432, 0.456)],
)
def test_published_tables_of_two_coders(shared: Path, name: str, kappa: float, ac1: float):
    """Published tables of two coders have their published kappa and AC1."""
    ratings = read_contingency(shared, name)

    assert (rounded(cohen_kappa(ratings)), rounded(gwet_ac1(ratings))) == (kappa, ac1)


def test_percent_agreement_averages_over_units_that_two_coders_coded():
    """Three of three pairs, one of three pairs, and a unit of one coder make two thirds."""
    ratings = pd.DataFrame([["a", "a", "a"], ["a", "a", "b"], [np.nan, "b", np.nan]])

    expected = Agreement("percent agreement", round(2 / 3, 12), units=2, coders=3)
    assert percent_agreement(ratings) == expected


def test_cohen_kappa_counted_by_hand():
    """Four of six alike, where chance makes three of six alike, is a third of what is left."""
    ratings = two_coders("yyynnn", "yynnny")

    assert cohen_kappa(ratings) == Agreement("Cohen's kappa", round(1 / 3, 12), units=6, coders=2)


def test_cohen_kappa_leaves_out_units_of_one_coder():
    """A unit that only one of two coders coded changes neither kappa nor the units."""
    ratings = two_coders("yyynnn", "yynnny")
    longer = pd.concat([ratings, pd.DataFrame({"one": ["y"]})], ignore_index=True)

    assert cohen_kappa(longer) == cohen_kappa(ratings)


def test_cohen_kappa_compares_exactly_two_coders():
    """Of three coders, Cohen's kappa is undefined and says why."""
    agreement = cohen_kappa(pd.DataFrame([["a", "a", "b"], ["b", "b", "b"]]))

    assert (agreement.value, agreement.reason) == (
        None,
        "3 coders, where exactly two can be compared",
    )


def test_gwet_ac1_counted_by_hand():
    """Four of five alike, with a share of 9 to 1: chance 0.18 leaves 0.62 of 0.82."""
    ratings = two_coders("yyyyy", "yyyyn")

    assert rounded(gwet_ac1(ratings)) == round((0.8 - 0.18) / (1 - 0.18), 3)


def test_gwet_ac1_counts_categories_that_nobody_chose():
    """A third category that nobody chose halves the agreement by chance."""
    ratings = two_coders("yyyyy", "yyyyn")

    assert rounded(gwet_ac1(ratings, categories=["y", "n", "perhaps"])) == round(
        (0.8 - 0.09) / (1 - 0.09), 3
    )


def test_gwet_ac1_refuses_a_rating_outside_the_categories():
    """A rating that could not be chosen is refused with the closest category."""
    ratings = pd.DataFrame({"one": ["yes", "yes"], "other": ["yes", "yess"]})

    with pytest.raises(ParameterError, match=r"yess \(closest: yes\)"):
        gwet_ac1(ratings, categories=["yes", "no"])


@pytest.mark.parametrize("coefficient", [*MANY_CODERS, cohen_kappa])
@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        (pd.DataFrame({"one": ["a", "b"]}), TOO_FEW_CODERS),
        (pd.DataFrame({"one": ["a", "b"], "other": [np.nan, np.nan]}), TOO_FEW_CODERS),
        (pd.DataFrame({"one": ["a", np.nan], "other": [np.nan, "b"]}), NO_OVERLAP),
        (pd.DataFrame({"one": [], "other": []}), TOO_FEW_CODERS),
        (pd.DataFrame(index=[1, 2]), TOO_FEW_CODERS),
    ],
)
def test_no_overlap_has_a_reason_and_no_value(
    coefficient: Coefficient, ratings: pd.DataFrame, reason: str
):
    """Where no two coders coded the same unit, there is a reason in place of a value."""
    agreement = coefficient(ratings)

    assert (agreement.value, agreement.units, agreement.coders, agreement.reason) == (
        None,
        0,
        0,
        reason,
    )


@pytest.mark.parametrize("coefficient", [cohen_kappa, fleiss_kappa, gwet_ac1, krippendorff_alpha])
def test_no_variation_has_a_reason_and_no_value(coefficient: Coefficient):
    """Where all ratings are the same, agreement beyond chance is undefined."""
    agreement = coefficient(two_coders("aaa", "aaa"))

    assert (agreement.value, agreement.reason) == (None, NO_VARIATION)


def test_percent_agreement_without_variation_is_full():
    """Percent agreement knows no chance, so that all the same is 1."""
    assert percent_agreement(two_coders("aaa", "aaa")).value == 1


def test_alpha_of_sets_counted_by_hand():
    """Distances 0 and 2/3 within two units, over the mean distance of all pairs of ratings."""
    a, ab, c = frozenset("a"), frozenset("ab"), frozenset("c")
    ratings = pd.DataFrame([[a, ab], [c, c]])
    observed = (2 / 3 + 0) / 2
    expected = (2 / 3 + 1 + 1 + 1 + 1 + 0) / 6

    assert rounded(krippendorff_alpha(ratings, level="set")) == round(1 - observed / expected, 3)


@pytest.mark.parametrize("seed", range(5))
def test_cohen_kappa_equals_statsmodels(seed: int):
    """On a random table of two coders, kappa is that of statsmodels."""
    ratings = random_ratings(seed, coders=2)
    table = pd.crosstab(ratings[0], ratings[1])

    expected = inter_rater.cohens_kappa(table.to_numpy(), return_results=False)
    assert cohen_kappa(ratings).value == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(5))
def test_fleiss_kappa_equals_statsmodels(seed: int):
    """On a random table of five coders, kappa is that of statsmodels."""
    ratings = random_ratings(seed, coders=5)
    counts, _ = inter_rater.aggregate_raters(ratings.to_numpy())

    assert fleiss_kappa(ratings).value == pytest.approx(inter_rater.fleiss_kappa(counts))


@pytest.mark.parametrize("coefficient", MANY_CODERS)
@settings(deadline=None)
@given(ratings=tables, data=st.data())
def test_order_of_coders_and_units_is_irrelevant(
    coefficient: Coefficient, ratings: pd.DataFrame, data: st.DataObject
):
    """Any order of rows and columns gives the same agreement."""
    units = data.draw(st.permutations(list(ratings.index)))
    coders = data.draw(st.permutations(list(ratings.columns)))

    assert coefficient(ratings.loc[units, coders]) == coefficient(ratings)


@pytest.mark.parametrize("level", LEVELS)
@settings(deadline=None)
@given(ratings=tables, data=st.data())
def test_order_is_irrelevant_to_alpha_of_each_level(
    level: str, ratings: pd.DataFrame, data: st.DataObject
):
    """Any order of rows and columns gives the same alpha."""
    units = data.draw(st.permutations(list(ratings.index)))
    coders = data.draw(st.permutations(list(ratings.columns)))

    expected = krippendorff_alpha(ratings, level=level)
    assert krippendorff_alpha(ratings.loc[units, coders], level=level) == expected


@pytest.mark.parametrize("level", LEVELS)
@settings(deadline=None)
@given(ratings=tables, coder=st.integers(0, 2), value=st.sampled_from([1.0, 2.0, 4.0, 9.0]))
def test_unit_of_one_coder_changes_nothing_in_alpha(
    level: str, ratings: pd.DataFrame, coder: int, value: float
):
    """Alpha, its units and its coders rest on units that two coders coded."""
    single = pd.DataFrame([[value if column == coder else math.nan for column in range(3)]])
    longer = pd.concat([ratings, single], ignore_index=True)

    before, after = (krippendorff_alpha(table, level=level) for table in (ratings, longer))
    assert (after.value, after.units, after.coders) == (before.value, before.units, before.coders)


@pytest.mark.parametrize("coefficient", [*MANY_CODERS, cohen_kappa])
@settings(deadline=None)
@given(ratings=st.lists(st.sampled_from("abc"), min_size=2, max_size=6))
def test_perfect_agreement_is_one(coefficient: Coefficient, ratings: list[str]):
    """Coders who always choose the same, and not always one category, agree by 1."""
    ratings = [*ratings, "x", "y"]

    assert coefficient(pd.DataFrame({"one": ratings, "other": ratings})).value == 1


@pytest.mark.parametrize("level", LEVELS)
@settings(deadline=None)
@given(numbers=st.lists(st.floats(0, 1e6), min_size=1, max_size=6))
def test_perfect_agreement_is_one_at_each_level(level: str, numbers: list[float]):
    """Coders who always choose the same number have an alpha of 1."""
    numbers = [*numbers, 1.0, 2.0]
    ratings = pd.DataFrame({"one": numbers, "other": numbers, "third": numbers})

    assert krippendorff_alpha(ratings, level=level).value == 1


def made_ratings(seed: int) -> pd.DataFrame:
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
    ratings = made_ratings(seed)

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
    ratings = made_ratings(0)
    expected = krippendorff_alpha(ratings, level="ratio")
    monkeypatch.setattr(coefficients, "CHUNK_CELLS", cells)

    assert krippendorff_alpha(ratings, level="ratio") == expected


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
def test_masi_distance_counted_by_hand(one: str, other: str, expected: float):
    """Jaccard times 1, 2/3, 1/3 or 0, as sets are equal, nested, overlapping or apart."""
    distances = masi_distances(as_bits([frozenset(one), frozenset(other)]))

    assert distances(np.array([0]))[0, 1] == pytest.approx(expected)


def test_ratio_distance_of_nothing_from_nothing_is_zero():
    """Two zeros have no ratio, and no distance."""
    distances = ratio_distances(np.array([0.0, 2.0]))

    assert distances(np.array([0, 1])).tolist() == [[0, 1], [1, 0]]


def test_sets_of_more_members_than_a_word_has_bits_are_reported_apart():
    """Members beyond the first word of bits count like any others."""
    many = frozenset(range(130))

    distances = masi_distances(as_bits([many, many - {129}, frozenset({129})]))

    expected = [0, 1 - 129 / 130 * 2 / 3, 1 - 1 / 130 * 2 / 3]
    assert distances(np.array([0]))[0].tolist() == pytest.approx(expected)


def test_unknown_level_is_refused_with_the_closest():
    """A mistyped level is refused with the one that was meant."""
    with pytest.raises(ParameterError, match="closest: ordinal"):
        refuse_incomparable(pd.DataFrame({"one": [1]}), "ordnal")


@pytest.mark.parametrize(
    ("level", "value"),
    [
        ("ordinal", "high"),
        ("interval", "1"),
        ("interval", np.inf),
        ("ratio", -1),
        ("set", "a"),
    ],
)
def test_rating_that_a_level_cannot_compare_is_named(level: str, value: object):
    """The unit, the coder and the rating that does not fit are told."""
    ratings = pd.DataFrame({"one": [value, np.nan]}, index=["s1", "s2"], dtype=object)

    with pytest.raises(TableError, match="unit s1, coder one: ") as refusal:
        refuse_incomparable(ratings, level)

    assert len(refusal.value.offenders) == 1


@pytest.mark.parametrize(
    ("level", "value"),
    [("nominal", "high"), ("ordinal", 3), ("interval", -1.5), ("ratio", 0), ("set", frozenset())],
)
def test_rating_that_a_level_can_compare_passes(level: str, value: object):
    """Ratings of the kind that a level needs pass."""
    assert refuse_incomparable(pd.DataFrame({"one": [value]}), level) is None
