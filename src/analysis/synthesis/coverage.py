"""Coverage: who was heard, who answered what, and who coded it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import PlaceError
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.study.root import find_root
from analysis.synthesis.claims import FOCUS_GROUPS, SEGMENTS
from analysis.synthesis.corpus import read_warnings
from analysis.synthesis.corpus_parts import cleaned_tables, read_focus_groups
from analysis.synthesis.markup import Row, join, table, term
from analysis.synthesis.overview import KIND_WORDS
from analysis.synthesis.participants import PARTICIPANTS, count_people
from analysis.tables.code_applications import coders_of_focus_groups
from analysis.tables.focus_groups import may_count, split_values
from analysis.tables.placing import homes_of, places_to_clean

if TYPE_CHECKING:
    from analysis.quality.outcomes import Outcome
    from analysis.synthesis.claims import Claim, Fragment, Ledger

COUNTRIES = "countries"
CODE_APPLICATIONS = "code applications"
SEGMENT_COLUMNS = ["segment", "focus_group", "cell"]


@dataclass(frozen=True)
class Coverage:
    """The cleaned tables of a whole study, without its words.

    Parameters
    ----------
    study : OpenedStudy
        The study.
    focus_groups : DataFrame
        Focus groups whose consent allows counting, with their ``home`` and the ``page`` that holds
        their segments.
    segments : DataFrame
        Their segments that can bear codes: ``segment, focus_group, cell``.
    code_applications : DataFrame
        All code applications on these.
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

    @cached_property
    def homes(self) -> list[str]:
        """The homes of the focus groups, sorted."""
        return sorted(self.focus_groups["home"].unique())

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Where each segment stands: in the report of its focus group's home."""
        pages = self.focus_groups.set_index("focus_group")["page"]
        page_of = self.segments["focus_group"].map(pages)
        located = zip(self.segments["segment"], page_of, strict=True)
        return {segment: f"{page}.html#segment-{segment}" for segment, page in located}

    def groups_at(self, home: str) -> list[str]:
        """Return the focus groups at home in a place."""
        groups = self.focus_groups
        return list(groups.loc[groups["home"] == home, "focus_group"])

    def name(self, home: str) -> str:
        """Return the name of a home; that of a continent stands for its wider submissions."""
        places = self.study.places
        is_region = places.scope(home) == "region"
        return places.name(home) if is_region else f"{places.name(home)}, wider submissions"


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
    parts = [_cover(opened, place) for place in places]
    groups, segments, applications = (pd.concat(tables) for tables in zip(*parts, strict=True))
    return Coverage(
        study=opened,
        # One that no continent holds was cleaned at each that it overlaps; the first shows it.
        focus_groups=groups.drop_duplicates("focus_group", ignore_index=True),
        segments=segments.drop_duplicates("segment", ignore_index=True),
        code_applications=applications.drop_duplicates(ignore_index=True),
        warnings=read_warnings(opened, places, groups["focus_group"]),
    )


