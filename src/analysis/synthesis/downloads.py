"""The downloads of a study: its main tables as CSV and as workbooks, the same numbers as on pages.

Consent decides as everywhere: labels are of focus groups whose words may be shown, and the others
are in the counts alone.
"""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.intake.coded.table_writer import csv_bytes, workbook_bytes
from analysis.study.language import translate
from analysis.synthesis.agreement_codes import AGREEMENT_COLUMNS, agreement_table
from analysis.synthesis.captions import TABLES_OF_CLAIMS
from analysis.synthesis.coverage import COVERAGE_PAGE
from analysis.synthesis.markup import Row, element, join, say, table
from analysis.tables.download_files import DOWNLOAD_FILES, NOTES
from analysis.tables.focus_groups import may_show
from analysis.tables.participants import kinds_of, report_kinds
from analysis.tables.placing import HOME, lies_in, places_to_report

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from markupsafe import Markup

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
# Before the id of a theme that is called like another column of the matrix.
THEME = "theme "
PLACE = "id of the region or the continent"
DEFINED = {
    "code": "id of the theme or code",
    "parent": "id of the theme of a code; blank for a theme",
    "name": "its name",
    "definition": "what it means",
    "include": "what it covers",
    "exclude": "what it doesn't cover",
}
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
    "codebook": DEFINED
    | {
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
    """Write the downloads of a study, and return the links to them; outside a build, say so."""
    title = element("h2", say("Downloads"), id="downloads")
    build = coverage.build
    if build is None:
        return ledger.show(title, element("p", say("Not part of a build: there are no downloads.")))
    folder = build.downloads(COVERAGE_PAGE)
    folder.mkdir(parents=True, exist_ok=True)
    # Those that captions link to are there also where nothing was counted.
    linked = TABLES_OF_CLAIMS.values()
    made = make_downloads(coverage)
    tables = {name: found for name, found in made.items() if len(found) or name in linked}
    for name, found in tables.items():
        _write_table(folder, name, found, coverage)
    _write_notes(folder, tables, coverage)
    rows = [
        Row(say(DOWNLOAD_FILES[name].title), [_link_files(name), say(DOWNLOAD_FILES[name].about)])
        for name in tables
    ]
    caption = translate("Tables of this study, with notes on each column")
    columns = [translate("Table"), translate("Files"), translate("About")]
    return ledger.show(title, table("downloads", caption, columns, rows))


def _link_files(name: str) -> Markup:
    kinds = {"csv": "CSV", "xlsx": "Excel"}
    links = [element("a", kind, href=f"downloads/{name}.{end}") for end, kind in kinds.items()]
    return join(links, " \u00b7 ")


def make_downloads(coverage: Coverage) -> dict[str, pd.DataFrame]:
    """Return the tables of the downloads by the names of their files; some may be empty."""
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
    found = {}
    for place in (*regions, *continents):
        is_inside = groups["places"].map(lambda at, place=place: lies_in(at, place, opened.places))
        found[place] = frozenset(groups.loc[is_inside, "focus_group"])
    return found


def _members(places: Mapping[str, Collection[str]], least: int = 1) -> pd.DataFrame:
    """Return each focus group of each place that has enough of them."""
    listed = [
        (place, each) for place, groups in places.items() for each in groups if len(groups) >= least
    ]
    return pd.DataFrame(listed, columns=["place", "focus_group"], dtype="str")


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
    members = _members(places, least=2)
    raised = _by_question(coverage, units).merge(members, on="focus_group")
    raised = raised[(raised["section"] == ANY) | raised["topic"].isin(list(book.codes))]
    counts = _count(raised, [*ANSWER, "topic"])
    of_groups = _count_asked(coverage, raised, members)
    topics = pd.DataFrame({"topic": list(book.entries)})
    is_any = of_groups["section"] == ANY
    every = of_groups[is_any].merge(topics, how="cross")
    every = every.merge(counts, on=[*ANSWER, "topic"], how="left")
    whole = pd.concat([every, of_groups[~is_any].merge(counts, on=ANSWER)], ignore_index=True)
    whole = whole.fillna({"focus_groups": 0, "passages": 0})
    whole = whole.astype({"focus_groups": "int64", "passages": "int64"}).assign(
        name=whole["topic"].map(book.name),
        level=["code" if topic in book.codes else "theme" for topic in whole["topic"]],
    )
    orders = {"place": list(places), **_orders(coverage), "topic": list(book.entries)}
    return _in_order(whole[list(COLUMNS["prevalence"])], orders)


def _count_asked(coverage: Coverage, raised: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Return of how many focus groups topics are counted: anywhere of those with a coded passage.

    Elsewhere it is of those that answered.
    """
    codable = coverage.segments[["focus_group", "cell"]].astype("str")
    answered = _by_question(coverage, codable).merge(members, on="focus_group")
    together = pd.concat([raised[raised["question"] == ANY], answered[answered["question"] != ANY]])
    asked = together.groupby(ANSWER)["focus_group"].nunique()
    return asked.rename("of_focus_groups").reset_index()


def _in_order(rows: pd.DataFrame, orders: Mapping[str, list[str]]) -> pd.DataFrame:
    """Return rows in the order of the values of some columns."""
    ranked = rows.astype({name: pd.CategoricalDtype(order) for name, order in orders.items()})
    return rows.loc[ranked.sort_values(list(orders)).index].reset_index(drop=True)


def _by_question(coverage: Coverage, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows anywhere, again under the question of a domain, and again in their answer."""
    parts = rows["cell"].str.partition(".")
    in_answer = rows.assign(section=parts[0], question=parts[2])[parts[2] != ""]
    in_domain = in_answer["section"].isin(coverage.study.instrument.domains)
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
    found = rows.groupby(keys)[["focus_group", "segment"]].nunique().reset_index()
    return found.rename(columns={"focus_group": "focus_groups", "segment": "passages"})


def _framework_matrix(coverage: Coverage, units: pd.DataFrame) -> pd.DataFrame:
    """Return the focus groups whose words may be shown, with labels of passages by theme."""
    shown = coverage.focus_groups[may_show(coverage.focus_groups)]
    names = coverage.segments[["segment", "label"]].astype("str")
    names = names.assign(label=names["label"].where(names["label"] != "", names["segment"]))
    themes = list(coverage.study.codebook.themes)
    about = units[units["topic"].isin(themes)].merge(names, on="segment")
    cells = about.groupby(["topic", "focus_group"])["label"].agg(_join_labels)
    matrix = shown[["focus_group", HOME, "held_on"]].astype("str").rename(columns={HOME: "place"})
    matrix["held_on"] = [date.fromisoformat(day) if day else "" for day in matrix["held_on"]]
    for theme in themes:
        of_theme = cells.loc[theme] if theme in cells.index else {}
        column = f"{THEME}{theme}" if theme in matrix else theme
        matrix[column] = matrix["focus_group"].map(of_theme).fillna("")
    return matrix.sort_values(["place", "focus_group"], ignore_index=True)


def _join_labels(labels: pd.Series) -> str:
    rest = len(labels) - MOST_LABELS
    more = f"; and {rest} more" if rest > 0 else ""
    return "; ".join(labels.head(MOST_LABELS)) + more


def _co_occurrence(coverage: Coverage, places: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Return which two codes are on one passage, in how many focus groups and passages."""
    codes = list(coverage.study.codebook.codes)
    order = {code: at for at, code in enumerate(codes)}
    codings = coverage.codings[["segment", "focus_group", "code"]].astype("str")
    codings = codings.merge(_members(places), on="focus_group")
    keys = ["place", "code_one", "code_other"]
    pairs = codings.merge(
        codings, on=["place", "focus_group", "segment"], suffixes=("_one", "_other")
    )
    counts = _count(pairs[pairs["code_one"].map(order) < pairs["code_other"].map(order)], keys)
    coded = codings.groupby("place")["focus_group"].nunique()
    whole = counts.assign(of_focus_groups=counts["place"].map(coded))
    orders = {"place": list(places), "code_one": codes, "code_other": codes}
    return _in_order(whole[list(COLUMNS["co-occurrence"])], orders)


def _codebook(coverage: Coverage, units: pd.DataFrame) -> pd.DataFrame:
    """Return the codebook with the uses of each theme and code in the whole study."""
    entries = coverage.study.codebook.entries
    defined = pd.DataFrame(
        [[getattr(entry, name) for name in DEFINED] for entry in entries.values()],
        columns=list(DEFINED),
    )
    counts = _count(units, ["topic"]).set_index("topic").reindex(list(entries), fill_value=0)
    whole = defined.join(counts, on="code").assign(of_focus_groups=units["focus_group"].nunique())
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
        (
            f"column {column}",
            meanings.get(column) or OF_THEME.format(book.name(column.removeprefix(THEME))),
        )
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


def _typed(value: Any) -> str | float | date:  # noqa: ANN401
    """Return a value as a cell has it: a number or a date stays one, and nothing is blank."""
    if isinstance(value, float) and math.isnan(value):
        return ""
    return value if isinstance(value, str | int | float | date) else str(value)


def _write_notes(folder: Path, tables: Mapping[str, pd.DataFrame], coverage: Coverage) -> None:
    """Write what the study and the columns of all tables are, for those who open CSV alone."""
    about = _about(coverage.study.settings)
    rows = [("table", "what", "meaning"), *(("", *each) for each in about)]
    rows += [(n, *each) for n, found in tables.items() for each in _notes(coverage, n, found)]
    (folder / NOTES).write_bytes(csv_bytes(rows))
