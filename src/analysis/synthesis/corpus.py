"""The corpus of a place: the focus groups that a report counts, with their segments and codings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import PlaceError, closest
from analysis.quality.outcomes import STAGES, read_outcomes
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.study.root import find_root
from analysis.synthesis.corpus_parts import (
    Parts,
    join_parts,
    own_parts,
    parts_of,
    read_focus_groups,
    read_parts,
)
from analysis.synthesis.corpus_rows import CorpusRows
from analysis.synthesis.handing_on import travelling_rows
from analysis.synthesis.told_segments import ToldSegment, tell_segments
from analysis.synthesis.words_pages import LISTED_SEGMENTS, place_of_page
from analysis.tables.build_folder import build_folder
from analysis.tables.consent import withhold_cells
from analysis.tables.focus_groups import may_count
from analysis.tables.numbering import number_values
from analysis.tables.placing import (
    GLOBAL,
    homes_of,
    lies_in,
    overlaps,
    places_to_clean,
    places_to_report,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from analysis.quality.outcomes import Outcome
    from analysis.study.places import Places
    from analysis.tables.numbering import IntArray


@dataclass(frozen=True)
class Corpus:
    """What a report on a place is written from.

    Parameters
    ----------
    study : OpenedStudy
        The study.
    place : str
        A region or a continent.
    focus_groups : DataFrame
        The focus groups counted, with their ``home``.
    context : DataFrame
        Focus groups that overlap the place without lying in it: named, never counted.
    segments : DataFrame
        The segments of the focus groups counted, in the template's order. ``text`` and ``label``
        are empty where consent is for counts only (``withheld``); ``text`` also where another
        report shows it (``shown_in``).
    context_segments : DataFrame
        The segments of context that no narrower report holds, likewise.
    codings : DataFrame
        The codings counted.
    set_aside : DataFrame
        Segments that cleaning set aside.
    warnings : tuple of Outcome
        Expectations that fell short of what is counted, without stopping it.
    """

    study: OpenedStudy
    place: str
    focus_groups: pd.DataFrame
    context: pd.DataFrame
    segments: pd.DataFrame
    context_segments: pd.DataFrame
    codings: pd.DataFrame
    set_aside: pd.DataFrame
    warnings: tuple[Outcome, ...]

    @property
    def name(self) -> str:
        """The name of the place."""
        return self.study.places.name(self.place)

    @property
    def is_single(self) -> bool:
        """Whether one focus group alone is counted, so that no prevalence can be told."""
        return len(self.focus_groups) == 1

    @cached_property
    def rows(self) -> CorpusRows:
        """The segments counted by row, grouped by what is counted of them."""
        return CorpusRows(self.segments, self.codings, self.set_aside)

    @cached_property
    def meetings(self) -> dict[str, tuple[str, str, str]]:
        """The title or theme, the places and the date of each focus group, counted or context."""
        groups = pd.concat([self.focus_groups, self.context])
        named = groups["title"].where(groups["title"] != "", groups["theme"])
        told = zip(named, groups["places"], groups["held_on"], strict=True)
        return dict(zip(groups["focus_group"], told, strict=True))

    @cached_property
    def groups(self) -> frozenset[str]:
        """The focus groups counted."""
        return frozenset(self.focus_groups["focus_group"])

    @cached_property
    def coded_groups(self) -> frozenset[str]:
        """Focus groups with a coded segment: the denominator of themes and codes."""
        return frozenset(self.rows.bearing(self.rows.coded.row).focus_groups)

    def answered(self, cell: str) -> frozenset[str]:
        """Return the focus groups that answered a cell: its denominator."""
        return frozenset(self.rows.bearing(self.rows.codable_in(cell)).focus_groups)

    @cached_property
    def shown_here(self) -> IntArray:
        """The rows of the segments whose words stand in the report on the place itself."""
        page, pages = number_values(self.segments["shown_in"])
        is_here = np.array([place_of_page(name) == self.place for name in pages], dtype=bool)
        return np.flatnonzero(is_here[page])

    @property
    def is_large(self) -> bool:
        """Whether one page cannot hold the segments whose words stand in the report."""
        return len(self.shown_here) + len(self.context_segments) > LISTED_SEGMENTS

    @cached_property
    def named_here(self) -> IntArray:
        """The rows of the segments shown here, and of those withheld elsewhere if all are few."""
        both = np.union1d(self.shown_here, np.flatnonzero(self.rows.is_withheld))
        few = len(both) + len(self.context_segments) <= LISTED_SEGMENTS
        return both if few else self.shown_here

    @cached_property
    def names_withheld(self) -> bool:
        """Whether segments withheld elsewhere are named here too."""
        return len(self.named_here) > len(self.shown_here)

    @property
    def bearings(self) -> Path | None:
        """The file of what bears the claims of a report too large to list it all, in a build."""
        build = build_folder(self.study.root, self.study.settings.name)
        is_long = len(self.segments) > LISTED_SEGMENTS
        return build.bearings(self.place) if build is not None and is_long else None

    def tell(self, rows: IntArray) -> list[ToldSegment]:
        """Return segments as the report tells of them."""
        if len(self.segments) > LISTED_SEGMENTS:
            return tell_segments(self.segments, rows)
        return [self._told[row] for row in rows.tolist()]

    @cached_property
    def _told(self) -> list[ToldSegment]:
        return tell_segments(self.segments, np.arange(len(self.segments)))


def open_corpus(study: str, place: str) -> Corpus:
    """Return the corpus of a place.

    In a build it is read from what earlier steps left; elsewhere it is worked out from the tables
    as received, so that a notebook runs as it stands.

    Parameters
    ----------
    study : str
        The study.
    place : str
        A region or a continent, by code or name.

    Raises
    ------
    StudyError
        When there is no such study.
    TableError
        When a table cannot be read.
    PlaceError
        When the place is unknown, or the study has no report on it.
    """
    opened = open_study(find_root(), study)
    place = opened.places.resolve(place)
    received = read_focus_groups(opened)
    regions, continents = places_to_report(received, opened.places, opened.settings.continents)
    if place in regions:
        return _open_region(opened, received, place)
    if place in continents:
        within = [region for region in regions if opened.places.overlaps(region, place)]
        return _open_continent(opened, received, place, within)
    reported = (*regions, *continents)
    raise PlaceError(
        f"No focus group of {study} that may be counted lies in this place.",
        offenders=[f"{place}{closest(place, reported)}"],
        expected=", ".join(reported),
        remedy="choose among these, or add submissions of the place to the study",
    )


def _open_region(opened: OpenedStudy, received: pd.DataFrame, region: str) -> Corpus:
    return _join(opened, received, region, [own_parts(opened, region)])


def _open_continent(
    opened: OpenedStudy, received: pd.DataFrame, place: str, regions: Iterable[str]
) -> Corpus:
    parts = [_region_parts(opened, received, region) for region in regions]
    if place in places_to_clean(received, opened.places, opened.settings.continents):
        parts.append(own_parts(opened, place))
    return _join(opened, received, place, parts)


def _region_parts(opened: OpenedStudy, received: pd.DataFrame, region: str) -> Parts:
    build = build_folder(opened.root, opened.settings.name)
    if build is not None and build.aggregates(region).is_dir():
        return read_parts(build.aggregates(region))
    corpus = _open_region(opened, received, region)
    most = opened.settings.publication.excerpts_per_theme
    return parts_of(corpus, travelling_rows(corpus, opened.codebook.themes, most))


def _join(opened: OpenedStudy, received: pd.DataFrame, place: str, parts: list[Parts]) -> Corpus:
    whole = join_parts(parts)
    groups = whole["focus_groups"]
    counted = groups[_are(groups, lies_in, place, opened.places) & groups["counts"]]
    names = set(counted["focus_group"])
    context = _context(opened, received, place)
    # The words of others stand in the report of their home.
    homeless = set(context.loc[context["home"] == GLOBAL, "focus_group"])
    return Corpus(
        study=opened,
        place=place,
        focus_groups=counted.reset_index(drop=True),
        context=context,
        segments=_of(whole["segments"], names),
        context_segments=_of(whole["segments"], homeless),
        codings=_of(whole["codings"], names),
        set_aside=_of(whole["set_aside"], names),
        warnings=read_warnings(opened, groups["home"].unique(), names),
    )


def _of(table: pd.DataFrame, groups: set[str]) -> pd.DataFrame:
    of_groups = table["focus_group"].isin(groups)
    return table if of_groups.all() else table[of_groups].reset_index(drop=True)


def _context(opened: OpenedStudy, received: pd.DataFrame, place: str) -> pd.DataFrame:
    touching = _are(received, overlaps, place, opened.places)
    inside = _are(received, lies_in, place, opened.places)
    context = withhold_cells(received[touching & ~inside & may_count(received)])
    return context.assign(home=homes_of(context, opened.places)).reset_index(drop=True)


def _are(
    groups: pd.DataFrame, test: Callable[[str, str, Places], bool], place: str, places: Places
) -> pd.Series:
    """Return which focus groups lie in a place, or overlap it."""
    held_at = groups["places"]
    passed = [at for at in held_at.unique() if test(at, place, places)]
    return held_at.isin(passed)


def read_warnings(
    opened: OpenedStudy, places: Iterable[str], groups: Collection[str]
) -> tuple[Outcome, ...]:
    """Return the warnings about focus groups that this build's guards found.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    places : iterable of str
        The places at which the focus groups are at home.
    groups : collection of str
        The focus groups.

    Returns
    -------
    tuple of Outcome
        Those of cleaned tables, and what those as received alone can tell. None outside a build:
        guards run in builds alone.
    """
    build = build_folder(opened.root, opened.settings.name)
    if build is None:
        return ()
    found = [
        outcome
        for place in sorted(places)
        for stage in reversed(STAGES)
        if build.warnings(stage, place).is_file()
        for outcome in read_outcomes(build.warnings(stage, place)).outcomes
    ]
    counted = set(groups)
    return tuple(outcome for outcome in found if outcome.concerns(counted))
