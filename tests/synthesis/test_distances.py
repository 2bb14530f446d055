from __future__ import annotations

import numpy as np
import pytest

from analysis.synthesis.distances import as_bits, masi_distances, ratio_distances


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


def test_sets_of_more_members_than_a_word_has_bits_are_told_apart():
    """Members beyond the first word of bits count like any others."""
    many = frozenset(range(130))

    distances = masi_distances(as_bits([many, many - {129}, frozenset({129})]))

    expected = [0, 1 - 129 / 130 * 2 / 3, 1 - 1 / 130 * 2 / 3]
    assert distances(np.array([0]))[0].tolist() == pytest.approx(expected)
