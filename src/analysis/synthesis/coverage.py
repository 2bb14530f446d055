"""Coverage: who was heard, who answered what, and who coded it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from analysis.study.opened_study import OpenedStudy, open_study
from analysis.study.root import find_root
from analysis.synthesis.claims import FOCUS_GROUPS, SEGMENTS
from analysis.synthesis.corpus_parts import cleaned_tables
from analysis.synthesis.markup import Row, join, table, term
from analysis.synthesis.overview import KIND_WORDS, PARTICIPANTS
from analysis.tables.code_applications import coders_of_focus_groups
from analysis.tables.focus_groups import CONSENT_TO_COUNT, count_participants, split_values
from analysis.tables.placing import GLOBAL, homes_of, places_to_clean, places_to_report
from analysis.tables.received import read_received

if TYPE_CHECKING:
    from analysis.synthesis.claims import Claim, Fragment, Ledger

COUNTRIES = "countries"


@dataclass(frozen=True)
class Coverage:
    """The cleaned tables of a whole study, without its words.

    Parameters
    ----------
    study : OpenedStudy
        The study.
    focus_groups : DataFrame
        Focus groups whose consent allows counting, with their ``home``.
    segments : DataFrame
        Their segments that can bear codes: ``segment, focus_group, cell``.
    code_applications : DataFrame
        All code applications on these.
    """

    study: OpenedStudy
    focus_groups: pd.DataFrame
    segments: pd.DataFrame
    code_applications: pd.DataFrame

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
        _, continents = places_to_report(
            self.focus_groups, self.study.places, self.study.settings.continents
        )
        page = {home: home if home != GLOBAL else continents[0] for home in self.homes}
        homes = self.focus_groups.set_index("focus_group")["home"].map(page)
        located = zip(
            self.segments["segment"], self.segments["focus_group"].map(homes), strict=True
        )
        return {segment: f"{home}.html#segment-{segment}" for segment, home in located}

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
    """
    opened = open_study(find_root(), study)
    groups = read_received(opened.folder).focus_groups
    cleaned = [
        cleaned_tables(opened, place)
        for place in places_to_clean(groups, opened.places, opened.settings.continents)
    ]
    groups = _join([tables.focus_groups for tables in cleaned], ["focus_group"])
    groups = groups[groups["consent"].isin(CONSENT_TO_COUNT) & (groups["withdrawn"] == "")]
    segments = _join([tables.segments for tables in cleaned], ["segment"])
    codable = segments[segments["focus_group"].isin(groups["focus_group"])]
    codable = codable.loc[~codable["is_heading"], ["segment", "focus_group", "cell"]]
    applications = _join(
        [tables.code_applications for tables in cleaned], ["segment", "code", "coder"]
    )
    return Coverage(
        study=opened,
        focus_groups=groups.assign(home=homes_of(groups, opened.places).astype("str")),
        segments=codable.reset_index(drop=True),
        code_applications=applications[applications["segment"].isin(codable["segment"])],
    )


def _join(tables: list[pd.DataFrame], key: list[str]) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True).drop_duplicates(key, ignore_index=True)


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
    columns = ["Place", "Focus groups", "Countries", "Participants", "Segments"]
    return ledger.show(table("heard", "Who was heard, by place", columns, rows))


def _heard_row(coverage: Coverage, ledger: Ledger, home: str) -> Row:
    return Row(coverage.name(home), _heard_claims(coverage, ledger, home, coverage.groups_at(home)))


def _heard_claims(coverage: Coverage, ledger: Ledger, home: str, groups: list[str]) -> list[Claim]:
    rows = coverage.focus_groups[coverage.focus_groups["focus_group"].isin(groups)]
    segments = coverage.segments[coverage.segments["focus_group"].isin(groups)]
    places = coverage.study.places
    named = {place for held_at in rows["places"] for place in split_values(held_at)}
    countries = [place for place in named if places.scope(place) == "country"]
    people = int(rows["participants"].map(count_participants).sum())
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
    all_groups = coverage.focus_groups["focus_group"]
    rows = []
    for coder in coverage.study.settings.coders:
        groups = coded.loc[coded["coder"] == coder.coder, "focus_group"]
        put = coverage.code_applications[coverage.code_applications["coder"] == coder.coder]
        rows.append(
            Row(
                term(coder.coder),
                [
                    join([KIND_WORDS[coder.kind], ": ", term(coder.description)]),
                    ledger.count(
                        f"coder.groups.{coder.coder}",
                        f"Focus groups that {coder.coder} coded",
                        groups,
                        of=all_groups,
                    ),
                    ledger.number(
                        f"coder.applications.{coder.coder}",
                        f"Code applications by {coder.coder}",
                        (len(put), "code applications"),
                        focus_groups=groups,
                        segments=put["segment"],
                    ),
                ],
            )
        )
    columns = ["Coder", "What the coder is", "Focus groups coded", "Code applications"]
    return ledger.show(table("coders", "Who coded the study", columns, rows))
