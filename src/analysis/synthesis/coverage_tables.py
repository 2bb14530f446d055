"""Coverage as a report shows it: who was heard, who answered what, and who coded it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.synthesis.claims import FOCUS_GROUPS, SEGMENTS, agree
from analysis.synthesis.markup import Row, element, join, list_words, table, term
from analysis.synthesis.overview import KIND_WORDS
from analysis.synthesis.participants import (
    claim_kinds,
    claim_total,
    explain_rule,
    show_total,
)
from analysis.tables.focus_groups import split_values
from analysis.tables.numbering import split_rows
from analysis.tables.participants import kinds_of

if TYPE_CHECKING:
    from analysis.study.settings import NumbersOfPeople
    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content
    from analysis.tables.numbering import IntArray

COUNTRIES = "countries"
CODE_APPLICATIONS = "code applications"
ALL = "all"


def show_who_was_heard(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the table of focus groups, countries, participants and segments by home.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    ledger : Ledger
        The claims of the report.
    """
    at_home = split_rows(coverage.home, len(coverage.homes))
    rows = [
        Row(coverage.name(home), _heard_claims(coverage, ledger, home, segments))
        for home, segments in zip(coverage.homes, at_home, strict=True)
    ]
    everywhere = np.arange(len(coverage.segments))
    rows.append(Row("In all", _heard_claims(coverage, ledger, ALL, everywhere), kind="total"))
    people = [] if _rule_of(coverage) == "none" else ["Participants"]
    columns = ["Place", "Focus groups", "Countries", *people, "Codable segments"]
    heard = table("heard", "Who was heard, by place", columns, rows)
    return ledger.show(heard, *_tell_left_out(coverage, ledger))


def _tell_left_out(coverage: Coverage, ledger: Ledger) -> list[Content]:
    """Tell how many focus groups no number counts, without naming any."""
    told = [
        join([claim, agree(" focus group", claim), " ", how])
        for name, number, how in (
            ("withdrawn", coverage.withdrawn, "withdrawn from the study"),
            ("without_consent", coverage.without_consent, "without consent to be counted"),
        )
        if number
        for claim in [ledger.number(name, f"Focus groups {how}", (number, FOCUS_GROUPS))]
    ]
    if not told:
        return []
    return [element("p", "Left out of this and all other numbers: ", list_words(told), ".")]


def _heard_claims(
    coverage: Coverage, ledger: Ledger, home: str, segments: IntArray
) -> list[Content]:
    groups = coverage.focus_groups if home == ALL else coverage.groups_at(home)
    names = coverage.name_groups(groups.index.to_numpy())
    where = _where(coverage, home)
    countries = _count_countries(coverage, groups["places"])
    told = (
        ("focus_groups", "Focus groups", (len(groups), FOCUS_GROUPS)),
        ("countries", "Countries", (countries, COUNTRIES)),
        ("segments", "Segments", (len(segments), SEGMENTS)),
    )
    listed = coverage.bearing(segments).segments
    *before, of_segments = [
        ledger.number(
            f"heard.{name}.{home}",
            f"{label} {where}",
            quantity,
            focus_groups=names,
            segments=listed if name == "segments" else (),
        )
        for name, label, quantity in told
    ]
    label = f"Participants {where}"
    people = claim_total(ledger, f"heard.participants.{home}", label, groups, _rule_of(coverage))
    return [*before, *([show_total(people)] if people else []), of_segments]


def _rule_of(coverage: Coverage) -> NumbersOfPeople:
    return coverage.study.settings.publication.participants


def show_who_took_part(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the table of focus groups by kind of participants and home.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    ledger : Ledger
        The claims of the report.
    """
    kinds = kinds_of(coverage.focus_groups)
    by_home = [
        claim_kinds(
            ledger,
            f"heard.kinds.{{}}.{home}",
            _where(coverage, home),
            kinds,
            coverage.focus_groups if home == ALL else coverage.groups_at(home),
        )
        for home in (*coverage.homes, ALL)
    ]
    rows = [Row(term(kind.name), claims) for kind, *claims in zip(kinds, *by_home, strict=True)]
    caption = "Focus groups by kind of participants and place"
    columns = ["Kind", *map(coverage.name, coverage.homes), "In all"]
    shown = [table("took-part", caption, columns, rows)] if rows else []
    return ledger.show(*shown, explain_rule(_rule_of(coverage)))


def _where(coverage: Coverage, home: str) -> str:
    return "in all" if home == ALL else f"at home in {coverage.name(home)}"


def _count_countries(coverage: Coverage, held_at: pd.Series) -> int:
    named = {place for places in held_at.unique() for place in split_values(places)}
    return sum(coverage.study.places.scope(place) == "country" for place in named)


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
    asked = [frozenset(coverage.groups_at(home)["focus_group"]) for home in coverage.homes]
    rows = []
    for cell, answered in _rows_by_cell_and_home(coverage).items():
        section, _ = cell.split(".")
        header = f"{instrument.title(section)}: {instrument.question_text(cell)}"
        claims = [
            _claim_answered(coverage, ledger, f"{home}.{cell}", of=of, answered=here)
            for home, of, here in zip(coverage.homes, asked, answered, strict=True)
        ]
        rows.append(Row(header, claims))
    caption = "Focus groups that answered each question, by place"
    return ledger.show(table("answered", caption, columns, rows))


def _rows_by_cell_and_home(coverage: Coverage) -> dict[str, list[IntArray]]:
    """Return the segments of each cell of the template, at each home."""
    cell, cells = coverage.segments["cell"].to_numpy(), coverage.study.instrument.cells
    known, homes = np.flatnonzero(cell >= 0), len(coverage.homes)
    parted = split_rows(cell[known] * homes + coverage.home[known], len(cells) * homes)
    return {
        name: [known[rows] for rows in parted[at * homes : (at + 1) * homes]]
        for at, name in enumerate(cells)
    }


def _claim_answered(
    coverage: Coverage, ledger: Ledger, name: str, *, of: frozenset[str], answered: IntArray
) -> Claim:
    home, cell = name.split(".", 1)
    bearing = coverage.bearing(answered)
    return ledger.count(
        f"answered.{name}",
        f"Focus groups at home in {coverage.name(home)} that answered {cell}",
        bearing.focus_groups,
        of=of,
        segments=bearing.segments,
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
    coders, applications = coverage.study.settings.coders, coverage.code_applications
    row, by = applications["row"].to_numpy(np.int64), applications["coder"].to_numpy()
    rows = [
        Row(
            term(coder.coder),
            [
                join([KIND_WORDS[coder.kind], ": ", term(coder.description)]),
                *_coder_claims(coverage, ledger, coder.coder, row[put]),
            ],
        )
        for coder, put in zip(coders, split_rows(by, len(coders)), strict=True)
    ]
    columns = ["Coder", "What the coder is", "Focus groups coded", "Code applications"]
    return ledger.show(table("coders", "Who coded the study", columns, rows))


def _coder_claims(
    coverage: Coverage, ledger: Ledger, coder: str, put: IntArray
) -> tuple[Claim, Claim]:
    bearing = coverage.bearing(pd.unique(put))
    return (
        ledger.count(
            f"coder.groups.{coder}",
            f"Focus groups that {coder} coded",
            bearing.focus_groups,
            of=coverage.focus_groups["focus_group"],
        ),
        ledger.number(
            f"coder.applications.{coder}",
            f"Code applications by {coder}",
            (len(put), CODE_APPLICATIONS),
            focus_groups=bearing.focus_groups,
            segments=bearing.segments,
        ),
    )
