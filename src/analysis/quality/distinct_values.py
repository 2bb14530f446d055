"""The distinct values of a column, so that each is judged once, however often it stands there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from analysis.tables.streaming import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from numpy.typing import NDArray

    from analysis.quality.library import Positions

    Places: TypeAlias = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class DistinctValues:
    """The distinct values of a column, and where each row has its own among them.

    Parameters
    ----------
    series : Series
        In the order of their first rows; blank text is missing.
    places : array of int
        Of each row, the position of its value; of the least type that holds them.
    """

    series: pd.Series
    places: Places


def distinct_values(column: pd.Series) -> DistinctValues:
    """Return the distinct values of a column.

    Blank text counts as missing, which Great Expectations takes for a value.

    Parameters
    ----------
    column : Series
        One value a row.
    """
    if column.dtype == "bool" and len(column):
        return _truths(column)
    places, values = pd.factorize(column, use_na_sentinel=False)
    each = pd.Series(values)
    if each.dtype == "str" and (is_blank := each.str.strip() == "").any():
        each = each.mask(is_blank)
    return DistinctValues(each, _in_least_space(places, len(values)))


def _truths(column: pd.Series) -> DistinctValues:
    """Return the distinct values of a column of true and false, which hardly need looking for."""
    first = bool(column.iloc[0])
    is_other = column.to_numpy() != first
    if not is_other.any():
        return DistinctValues(pd.Series([first]), np.zeros(len(column), dtype=np.uint8))
    return DistinctValues(pd.Series([first, not first]), is_other.view(np.uint8))


def _in_least_space(places: Positions, count: int) -> Places:
    """Return the positions of so many values in the least space: dozens of columns are held."""
    return places.astype(np.min_scalar_type(count))


def in_one_piece(texts: pd.Series) -> pa.Array:
    """Return texts as one array of Arrow: a pattern is made ready anew for each piece.

    Parameters
    ----------
    texts : Series of str
        One text a row.
    """
    array = pa.array(texts, TEXT)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


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
    said = pd.Series([say(text) for text in np.asarray(values, dtype=object)])
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
