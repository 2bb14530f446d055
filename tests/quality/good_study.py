"""A study without a fault, of the kind that arrives: four focus groups in three countries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality.context import CheckContext
from analysis.quality.derived import derived_of
from analysis.quality.suites import columns_read
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.quality.outcomes import Stage
    from analysis.quality.suites import Expectation, Suite

CODEBOOK = [
    ("rights", "", "Rights", "What the law does to people.", "", ""),
    ("policing", "rights", "Policing", "What officers do.", "", ""),
    ("stigma", "rights", "Stigma", "Being looked down on.", "", ""),
    ("support", "", "Support", "What helps people.", "", ""),
    ("care", "support", "Care", "Health services within reach.", "", ""),
    ("peers", "support", "Peers", "People helping each other.", "", ""),
]


def _group(at: tuple[str, str, str, str], participants: str, consent: str) -> tuple[str, ...]:
    name, place, title, day = at
    scope = "country" if place.isupper() else "region"
    source = f"focus-group-{place}-{day}.docx"
    host = f"Network of {title}"
    rest = (participants, "en", consent, "e-mail", source, "", "")
    return (name, f"Peers in {title}", day, scope, place, "", host, "Care", *rest)


FOCUS_GROUPS = [
    _group(("fg01", "MWI", "Malawi", "2024-03-04"), "8 peers (MWI); 2 nurses", "public"),
    _group(("fg02", "KEN", "Kenya", "2024-03-05"), "6 peers (KEN)", "public-without-names"),
    _group(("fg03", "GHA", "Ghana", "2024-03-06"), "9 peers (GHA); 1 nurse", "public"),
    _group(("fg04", "esa", "the region", "2024-04-02"), "7 peers (esa)", "aggregate-only"),
]
# Focus group, cell, position, role, label, text, codes.
SAID = [
    ("fg01", "context.situation", "1", "point", "Taxi fares", "A taxi to the clinic costs a day."),
    ("fg01", "context.situation", "2", "point", "Night raids", "Raids come at night."),
    ("fg01", "context.hope", "p1", "lead_in", "", "Three things give us hope:"),
    ("fg01", "context.hope", "1", "point", "Support", "We support each other."),
    ("fg01", "context.hope", "1a", "subpoint", "Peer educators", "Peer educators know us all."),
    ("fg01", "context.hope", "1b", "subpoint", "Paralegals", "A paralegal answers at night."),
    ("fg01", "recommendations.stop", "1", "point", "Arrests", "Stop arresting us for condoms."),
    ("fg02", "context.situation", "1", "point", "Whispers", "Nurses whisper when we come in."),
    ("fg02", "context.situation", "2", "point", "Rent", "Landlords ask twice the rent of us."),
    ("fg02", "recommendations.stop", "1", "point", "Fines", "Stop fines without receipts."),
    ("fg03", "context.situation", "1", "point", "Distance", "The clinic is a day away on foot."),
    ("fg03", "context.situation", "2", "point", "Papers", "Without papers nobody treats us."),
    ("fg03", "recommendations.stop", "1", "point", "Checkpoints", "Stop taking our phones."),
    ("fg04", "context.situation", "1", "point", "Fear", "Laws differ and the fear does not."),
    ("fg04", "recommendations.stop", "1", "point", "Laws", "Stop laws that punish our work."),
]
CODINGS = ["care", "policing", "", "", "peers", "peers", "policing", "stigma", "stigma"]
CODES = [*CODINGS, "policing", "care", "stigma", "policing", "stigma", "policing"]
CONTEXT = CheckContext(
    codes=("policing", "stigma", "care", "peers"),
    themes=("rights", "support"),
    coders=("ann", "bo"),
    places={"MWI": "country", "KEN": "country", "GHA": "country", "esa": "region", "wca": "region"},
    countries={
        **{country: frozenset({country}) for country in ("MWI", "KEN", "GHA")},
        "esa": frozenset({"MWI", "KEN"}),
        "wca": frozenset({"GHA"}),
    },
    names={"Malawi": "MWI", "Kenya": "KEN", "Ghana": "GHA"},
    cells=("context.situation", "context.hope", "recommendations.stop", "recommendations.start"),
    limited_cells=("recommendations.stop", "recommendations.start"),
    languages=("en", "fr"),
    as_of="2024-12-31",
    max_points=5,
    synthetic=False,
    prompts=frozenset({"what is the situation"}),
)


def _segment(said: tuple[str, ...]) -> tuple[str, ...]:
    group, cell, position, role, label, text = said
    names = (f"{group}.{cell}.{position}", group, *cell.split("."))
    return (*names, position, role, label, text, "verbatim", "en", "")


def good_tables() -> dict[str, pd.DataFrame]:
    """Return the tables of the study, each indexed by the rows of its file."""
    segments = [_segment(said) for said in SAID]
    coded = [(row[0], code) for row, code in zip(segments, CODES, strict=True) if code]
    applications = [(segment, code, coder) for segment, code in coded for coder in ("ann", "bo")]
    return {
        "codebook": _table("codebook", CODEBOOK),
        "focus_groups": _table("focus_groups", FOCUS_GROUPS),
        "segments": _table("segments", segments),
        "code_applications": _table("code_applications", applications),
    }


def _table(name: str, rows: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    index = pd.RangeIndex(2, len(rows) + 2, name="row")
    # Optional columns come last, and are blank.
    columns = list(COLUMNS[name])
    given = pd.DataFrame(rows, columns=columns[: len(rows[0])], index=index, dtype="str")
    return given.reindex(columns=columns, fill_value="").astype("str")


def suites_for(
    tables: Mapping[str, pd.DataFrame], stage: Stage, suites: Sequence[Suite]
) -> list[Suite]:
    """Return the suites with those expectations alone that read what differs from the good study.

    The others hold there; to evaluate all of them takes four times as long.
    """
    good = good_tables()
    changed = {
        f"{name}.{column}"
        for name, table in tables.items()
        for column in {*table.columns, *good[name].columns}
        if column not in table or not table.get(column).equals(good[name].get(column))
    }
    return [
        replace(suite, expectations=_reading(suite, stage, changed) or suite.at(stage)[:1])
        for suite in suites
    ]


def _reading(suite: Suite, stage: Stage, changed: set[str]) -> tuple[Expectation, ...]:
    """Return the expectations of a suite that read one of these columns, or what it gives."""
    return tuple(each for each in suite.at(stage) if changed & _needs(suite.table, each))


def _needs(table: str, expectation: Expectation) -> set[str]:
    """Return the columns that an expectation reads, and those that these are derived from."""
    derived = derived_of(table)
    return {
        need
        for column in columns_read(table, expectation)
        for need in (derived[column].needs if column in derived else [f"{table}.{column}"])
    }
