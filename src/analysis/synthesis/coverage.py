"""Coverage of a whole study: who was heard, who answered what, and who coded it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import PlaceError
from analysis.study.opened_study import OpenedStudy, open_for_reports
from analysis.study.places import folder_of_places
from analysis.study.root import find_root
from analysis.synthesis.agreement import CoderPair, compare_coders
from analysis.synthesis.agreement_characters import has_positions
from analysis.synthesis.claims import (
    FOCUS_GROUPS,
    NO_EVIDENCE,
    SEGMENTS,
    Ledger,
    agree,
    evidence_by,
    evidence_of,
)
from analysis.synthesis.corpus_tables import (
    count_codings,
    read_cleaned_tables,
    read_focus_groups,
    read_warnings,
)
from analysis.synthesis.markup import Row, element, join, list_words, table, term
from analysis.synthesis.named_codes import CODEBOOK_PAGE
from analysis.synthesis.overview import describe_coder
from analysis.synthesis.participants import claim_kinds, claim_total, explain_rule, show_total
from analysis.synthesis.segment_pages import pages_of_segments
from analysis.tables.build_folder import build_folder
from analysis.tables.code_applications import without_none
from analysis.tables.coded import follow_duplicates, looked_at, read_coded
from analysis.tables.consent import withhold_kinds
from analysis.tables.focus_groups import CONSENT_TO_SHOW, WITHDRAWN, may_count, split_values
from analysis.tables.participants import kinds_of
from analysis.tables.placing import homes_of, places_to_clean
from analysis.tables.segments import follow_template
from analysis.tables.tombstones import withdrawn_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from analysis.quality.outcomes import Outcome
    from analysis.study.settings import NumbersOfPeople
    from analysis.synthesis.claims import Claim, Fragment
    from analysis.synthesis.markup import Content

COUNTRIES = "countries"
CODE_APPLICATIONS = "code applications"
ALL = "all"
# The report on a whole study, whose further pages are those of the study.
COVERAGE_PAGE = "coverage"
NO_TEMPLATE = "These sessions did not report on the template: there are no questions to list."
CODABLE = ["segment", "focus_group", "cell"]
# What decides which segments coders looked at, and is shown nowhere here.
OF_UNITS = ["section", "question", "text"]


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
        Their segments that can bear codes: ``segment, focus_group, cell``, the ``home`` of the
        focus group and the ``page`` that shows the segment.
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
    def rule(self) -> NumbersOfPeople:
        """How the study publishes numbers of people."""
        return self.study.settings.numbers_of_people

    @property
    def has_countries(self) -> bool:
        """Whether its places are countries, and not strata or sites of its own."""
        return folder_of_places(self.study.folder) != self.study.folder

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
        """Return the name of a home; that of a continent means its wider submissions."""
        places = self.study.places
        is_region = places.scope(home) == "region"
        return places.name(home) if is_region else f"{places.name(home)}, wider submissions"

    def where(self, home: str) -> str:
        """Return a home, or all, as part of a label."""
        return "in all" if home == ALL else f"at home in {self.name(home)}"

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
        shown = self.focus_groups["consent"].isin(CONSENT_TO_SHOW)
        return frozenset(self.focus_groups.loc[~shown, "focus_group"])

    @cached_property
    def meetings(self) -> dict[str, tuple[str, str, str]]:
        """The places and the date of each focus group; no title is shown of a whole study."""
        groups = self.focus_groups
        met = zip(groups["focus_group"], groups["places"], groups["held_on"], strict=True)
        return {group: ("", places, held_on) for group, places, held_on in met}

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
    coders = opened.settings.coders
    pairs = compare_coders(
        segments, applications, coded, codes=list(opened.codebook.codes), coders=coders
    )
    codings = count_codings(
        segments,
        applications,
        opened.codebook,
        opened.settings.publication.coding,
        looked_at(segments, applications, coded),
    )
    applications = without_none(applications, opened.codebook.codes)
    applications = applications[applications["coder"].isin([coder.coder for coder in coders])]
    return Coverage(
        study=opened,
        focus_groups=groups,
        segments=segments.drop(columns=OF_UNITS),
        code_applications=applications,
        codings=codings,
        pairs=tuple(pairs),
        warnings=read_warnings(opened, places, set(groups["focus_group"])),
        **_count_left_out(opened, received),
    )


def open_study_ledger(coverage: Coverage) -> Ledger:
    """Return a ledger for the claims about a whole study, whose numbers lead to their evidence."""
    if build_folder(coverage.study.root, coverage.study.settings.name) is None:
        return Ledger("study", coverage.warnings)

    def page_of(name: str) -> str:
        return CODEBOOK_PAGE if name.startswith("codebook.") else f"{COVERAGE_PAGE}.html"

    return Ledger("study", coverage.warnings, page_of)


def _read_places(
    opened: OpenedStudy, places: Iterable[str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the focus groups, segments and code applications of all places, and who saw what.

    A focus group that no continent holds was cleaned at each that it overlaps; the first shows it.
    """
    build = build_folder(opened.root, opened.settings.name)
    groups, segments, applications = [], [], []
    coded = read_coded(opened.folder)
    known: set[str] = set()
    for place in places:
        cleaned = read_cleaned_tables(opened, place)
        found = cleaned.focus_groups[may_count(cleaned.focus_groups)]
        found = found[~found["focus_group"].isin(known)]
        known.update(found["focus_group"])
        page = pages_of_segments(build, place, cleaned.segments)
        codable = cleaned.segments[[*CODABLE, *OF_UNITS]].assign(page=page)
        # Only the words of selections are compared: see `agreement_characters`.
        words = codable["text"].where(has_positions(codable["segment"]), "")
        codable = codable.assign(text=words)
        codable = codable[~cleaned.segments["is_heading"]]
        groups.append(found.assign(participants=withhold_kinds(found)))
        segments.append(codable[codable["focus_group"].isin(found["focus_group"])])
        applications.append(cleaned.code_applications)
        coded = follow_duplicates(coded, cleaned.set_aside)
    all_groups = pd.concat(groups, ignore_index=True)
    all_groups = all_groups.assign(home=homes_of(all_groups, opened.places))
    home = all_groups.set_index("focus_group")["home"]
    located = pd.concat(segments, ignore_index=True)
    located = located.assign(home=located["focus_group"].map(home))
    applied = pd.concat(applications, ignore_index=True)[["segment", "code", "coder"]]
    applied = applied.merge(located[["segment", "focus_group"]], on="segment").drop_duplicates()
    return all_groups, located, applied, coded


