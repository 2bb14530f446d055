"""Figures from measurements: medians, ratios of runs side by side, slopes."""

from __future__ import annotations

import math
from statistics import linear_regression, median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


MEBIBYTE = 2**20


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of the ratios of runs that took turns.

    A machine that is slow for a while slows both runs of a round, and so leaves their ratio.
    """
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def excess(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of the differences of runs that took turns."""
    return median(one - other for one, other in zip(ours, theirs, strict=True))


def slope(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Return the power of the size with which a value grows, by least squares on logarithms."""
    return linear_regression([math.log(x) for x in sizes], [math.log(y) for y in values]).slope


def spread(values: Sequence[float]) -> str:
    """Return the median with the least and the greatest value, in seconds."""
    digits = 2 if median(values) >= 1 else 3
    found = median(values), min(values), max(values)
    middle, least, greatest = (f"{value:.{digits}f}" for value in found)
    return f"{middle} s" if len(values) == 1 else f"{middle} s ({least} to {greatest})"


def mebibytes(count: int) -> str:
    """Return a number of bytes in words."""
    digits = 1 if count < 10 * MEBIBYTE else 0
    return f"{count / MEBIBYTE:,.{digits}f} MiB"


def verdict(value: float, most: float | None) -> str:
    """Return whether a value is within what is asked for, in words."""
    if most is None:
        return ""
    return f"≤ {most:g}: {'yes' if value <= most else 'no'}"


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table; all columns but the first are right-aligned."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"
