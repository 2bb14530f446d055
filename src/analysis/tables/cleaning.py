"""Cleaning of a place's tables: rows in are rows out and rows set aside, each with its reason."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import PlaceError, closest
from analysis.study.language import to_translate
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.build_folder import build_folder
from analysis.tables.consent import CONSENT_TO_NAME, NAMES
from analysis.tables.placing import places_to_clean, tables_of_place
from analysis.tables.received import COLUMNS, ReceivedTables, read_received, read_table, table_path
from analysis.tables.table_files import COMPRESSION, TABLES
from analysis.tables.text_cleaning import (
    AT,
    SPELLING,
    clean_texts,
    read_spelling,
    steps_of_cleaning,
)

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.study.settings import Repeats
    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.text_cleaning import Step

CLEANED_TEXTS = {
    "focus_groups": (
        focus_groups.TITLE,
        focus_groups.ORGANISER,
        focus_groups.THEME,
        focus_groups.PARTICIPANTS,
    ),
    "segments": (segments.LABEL, segments.TEXT),
}
LOG_TYPES = {
    "table": "str",
    "item": "str",
    "column": "str",
    "step": "str",
    "change": "str",
    "times": "int64",
}
SET_ASIDE_COLUMNS = (segments.SEGMENT, segments.FOCUS_GROUP, segments.CELL, "reason", "kept_as")

CODINGS_SET_ASIDE_COLUMNS = (*code_applications.COLUMNS, "reason")

SAME = [segments.FOCUS_GROUP, segments.CELL, segments.TEXT, segments.IS_HEADING]
SAME_PLACE = [*SAME, segments.POSITION]

WITHHELD_SPELLING = to_translate("a variant → its preferred spelling (the word is withheld)")
LEAD_IN = to_translate("lead-in: announces a list")
DUPLICATE = to_translate("repeat: the same text as another passage of the same answer")
MERGED = to_translate("merged: the same code by the same coder on the same passage")
PERSONAL_DATA = to_translate("personal data: the words were taken out after review")
NO_CONSENT = to_translate("no consent")
WITHDRAWN = to_translate("withdrawn")


@dataclass(frozen=True)
class CleanedTables:
    """The cleaned tables of a place, what was set aside, and what was changed.

    Parameters
    ----------
    focus_groups, segments, code_applications : DataFrame
        The columns as received, with ``cell`` and ``is_heading`` added to segments.
    set_aside : DataFrame
        Segments that are not in ``segments``: ``segment, focus_group, cell, reason, kept_as``.
    codings_set_aside : DataFrame
        Code applications received that are not in ``code_applications``:
        ``segment, code, coder, reason``; the segment is the one received.
    log : DataFrame
        Changes of text: ``table, item, column, step, change, times``.
    """

    focus_groups: pd.DataFrame
    segments: pd.DataFrame
    code_applications: pd.DataFrame
    set_aside: pd.DataFrame
    codings_set_aside: pd.DataFrame
    log: pd.DataFrame

    def by_name(self) -> dict[str, pd.DataFrame]:
        """Return the tables by their names."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def clean_place(opened: OpenedStudy, place: str) -> CleanedTables:
    """Return the cleaned tables of the focus groups at home in a place, from those received.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    place : str
        A region or a continent.

    Raises
    ------
    PlaceError
        When no focus group that may be counted is at home in the place.
    TableError
        When a table can't be read.
    """
    steps = steps_of_cleaning(read_spelling(opened.spelling_path))
    return clean(received_of_place(opened, place), steps, repeats=opened.settings.repeats)


def received_of_place(opened: OpenedStudy, place: str) -> ReceivedTables:
    """Return the tables of a place as received: from its partition in a build, or the whole tables.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    place : str
        A region or a continent.

    Raises
    ------
    PlaceError
        When no focus group that may be counted is at home in the place.
    TableError
        When a table can't be read.
    """
    build = build_folder(opened)
    if build is not None and build.received(place).is_dir():
        codebook = read_table(table_path(opened.folder, "codebook"), COLUMNS["codebook"])
        return ReceivedTables(
            codebook,
            **{name: pd.read_parquet(build.received(place) / f"{name}.parquet") for name in TABLES},
        )
    received = read_received(opened.folder)
    _require_home(opened, received.focus_groups, place)
    return tables_of_place(received, place, opened.places)


