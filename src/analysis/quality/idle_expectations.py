"""Expectations that no table could fall short of, since they do not say what is expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.errors import closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What a type of expectation compares with, by how its name ends; the first that fits counts. Great
# Expectations does without most of it, and then finds that everything holds.
COMPARED_BY_TYPE = {
    "_match_regex": "regex",
    "_match_regex_list": "regex_list",
    "_match_like_pattern": "like_pattern",
    "_match_like_pattern_list": "like_pattern_list",
    "_match_strftime_format": "strftime_format",
    "_match_json_schema": "json_schema",
    "_match_ordered_list": "column_list",
    "_match_set": "column_set",
    "_pair_values_to_be_in_set": "value_pairs_set",
    "_in_set": "value_set",
    "_contain_set": "value_set",
    "_equal_set": "value_set",
    "_in_type_list": "type_list",
    "_quantile_values_to_be_between": "quantile_ranges",
}
BETWEEN = "_to_be_between"
# What is never less than nothing, and what is never more than all.
COUNTED = ("_count_", "_lengths_", "_proportion_", "_stdev_")
SHARES = ("_proportion_",)


def faults_of_idle(kind: str, kwargs: Mapping[str, Any]) -> Iterator[str]:
    """Yield why no table could fall short of an expectation; nothing where one could.

    Parameters
    ----------
    kind : str
        Its type in Great Expectations.
    kwargs : mapping
        What the type is told.

    Examples
    --------
    >>> list(faults_of_idle("expect_table_row_count_to_be_between", {"min_value": 0}))
    ['kwargs has no min_value or max_value that a table could fall short of']
    """
    mostly = kwargs.get("mostly")
    if isinstance(mostly, int | float) and mostly <= 0:
        yield "kwargs.mostly is 0, so that no row has to meet it"
    compared = next((COMPARED_BY_TYPE[end] for end in COMPARED_BY_TYPE if kind.endswith(end)), "")
    if compared and kwargs.get(compared) in (None, "", [], {}):
        others = [key for key in kwargs if key != compared]
        yield f"kwargs.{compared} is missing or empty{closest(compared, others)}"
    elif not compared and kind.endswith(BETWEEN) and not _is_bounded(kind, kwargs):
        yield "kwargs has no min_value or max_value that a table could fall short of"


def _is_bounded(kind: str, kwargs: Mapping[str, Any]) -> bool:
    """Tell whether a bound is given that lies within what can be."""
    least, most = kwargs.get("min_value"), kwargs.get("max_value")
    is_idle_least = _is_any_of(COUNTED, kind) and isinstance(least, int | float) and least <= 0
    is_idle_most = _is_any_of(SHARES, kind) and isinstance(most, int | float) and most >= 1
    return (least is not None and (not is_idle_least or bool(kwargs.get("strict_min")))) or (
        most is not None and (not is_idle_most or bool(kwargs.get("strict_max")))
    )


def _is_any_of(parts: tuple[str, ...], kind: str) -> bool:
    return any(part in kind for part in parts)
