from __future__ import annotations

import pytest

from benchmarks.figures import excess, mebibytes, ratio, slope, spread, table, verdict

pytestmark = pytest.mark.slow


def test_ratio_is_the_median_of_rounds() -> None:
    """Runs are compared round by round, so that a slow round counts as any other."""
    assert ratio([1, 20, 3], [2, 20, 12]) == 0.5


def test_excess_is_the_median_of_rounds() -> None:
    """Differences are taken round by round."""
    assert excess([3, 10, 5], [1, 1, 4]) == 2


@pytest.mark.parametrize(
    ("values", "power"), [([5, 50, 500], 1), ([7, 7, 7], 0), ([1, 100, 1e4], 2)]
)
def test_slope_is_the_power_of_growth(values: list[float], power: float) -> None:
    """What grows tenfold when its size does has the slope one."""
    assert slope([1, 10, 100], values) == pytest.approx(power)


def test_spread_shows_least_and_greatest() -> None:
    """The median comes first; a single run has no spread."""
    table = [spread([3, 1, 2]), spread([1]), spread([0.0625])]

    assert table == ["2.00 s (1.00 to 3.00)", "1.00 s", "0.062 s"]


def test_verdict_says_whether_it_is_within() -> None:
    """A value is held against what is asked for, where something is."""
    table = [verdict(0.3, 0.45), verdict(0.5, 0.45), verdict(0.5, None)]

    assert table == ["≤ 0.45: yes", "≤ 0.45: no", ""]


def test_bytes_are_reported_in_mebibytes() -> None:
    """Small numbers of bytes have a decimal, great ones none."""
    assert (mebibytes(3 * 2**19), mebibytes(2000 * 2**20)) == ("1.5 MiB", "2,000 MiB")


def test_table_is_markdown() -> None:
    """Numbers are right-aligned in their columns."""
    assert table(("way", "time"), [("one", 1)]) == "| way | time |\n| --- | ---: |\n| one | 1 |\n"