def _cover(opened: OpenedStudy, place: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return what coverage needs of the focus groups cleaned at a place, and none of its words."""
    cleaned = cleaned_tables(opened, place)
    groups = cleaned.focus_groups[may_count(cleaned.focus_groups)]
    counted = cleaned.segments["focus_group"].isin(groups["focus_group"])
    codable = cleaned.segments.loc[counted & ~cleaned.segments["is_heading"], SEGMENT_COLUMNS]
    on_codable = cleaned.code_applications["segment"].isin(codable["segment"])
    return (
        groups.assign(home=homes_of(groups, opened.places), page=place),
        codable,
        cleaned.code_applications[on_codable],
    )


def show_who_was_heard(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the table of focus groups, countries, participants and segments by home.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    ledger : Ledger
        The claims of the report.
    """
    rows = [_heard_row(coverage, ledger, home) for home in coverage.homes]
    groups = list(coverage.focus_groups["focus_group"])
    rows.append(Row("In all", _heard_claims(coverage, ledger, "all", groups), kind="total"))
    columns = ["Place", "Focus groups", "Countries", "Participants", "Codable segments"]
    return ledger.show(table("heard", "Who was heard, by place", columns, rows))


def _heard_row(coverage: Coverage, ledger: Ledger, home: str) -> Row:
    return Row(coverage.name(home), _heard_claims(coverage, ledger, home, coverage.groups_at(home)))


def _heard_claims(coverage: Coverage, ledger: Ledger, home: str, groups: list[str]) -> list[Claim]:
    rows = coverage.focus_groups[coverage.focus_groups["focus_group"].isin(groups)]
    segments = coverage.segments[coverage.segments["focus_group"].isin(groups)]
    places = coverage.study.places
    named = {place for held_at in rows["places"] for place in split_values(held_at)}
    countries = [place for place in named if places.scope(place) == "country"]
    people = count_people(rows["participants"])
    where = "in all" if home == "all" else f"at home in {coverage.name(home)}"
    return [
        ledger.number(
            f"heard.{kind}.{home}",
            f"{kind.replace('_', ' ').capitalize()} {where}",
            (value, unit),
            focus_groups=groups,
            segments=segments["segment"] if kind == "segments" else (),
        )
        for kind, value, unit in (
            ("focus_groups", len(groups), FOCUS_GROUPS),
            ("countries", len(countries), COUNTRIES),
            ("participants", people, PARTICIPANTS),
            ("segments", len(segments), SEGMENTS),
        )
    ]


def show_who_answered(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the table of who answered each cell of the template, by home.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    ledger : Ledger
        The claims of the report.
    """
    instrument = coverage.study.instrument
    columns = ["Section and question", *(coverage.name(home) for home in coverage.homes)]
    rows = []
    for cell in instrument.cells:
        section, _ = cell.split(".")
        header = f"{instrument.title(section)}: {instrument.question_text(cell)}"
        answered = coverage.segments[coverage.segments["cell"] == cell]
        claims = [
            _claim_answered(coverage, ledger, cell, home, answered) for home in coverage.homes
        ]
        rows.append(Row(header, claims))
    caption = "Focus groups that answered each question, by place"
    return ledger.show(table("answered", caption, columns, rows))


def _claim_answered(
    coverage: Coverage, ledger: Ledger, cell: str, home: str, answered: pd.DataFrame
) -> Claim:
    groups = coverage.groups_at(home)
    here = answered[answered["focus_group"].isin(groups)]
    return ledger.count(
        f"answered.{home}.{cell}",
        f"Focus groups at home in {coverage.name(home)} that answered {cell}",
        here["focus_group"],
        of=groups,
        segments=here["segment"],
    )


def show_who_coded(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the table of coders, their kind, and what each coded.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    ledger : Ledger
        The claims of the report.
    """
    coded = coders_of_focus_groups(coverage.segments, coverage.code_applications)
    rows = [
        Row(
            term(coder.coder),
            [
                join([KIND_WORDS[coder.kind], ": ", term(coder.description)]),
                *_coder_claims(coverage, ledger, coder.coder, coded),
            ],
        )
        for coder in coverage.study.settings.coders
    ]
    columns = ["Coder", "What the coder is", "Focus groups coded", "Code applications"]
    return ledger.show(table("coders", "Who coded the study", columns, rows))


def _coder_claims(
    coverage: Coverage, ledger: Ledger, coder: str, coded: pd.DataFrame
) -> tuple[Claim, Claim]:
    groups = coded.loc[coded["coder"] == coder, "focus_group"]
    put = coverage.code_applications[coverage.code_applications["coder"] == coder]
    return (
        ledger.count(
            f"coder.groups.{coder}",
            f"Focus groups that {coder} coded",
            groups,
            of=coverage.focus_groups["focus_group"],
        ),
        ledger.number(
            f"coder.applications.{coder}",
            f"Code applications by {coder}",
            (len(put), CODE_APPLICATIONS),
            focus_groups=groups,
            segments=put["segment"],
        ),
    )