def _require_home(opened: OpenedStudy, groups: pd.DataFrame, place: str) -> None:
    cleaned = places_to_clean(groups, opened.places, opened.settings.continents)
    if place not in cleaned:
        raise PlaceError(
            f"No focus group of {opened.settings.name} that may be counted is at home in this "
            "place.",
            offenders=[f"{place}{closest(place, cleaned)}"],
            expected=", ".join(cleaned),
            remedy="choose among these, or add submissions of the place to the study",
        )


def clean(
    received: ReceivedTables, steps: tuple[Step, ...], *, repeats: Repeats = "keep"
) -> CleanedTables:
    """Return the cleaned tables of a place.

    Parameters
    ----------
    received : ReceivedTables
        The tables of the place as received.
    steps : tuple of Step
        The steps that clean a text.
    repeats : {"keep", "set-aside"}, optional
        Whether the same words at another position of a cell are another segment, or a repeat of
        the first one.

    Returns
    -------
    CleanedTables
        Each segment received is either in ``segments`` or in ``set_aside``. The codes of a
        duplicate go to the segment that is kept for it; those of others set aside are left out.
    """
    groups, log_of_groups = _clean_columns("focus_groups", received.focus_groups, steps)
    texts, log_of_texts = _clean_columns("segments", received.segments, steps)
    points = segments.points_of(texts)
    located = texts.assign(
        **{
            segments.CELL: segments.cells_of(texts),
            segments.IS_HEADING: segments.headings_of(texts, points),
        }
    )
    kept_as = _first_of_duplicates(located, points, SAME_PLACE if repeats == "keep" else SAME)
    reasons = _reasons(located, groups, kept_as)
    set_aside = located.assign(reason=reasons, kept_as=kept_as.where(reasons == DUPLICATE, ""))
    set_aside = set_aside.loc[reasons != "", list(SET_ASIDE_COLUMNS)]
    kept = located[reasons == ""]
    codings, codings_set_aside = _settle_codes(received.code_applications, kept, set_aside)
    return CleanedTables(
        focus_groups=groups,
        segments=kept,
        code_applications=codings,
        set_aside=set_aside,
        codings_set_aside=codings_set_aside,
        log=_withhold_spellings(
            pd.concat([log_of_groups, log_of_texts], ignore_index=True), groups, texts
        ),
    )


