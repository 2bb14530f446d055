"""A study as a whole: all focus groups counted, their segments and what coders applied to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from analysis.errors import PlaceError
from analysis.study.language import translate
from analysis.study.opened_study import OpenedStudy, open_for_reports
from analysis.study.root import find_root
from analysis.synthesis.agreement import CoderPair, compare_coders
from analysis.synthesis.agreement_characters import has_positions
from analysis.synthesis.corpus_tables import (
    count_codings,
    read_cleaned_tables,
    read_focus_groups,
    read_warnings,
)
from analysis.synthesis.links import pages_of_segments
from analysis.tables.build_folder import build_folder
from analysis.tables.code_applications import without_none
from analysis.tables.coded import follow_duplicates, looked_at, read_coded
from analysis.tables.consent import withhold_kinds
from analysis.tables.focus_groups import WITHDRAWN, may_count, may_show
from analysis.tables.placing import homes_of, places_to_clean
from analysis.tables.tombstones import withdrawn_groups

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.quality.outcomes import Outcome
    from analysis.study.settings import NumbersOfPeople
    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.cleaning import CleanedTables

ALL = "all"
# The report on a whole study, whose further pages are those of the study.
COVERAGE_PAGE = "coverage"
CODABLE = ["segment", "focus_group", "cell", "label"]
# What decides which segments coders looked at, and is shown nowhere here.
OF_UNITS = ["section", "question", "text"]


@dataclass(frozen=True, eq=False)
class Coverage:
    """The cleaned tables of a whole study, without the words of its passages.

    Parameters
    ----------
    study : OpenedStudy
        The study.
    focus_groups : DataFrame
        Focus groups whose consent allows counting, with their ``home``.
    segments : DataFrame
        Their segments that can bear codes: ``segment, focus_group, cell``, the ``label`` where it
        may be shown, the ``home`` of the focus group and the ``page`` that shows the segment.
    code_applications : DataFrame
        What the study's coders applied to these: ``segment, focus_group, code, coder``.
    codings : DataFrame
        The codings that reports count, from `count_codings`.
    pairs : tuple of CoderPair
        Each two coders who coded, or looked at, the same focus groups.
    warnings : tuple of Outcome
        Expectations of warning severity that what is counted doesn't meet.
    withdrawn, without_consent : int
        How many focus groups were withdrawn, and how many are there without consent to be counted.
        They are in no other number, and are not named.
    """

    study: OpenedStudy
    focus_groups: pd.DataFrame
    segments: pd.DataFrame
    code_applications: pd.DataFrame
    codings: pd.DataFrame
    pairs: tuple[CoderPair, ...]
    warnings: tuple[Outcome, ...] = ()
    withdrawn: int = 0
    without_consent: int = 0

    @property
    def build(self) -> BuildFolder | None:
        """The build that this is part of, if any."""
        return build_folder(self.study)

    @property
    def rule(self) -> NumbersOfPeople:
        """How the study publishes numbers of people."""
        return self.study.settings.numbers_of_people

    @cached_property
    def homes(self) -> list[str]:
        """The homes of the focus groups, sorted."""
        return sorted(self.focus_groups["home"].unique())

    def groups_at(self, home: str) -> pd.DataFrame:
        """Return the focus groups at home in a place, or all."""
        if home == ALL:
            return self.focus_groups
        return self.focus_groups[self.focus_groups["home"] == home]

    def name(self, home: str) -> str:
        """Return the name of a home; that of a continent means its continent-wide discussions."""
        places = self.study.places
        is_region = places.scope(home) == "region"
        name = places.name(home)
        return name if is_region else translate("{continent}, continent-wide", continent=name)

    def where(self, home: str) -> str:
        """Return a home, or all, as part of a label."""
        if home == ALL:
            return translate("in all")
        return translate("at home in {place}", place=self.name(home))

    @cached_property
    def coded_groups(self) -> frozenset[str]:
        """Focus groups with a coded passage: the denominator of themes and codes."""
        return frozenset(self.codings["focus_group"])

    def codings_of(self, code: str) -> pd.DataFrame:
        """Return the codings with a code, or with any code of a theme."""
        return self.codings[(self.codings["code"] == code) | (self.codings["theme"] == code)]

    @cached_property
    def without_words(self) -> frozenset[str]:
        """Focus groups whose consent is for counts only: their words and codes are not shown."""
        groups = self.focus_groups
        return frozenset(groups.loc[~may_show(groups), "focus_group"])

    @cached_property
    def meetings(self) -> dict[str, tuple[Markup, str, str]]:
        """The places and the date of each focus group; no title is shown of a whole study."""
        groups = self.focus_groups
        met = zip(groups["focus_group"], groups["places"], groups["held_on"], strict=True)
        return {group: (Markup(), places, held_on) for group, places, held_on in met}

    @cached_property
    def _pages(self) -> dict[str, str]:
        return dict(zip(self.segments["segment"], self.segments["page"], strict=True))

    @cached_property
    def _pages_of_groups(self) -> dict[str, str]:
        first = self.segments.drop_duplicates("focus_group")
        return dict(zip(first["focus_group"], first["page"], strict=True))

    def address_of_group(self, focus_group: str) -> str:
        """Return the address of all passages of a focus group; ``""`` where it has none."""
        page = self._pages_of_groups.get(focus_group)
        return f"{page}.html#group-{focus_group}" if page else ""

    def address_of(self, segment: str) -> str:
        """Return the address of a segment on the page that shows it."""
        page = self._pages.get(segment)
        return f"{page}.html#segment-{segment}" if page else ""


def open_coverage(study: str) -> Coverage:
    """Return the coverage of a study.

    Parameters
    ----------
    study : str
        The study.

    Raises
    ------
    StudyError
        When the study does not exist.
    TableError
        When a table can't be read.
    PlaceError
        When no focus group may be counted, or one lies in a place that is unknown.
    ParameterError
        When a code was applied that the codebook does not have.
    """
    opened = open_for_reports(find_root(), study)
    received = read_focus_groups(opened)
    places = places_to_clean(received, opened.places, opened.settings.continents)
    if not places:
        raise PlaceError(
            f"No focus group of {study} may be counted.",
            expected="a focus group whose consent allows counting, and that was not withdrawn",
            remedy=f"add submissions to data/{study}",
        )
    groups, segments, applications, coded = _read_places(opened, places)
    coders, book = opened.settings.coders, opened.codebook
    pairs = compare_coders(segments, applications, coded, codes=list(book.codes), coders=coders)
    applications = applications[applications["coder"].isin([coder.coder for coder in coders])]
    seen = looked_at(segments, applications, coded)
    coding = opened.settings.publication.coding
    return Coverage(
        study=opened,
        focus_groups=groups,
        segments=segments.drop(columns=OF_UNITS),
        code_applications=without_none(applications, book.codes),
        codings=count_codings(segments, applications, book, coding, seen),
        pairs=tuple(pairs),
        warnings=read_warnings(opened, places, groups),
        **_count_left_out(opened, received),
    )


def _read_places(
    opened: OpenedStudy, places: Iterable[str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the focus groups, segments and code applications of all places, and who saw what."""
    coded = read_coded(opened.folder)
    groups, segments, applications = [], [], []
    for place in places:
        cleaned = read_cleaned_tables(opened, place)
        groups.append(cleaned.focus_groups)
        segments.append(_without_words(opened, place, cleaned))
        applications.append(cleaned.code_applications[["segment", "code", "coder"]])
        coded = follow_duplicates(coded, cleaned.set_aside)
    # A focus group that no continent holds was cleaned at each that it overlaps; the first shows
    # it.
    received = pd.concat(groups).drop_duplicates("focus_group")
    counted = received[may_count(received)].reset_index(drop=True)
    counted = counted.assign(
        participants=withhold_kinds(counted), home=homes_of(counted, opened.places)
    )
    home = counted.set_index("focus_group")["home"]
    located = pd.concat(segments).drop_duplicates("segment")
    located = located[located["focus_group"].isin(home.index)].reset_index(drop=True)
    located = located.assign(home=located["focus_group"].map(home))
    applied = pd.concat(applications).drop_duplicates()
    return counted, located, applied.merge(located[["segment", "focus_group"]], on="segment"), coded


def _without_words(opened: OpenedStudy, place: str, cleaned: CleanedTables) -> pd.DataFrame:
    """Return the segments of a place that can carry codes, with their page and what is shown."""
    build = build_folder(opened)
    whole = cleaned.segments.assign(page=pages_of_segments(build, place, cleaned.segments))
    segments = whole.loc[~whole["is_heading"], [*CODABLE, *OF_UNITS, "page"]]
    groups = cleaned.focus_groups
    shown = groups.loc[may_show(groups), "focus_group"]
    return segments.assign(
        label=segments["label"].where(segments["focus_group"].isin(shown), ""),
        # Only the words of selections are compared: see `agreement_characters`.
        text=segments["text"].where(has_positions(segments["segment"]), ""),
    )


def _count_left_out(opened: OpenedStudy, received: pd.DataFrame) -> dict[str, int]:
    """Count the focus groups that were withdrawn, and those without consent to be counted."""
    is_marked = received[WITHDRAWN] != ""
    named = {*withdrawn_groups(opened.folder), *received.loc[is_marked, "focus_group"]}
    return {
        "withdrawn": len(named),
        "without_consent": int((~may_count(received) & ~is_marked).sum()),
    }