def _count_left_out(opened: OpenedStudy, received: pd.DataFrame) -> dict[str, int]:
    """Count the focus groups that were withdrawn, and those without consent to be counted."""
    is_marked = received[WITHDRAWN] != ""
    named = {*withdrawn_groups(opened.folder), *received.loc[is_marked, "focus_group"]}
    return {
        "withdrawn": len(named),
        "without_consent": int((~may_count(received) & ~is_marked).sum()),
    }


def show_who_was_heard(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the table of focus groups, countries, participants and segments by home."""
    rows = [
        Row(coverage.name(home), _heard_claims(coverage, ledger, home)) for home in coverage.homes
    ]
    rows.append(Row("In all", _heard_claims(coverage, ledger, ALL), kind="total"))
    people = [] if coverage.rule == "none" else ["Participants"]
    countries = ["Countries"] if coverage.has_countries else []
    columns = ["Place", "Focus groups", *countries, *people, "Codable segments"]
    heard = table("heard", "Who was heard, by place", columns, rows)
    return ledger.show(heard, *_describe_left_out(coverage, ledger))


def _describe_left_out(coverage: Coverage, ledger: Ledger) -> list[Content]:
    """Return how many focus groups no number counts, without naming any."""
    counted = [
        join([claim, agree(" focus group", claim), " ", how])
        for name, number, how in (
            ("withdrawn", coverage.withdrawn, "withdrawn from the study"),
            ("without_consent", coverage.without_consent, "without consent to be counted"),
        )
        if number
        for claim in [ledger.number(name, f"Focus groups {how}", (number, FOCUS_GROUPS))]
    ]
    if not counted:
        return []
    return [element("p", "Left out of this and all other numbers: ", list_words(counted), ".")]


def _heard_claims(coverage: Coverage, ledger: Ledger, home: str) -> list[Content]:
    groups, segments = coverage.groups_at(home), coverage.segments
    listed = segments if home == ALL else segments[segments["home"] == home]
    where = coverage.where(home)
    countries = _count_countries(coverage, groups["places"])

    def claim(name: str, label: str, value: int, unit: str, **evidence: pd.Series) -> Claim:
        names = groups["focus_group"]
        return ledger.number(
            f"heard.{name}.{home}",
            f"{label} {where}",
            (value, unit),
            focus_groups=names,
            **evidence,
        )

    people = claim_total(
        ledger, f"heard.participants.{home}", f"Participants {where}", groups, coverage.rule
    )
    return [
        claim("focus_groups", "Focus groups", len(groups), FOCUS_GROUPS),
        *(
            [claim("countries", "Countries", countries, COUNTRIES)]
            if coverage.has_countries
            else []
        ),
        *([show_total(people)] if people else []),
        claim("segments", "Segments", len(listed), SEGMENTS, segments=listed["segment"]),
    ]


def _count_countries(coverage: Coverage, held_at: pd.Series) -> int:
    named = {place for places in held_at.unique() for place in split_values(places)}
    return sum(coverage.study.places.scope(place) == "country" for place in named)


def _label_of_kinds(coverage: Coverage, home: str) -> Callable[[str], str]:
    """Return what labels a kind of participants at a home, by its name."""
    return lambda kind: f"Focus groups {coverage.where(home)} with {kind}"


def show_who_took_part(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the table of focus groups by kind of participants and home."""
    kinds = kinds_of(coverage.focus_groups)
    by_home = [
        claim_kinds(
            ledger,
            f"heard.kinds.{{}}.{home}",
            _label_of_kinds(coverage, home),
            kinds,
            coverage.groups_at(home),
        )
        for home in (*coverage.homes, ALL)
    ]
    rows = [Row(term(kind.name), claims) for kind, *claims in zip(kinds, *by_home, strict=True)]
    caption = "Focus groups by kind of participants and place"
    columns = ["Kind", *map(coverage.name, coverage.homes), "In all"]
    shown = [table("took-part", caption, columns, rows)] if rows else []
    return ledger.show(*shown, explain_rule(coverage.rule))


def show_who_answered(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the table of who answered each cell of the template, by home."""
    if not follow_template(coverage.segments["cell"]):
        return ledger.show(element("p", NO_TEMPLATE))
    instrument = coverage.study.instrument
    columns = ["Section and question", *(coverage.name(home) for home in coverage.homes)]
    asked = {home: frozenset(coverage.groups_at(home)["focus_group"]) for home in coverage.homes}
    answers = evidence_by(["home", "cell"], coverage.segments)
    rows = []
    for cell in instrument.cells:
        section, _ = cell.split(".")
        header = f"{instrument.title(section)}: {instrument.question_text(cell)}"
        claims = [
            ledger.count(
                f"answered.{home}.{cell}",
                f"Focus groups at home in {coverage.name(home)} that answered {cell}",
                answered.focus_groups,
                of=asked[home],
                segments=answered.segments,
            )
            for home in coverage.homes
            for answered in [answers.get((home, cell), NO_EVIDENCE)]
        ]
        rows.append(Row(header, claims))
    caption = "Focus groups that answered each question, by place"
    return ledger.show(table("answered", caption, columns, rows))


def show_who_coded(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the table of coders, their kind, and what each coded."""
    applied = coverage.code_applications
    rows = [
        Row(
            term(coder.coder),
            [
                describe_coder(coder),
                *_coder_claims(
                    coverage, ledger, coder.coder, applied[applied["coder"] == coder.coder]
                ),
            ],
        )
        for coder in coverage.study.settings.coders
    ]
    columns = ["Coder", "What the coder is", "Focus groups coded", "Code applications"]
    return ledger.show(table("coders", "Who coded the study", columns, rows))


def _coder_claims(
    coverage: Coverage, ledger: Ledger, coder: str, applied: pd.DataFrame
) -> tuple[Claim, Claim]:
    evidence = evidence_of(applied)
    return (
        ledger.count(
            f"coder.groups.{coder}",
            f"Focus groups that {coder} coded",
            evidence.focus_groups,
            of=coverage.focus_groups["focus_group"],
        ),
        ledger.number(
            f"coder.applications.{coder}",
            f"Code applications by {coder}",
            (len(applied), CODE_APPLICATIONS),
            **evidence._asdict(),
        ),
    )