def _clean_columns(
    name: str, table: pd.DataFrame, steps: tuple[Step, ...]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a table with its texts cleaned, and the log of what was changed in them."""
    cleaned: dict[str, pd.Series] = {}
    log = []
    for column in CLEANED_TEXTS[name]:
        cleaned[column], changes = clean_texts(table[column], steps)
        item = table.iloc[changes[AT], 0].array
        log.append(changes.assign(table=name, item=item, column=column))
    changed = pd.concat(log, ignore_index=True)
    return table.assign(**cleaned), changed[list(LOG_TYPES)].astype(LOG_TYPES)


def _withhold_spellings(
    log: pd.DataFrame, groups: pd.DataFrame, texts: pd.DataFrame
) -> pd.DataFrame:
    """Take corrected words out of the log where consent lets no report show them."""
    ids, consent = groups[focus_groups.FOCUS_GROUP], groups[focus_groups.CONSENT]
    unnamed = ids[~consent.isin(CONSENT_TO_NAME)]
    unshown = ids[~consent.isin(focus_groups.CONSENT_TO_SHOW)]
    unread = texts.loc[texts[segments.FOCUS_GROUP].isin(unshown), segments.SEGMENT]
    of_groups = log["table"] == "focus_groups"
    is_name = of_groups & log["column"].isin(NAMES)
    is_withheld = (
        (is_name & log["item"].isin(unnamed))
        | (of_groups & log["item"].isin(unshown))
        | (~of_groups & log["item"].isin(unread))
    )
    is_withheld &= log["step"] == SPELLING
    return log.assign(change=log["change"].mask(is_withheld, WITHHELD_SPELLING))


def _first_of_duplicates(located: pd.DataFrame, points: pd.Series, same: list[str]) -> pd.Series:
    """Return for each segment the one that is kept for it: itself, or the first of its duplicates.

    Duplicates have the same values in the columns `same`.
    Sub-points are duplicates only where all texts of their points are: "more money" under shelters
    is not "more money" under clinics, and no point is left without its sub-points.
    """
    can_repeat = ~located[segments.ROLE].isin(["lead_in", segments.SET_ASIDE])
    can_repeat &= located[segments.TEXT] != ""
    candidates = located[can_repeat]
    by_point = candidates.iloc[pd.factorize(points[can_repeat])[0].argsort(kind="stable")]
    repeated = by_point[by_point.duplicated(same, keep=False)]
    repeated = repeated.assign(block=_blocks(located, points, repeated.index))
    first = repeated.groupby([*same, "block"], sort=False)[segments.SEGMENT].transform("first")
    kept_as = located[segments.SEGMENT].copy()
    kept_as[first.index] = first
    return kept_as


def _blocks(located: pd.DataFrame, points: pd.Series, repeated: pd.Index) -> pd.Series:
    """Return a number for all texts of the point of each heading and sub-point; 0 for others."""
    has_block = located[segments.IS_HEADING] | (located[segments.ROLE] == "subpoint")
    within = located[has_block & points.isin(points[repeated])]
    texts: dict[int, dict[tuple[bool, str], None]] = defaultdict(dict)
    said = zip(within[segments.IS_HEADING], within[segments.TEXT], strict=True)
    for point, each in zip(points[within.index], said, strict=True):
        texts[point][each] = None
    numbers, _ = pd.factorize(pd.Series([tuple(each) for each in texts.values()], dtype=object))
    block_of = dict(zip(texts, numbers + 1, strict=True))
    return points[repeated].map(block_of).where(has_block[repeated], 0).astype("int64")


def _reasons(located: pd.DataFrame, groups: pd.DataFrame, kept_as: pd.Series) -> pd.Series:
    """Return why no report may count a segment, by the strongest reason; empty where it may."""
    of_group, names = located[segments.FOCUS_GROUP], groups[focus_groups.FOCUS_GROUP]
    consenting = names[focus_groups.has_consent(groups)]
    withdrawn = names[focus_groups.is_withdrawn(groups)]
    return (
        pd.Series("", index=located.index, dtype="str")
        .mask(kept_as != located[segments.SEGMENT], DUPLICATE)
        .mask(located[segments.ROLE] == "lead_in", LEAD_IN)
        .mask(located[segments.ROLE] == segments.SET_ASIDE, PERSONAL_DATA)
        .mask(~of_group.isin(consenting), NO_CONSENT)
        .mask(of_group.isin(withdrawn), WITHDRAWN)
    )


def _settle_codes(
    applications: pd.DataFrame, kept: pd.DataFrame, set_aside: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the code applications that are kept, and those set aside with their reasons.

    Codes of duplicates move to the segment that is kept for them; codes of other segments that
    are set aside are set aside with them.
    """
    duplicates = set_aside[set_aside["kept_as"] != ""]
    kept_as = dict(zip(duplicates[segments.SEGMENT], duplicates["kept_as"], strict=True))
    received_on = applications[code_applications.SEGMENT]
    on = received_on.where(~received_on.isin(kept_as), received_on.map(kept_as)).astype("str")
    moved = applications.assign(**{code_applications.SEGMENT: on})
    of_segment = dict(zip(set_aside[segments.SEGMENT], set_aside["reason"], strict=True))
    is_counted = on.isin(kept[segments.SEGMENT])
    is_again = is_counted & moved.duplicated(list(code_applications.COLUMNS))
    reasons = pd.Series([of_segment.get(each, "") for each in on], on.index, dtype="str")
    reasons = reasons.mask(is_again, MERGED)
    left_out = applications.assign(reason=reasons)[~is_counted | is_again]
    return moved[is_counted & ~is_again], left_out[list(CODINGS_SET_ASIDE_COLUMNS)]


def read_cleaned(build: BuildFolder, place: str) -> CleanedTables:
    """Return the cleaned tables of a place that an earlier step of a build has written.

    Parameters
    ----------
    build : BuildFolder
        The build.
    place : str
        A place that was cleaned.
    """
    folder = build.cleaned(place)
    return CleanedTables(
        **{
            field.name: pd.read_parquet(folder / f"{field.name}.parquet")
            for field in fields(CleanedTables)
        }
    )


def write_cleaned(cleaned: CleanedTables, build: BuildFolder, place: str) -> None:
    """Write the cleaned tables of a place for the later steps of a build.

    Parameters
    ----------
    cleaned : CleanedTables
        The tables.
    build : BuildFolder
        The build.
    place : str
        The place.
    """
    folder = build.cleaned(place)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in cleaned.by_name().items():
        table.to_parquet(folder / f"{name}.parquet", index=False, compression=COMPRESSION)
