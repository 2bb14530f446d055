"""Coverage: the focus groups, segments and codes of a whole study, without its words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from analysis.errors import PlaceError
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.study.root import find_root
from analysis.synthesis.addresses import addresses_of_listed
from analysis.synthesis.corpus import read_warnings
from analysis.synthesis.corpus_parts import cleaned_tables, read_focus_groups
from analysis.synthesis.numbered_codes import NumberedCodes, locate, number_codes
from analysis.synthesis.words_pages import LISTED_SEGMENTS, pages_of_words
from analysis.tables.build_folder import build_folder
from analysis.tables.focus_groups import may_count
from analysis.tables.numbering import name_numbers, number_values, places_of
from analysis.tables.placing import homes_of, places_to_clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from analysis.quality.outcomes import Outcome
    from analysis.synthesis.claims import Ledger
    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.numbering import IntArray

PAGE = "coverage"
NEEDED = {
    "focus_groups": ["focus_group", "places", "participants", "consent", "withdrawn"],
    "segments": ["segment", "focus_group", "cell", "is_heading"],
    "code_applications": ["segment", "code", "coder"],
}


class Bearing(NamedTuple):
    """What bears a claim: focus groups, sorted, and segments."""

    focus_groups: list[str]
    segments: list[str]


@dataclass(frozen=True, eq=False)
class Coverage:
    """The cleaned tables of a whole study, without its words.

    Parameters
    ----------
    study : OpenedStudy
        The study.
    focus_groups : DataFrame
        Focus groups whose consent allows counting, with their ``home``.
    segments : DataFrame
        Their segments that can bear codes: ``segment, focus_group, cell``, and the ``page`` on
        which each stands.
    code_applications : DataFrame
        All code applications on these: ``row, code, coder``, the first being the segment's row.
    warnings : tuple of Outcome
        Expectations that fell short of what is counted, without stopping it.
    """

    study: OpenedStudy
    focus_groups: pd.DataFrame
    segments: pd.DataFrame
    code_applications: pd.DataFrame
    warnings: tuple[Outcome, ...] = ()

    @property
    def coders(self) -> list[str]:
        """The coders, in the order of the study's settings."""
        return [coder.coder for coder in self.study.settings.coders]

    @property
    def bearings(self) -> Path | None:
        """The file of what bears the claims of a study too large to list it all, in a build."""
        build = build_folder(self.study.root, self.study.settings.name)
        is_long = len(self.segments) > LISTED_SEGMENTS
        return build.bearings(PAGE) if build is not None and is_long else None

    @cached_property
    def homes(self) -> list[str]:
        """The homes of the focus groups, sorted."""
        return sorted(self.focus_groups["home"].unique())

    @cached_property
    def home(self) -> IntArray:
        """The number of each segment's home among these."""
        return places_of(self.focus_groups["home"], pd.Series(self.homes, dtype="str"))[self.group]

    @cached_property
    def group(self) -> IntArray:
        """The row of each segment's focus group."""
        return number_values(self.segments["focus_group"])[0]

    @cached_property
    def applied(self) -> NumberedCodes:
        """The code applications as numbers."""
        codes = list(self.study.codebook.codes)
        return number_codes(self.group, self.code_applications, codes=codes, coders=self.coders)

    def groups_at(self, home: str) -> pd.DataFrame:
        """Return the focus groups at home in a place."""
        return self.focus_groups[self.focus_groups["home"] == home]

    def bearing(self, rows: IntArray) -> Bearing:
        """Return the ids of segments by their rows, and their focus groups."""
        groups = self._groups[np.bincount(self.group[rows], minlength=len(self._groups)) > 0]
        return Bearing(sorted(groups), self._ids[rows].tolist())

    def addresses(self, ledger: Ledger) -> dict[str, str]:
        """Return where each segment stands that a claim made so far lists."""
        return addresses_of_listed(ledger, self.segments)

    def name(self, home: str) -> str:
        """Return the name of a home; that of a continent stands for its wider submissions."""
        places = self.study.places
        is_region = places.scope(home) == "region"
        return places.name(home) if is_region else f"{places.name(home)}, wider submissions"

    @cached_property
    def _ids(self) -> npt.NDArray[np.object_]:
        return self.segments["segment"].to_numpy(dtype=object)

    @cached_property
    def _groups(self) -> npt.NDArray[np.object_]:
        return self.focus_groups["focus_group"].to_numpy(dtype=object)


