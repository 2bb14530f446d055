"""A DataFrame of an own notebook as a table of a report: whole, escaped, its numbers recorded."""

from __future__ import annotations

import math
import re
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.study.dates import is_date
from analysis.study.language import translate, write_decimals, write_number
from analysis.study.slugs import slugify, unique_slug
from analysis.synthesis.claims import Claim, Fragment
from analysis.synthesis.markup import Row, element, table, term
from analysis.synthesis.markup import date as in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.synthesis.markup import Content

OWN = "own"
"""The first part of the ids of claims that own tables make."""

# Of a caption, a row or a column in an id.
LONGEST_SLUG = 40
NAMED_COLUMNS = 4

# A text with a digit and without any other word is a number: "5 of 7", "71 %", "5/7".
_OF = re.compile(r"\bof\b")


def show_frame(frame: pd.DataFrame | pd.Series, caption: str) -> Fragment:
    """Return a table whose numbers are claims; ``analysis.show_table`` describes it."""
    if isinstance(frame, pd.Series):
        frame = frame.to_frame("value" if frame.name is None else frame.name)
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"show_table shows a DataFrame or a Series, not a {type(frame).__name__}")
    headed = _with_row_headers(frame)
    columns = [_name(column) for column in headed.columns]
    title = caption or _describe(frame, columns)
    name, claims, rows = _slug(title), [], []
    values = headed.itertuples(index=False, name=None)
    headers = [_name(each) for each in headed.iloc[:, 0]]
    for header, of_row, row in zip(headers, _unique(headers), values, strict=True):
        cells: list[Content] = []
        for column, of_column, value in zip(columns, _unique(columns), row, strict=True):
            number, shown_as = _number(value)
            if not shown_as:
                cells.append(_words(value))
                continue
            identifier = f"{OWN}.{name}.{of_row}.{of_column}"
            kept_as = "" if number is not None else shown_as
            label = f"{title}: {header}, {column}"
            claims.append(Claim(identifier, label, number, unit="", shown_as=kept_as))
            cells.append(element("span", shown_as, data_claim=identifier))
        rows.append(Row(cells[0], cells[1:]))
    shown = table(f"{OWN}-{name}", title, [term(column) for column in columns], rows)
    return Fragment(shown, tuple(claims), tuple(claims))


def _with_row_headers(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose first column heads its rows: the index, unless that only counts rows."""
    whole = frame.apply(_as_whole_numbers)
    if isinstance(frame.index, pd.RangeIndex) and frame.index.name is None and frame.shape[1]:
        return whole
    names = [*map(_name, frame.index.names)] if any(frame.index.names) else ["Name"]
    headers = pd.Series([*map(_name, frame.index)], index=frame.index, dtype="object")
    if not isinstance(frame.index, pd.MultiIndex):
        headers = pd.Series([*frame.index], index=frame.index, dtype="object")
    whole.columns = pd.Index([*map(_name, frame.columns)])
    whole.insert(0, ", ".join(names), headers, allow_duplicates=True)
    return whole


def _as_whole_numbers(column: pd.Series) -> pd.Series:
    """Return counts that a missing value has made decimal numbers as whole numbers again."""
    if column.dtype.kind != "f" or not np.all(np.mod(column.dropna(), 1) == 0):
        return column
    return column.astype("Int64")


def _describe(frame: pd.DataFrame, columns: list[str]) -> str:
    """Return a caption for a table that was given none: what its rows and columns are."""
    of_columns = frame.columns.name
    if of_columns:
        return f"{columns[0]} by {_name(of_columns)}"
    more = ["…"] if len(columns) > NAMED_COLUMNS else []
    return ", ".join([*columns[:NAMED_COLUMNS], *more])


def _name(label: Any) -> str:  # noqa: ANN401 (any label of pandas)
    """Return a label of a row or a column as words; those of several levels joined."""
    return ", ".join(map(str, label)) if isinstance(label, tuple) else str(label)


def _slug(words: str) -> str:
    return slugify(words)[:LONGEST_SLUG].strip("-")


def _unique(names: Iterable[str]) -> list[str]:
    """Return the slugs of names, each once."""
    taken: dict[str, None] = {}
    for name in names:
        taken[unique_slug(_slug(name), taken)] = None
    return list(taken)


def _number(value: Any) -> tuple[float | None, str]:  # noqa: ANN401 (any value of a table)
    """Return the number of a cell, and how it is shown; nothing for words.

    A text of digits without words, as ``5 of 7``, is a number that is kept as it is shown.
    """
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value), write_number(int(value))
    if isinstance(value, Real) and not isinstance(value, bool):
        number = float(value)
        return (number, write_decimals(number, 2)) if math.isfinite(number) else (None, "")
    text = value if isinstance(value, str) else ""
    is_number = any(map(str.isdigit, text)) and not any(map(str.isalpha, _OF.sub("", text)))
    return None, text if is_number and not is_date(text) else ""


def _words(value: Any) -> Content:  # noqa: ANN401 (any value of a table)
    """Return a cell that holds no number: words, escaped; nothing where there is no value."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return translate("yes") if value else translate("no")
    text = str(value).removesuffix(" 00:00:00")
    return in_words(text) if is_date(text) else term(text)
