"""The rows in which an expectation falls short, with their values, for whoever holds the tables.

Values are shown in a terminal alone, and only of controlled columns: a value over 40 characters, of
another form than its column has, or that may name a person is described by its length.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import LONGEST_VALUE, describe_value
from analysis.intake.stated_dates import suggest_days
from analysis.quality.outcomes import SHOWN_ROWS, FailingRows
from analysis.quality.personal_data.scan import SCANNED_IDS
from analysis.quality.personal_data.table_scan import are_naming
from analysis.study.dates import is_date
from analysis.study.places import suggest_place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.quality.context import CheckContext, CheckedTables
    from analysis.quality.suites import Expectation

WELL_FORMED_ID = r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*"
# To look for the closest of more values would take longer than the check.
MOST_COMPARED = 10_000
_ID = re.compile(WELL_FORMED_ID)
_PLACE = "(?:[A-Z]{2,3}|[a-z-]{2,20})"
_PLACES = re.compile(rf"{_PLACE}(?: ?; ?{_PLACE})*")
_DATE = re.compile(r"[0-9][0-9./ -]*")
NO_FORM = re.compile(r"(?!)")
# The columns whose values may be shown, and their form.
FORMS = {
    **dict.fromkeys(("code", "parent", "focus_group", "segment", "coder"), _ID),
    **dict.fromkeys(("section", "question", "role", "text_kind", "language"), _ID),
    **dict.fromkeys(("scope", "consent"), _ID),
    **dict.fromkeys(("places", "speaks_of"), _PLACES),
    **dict.fromkeys(("held_on", "withdrawn"), _DATE),
    "position": re.compile(r"[a-z]?[0-9]{1,3}[a-z]?"),
}
# The columns whose values show what is wrong, where an expectation is on a derived column.
SHOWN_FOR = {
    "parent_is_theme": ("parent",),
    "places_known": ("places",),
    "speaks_of_known": ("speaks_of",),
    "places_once": ("places",),
    "scope_agrees": ("scope", "places"),
    "as_of": (),
    "session": ("held_on", "places"),
    "held_on_date": ("held_on",),
    "withdrawn_date": ("withdrawn",),
    "years_before_next": ("held_on",),
    "focus_group_known": ("focus_group",),
    "cell": ("section", "question"),
    "role_and_position": ("role", "position"),
    "segment_known": ("segment",),
    "is_recoded": ("code",),
}
# What a value of a column is called, where that is not the name of the column.
NAMES = {"places": "place", "speaks_of": "place", "held_on": "date", "withdrawn": "withdrawal"}
DATES = ("held_on", "withdrawn")
PLACES = ("places", "speaks_of")
UNKNOWN = " unknown"


def repeatable_ids(rows: pd.DataFrame, column: str, context: CheckContext) -> list[str]:
    """Return the ids of a column, with "" for each that may not be repeated.

    One that is malformed may hold anything, and one that names somebody is a finding itself.
    """
    if column not in rows.columns:
        return [""] * len(rows)
    ids = rows[column]
    reviewed = [
        each.id
        for each in context.privacy_exceptions
        if each.column in SCANNED_IDS.get(each.table, ())
    ]
    is_repeatable = ids.str.fullmatch(WELL_FORMED_ID) & (ids.isin(reviewed) | ~are_naming(ids))
    return list(ids.where(is_repeatable, ""))


def find_failing_rows(
    expectation: Expectation,
    rows: pd.DataFrame,
    id_column: str,
    context: CheckContext,
    tables: CheckedTables,
) -> FailingRows:
    """Return the rows of the file in which an expectation falls short, and the first values."""
    columns = [
        shown
        for column in expectation.columns
        for shown in SHOWN_FOR.get(column, (column,))
        if shown in FORMS and shown in rows.columns
        if shown != id_column or expectation.fault.endswith(UNKNOWN)
    ]
    allowed = _allowed(expectation, context, tables)
    first = zip(*(rows[name].iloc[:SHOWN_ROWS] for name in columns), strict=True)
    values = [dict(zip(columns, row, strict=True)) for row in first] if columns else []
    faults = [_describe(expectation, each, allowed, context.names) for each in values]
    faults = faults or [expectation.fault] * min(len(rows), SHOWN_ROWS)
    return FailingRows(tuple(rows.index.tolist()), tuple(faults))


def _describe(
    expectation: Expectation,
    values: Mapping[str, str],
    allowed: Sequence[str],
    names: Mapping[str, str],
) -> str:
    """Return what is wrong with a row, with its values and what was expected in their place."""
    shown = [_show(name, value, allowed, names) for name, value in values.items() if value.strip()]
    if not shown:
        return expectation.fault
    if len(shown) == 1 and expectation.fault.endswith(UNKNOWN):
        return f"unknown {shown[0]}"
    return f"{expectation.fault}: {' and '.join(shown)}"


def _show(column: str, value: str, allowed: Sequence[str], names: Mapping[str, str]) -> str:
    """Return a value with the closest one, or its length alone."""
    hint = _hint(column, value, names)
    if hint:
        return f"{NAMES.get(column, column)} {value!r}{hint}"
    form = FORMS[column] if not are_naming(pd.Series([value], dtype="str"))[0] else NO_FORM
    known = allowed if len(allowed) <= MOST_COMPARED else ()
    return describe_value(value, NAMES.get(column, column.replace("_", " ")), known, form=form)


def _hint(column: str, value: str, names: Mapping[str, str]) -> str:
    """Return what to write for a date in another form, or a place by its name, or nothing."""
    if len(value) > LONGEST_VALUE:
        return ""
    if column in DATES and not is_date(value):
        return suggest_days(value)
    if column in PLACES and value not in names.values():
        return suggest_place(value, names)
    return ""


def _allowed(
    expectation: Expectation, context: CheckContext, tables: CheckedTables
) -> Sequence[str]:
    """Return the values that an expectation allows, where it lists them."""
    column = expectation.columns[0]
    if column == "parent_is_theme":
        return context.themes
    if column in ("places_known", "speaks_of_known"):
        return tuple(context.places)
    if column in ("focus_group_known", "segment_known"):
        known = column.removesuffix("_known")
        return tuple(tables[f"{known}s"][known])
    if expectation.type.endswith("_values_to_be_in_set"):
        values = expectation.kwargs["value_set"]
        if isinstance(values, dict):
            values = context.parameters()[values["$PARAMETER"]]
        return [str(each) for each in values if isinstance(each, str)]
    return ()
