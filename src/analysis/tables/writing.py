"""Writing tables so that the same rows give the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV: UTF-8, Unix line ends, quotes only where needed.

    Parameters
    ----------
    table : DataFrame
        Rows to write, without their index.
    path : Path
        The file to write; its folder is made where absent.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


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
