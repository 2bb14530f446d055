"""Rows that have the same in some columns."""

from __future__ import annotations

import numpy as np
import pandas as pd


def number_alike(*columns: pd.Series) -> pd.Series:
    """Return a number for each row, the same for rows that have the same in all columns.

    Parameters
    ----------
    *columns : Series
        On the same index.

    Returns
    -------
    Series of int
        On that index, from 0 on, in the order in which they first occur.
    """
    numbers = np.zeros(len(columns[0]), dtype="int64")
    for column in columns:
        places, values = pd.factorize(column)
        numbers, _ = pd.factorize(numbers * len(values) + places)
    return pd.Series(numbers, columns[0].index)
