"""The downloads of a study: its main tables as CSV and as workbooks, the same numbers as on pages.

Consent decides as everywhere: labels are of focus groups whose words may be shown, and the others
are in the counts alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.intake.coded.table_writer import csv_bytes, workbook_bytes
from analysis.study.language import translate
from analysis.synthesis.agreement_codes import AGREEMENT_COLUMNS, agreement_table
from analysis.synthesis.captions import TABLES_OF_CLAIMS
from analysis.synthesis.markup import Row, element, join, say, table
from analysis.tables.build_folder import build_folder
from analysis.tables.download_files import DOWNLOAD_FILES, NOTES
from analysis.tables.focus_groups import may_show
from analysis.tables.participants import kinds_of, report_kinds
from analysis.tables.placing import HOME, lies_in, places_to_report

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from analysis.study.settings import Study
    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.coverage import Coverage

ANY = "any"
ANSWER = ["place", "section", "question"]
# More labels than a person reads in one cell, and few enough for any workbook.
MOST_LABELS = 100
FOCUS_GROUPS = "number of focus groups"
OF_GROUPS = "number of focus groups that it is counted of"
PASSAGES = "number of passages"
OF_THEME = "{}: labels of its passages about this theme; ids of passages that have no label"
PLACE = "id of the region or the continent"
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "prevalence": {
        "place": PLACE,
        "section": "section of the template; any for all",
        "question": "question of the template; any for all",
        "topic": "id of the theme or code",
        "name": "its name",
        "level": "theme or code",
        "focus_groups": f"{FOCUS_GROUPS} that raised it there",
        "of_focus_groups": f"{OF_GROUPS}: with a coded passage, or that answered",
        "passages": f"{PASSAGES} about it there",
    },
    "framework-matrix": {
        "focus_group": "id of the focus group; those whose consent is for counts only are left out",
        "place": "id of the region or the continent in which it is counted",
        "held_on": "day on which it met",
    },
    "co-occurrence": {
        "place": PLACE,
        "code_one": "id of a code",
        "code_other": "id of another code, later in the codebook",
        "focus_groups": f"{FOCUS_GROUPS} with a passage that has both codes",
        "of_focus_groups": f"{OF_GROUPS}: with a coded passage",
        "passages": f"{PASSAGES} that have both codes",
    },
    "codebook": {
        "code": "id of the theme or code",
        "parent": "id of the theme of a code; blank for a theme",
        "name": "its name",
        "definition": "what it means",
        "include": "what it covers",
        "exclude": "what it doesn't cover",
        "focus_groups": f"{FOCUS_GROUPS} of the whole study that raised it",
        "of_focus_groups": f"{OF_GROUPS}: with a coded passage",
        "passages": f"{PASSAGES} of the whole study about it",
    },
    "participants": {
        "place": PLACE,
        "kind": "kind of people",
        "focus_groups": f"{FOCUS_GROUPS} in which they took part",
        "of_focus_groups": f"{OF_GROUPS}: that report kinds of participants",
    },
    "agreement": AGREEMENT_COLUMNS,
}


def show_downloads(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Write the downloads of a study, and return the links to them; outside a build, say so.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    ledger : Ledger
        The claims of the report.
    """
    title = element("h2", say("Downloads"), id="downloads")
    build = build_folder(coverage.study.root, coverage.study.settings.name)
    if build is None:
        return ledger.show(title, element("p", say("Not part of a build: there are no downloads.")))
    folder = build.downloads("coverage")
    folder.mkdir(parents=True, exist_ok=True)
    # Those that captions link to are there also where nothing was counted.
    linked = TABLES_OF_CLAIMS.values()
    made = make_downloads(coverage)
    tables = {name: found for name, found in made.items() if len(found) or name in linked}
    for name, found in tables.items():
        _write_table(folder, name, found, coverage)
    _write_notes(folder, tables, coverage)
    rows = [
        Row(
            say(DOWNLOAD_FILES[name].title),
            [
                join(
                    [
                        element("a", "CSV", href=f"downloads/{name}.csv"),
                        " \u00b7 ",
                        element("a", "Excel", href=f"downloads/{name}.xlsx"),
                    ]
                ),
                say(DOWNLOAD_FILES[name].about),
            ],
        )
        for name in tables
    ]
    caption = translate("Tables of this study, with notes on each column")
    columns = [translate("Table"), translate("Files"), translate("About")]
    return ledger.show(title, table("downloads", caption, columns, rows))


def make_downloads(coverage: Coverage) -> dict[str, pd.DataFrame]:
    """Return the tables of the downloads by the names of their files; some may be empty.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    """
    units = _units(coverage)
    places = _groups_by_place(coverage)
    return {
        "prevalence": _prevalence(coverage, units, places),
        "framework-matrix": _framework_matrix(coverage, units),
        "co-occurrence": _co_occurrence(coverage, places),
        "codebook": _codebook(coverage, units),
        "participants": _participants(coverage, places),
        "agreement": agreement_table(coverage),
    }


