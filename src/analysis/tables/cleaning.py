"""Cleaning of a place's tables: rows in are rows out and rows set aside, each with its reason."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.errors import PlaceError, closest
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.build_folder import build_folder
from analysis.tables.numbering import places_of
from analysis.tables.placing import places_to_clean, tables_of_place
from analysis.tables.received import COLUMNS, ReceivedTables, read_received, read_table, table_path
from analysis.tables.table_files import COMPRESSION, TABLES
from analysis.tables.text_cleaning import SPELLING, read_spelling, steps_of_cleaning
from analysis.tables.text_steps import clean_texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.numbering import IntArray
    from analysis.tables.text_steps import Step

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
Log: TypeAlias = "dict[str, list[Any]]"
SET_ASIDE_COLUMNS = (segments.SEGMENT, segments.FOCUS_GROUP, segments.CELL, "reason", "kept_as")

SAME = [segments.FOCUS_GROUP, segments.CELL, segments.TEXT, segments.IS_HEADING]

WITHHELD_SPELLING = "a variant → its preferred spelling (the word is withheld)"
LEAD_IN = "lead-in: announces a list"
DUPLICATE = "duplicate: the same text as another segment of its cell"
NO_CONSENT = "no consent"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class CleanedTables:
    """The cleaned tables of a place, what was set aside, and what was changed.

    Parameters
    ----------
    focus_groups, segments, code_applications : DataFrame
        The columns as received, with ``cell`` and ``is_heading`` added to segments.
    set_aside : DataFrame
        Segments that are not in ``segments``: ``segment, focus_group, cell, reason, kept_as``.
    log : DataFrame
        Changes of text: ``table, item, column, step, change, times``.
    """

    focus_groups: pd.DataFrame
    segments: pd.DataFrame
    code_applications: pd.DataFrame
    set_aside: pd.DataFrame
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
    return clean(received_of_place(opened, place), steps)


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
    build = build_folder(opened.root, opened.settings.name)
    if build is not None and build.received(place).is_dir():
        folder = build.received(place)
        codebook = read_table(table_path(opened.folder, "codebook"), COLUMNS["codebook"])
        tables = {
            name: pd.read_parquet(folder / f"{name}.parquet", columns=list(COLUMNS[name]))
            for name in TABLES
        }
        return ReceivedTables(
            codebook, **{name: table.rename_axis("row_of_part") for name, table in tables.items()}
        )
    _require_home(opened, place)
    return tables_of_place(read_received(opened.folder), place, opened.places)


def _require_home(opened: OpenedStudy, place: str) -> None:
    groups = read_table(table_path(opened.folder, "focus_groups"), focus_groups.COLUMNS)
    cleaned = places_to_clean(groups, opened.places, opened.settings.continents)
    if place not in cleaned:
        raise PlaceError(
            f"No focus group of {opened.settings.name} that may be counted is at home in this "
            "place.",
            offenders=[f"{place}{closest(place, cleaned)}"],
            expected=", ".join(cleaned),
            remedy="choose among these, or add submissions of the place to the study",
        )


def clean(received: ReceivedTables, steps: tuple[Step, ...]) -> CleanedTables:
    """Return the cleaned tables of a place.

    Parameters
    ----------
    received : ReceivedTables
        The tables of the place as received.
    steps : tuple of Step
        The steps that clean a text.

    Returns
    -------
    CleanedTables
        Each segment received is either in ``segments`` or in ``set_aside``. The codes of a
        duplicate are with the segment that stands for it; those of others set aside are left out.
    """
    log: Log = {column: [] for column in LOG_TYPES}
    groups = _clean_columns("focus_groups", received.focus_groups, steps, log)
    texts = _clean_columns("segments", received.segments, steps, log)
    points = segments.points_of(texts)
    cell, is_heading = segments.cells_of(texts), segments.headings_of(texts, points)
    _withhold_spellings(log, groups, texts)
    located = texts.assign(**{segments.CELL: cell, segments.IS_HEADING: is_heading})
    stands_for = _first_of_duplicates(located, points.to_numpy())
    reasons = _reasons(located, groups, stands_for)
    kept_as = stands_for.where(reasons == DUPLICATE, "")
    listed = located.assign(reason=reasons, kept_as=kept_as)
    kept = located[reasons == ""]
    set_aside = listed.loc[reasons != "", list(SET_ASIDE_COLUMNS)]
    return CleanedTables(
        focus_groups=groups,
        segments=kept,
        code_applications=settle_codes(
            received.code_applications, kept[segments.SEGMENT], set_aside
        ),
        set_aside=set_aside,
        log=pd.DataFrame(log).astype(LOG_TYPES),
    )


def _clean_columns(
    name: str, table: pd.DataFrame, steps: tuple[Step, ...], log: Log
) -> pd.DataFrame:
    """Return a table with its texts cleaned, and put into the log what was changed in them."""
    cleaned: dict[str, pd.Series] = {}
    for column in CLEANED_TEXTS[name]:
        cleaned[column], changes = clean_texts(table[column], steps)
        log["table"] += [name] * len(changes.times)
        log["item"] += table.iloc[changes.place, 0].tolist()
        log["column"] += [column] * len(changes.times)
        log["step"] += changes.step
        log["change"] += changes.change
        log["times"] += changes.times
    return table.assign(**cleaned)


def _withhold_spellings(log: Log, groups: pd.DataFrame, texts: pd.DataFrame) -> None:
    """Take out of the log which words were spelled anew where consent shows none of them."""
    shown = groups[focus_groups.CONSENT].isin(focus_groups.CONSENT_TO_SHOW)
    names = set(groups.loc[~shown, focus_groups.FOCUS_GROUP])
    withheld = names.union(texts.loc[texts[segments.FOCUS_GROUP].isin(names), segments.SEGMENT])
    log["change"] = [
        WITHHELD_SPELLING if step == SPELLING and item in withheld else change
        for step, item, change in zip(log["step"], log["item"], log["change"], strict=True)
    ]


def _first_of_duplicates(located: pd.DataFrame, points: IntArray) -> pd.Series:
    """Return for each segment the one that stands for it: itself, or the first of its duplicates.

    Sub-points are duplicates only where all that stands under their points is: "more money" under
    shelters is not "more money" under clinics, and no point is left without its sub-points.
    """
    words = located.groupby(SAME, sort=False).ngroup().to_numpy()
    can_repeat = (located[segments.ROLE] != "lead_in") & (located[segments.TEXT] != "")
    rows = np.flatnonzero(can_repeat)
    rows = rows[pd.factorize(points[rows])[0].argsort(kind="stable")]
    rows = rows[pd.Series(words[rows]).duplicated(keep=False)]
    repeats = pd.DataFrame({"words": words[rows], "block": _blocks(located, points, rows)})
    _, first, repeat = np.unique(repeats, axis=0, return_index=True, return_inverse=True)
    stands_for = np.arange(len(located))
    stands_for[rows] = rows[first[repeat]]
    return located[segments.SEGMENT].iloc[stands_for].set_axis(located.index)


def _blocks(located: pd.DataFrame, points: IntArray, rows: IntArray) -> IntArray:
    """Return a number for all words of the point of each heading and sub-point; 0 for others."""
    is_heading = located[segments.IS_HEADING].to_numpy()
    has_block = is_heading | (located[segments.ROLE] == "subpoint").to_numpy()
    block_of = np.zeros(len(points), dtype=np.int64)
    block_of[points[rows]] = 1
    in_block = np.flatnonzero(has_block & (block_of[points] > 0))
    texts = located[segments.TEXT].iloc[in_block]
    words: dict[int, dict[tuple[bool, str], None]] = defaultdict(dict)
    for point, *said in zip(points[in_block], is_heading[in_block], texts, strict=True):
        words[point][tuple(said)] = None
    numbers: dict[tuple[tuple[bool, str], ...], int] = {}
    for point, block in words.items():
        block_of[point] = numbers.setdefault(tuple(block), len(numbers) + 1)
    return np.where(has_block, block_of[points], 0)[rows]


def _reasons(located: pd.DataFrame, groups: pd.DataFrame, stands_for: pd.Series) -> pd.Series:
    """Return why no report may count a segment, by the gravest reason; nothing where it may."""
    of_group, group = located[segments.FOCUS_GROUP], groups[focus_groups.FOCUS_GROUP]
    consenting = group[groups[focus_groups.CONSENT].isin(focus_groups.CONSENT_TO_COUNT)]
    withdrawn = group[groups[focus_groups.WITHDRAWN] != ""]
    return (
        pd.Series("", index=located.index, dtype="str")
        .mask(stands_for != located[segments.SEGMENT], DUPLICATE)
        .mask(located[segments.ROLE] == "lead_in", LEAD_IN)
        .mask(~of_group.isin(consenting), NO_CONSENT)
        .mask(of_group.isin(withdrawn), WITHDRAWN)
    )


def settle_codes(
    applications: pd.DataFrame, kept: pd.Series, set_aside: pd.DataFrame
) -> pd.DataFrame:
    """Move the codes of duplicates to what stands for them; leave out those of all set aside.

    Parameters
    ----------
    applications : DataFrame
        Code applications as received: ``segment, code, coder``.
    kept : Series of str
        The segments that cleaning kept.
    set_aside : DataFrame
        Those that it set aside: ``segment, kept_as``.

    Returns
    -------
    DataFrame
        The first of each code application on segments kept.
    """
    duplicates = set_aside[set_aside["kept_as"] != ""]
    duplicates = duplicates.drop_duplicates(segments.SEGMENT, keep="last")
    moved = applications[code_applications.SEGMENT].copy()
    at = places_of(moved, duplicates[segments.SEGMENT])
    moved[at >= 0] = duplicates["kept_as"].array.take(at[at >= 0])
    placed = applications.assign(**{code_applications.SEGMENT: moved})
    return placed[places_of(moved, kept) >= 0].drop_duplicates(list(code_applications.COLUMNS))


def read_cleaned_columns(folder: Path, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """Return some columns of one cleaned table of a place, without the rows of its files."""
    # A third of the time of `read_parquet`, where each of many places has little.
    table = pq.ParquetFile(folder / f"{name}.parquet").read(list(columns), use_threads=False)
    columns_read: pd.DataFrame = table.to_pandas(ignore_metadata=True)
    return columns_read


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
        table.to_parquet(folder / f"{name}.parquet", compression=COMPRESSION)
