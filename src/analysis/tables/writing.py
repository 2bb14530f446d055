"""Writing tables so that the same rows give the same bytes."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV: UTF-8, Unix line ends, quotes only where needed.

    Where a text holds a carriage return, all text is quoted: the csv module takes a lone one for
    harmless, and readers take it for a line end.

    Parameters
    ----------
    table : DataFrame
        Rows to write, without their index.
    path : Path
        The file to write; its folder is made where absent.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    has_returns = any(_has_returns(column) for _, column in table.items())
    quoting: Literal[0, 2] = csv.QUOTE_NONNUMERIC if has_returns else csv.QUOTE_MINIMAL
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", quoting=quoting)


def _has_returns(column: pd.Series) -> bool:
    is_text = column.dtype in ("str", "object")
    return is_text and bool(column.astype("str").str.contains("\r", regex=False).any())


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet, without its index.

    Parameters
    ----------
    table : DataFrame
        Rows to write.
    path : Path
        The file to write; its folder is made where absent.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_parquet(path, index=False)