def _groups_by_place(coverage: Coverage) -> dict[str, frozenset[str]]:
    """Return the focus groups that each region and continent counts."""
    opened, groups = coverage.study, coverage.focus_groups
    regions, continents = places_to_report(groups, opened.places, opened.settings.continents)
    return {
        place: frozenset(
            groups.loc[
                [lies_in(at, place, opened.places) for at in groups["places"]], "focus_group"
            ]
        )
        for place in (*regions, *continents)
    }


def _units(coverage: Coverage) -> pd.DataFrame:
    """Return which segments are about which themes and codes."""
    codings = coverage.codings[["segment", "focus_group", "cell", "code", "theme"]].astype("str")
    themes = codings.assign(topic=codings["theme"])
    units = pd.concat([themes, codings.assign(topic=codings["code"])])
    return units[["segment", "focus_group", "cell", "topic"]].drop_duplicates()


def _prevalence(
    coverage: Coverage, units: pd.DataFrame, places: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """Return who raised each theme and code, anywhere, under each question and in each answer.

    Anywhere and under each question all themes and codes are listed, in an answer the codes that
    were raised there. A place with one focus group has no prevalence.
    """
    book = coverage.study.codebook
    members = pd.DataFrame(
        [(place, each) for place, groups in places.items() if len(groups) > 1 for each in groups],
        columns=["place", "focus_group"],
    )
    raised = _by_question(coverage, units).merge(members, on="focus_group")
    raised = raised[(raised["section"] == ANY) | raised["topic"].isin(list(book.codes))]
    counts = _count(raised, [*ANSWER, "topic"])
    codable = coverage.segments[["focus_group", "cell"]].astype("str")
    answered = _by_question(coverage, codable).merge(members, on="focus_group")
    # Anywhere, the denominator is who has a coded passage.
    answered = answered[answered["question"] != ANY]
    coded = raised[(raised["section"] == ANY) & (raised["question"] == ANY)]
    asked = pd.concat([coded, answered]).groupby(ANSWER)["focus_group"].nunique()
    of_groups = asked.rename("of_focus_groups").reset_index()
    topics = pd.DataFrame({"topic": list(book.entries)})
    every = of_groups[of_groups["section"] == ANY].merge(topics, how="cross")
    keys = [*ANSWER, "topic"]
    whole = pd.concat(
        [
            every.merge(counts, on=keys, how="left"),
            of_groups[of_groups["section"] != ANY].merge(counts, on=ANSWER),
        ],
        ignore_index=True,
    )
    whole = whole.fillna({"focus_groups": 0, "passages": 0})
    whole = whole.astype({"focus_groups": "int64", "passages": "int64"}).assign(
        name=whole["topic"].map(book.name),
        level=["code" if topic in book.codes else "theme" for topic in whole["topic"]],
    )
    orders = {"place": list(places), **_orders(coverage), "topic": list(book.entries)}
    ranks = whole[keys].apply(lambda column: column.map(orders[str(column.name)].index))
    return whole.loc[_in_order(ranks), list(COLUMNS["prevalence"])].reset_index(drop=True)


def _in_order(ranks: pd.DataFrame) -> pd.Index:
    """Return the index of rows, in the order of their ranks."""
    return ranks.sort_values(list(ranks.columns)).index


def _by_question(coverage: Coverage, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows anywhere, again under the question of a domain, and again in their answer."""
    template = coverage.study.instrument
    parts = rows["cell"].str.partition(".")
    in_answer = rows.assign(section=parts[0], question=parts[2])[parts[2] != ""]
    in_domain = in_answer["section"].isin(template.domains)
    anywhere = rows.assign(section=ANY, question=ANY)
    together = [anywhere, in_answer[in_domain].assign(section=ANY), in_answer]
    return pd.concat(together, ignore_index=True)


def _orders(coverage: Coverage) -> dict[str, list[str]]:
    """Return sections and questions in the order of the template."""
    template = coverage.study.instrument
    sections = [section.section for section in template.sections]
    questions = [question for section in sections for question in template.questions(section)]
    return {"section": [ANY, *sections], "question": [ANY, *dict.fromkeys(questions)]}


def _count(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the focus groups and the passages of each key."""
    grouped = rows.groupby(keys)
    counts = {
        "focus_groups": grouped["focus_group"].nunique(),
        "passages": grouped["segment"].nunique(),
    }
    return pd.DataFrame(counts).reset_index()


def _framework_matrix(coverage: Coverage, units: pd.DataFrame) -> pd.DataFrame:
    """Return the focus groups whose words may be shown, with labels of passages by theme."""
    shown = coverage.focus_groups[may_show(coverage.focus_groups)]
    names = coverage.segments[["segment", "label"]].astype("str")
    names = names.assign(label=names["label"].where(names["label"] != "", names["segment"]))
    themes = list(coverage.study.codebook.themes)
    about = units[units["topic"].isin(themes)].merge(names, on="segment")
    cells = about.groupby(["topic", "focus_group"])["label"].agg(_join_labels)
    matrix = shown[["focus_group", HOME, "held_on"]].astype("str").rename(columns={HOME: "place"})
    for theme in themes:
        of_theme = cells.loc[theme] if theme in cells.index else {}
        matrix[theme] = matrix["focus_group"].map(of_theme).fillna("")
    return matrix.sort_values(["place", "focus_group"], ignore_index=True)


def _join_labels(labels: pd.Series) -> str:
    rest = len(labels) - MOST_LABELS
    more = f"; and {rest} more" if rest > 0 else ""
    return "; ".join(labels.head(MOST_LABELS)) + more


def _co_occurrence(coverage: Coverage, places: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Return which two codes are on one passage, in how many focus groups and passages."""
    order = {code: at for at, code in enumerate(coverage.study.codebook.codes)}
    codings = coverage.codings[["segment", "focus_group", "code"]].astype("str")
    pairs = codings.merge(codings[["segment", "code"]], on="segment", suffixes=("_one", "_other"))
    pairs = pairs[pairs["code_one"].map(order) < pairs["code_other"].map(order)]
    found = []
    for place, groups in places.items():
        here = pairs[pairs["focus_group"].isin(groups)].groupby(["code_one", "code_other"])
        counts = pd.DataFrame(
            {
                "focus_groups": here["focus_group"].nunique(),
                "passages": here["segment"].nunique(),
            }
        ).reset_index()
        coded = codings.loc[codings["focus_group"].isin(groups), "focus_group"].nunique()
        counts = counts.assign(place=place, of_focus_groups=coded)
        rank = counts[["code_one", "code_other"]].apply(lambda column: column.map(order))
        found.append(counts.loc[rank.sort_values(["code_one", "code_other"]).index])
    whole = pd.concat(found, ignore_index=True) if found else _empty("co-occurrence")
    return whole[list(COLUMNS["co-occurrence"])]


def _codebook(coverage: Coverage, units: pd.DataFrame) -> pd.DataFrame:
    """Return the codebook with the uses of each theme and code in the whole study."""
    entries = coverage.study.codebook.entries
    counts = _count(units, ["topic"]).set_index("topic").reindex(list(entries), fill_value=0)
    columns = list(COLUMNS["codebook"])[: -len(counts.columns) - 1]
    defined = pd.DataFrame(
        [[getattr(entry, name) for name in columns] for entry in entries.values()], columns=columns
    )
    uses = counts.reset_index(drop=True)
    whole = defined.join(uses).assign(of_focus_groups=units["focus_group"].nunique())
    return whole[list(COLUMNS["codebook"])]


def _participants(coverage: Coverage, places: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Return in how many focus groups each kind of people took part."""
    kinds = kinds_of(coverage.focus_groups)
    groups = coverage.focus_groups
    reporting = set(groups.loc[report_kinds(groups), "focus_group"])
    rows = [
        (place, kind.name, len(took_part), len(reporting.intersection(here)))
        for place, here in places.items()
        for kind in kinds
        if (took_part := set(kind.focus_groups).intersection(here))
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS["participants"]))


def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS[name]))


