"""The distinct values of a column, so that each is judged once, however often it stands there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.quality.library import Positions


@dataclass(frozen=True, eq=False)
class DistinctValues:
    """The distinct values of a column, and where each row has its own among them.

    Parameters
    ----------
    series : Series
        In the order of their first rows; blank text is missing.
    places : array of int
        Of each row, the position of its value.
    """

    series: pd.Series
    places: Positions


def distinct_values(column: pd.Series) -> DistinctValues:
    """Return the distinct values of a column.

    Blank text counts as missing, which Great Expectations takes for a value.

    Parameters
    ----------
    column : Series
        One value a row.
    """
    places, values = pd.factorize(column, use_na_sentinel=False)
    each = pd.Series(values)
    if each.dtype == "str" and (is_blank := each.str.strip() == "").any():
        each = each.mask(is_blank)
    return DistinctValues(each, places)


def say_of_each(texts: pd.Series, say: Callable[[str], bool | str]) -> pd.Series:
    """Return what is said of each text, having asked of each distinct one once.

    Parameters
    ----------
    texts : Series
        One text a row.
    say : callable
        What is asked of a text.

    Returns
    -------
    Series of bool or str
        On the index of the texts.
    """
    places, values = pd.factorize(texts)
    said = pd.Series([say(text) for text in values])
    return said.take(places).set_axis(texts.index)


def is_among(texts: pd.Series, known: pd.Series) -> pd.Series:
    """Return whether each text stands among known ones; a blank text never does.

    ``isin`` goes through the known texts one by one, and takes seconds for hundreds of thousands.

    Parameters
    ----------
    texts, known : Series
        One text a row.

    Returns
    -------
    Series of bool
        On the index of the texts.
    """
    places, values = pd.factorize(pd.concat([known, texts]))
    of_known, of_texts = places[: len(known)], places[len(known) :]
    # Values are numbered in the order in which they come, the known ones first.
    is_known = np.arange(len(values)) <= of_known.max(initial=-1)
    return pd.Series((is_known & (values != ""))[of_texts], index=texts.index)


def number_rows(*columns: pd.Series) -> pd.Series:
    """Return a number for each row, the same for rows that have the same in all columns.

    Parameters
    ----------
    *columns : Series
        On the same index.

    Returns
    -------
    Series of int
        On that index, from 0 on.
    """
    numbers = np.zeros(len(columns[0]), dtype="int64")
    for column in columns:
        places, values = pd.factorize(column)
        numbers, _ = pd.factorize(numbers * len(values) + places)
    return pd.Series(numbers, columns[0].index)
