"""The levels at which ratings can be compared, and what ratings each of them needs."""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, Literal, get_args

from analysis.errors import ParameterError, TableError, closest

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

Level = Literal["nominal", "ordinal", "interval", "ratio", "set"]


def refuse_incomparable(ratings: pd.DataFrame, level: Level) -> None:
    """Raise for every rating that a level cannot compare.

    Parameters
    ----------
    ratings : DataFrame
        Units x coders, a missing rating being NaN.
    level : {"nominal", "ordinal", "interval", "ratio", "set"}
        Any values may be nominal; finite numbers are needed for ordinal and interval, none of
        them negative for ratio; frozensets for set.

    Raises
    ------
    ParameterError
        When the level is unknown.
    TableError
        When a rating is not of the kind that the level needs.
    """
    if level not in get_args(Level):
        raise ParameterError(
            f"The level {level!r} is unknown{closest(level, get_args(Level))}.",
            expected=f"one of {', '.join(get_args(Level))}",
            remedy="Name one of these levels.",
        )
    if level == "nominal":
        return
    expected, fits = _KINDS[level]
    offenders = [
        f"unit {unit}, coder {coder}: {value!r}"
        for coder in ratings.columns
        for unit, value in ratings[coder].dropna().items()
        if not fits(value)
    ]
    if offenders:
        raise TableError(
            f"Some ratings cannot be compared at level {level}.",
            offenders=offenders,
            expected=expected,
            remedy="Correct the ratings, or choose another level.",
        )


def _is_number(value: object) -> bool:
    """Return whether a rating is a finite number."""
    return isinstance(value, Real) and math.isfinite(value)


def _is_amount(value: object) -> bool:
    """Return whether a rating is a finite number from 0."""
    return isinstance(value, Real) and math.isfinite(value) and float(value) >= 0


def _is_set(value: object) -> bool:
    """Return whether a rating is a set that can be looked up."""
    return isinstance(value, frozenset)


_KINDS: dict[Level, tuple[str, Callable[[object], bool]]] = {
    "ordinal": ("finite numbers", _is_number),
    "interval": ("finite numbers", _is_number),
    "ratio": ("finite numbers, none negative", _is_amount),
    "set": ("frozensets", _is_set),
}