def _about(settings: Study) -> list[tuple[str, str]]:
    """Return what whoever opens a download alone must know of the study."""
    invented = "yes: the data are invented, nobody said any of this"
    return [
        ("study", settings.title),
        ("data as of", settings.as_of.isoformat()),
        ("licence", settings.licence or "not stated"),
        ("synthetic", invented if settings.synthetic else "no"),
        ("counts", "of focus groups and passages, never of people or of mentions"),
    ]


def _notes(coverage: Coverage, name: str, found: pd.DataFrame) -> list[tuple[str, str]]:
    """Return what each column of a table is; columns that it has for themes are named so."""
    book, meanings = coverage.study.codebook, COLUMNS[name]
    return [
        (f"column {column}", meanings.get(column) or OF_THEME.format(book.name(column)))
        for column in map(str, found.columns)
    ]


def _write_table(folder: Path, name: str, found: pd.DataFrame, coverage: Coverage) -> None:
    """Write a table as CSV, and as a workbook whose second sheet says what it holds."""
    header = [str(column) for column in found.columns]
    rows = [[_typed(value) for value in row] for row in found.to_numpy(object).tolist()]
    texts = [[str(value) for value in row] for row in rows]
    (folder / f"{name}.csv").write_bytes(csv_bytes([header, *texts]))
    notes = [
        ("what", "meaning"),
        ("table", DOWNLOAD_FILES[name].about),
        *_about(coverage.study.settings),
        *_notes(coverage, name, found),
    ]
    (folder / f"{name}.xlsx").write_bytes(workbook_bytes({name: [header, *rows], "notes": notes}))


def _typed(value: Any) -> str | float:  # noqa: ANN401
    """Return a value as a cell has it: a number stays one, and nothing is blank."""
    if isinstance(value, float) and math.isnan(value):
        return ""
    return value if isinstance(value, str | int | float) else str(value)


def _write_notes(folder: Path, tables: Mapping[str, pd.DataFrame], coverage: Coverage) -> None:
    """Write what the study and the columns of all tables are, for those who open CSV alone."""
    about = _about(coverage.study.settings)
    rows = [("table", "what", "meaning"), *(("", *each) for each in about)]
    rows += [(n, *each) for n, found in tables.items() for each in _notes(coverage, n, found)]
    (folder / NOTES).write_bytes(csv_bytes(rows))
