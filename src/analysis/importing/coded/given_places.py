"""The places that come with an import, for a study whose places are no countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import CodedDataError
from analysis.intake.limits import read_limited
from analysis.study.place_rows import COUNTRIES_FILE, WIDER_PLACES_FILE
from analysis.study.places import folder_of_places, read_places
from analysis.tables import focus_groups

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.importing.coded.coded_study import CodedStudy

PLACES_FILES = (COUNTRIES_FILE, WIDER_PLACES_FILE)


def places_folder(given: Path | None, folder: Path, beside: Path) -> Path:
    """Return the folder with the places: as given, the study's own, or those of all studies.

    Parameters
    ----------
    given : Path or None
        The file of places that comes with an import; ``wider_places.csv`` lies beside.
    folder : Path
        The folder of the study.
    beside : Path
        An empty folder, for those that are given.

    Raises
    ------
    SourceError
        When a file that is given cannot be read.
    StudyError
        When the places cannot be used.
    """
    if given is None:
        return folder_of_places(folder)
    paths = (given, given.with_name(WIDER_PLACES_FILE))
    for name, path in zip(PLACES_FILES, paths, strict=True):
        (beside / name).write_bytes(read_limited(path))
    read_places(beside)
    return beside


def require_known_places(study: CodedStudy) -> None:
    """Refuse places that lack those of focus groups that stand in a study.

    Parameters
    ----------
    study : CodedStudy
        The study as it is, with the places that are to hold for it.

    Raises
    ------
    CodedDataError
        When they do; each focus group is told.
    """
    offenders = [
        f"focus group {group}: {', '.join(unknown)}"
        for group, row in study.groups.items()
        if (unknown := sorted(_places_of(row) - study.places.keys()))
    ]
    if offenders:
        raise CodedDataError(
            "The places would replace those of focus groups that the study has already.",
            offenders=offenders,
            expected="every place that the study names",
            remedy="add these places to the file, or make a study of its own for the new data",
        )


def _places_of(row: Mapping[str, str]) -> set[str]:
    columns = (focus_groups.PLACES, focus_groups.SPEAKS_OF)
    return {place for name in columns for place in focus_groups.split_values(row[name])}
