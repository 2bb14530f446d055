"""What the coverage of a study needs of a place's cleaned tables: no words, and few codes.

It stands apart from them, so that the coverage follows from what it tells alone: other words, and
another code by a coder with whom nobody can be compared, change nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.cleaning import read_cleaned_columns
from analysis.tables.consent import withhold_kinds
from analysis.tables.numbering import number_values, places_of
from analysis.tables.parted import CLEANED_TABLES, CODES
from analysis.tables.settled_codes import read_settled_codes
from analysis.tables.table_files import COMPRESSION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt
    import pandas as pd

    from analysis.tables.build_folder import BuildFolder

COVERED = {
    "focus_groups": (
        focus_groups.FOCUS_GROUP,
        focus_groups.PLACES,
        focus_groups.PARTICIPANTS,
        focus_groups.CONSENT,
        focus_groups.WITHDRAWN,
    ),
    "segments": (segments.SEGMENT, segments.FOCUS_GROUP, segments.CELL, segments.IS_HEADING),
    CODES: code_applications.COLUMNS,
}


def cover(cleaned: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return what coverage needs of the cleaned tables of a place.

    Parameters
    ----------
    cleaned : mapping of str to DataFrame
        The cleaned tables by name, with the code applications on them.

    Returns
    -------
    dict of str to DataFrame
        ``focus_groups``, ``segments`` and ``code_applications``, with the columns needed. Kinds of
        participants are told where consent lets them be shown; the code is missing where one coder
        alone coded the focus group.
    """
    groups = cleaned["focus_groups"]
    tables = {**cleaned, "focus_groups": groups.assign(participants=withhold_kinds(groups))}
    needed = {name: tables[name][list(columns)] for name, columns in COVERED.items()}
    applied = needed[CODES]
    told = applied[code_applications.CODE].where(_may_be_compared(applied, needed["segments"]))
    return {**needed, CODES: applied.assign(**{code_applications.CODE: told})}


def _may_be_compared(applied: pd.DataFrame, among: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell of each code application whether several coders coded its focus group."""
    at = places_of(applied[code_applications.SEGMENT], among[segments.SEGMENT])
    group, groups = number_values(among[segments.FOCUS_GROUP])
    coder, coders = number_values(applied[code_applications.CODER])
    has_coded = np.zeros((len(groups) + 1, len(coders)), dtype=bool)
    # What stands on a segment that was set aside is nobody's.
    group_of = np.where(at >= 0, group[at], len(groups)) if len(group) else at
    has_coded[group_of, coder] = True
    has_coded[len(groups)] = False
    several: npt.NDArray[np.bool_] = has_coded.sum(axis=1)[group_of] >= 2
    return several


def cover_cleaned(folder: Path, build: BuildFolder, place: str) -> dict[str, pd.DataFrame]:
    """Return what coverage needs of a place, in a build that has cleaned it.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    build : BuildFolder
        Holds the cleaned tables of the place, and its part of the tables as received.
    place : str
        A place that is cleaned.
    """
    cleaned = {
        name: read_cleaned_columns(build.cleaned(place), name, COVERED[name])
        for name in CLEANED_TABLES
    }
    return cover({**cleaned, CODES: read_settled_codes(folder, build, place)})


def leave_covered(folder: Path, build: BuildFolder, place: str) -> None:
    """Leave what coverage needs of a place to the next steps of a build; likewise."""
    write_covered(cover_cleaned(folder, build, place), build.covered(place))


def write_covered(covered: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write what coverage needs of a place, without the rows of its files, to its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in covered.items():
        table.to_parquet(folder / f"{name}.parquet", index=False, compression=COMPRESSION)


def read_covered(folder: Path) -> dict[str, pd.DataFrame]:
    """Return what coverage needs of a place, from its folder.

    Parameters
    ----------
    folder : Path
        The folder, from `write_covered`.
    """
    return {name: read_cleaned_columns(folder, name, columns) for name, columns in COVERED.items()}
