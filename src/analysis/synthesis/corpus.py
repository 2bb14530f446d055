"""The corpus of a place: the focus groups that a report counts, with their segments and codings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import PlaceError, closest
from analysis.quality.outcomes import read_outcomes
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
from analysis.synthesis.handing_on import travelling_segments
from analysis.tables.build_folder import build_folder
from analysis.tables.focus_groups import may_count
from analysis.tables.placing import (
    GLOBAL,
    homes_of,
    lies_in,
    overlaps,
    places_to_clean,
    places_to_report,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from analysis.quality.outcomes import Outcome


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
        are empty where consent is for counts only; ``text`` also where another report shows it
        (``shown_in``).
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
    def codable(self) -> pd.DataFrame:
        """Segments that can bear codes: all but points that only head sub-points."""
        return self.segments[~self.segments["is_heading"]]

    @cached_property
    def points(self) -> pd.DataFrame:
        """Segments that count as points: sub-points count within the point that heads them."""
        return self.segments[self.segments["role"] != "subpoint"]

    @cached_property
    def meetings(self) -> dict[str, tuple[str, str]]:
        """The places and the date of each focus group, counted or context."""
        groups = pd.concat([self.focus_groups, self.context])
        held = zip(groups["places"], groups["held_on"], strict=True)
        return dict(zip(groups["focus_group"], held, strict=True))

    @cached_property
    def coded_groups(self) -> list[str]:
        """Focus groups with a coded segment: the denominator of themes and codes."""
        return sorted(self.codings["focus_group"].unique())

    @cached_property
    def codes_borne(self) -> pd.Series:
        """How many codes each coded segment bears."""
        return self.codings["segment"].value_counts()

    @cached_property
    def order_of_told(self) -> dict[str, int]:
        """The place of each segment whose text may be shown here, among all such."""
        told = self.segments.loc[self.segments["text"] != "", "segment"]
        return dict(zip(told, range(len(told)), strict=True))

    def answered(self, cell: str) -> list[str]:
        """Return the focus groups that answered a cell: its denominator."""
        codable = self.codable
        return sorted(codable.loc[codable["cell"] == cell, "focus_group"].unique())


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
    return parts_of(corpus, travelling_segments(corpus, opened.codebook.themes, most))


def _join(opened: OpenedStudy, received: pd.DataFrame, place: str, parts: list[Parts]) -> Corpus:
    whole = join_parts(parts)
    groups = whole["focus_groups"]
    inside = groups["places"].map(lambda at: lies_in(at, place, opened.places)).astype(bool)
    counted = groups[inside & groups["counts"]]
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
    return table[table["focus_group"].isin(groups)].reset_index(drop=True)


def _context(opened: OpenedStudy, received: pd.DataFrame, place: str) -> pd.DataFrame:
    held_at = received["places"]
    touching = held_at.map(lambda at: overlaps(at, place, opened.places)).astype(bool)
    inside = held_at.map(lambda at: lies_in(at, place, opened.places)).astype(bool)
    context = received[touching & ~inside & may_count(received)]
    return context.assign(home=homes_of(context, opened.places)).reset_index(drop=True)


def read_warnings(
    opened: OpenedStudy, places: Iterable[str], groups: Collection[str]
) -> tuple[Outcome, ...]:
    """Return the warnings about focus groups that this build's guards found once they were cleaned.

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
        None outside a build: guards run in builds alone.
    """
    build = build_folder(opened.root, opened.settings.name)
    if build is None:
        return ()
    found = [
        outcome
        for place in sorted(places)
        if build.outcomes(f"cleaned-{place}").is_file()
        for outcome in read_outcomes(build.outcomes(f"cleaned-{place}")).warnings
    ]
    counted = set(groups)
    return tuple(outcome for outcome in found if not counted.isdisjoint(outcome.focus_groups))
