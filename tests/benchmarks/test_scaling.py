from __future__ import annotations

import pytest

from benchmarks.scenarios.scaling import PAGE, WORDS, format_results

pytestmark = pytest.mark.slow


def measured(seconds: float, peak: int) -> list[dict[str, float]]:
    """Return a timed run, and one of which the memory was sampled."""
    return [{"seconds": seconds, "cpu": seconds, "peak": each} for each in (0, peak)]


def test_growth_is_held_against_what_is_asked_for() -> None:
    """Powers, memory at the largest size and both kinds of pages each have their verdict."""
    table = format_results(
        {
            "runs": {"a": measured(1, 2**28), "b": measured(100, 3 * 2**30)},
            "segments": {"a": 1_000, "b": 10_000},
            "pages": {
                "a": {PAGE: 1_000_000, WORDS: 0},
                "b": {PAGE: 6_000_000, WORDS: 1_000_000},
            },
        }
    )

    assert [line.split(" | ")[1:] for line in table.splitlines()[-5:]] == [
        ["2.00", "≤ 1.05: no |"],
        ["1.08", "≤ 1.05: no |"],
        ["3,072 MiB", "≤ 4,096.0 MiB: yes |"],
        ["5.7 MiB", "≤ 4.8 MiB: no |"],
        ["1.0 MiB", "≤ 1.0 MiB: yes |"],
    ]
