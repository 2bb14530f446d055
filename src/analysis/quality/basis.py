"""What decides whether an expectation holds: single values, their repeats, or a whole table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from analysis.quality.suites import Expectation

Basis: TypeAlias = Literal["values", "repeats", "table"]

# Each value by itself decides, wherever it stands.
OF_VALUES = frozenset(
    {
        "expect_column_value_lengths_to_be_between",
        "expect_column_value_lengths_to_equal",
        "expect_column_values_to_be_between",
        "expect_column_values_to_be_dateutil_parseable",
        "expect_column_values_to_be_in_set",
        "expect_column_values_to_be_json_parseable",
        "expect_column_values_to_be_null",
        "expect_column_values_to_match_json_schema",
        "expect_column_values_to_match_regex",
        "expect_column_values_to_match_regex_list",
        "expect_column_values_to_match_strftime_format",
        "expect_column_values_to_not_be_in_set",
        "expect_column_values_to_not_be_null",
        "expect_column_values_to_not_match_regex",
        "expect_column_values_to_not_match_regex_list",
    }
)
# Only whether a value is there decides.
OF_PRESENCE = frozenset({"expect_column_values_to_be_null", "expect_column_values_to_not_be_null"})
# Only whether two rows have the same decides.
OF_REPEATS = frozenset(
    {"expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"}
)
# With these, other columns or the number of rows decide as well.
OF_CONDITION = frozenset({"row_condition", "condition_parser"})
OF_TABLE = OF_CONDITION | {"mostly"}
# A part of the tables holds all rows that have the same in one of these columns.
TOGETHER = {
    "segments": frozenset({"segment", "focus_group"}),
    "code_applications": frozenset({"segment"}),
}


def basis_of(expectation: Expectation) -> Basis:
    """Return what decides whether an expectation holds."""
    if not OF_TABLE.isdisjoint(expectation.kwargs):
        return "table"
    if expectation.type in OF_VALUES:
        return "values"
    return "repeats" if expectation.type in OF_REPEATS else "table"


def is_told_by_parts(table: str, expectation: Expectation) -> bool:
    """Return whether an expectation holds on a table if, and only if, it holds on each part.

    Parameters
    ----------
    table : str
        The table; the codebook and the focus groups are evaluated as a whole.
    expectation : Expectation
        What is expected of it.
    """
    together = TOGETHER.get(table, frozenset())
    basis = basis_of(expectation)
    return bool(together) and (
        basis == "values" or (basis == "repeats" and not together.isdisjoint(expectation.columns))
    )
