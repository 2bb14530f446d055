"""Code applications as reports count them: on the segments that cleaning kept.

They follow from those received and from what cleaning kept and set aside, so that another code
leaves the cleaning of a place as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.tables import segments
from analysis.tables.cleaning import read_cleaned_columns, settle_codes
from analysis.tables.parted import CODES
from analysis.tables.parting import ROW_OF_PART
from analysis.tables.received import COLUMNS, read_table, table_path

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.tables.build_folder import BuildFolder


def read_settled_codes(folder: Path, build: BuildFolder, place: str) -> pd.DataFrame:
    """Return the code applications on the segments that the cleaning of a place kept.

    Parameters
    ----------
    folder : Path
        The folder of the study, whose table is read where no part of it was written.
    build : BuildFolder
        Holds the cleaned tables of the place, and its part of the tables as received.
    place : str
        A place that is cleaned.

    Returns
    -------
    DataFrame
        ``segment, code, coder``, indexed by the row of the part where there is one.
    """
    cleaned = build.cleaned(place)
    kept = read_cleaned_columns(cleaned, "segments", [segments.SEGMENT])
    set_aside = read_cleaned_columns(cleaned, "set_aside", [segments.SEGMENT, "kept_as"])
    return settle_codes(_read_received(folder, build, place), kept[segments.SEGMENT], set_aside)


def _read_received(folder: Path, build: BuildFolder, place: str) -> pd.DataFrame:
    part = build.received(place) / f"{CODES}.parquet"
    if not part.is_file():
        return read_table(table_path(folder, CODES), COLUMNS[CODES])
    return pd.read_parquet(part, columns=list(COLUMNS[CODES])).rename_axis(ROW_OF_PART)
