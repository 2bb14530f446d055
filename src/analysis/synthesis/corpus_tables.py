"""The tables of a corpus: cleaned tables of a place, without what consent withholds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import pandas as pd

from analysis.errors import PlaceError, closest
from analysis.quality.outcome_sentences import describe_outcome
from analysis.quality.outcomes import STAGES, read_outcomes
from analysis.study.opened_study import OpenedStudy, open_for_reports
from analysis.study.places import GLOBAL
from analysis.study.root import find_root
from analysis.synthesis.corpus import Corpus
from analysis.synthesis.links import pages_of_segments
from analysis.tables import focus_groups as table_of_groups
from analysis.tables.build_folder import build_folder
from analysis.tables.cleaning import CleanedTables, clean_place, read_cleaned
from analysis.tables.code_applications import without_none
from analysis.tables.coded import follow_duplicates, looked_at, read_coded
from analysis.tables.consent import withhold_cells
from analysis.tables.focus_groups import may_count, may_show
from analysis.tables.placing import (
    describe_meetings,
    homes_of,
    lies_in,
    overlaps,
    places_to_report,
)
from analysis.tables.received import read_table, table_path
from analysis.tables.segments import sort_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from analysis.quality.outcomes import Outcome
    from analysis.study.codebook import Codebook
    from analysis.study.instrument import Instrument
    from analysis.study.places import Places

Tables: TypeAlias = "dict[str, pd.DataFrame]"

SEGMENTS = [
    "segment",
    "focus_group",
    "cell",
    "position",
    "role",
    "is_heading",
    "label",
    "text",
    "text_kind",
    "language",
]
SET_ASIDE = ["segment", "focus_group", "cell", "reason"]
CODINGS = ["segment", "focus_group", "cell", "code", "theme", "coders", "of_coders"]
# What repeats is kept as categories: it is grouped faster than text, and takes less room.
CATEGORIES = ("focus_group", "cell", "position", "role", "text_kind", "language", "reason")


def open_region(study: str, place: str) -> Corpus:
    """Return the corpus of a region.

    In a build it is read from its cleaned tables; elsewhere it is made from the tables as received,
    so that a notebook runs as it is.

    Parameters
    ----------
    study : str
        The study.
    place : str
        A region, by code or name.

    Raises
    ------
    StudyError
        When the study does not exist.
    TableError
        When a table can't be read.
    PlaceError
        When the place is unknown, or the study has no report on it.
    """
    return region_corpus(*open_place(study, place, "region"))


def open_place(
    study: str, place: str, scope: Literal["region", "continent"]
) -> tuple[OpenedStudy, pd.DataFrame, str]:
    """Return a study, its focus groups as received, and the id of a place that it reports on."""
    opened = open_for_reports(find_root(), study)
    received = read_focus_groups(opened)
    regions, continents = places_to_report(received, opened.places, opened.settings.continents)
    resolved = opened.places.resolve(place)
    require_report(opened, resolved, regions if scope == "region" else continents)
    return opened, received, resolved


def region_corpus(opened: OpenedStudy, received: pd.DataFrame, region: str) -> Corpus:
    """Return the corpus of a region of an opened study."""
    return corpus_of(opened, received, region, read_home(opened, region))


def require_report(opened: OpenedStudy, place: str, reported: Collection[str]) -> None:
    """Refuse a place on which the study has no such report."""
    if place not in reported:
        raise PlaceError(
            f"No focus group of {opened.settings.name} that may be counted lies in this place.",
            offenders=[f"{place}{closest(place, reported)}"],
            expected=", ".join(reported),
            remedy="choose among these, or add submissions of the place to the study",
        )


def read_focus_groups(opened: OpenedStudy) -> pd.DataFrame:
    """Return the focus groups of a study as received."""
    return read_table(table_path(opened.folder, "focus_groups"), table_of_groups.COLUMNS)


def read_home(opened: OpenedStudy, place: str, cleaned: CleanedTables | None = None) -> Tables:
    """Return the tables of the focus groups at home in a place, without what consent withholds.

    The cleaned tables are read unless they are given.

    Returns
    -------
    dict of str to DataFrame
        ``focus_groups`` with their ``home``, whether each ``counts``, and its ``coders`` in the
        order of `study.yaml`, joined by ``;``; ``segments`` in the
        template's order, with the page on which each is ``shown_in`` and whether consent for
        counts only has its words ``withheld``; ``codings``; and ``set_aside``.
    """
    cleaned = cleaned or read_cleaned_tables(opened, place)
    groups = cleaned.focus_groups
    segments = _in_template_order(_categorise(cleaned.segments[SEGMENTS]), opened.instrument)
    build = build_folder(opened)
    pages = pages_of_segments(build, place, segments)
    codings = count_codings(
        segments[~segments["is_heading"]],
        cleaned.code_applications,
        opened.codebook,
        opened.settings.publication.coding,
        _looked_at(opened, cleaned),
    )
    located = _locate(cleaned.code_applications, segments, opened)
    coders = located.groupby("focus_group")["coder"].agg(lambda named: ";".join(named.unique()))
    return {
        "focus_groups": withhold_cells(groups).assign(
            home=homes_of(groups, opened.places),
            counts=may_count(groups),
            coders=groups["focus_group"].map(coders).fillna("").astype("str"),
        ),
        "segments": _withhold(segments.assign(shown_in=pages), groups),
        "codings": mark_first_coder(codings, located),
        "set_aside": _categorise(cleaned.set_aside[SET_ASIDE]),
    }


def read_cleaned_tables(opened: OpenedStudy, place: str) -> CleanedTables:
    """Return the cleaned tables of a place: those of the build, or cleaned from those received."""
    build = build_folder(opened)
    if build is not None and build.cleaned(place).is_dir():
        return read_cleaned(build, place)
    return clean_place(opened, place)


def _categorise(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype({name: "category" for name in CATEGORIES if name in table})


def _in_template_order(segments: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """Return segments by focus group, then in the order of the template, then by id."""
    cells = {cell: order for order, cell in enumerate(instrument.cells)}
    order = segments[["segment", "focus_group"]].assign(
        focus_group=segments["focus_group"].astype("str"),
        cell=_rank(segments["cell"], lambda cell: cells.get(cell, len(cells))),
        position=_rank(segments["position"], sort_key),
    )
    in_order = order.sort_values(["focus_group", "cell", "position", "segment"]).index
    return segments.loc[in_order]


def _rank(column: pd.Series, key: Callable[[str], Any]) -> pd.Series:
    """Return the rank of each value of a categorical column by a key."""
    values = sorted(column.cat.categories, key=key)
    ranks = {value: rank for rank, value in enumerate(values)}
    return column.astype("str").map(ranks)


def _withhold(segments: pd.DataFrame, focus_groups: pd.DataFrame) -> pd.DataFrame:
    """Remove the words of segments whose consent is for counts only."""
    shown = focus_groups.loc[may_show(focus_groups), "focus_group"]
    withheld = ~segments["focus_group"].isin(shown)
    return segments.assign(
        label=segments["label"].mask(withheld, ""),
        text=segments["text"].mask(withheld, ""),
        words=segments["text"].str.count(r"\S+").mask(withheld, 0).astype("int64"),
        withheld=withheld,
    )


def _looked_at(opened: OpenedStudy, cleaned: CleanedTables) -> pd.DataFrame:
    """Return which segments each coder looked at, as stated."""
    coded = follow_duplicates(read_coded(opened.folder), cleaned.set_aside)
    codable = cleaned.segments[~cleaned.segments["is_heading"]]
    return looked_at(codable, cleaned.code_applications, coded)


def count_codings(
    segments: pd.DataFrame,
    code_applications: pd.DataFrame,
    codebook: Codebook,
    coding: Literal["any", "all"],
    seen: pd.DataFrame,
) -> pd.DataFrame:
    """Return the codings that count in a report.

    Parameters
    ----------
    segments : DataFrame
        Cleaned segments: ``segment, focus_group, cell``.
    code_applications : DataFrame
        Cleaned code applications: ``segment, code, coder``.
    codebook : Codebook
        Gives the theme of each code.
    coding : {"any", "all"}
        Whether a code counts once any coder applied it, so that no voice is lost, or only when all
        coders who looked at the segment did.
    seen : DataFrame
        Who looked at what, as far as that is stated: ``segment, coder``. Elsewhere, a coder who
        put no code on a segment counts as one who did not look at it.

    Returns
    -------
    DataFrame
        One row for each code on each segment, in the order of the segments, then by code:
        ``segment, focus_group, cell, code, theme``, the number of ``coders`` who applied it and
        the number ``of_coders`` who looked at the segment.
    """
    places = segments[["segment", "focus_group", "cell"]].reset_index(drop=True)
    applied = without_none(code_applications, codebook.codes)
    applied = applied[["segment", "code", "coder"]].drop_duplicates()
    located = places.reset_index(names="order").merge(applied, on="segment")
    coders = located.groupby(["order", "code"], observed=True).size().rename("coders").reset_index()
    pair = ["segment", "coder"]
    seen = pd.concat([seen[pair], located[pair]]).drop_duplicates()
    of_coders = seen["segment"].value_counts()
    theme_of = {code: codebook.theme_of(code) for code in coders["code"].unique()}
    codings = places.take(coders["order"].to_numpy()).reset_index(drop=True)
    codings = codings.assign(
        code=coders["code"].astype("category"),
        theme=coders["code"].astype("str").map(theme_of).astype("str").astype("category"),
        coders=coders["coders"],
        of_coders=codings["segment"].map(of_coders).astype("int64"),
    )
    if coding == "all":
        codings = codings[codings["coders"] == codings["of_coders"]]
    return codings[CODINGS].reset_index(drop=True)


def _locate(applied: pd.DataFrame, segments: pd.DataFrame, opened: OpenedStudy) -> pd.DataFrame:
    """Return code applications with their focus group, in the order of coders in `study.yaml`."""
    order = {coder.coder: rank for rank, coder in enumerate(opened.settings.coders)}
    group_of = dict(zip(segments["segment"], segments["focus_group"].astype("str"), strict=True))
    located = applied[["segment", "code", "coder"]].astype("str")
    located = located.assign(
        focus_group=located["segment"].map(group_of), rank=located["coder"].map(order)
    )
    return located.dropna(subset=["focus_group"]).sort_values("rank", kind="stable")


def mark_first_coder(codings: pd.DataFrame, located: pd.DataFrame) -> pd.DataFrame:
    """Return codings with ``by_first``: whether the first coder of the focus group applied them.

    Code applications have their ``focus_group`` and are in the order of coders in `study.yaml`.
    """
    first = located.drop_duplicates("focus_group").set_index("focus_group")["coder"]
    of_first = located[located["coder"] == located["focus_group"].map(first)]
    theirs = pd.MultiIndex.from_frame(of_first[["segment", "code"]])
    found = pd.MultiIndex.from_frame(codings[["segment", "code"]].astype("str")).isin(theirs)
    return codings.assign(by_first=found)


def corpus_of(opened: OpenedStudy, received: pd.DataFrame, place: str, tables: Tables) -> Corpus:
    """Return the corpus of a place from the tables of all focus groups that it may count."""
    groups = tables["focus_groups"]
    counted = groups[_are(groups, lies_in, place, opened.places) & groups["counts"]]
    names = set(counted["focus_group"])
    context = _context(opened, received, place)
    # The words of others are in the report of their home.
    homeless = set(context.loc[context["home"] == GLOBAL, "focus_group"])
    return Corpus(
        study=opened,
        place=place,
        focus_groups=counted.reset_index(drop=True),
        context=context,
        segments=_of(tables["segments"], names),
        context_segments=_of(tables["segments"], homeless),
        codings=_of(tables["codings"], names),
        set_aside=_of(tables["set_aside"], names),
        warnings=read_warnings(opened, groups["home"].unique(), counted),
    )


def _of(table: pd.DataFrame, groups: set[str]) -> pd.DataFrame:
    return table[table["focus_group"].isin(groups)].reset_index(drop=True)


def _context(opened: OpenedStudy, received: pd.DataFrame, place: str) -> pd.DataFrame:
    touching = _are(received, overlaps, place, opened.places)
    inside = _are(received, lies_in, place, opened.places)
    context = withhold_cells(received[touching & ~inside & may_count(received)])
    return context.assign(home=homes_of(context, opened.places)).reset_index(drop=True)


def _are(
    groups: pd.DataFrame, test: Callable[[str, str, Places], bool], place: str, places: Places
) -> pd.Series:
    """Return which focus groups lie in a place, or overlap it."""
    held_at = groups["places"]
    passed = [at for at in held_at.unique() if test(at, place, places)]
    return held_at.isin(passed)


def read_warnings(
    opened: OpenedStudy, places: Iterable[str], groups: pd.DataFrame
) -> tuple[Outcome, ...]:
    """Return the warnings about focus groups that the checks of this build found, for readers.

    Those of cleaned tables come first. None outside a build, where nothing is checked.
    """
    build = build_folder(opened)
    if build is None:
        return ()
    found = [
        outcome
        for place in sorted(places)
        for stage in reversed(STAGES)
        if build.warnings(stage, place).is_file()
        for outcome in read_outcomes(build.warnings(stage, place)).outcomes
    ]
    counted, meetings = set(groups["focus_group"]), describe_meetings(groups, opened.places)
    return tuple(
        replace(outcome, message=describe_outcome(outcome, meetings))
        for outcome in found
        if outcome.concerns(counted)
    )