def open_coverage(study: str) -> Coverage:
    """Return the coverage of a study.

    Parameters
    ----------
    study : str
        The study.

    Raises
    ------
    StudyError
        When there is no such study.
    TableError
        When a table cannot be read.
    PlaceError
        When no focus group may be counted, or one lies in a place that is unknown.
    """
    opened = open_study(find_root(), study)
    received = read_focus_groups(opened)
    places = places_to_clean(received, opened.places, opened.settings.continents)
    if not places:
        raise PlaceError(
            f"No focus group of {study} may be counted.",
            expected="a focus group whose consent allows counting, and that was not withdrawn",
            remedy=f"add submissions to data/{study}",
        )
    parts: list[_Part] = []
    for place in places:
        parts.append(_cover(opened, place, parts))
    return Coverage(
        study=opened,
        focus_groups=_join([part.focus_groups for part in parts]),
        segments=_join([part.segments for part in parts]),
        code_applications=_join([part.code_applications for part in parts]),
        warnings=read_warnings(
            opened, places, {group for part in parts for group in part.focus_groups["focus_group"]}
        ),
    )


class _Part(NamedTuple):
    """What coverage needs of the focus groups cleaned at a place, and none of its words."""

    focus_groups: pd.DataFrame
    segments: pd.DataFrame
    code_applications: pd.DataFrame


def _cover(opened: OpenedStudy, place: str, earlier: Sequence[_Part]) -> _Part:
    build = build_folder(opened.root, opened.settings.name)
    cleaned = _read_cleaned(opened, build, place)
    groups = cleaned["focus_groups"][may_count(cleaned["focus_groups"])]
    for part in earlier:
        # One that no continent holds was cleaned at each that it overlaps; the first shows it.
        is_new = places_of(groups["focus_group"], part.focus_groups["focus_group"]) < 0
        groups = groups[is_new]
    segments = cleaned["segments"]
    located = segments.assign(page=pages_of_words(build, place, segments["focus_group"]))
    codable = _codable(located[~segments["is_heading"]], groups, opened.instrument.cells)
    applications = locate(cleaned["code_applications"], codable)
    return _Part(
        groups.assign(home=homes_of(groups, opened.places)),
        codable,
        applications.assign(row=applications["row"] + sum(len(part.segments) for part in earlier)),
    )


def _read_cleaned(
    opened: OpenedStudy, build: BuildFolder | None, place: str
) -> dict[str, pd.DataFrame]:
    """Return what is needed of the cleaned tables of a place."""
    if build is None or not build.cleaned(place).is_dir():
        cleaned = cleaned_tables(opened, place).by_name()
        return {name: cleaned[name][columns] for name, columns in NEEDED.items()}
    folder = build.cleaned(place)
    return {
        name: pd.read_parquet(folder / f"{name}.parquet", columns=columns)
        for name, columns in NEEDED.items()
    }


def _codable(segments: pd.DataFrame, groups: pd.DataFrame, cells: Sequence[str]) -> pd.DataFrame:
    """Return the segments of some focus groups, what repeats in them as categories."""
    group = places_of(segments["focus_group"], groups["focus_group"])
    kept = group >= 0
    cell = places_of(segments["cell"], pd.Series(cells, dtype="str"))
    return pd.DataFrame(
        {
            "segment": segments.loc[kept, "segment"].reset_index(drop=True),
            "focus_group": name_numbers(group[kept], groups["focus_group"].tolist()),
            "cell": name_numbers(cell[kept], cells),
            "page": name_numbers(*number_values(segments.loc[kept, "page"])),
        }
    )


def _join(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Return tables one below the other, categories joined in the order in which they come."""
    return pd.DataFrame(
        {name: _join_columns([table[name] for table in tables]) for name in tables[0]}
    )


def _join_columns(columns: list[pd.Series]) -> pd.Series:
    if all(isinstance(column.dtype, pd.CategoricalDtype) for column in columns):
        return pd.Series(union_categoricals(columns))
    return pd.concat(columns, ignore_index=True)
