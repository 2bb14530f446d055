"""Code applications as reports count them: on the segments that cleaning kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.tables.parted import CODES

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.tables.build_folder import BuildFolder


def read_settled_codes(_: Path, build: BuildFolder, place: str) -> pd.DataFrame:
    """Return the code applications on the segments that the cleaning of a place kept."""
    return pd.read_parquet(build.cleaned(place) / f"{CODES}.parquet")
