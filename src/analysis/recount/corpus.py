"""The focus groups, segments and codings that count at a place, or in a whole study."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.recount.cleaned import Cleaned
from analysis.recount.study import split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.recount.cleaned import Segment
    from analysis.recount.study import Row, Study

Coding = tuple[str, str]

SCOPES = ("country", "region", "continent", "global")


@dataclass(frozen=True)
class Whole:
    """A study after cleaning, with where its focus groups are at home."""

    study: Study
    cleaned: Cleaned
    homes: Homes

    @cached_property
    def put_by(self) -> dict[Coding, set[str]]:
        """Return the coders who applied each code to each segment."""
        coders: dict[Coding, set[str]] = defaultdict(set)
        for segment, code, coder in self.cleaned.applied:
            coders[segment, code].add(coder)
        return coders

    @cached_property
    def coders_at(self) -> dict[str, set[str]]:
        """Return who looked at each segment, as they state, or coded it."""
        coders: dict[str, set[str]] = defaultdict(set)
        for coder in self.study.coders:
            for segment in self.looked_at(coder) | self.coded_by(coder):
                coders[segment].add(coder)
        return coders

    @cached_property
    def first_coder(self) -> dict[str, str]:
        """Return, for each coded focus group, its first coder in the order of the settings."""
        rows = {(self.group_of(segment), coder) for segment, _, coder in self.cleaned.applied}
        by_rank = sorted(rows, key=lambda row: -self.study.coders.index(row[1]))
        return dict(by_rank)

    def coded_by(self, coder: str) -> set[str]:
        """Return the segments to which a coder applied a code."""
        return {
            segment for segment, code, by in self.cleaned.applied if by == coder and code != "none"
        }

    def looked_at(self, coder: str) -> set[str]:
        """Return the segments that a coder states to have looked at.

        These are in ``coded.csv``, or in a focus group in which each segment has a row of the
        coder, a code or none.
        """
        codable = [each for each in self.cleaned.kept.values() if not each.is_heading]
        rows = {segment for segment, _, by in self.cleaned.applied if by == coder}
        gaps = {each.group for each in codable if each.name not in rows}
        stated: dict[str, list[Row]] = defaultdict(list)
        for row in self.study.coded:
            if row["coder"] == coder:
                stated[row["focus_group"]].append(row)
        return {
            each.name
            for each in codable
            if each.group not in gaps or any(_names(row, each) for row in stated[each.group])
        }

    def group_of(self, segment: str) -> str:
        """Return the focus group of a segment."""
        return self.cleaned.received[segment].group

    def groups_of(self, segments: Iterable[str]) -> set[str]:
        """Return the focus groups of segments."""
        return {self.group_of(segment) for segment in segments}

    def counts(self, coding: Coding) -> bool:
        """Return whether a coding counts by the study's own rule."""
        everyone = self.coders_at[coding[0]]
        return self.study.coding == "any" or self.put_by[coding] == everyone


def _names(row: Row, segment: Segment) -> bool:
    """Return whether a row of ``coded.csv`` names a segment."""
    section, _, question = segment.cell.partition(".")
    said = {"focus_group": segment.group, "section": section, "question": question}
    said["segment"] = segment.name
    return all(row.get(column, "") in ("", value) for column, value in said.items())


class Corpus:
    """What a report counts: some focus groups with their segments and codings."""

    def __init__(self, whole: Whole, groups: Iterable[str]) -> None:
        self.whole = whole
        self.groups = set(groups)
        self.segments = self._theirs(whole.cleaned.kept.values())
        self.codable = [segment for segment in self.segments if not segment.is_heading]
        set_aside = [whole.cleaned.received[name] for name in whole.cleaned.set_aside]
        self.set_aside = self._theirs(set_aside)
        names = {segment.name for segment in self.codable}
        book = whole.study.codebook
        # "none" is no code, unless the codebook has it.
        self.codings = [
            coding
            for coding in whole.put_by
            if coding[0] in names and coding[1] in book and whole.counts(coding)
        ]
        self._segments_of: dict[str, set[str]] = defaultdict(set)
        for segment, code in self.codings:
            self._segments_of[code].add(segment)
            self._segments_of[book[code]["parent"]].add(segment)

    def _theirs(self, segments: Iterable[Segment]) -> list[Segment]:
        return [segment for segment in segments if segment.group in self.groups]

    @property
    def coded_groups(self) -> set[str]:
        """The focus groups with a coded segment."""
        return self.whole.groups_of(segment for segment, _ in self.codings)

    def supporting(self, code: str, cell: str = "") -> set[str]:
        """Return the segments (of a cell) that have a code, or any code of a theme."""
        received, found = self.whole.cleaned.received, self._segments_of[code]
        return {segment for segment in found if cell in ("", received[segment].cell)}

    def set_aside_for(self, reason: str) -> list[str]:
        """Return the segments that were set aside for a reason."""
        reasons = self.whole.cleaned.set_aside
        return [segment.name for segment in self.set_aside if reasons[segment.name] == reason]


def open_whole(study: Study) -> Whole:
    """Return a study after cleaning."""
    return Whole(study, Cleaned(study), Homes(study))


class Homes:
    """Returns which focus groups of a study lie in which place."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._scopes = {row["country"]: "country" for row in study.countries}
        self._scopes |= {row["place"]: row["scope"] for row in study.wider_places}
        self.names = {row["country"]: row["name"] for row in study.countries}
        self.names |= {row["place"]: row["name"] for row in study.wider_places}
        self._countries: dict[str, set[str]] = {place: set() for place in self._scopes}
        for row in study.countries:
            for place in (row["country"], row["region"], row["continent"], "global"):
                self._countries[place].add(row["country"])

    def scope(self, place: str) -> str:
        """Return the scope of a place."""
        return self._scopes[place]

    def lies_in(self, group: str, place: str) -> bool:
        """Return whether a focus group counts at a place."""
        parts = self._places_of(group)
        return bool(parts) and all(
            SCOPES.index(self._scopes[part]) <= SCOPES.index(self._scopes[place])
            and self._countries[part] <= self._countries[place]
            for part in parts
        )

    def overlaps(self, group: str, place: str) -> bool:
        """Return whether a focus group speaks from some part of a place."""
        return any(
            self._countries[part] & self._countries[place] for part in self._places_of(group)
        )

    def home(self, group: str) -> str:
        """Return the narrowest region or continent that holds a focus group, or ``global``."""
        for scope in ("region", "continent"):
            for row in self._study.wider_places:
                if row["scope"] == scope and self.lies_in(group, row["place"]):
                    return row["place"]
        return "global"

    @property
    def places_of_reports(self) -> set[str]:
        """The places that a report may be on."""
        return {row["place"] for row in self._study.wider_places}

    def counted_in(self, place: str) -> list[str]:
        """Return the focus groups that a report on a place counts."""
        groups = self._study.focus_groups
        return [
            name for name in groups if self._study.may_count(name) and self.lies_in(name, place)
        ]

    def received_at(self, place: str) -> list[str]:
        """Return the focus groups that count and whose segments are cleaned at a place."""
        continental = self._scopes[place] == "continent"
        return [
            name
            for name in filter(self._study.may_count, self._study.focus_groups)
            if self.home(name) == place
            or (continental and self.home(name) == "global" and self.overlaps(name, place))
        ]

    def countries_of(self, groups: list[str]) -> set[str]:
        """Return the countries that focus groups name as their places."""
        named = {part for group in groups for part in self._places_of(group)}
        return {place for place in named if self._scopes[place] == "country"}

    def _places_of(self, group: str) -> list[str]:
        return split(self._study.focus_groups[group]["places"])
