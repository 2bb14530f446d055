"""What a study already holds, as far as an import of coded data must know it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError, SourceError
from analysis.importing.known_groups import read_known_groups
from analysis.intake.limits import receive
from analysis.intake.stated_places import PlaceFinder
from analysis.study.instrument import read_instrument
from analysis.study.places import (
    COUNTRIES_FILE,
    WIDER_PLACES_FILE,
    folder_of_places,
    read_place_files,
    read_places,
)
from analysis.study.settings import read_study
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.received import COLUMNS, read_table, table_paths

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from analysis.importing.coded.code_tree import Entry
    from analysis.importing.known_groups import KnownGroups
    from analysis.study.places import Places
    from analysis.study.settings import Study

MOST_SHOWN = 5_000
"""The most ids among which the closest to an unknown one is looked for."""


class StudySegments:
    """The segments of a study, and who applied which code to them."""

    def __init__(self, table: pd.DataFrame, applications: pd.DataFrame) -> None:
        ids, groups = table[segments.SEGMENT], table[segments.FOCUS_GROUP]
        self.group_of: dict[str, str] = dict(zip(ids, groups, strict=True))
        self.text_of: dict[str, str] = dict(zip(ids, table[segments.TEXT], strict=True))
        self.of_group: dict[str, list[str]] = defaultdict(list)
        for segment, group in self.group_of.items():
            self.of_group[group].append(segment)
        self.of_group = dict(self.of_group)
        columns = (applications[name] for name in code_applications.COLUMNS)
        self.coded: frozenset[tuple[str, ...]] = frozenset(zip(*columns, strict=True))
        places = zip(groups, segments.cells_of(table), table[segments.POSITION], strict=True)
        self.positions: frozenset[tuple[str, str, str]] = frozenset(places)

    @cached_property
    def groups_with(self) -> dict[str, set[str]]:
        """The focus groups that have a segment of a text, by the text."""
        found: dict[str, set[str]] = defaultdict(set)
        for segment, text in self.text_of.items():
            found[text].add(self.group_of[segment])
        return dict(found)

    def like(self, segment: str) -> list[str]:
        """Return the ids that an unknown one may have been meant for."""
        near = [each for each in self.text_of if each.startswith(segment.rpartition(".")[0])]
        return next((each for each in (near, [*self.text_of]) if 0 < len(each) < MOST_SHOWN), [])


@dataclass(frozen=True)
class CodedStudy:
    """What a study already holds."""

    settings: Study
    """Its settings."""
    tables: Mapping[str, pd.DataFrame]
    """Its tables, by name."""
    new_places: Mapping[str, bytes]
    """The files of places that come with the import, by the names that they get."""
    places: Mapping[str, str]
    """The scope of every place."""
    place_names: Mapping[str, str]
    """The place of each English name; of a country where a wider place has the same name."""
    place_finder: PlaceFinder
    """What finds a place by the names that submissions use."""
    cells: tuple[str, ...]
    """The cells of the template."""
    codebook: list[Entry]
    """The rows of its codebook."""
    groups: Mapping[str, Mapping[str, str]]
    """The rows of its focus groups, by id."""
    segments: StudySegments
    """Its segments and their code applications."""
    known: KnownGroups
    """What may not come twice, or come back."""

    @property
    def coders(self) -> tuple[str, ...]:
        """The pseudonyms of its coders."""
        return tuple(each.coder for each in self.settings.coders)

    @property
    def digests(self) -> dict[str, str]:
        """The focus group of each digest of a source."""
        sources = ((row[focus_groups.SOURCE_SHA256], group) for group, row in self.groups.items())
        return {digest: group for digest, group in sources if digest}


def read_coded_study(folder: Path, given_places: Path | None) -> CodedStudy:
    """Return what a study already holds; its tables may have no rows yet.

    `given_places` is the file of places that comes with an import, with ``wider_places.csv`` next
    to it.
    """
    settings = read_study(folder)
    places, new_places = _read_places(given_places, folder)
    paths = table_paths(folder)
    tables = {name: read_table(paths[name], COLUMNS[name]) for name in COLUMNS}
    groups = [
        {str(name): str(value) for name, value in row.items()}
        for row in tables["focus_groups"].to_dict("records")
    ]
    return CodedStudy(
        settings=settings,
        tables=tables,
        new_places=new_places,
        places={each: places.scope(each) for each in (*places.countries, *places.wider_places)},
        place_names={places.name(each): each for each in places.all},
        place_finder=PlaceFinder(places),
        cells=read_instrument().cells,
        codebook=[tuple(row) for row in tables["codebook"].itertuples(index=False)],
        groups={row[focus_groups.FOCUS_GROUP]: row for row in groups},
        segments=StudySegments(tables["segments"], tables["code_applications"]),
        known=read_known_groups(folder, tables),
    )


def _read_places(given: Path | None, folder: Path) -> tuple[Places, dict[str, bytes]]:
    """Return the places as given, with both files; or else the study's own, or all studies'."""
    if given is None:
        return read_places(folder_of_places(folder)), {}
    paths = (given, given.with_name(WIDER_PLACES_FILE))
    if given.is_file() and not paths[1].is_file():
        raise SourceError(
            f"{WIDER_PLACES_FILE} does not exist next to {given.name}.",
            expected="the regions and continents that the places are in",
            remedy="write both tables: data/README.md describes them",
        )
    contents = [receive(path).content for path in paths]
    names = (COUNTRIES_FILE, WIDER_PLACES_FILE)
    return read_place_files(*paths), dict(zip(names, contents, strict=True))


def require_known_places(study: CodedStudy) -> None:
    """Refuse new places that lack those of focus groups of the study."""
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
