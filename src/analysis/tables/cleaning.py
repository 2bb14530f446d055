"""Cleaning of a place's tables: rows in are rows out and rows set aside, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import pandas as pd

from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.text_cleaning import clean_and_tell

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.tables.received import ReceivedTables
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
LOG_COLUMNS = ("table", "item", "column", "step", "change", "times")
LogRow = tuple[str, str, str, str, str, int]
SET_ASIDE_COLUMNS = (segments.SEGMENT, segments.FOCUS_GROUP, segments.CELL, "reason", "kept_as")

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
    groups, changes_of_groups = _clean_columns("focus_groups", received.focus_groups, steps)
    texts, changes_of_texts = _clean_columns("segments", received.segments, steps)
    cell, is_heading = segments.cells_of(texts), segments.headings_of(texts)
    located = texts.assign(**{segments.CELL: cell, segments.IS_HEADING: is_heading})
    stands_for = _first_of_duplicates(located)
    reasons = _reasons(located, groups, stands_for)
    kept_as = stands_for.where(reasons == DUPLICATE, "")
    listed = located.assign(reason=reasons, kept_as=kept_as)
    kept = located[reasons == ""]
    return CleanedTables(
        focus_groups=groups,
        segments=kept,
        code_applications=_move(received.code_applications, kept, listed[kept_as != ""]),
        set_aside=listed.loc[reasons != "", list(SET_ASIDE_COLUMNS)],
        log=_log([*changes_of_groups, *changes_of_texts]),
    )


def _clean_columns(
    name: str, table: pd.DataFrame, steps: tuple[Step, ...]
) -> tuple[pd.DataFrame, list[LogRow]]:
    cleaned: dict[str, pd.Series] = {}
    rows: list[LogRow] = []
    for column in CLEANED_TEXTS[name]:
        told = [clean_and_tell(text, steps) for text in table[column]]
        cleaned[column] = pd.Series([text for text, _ in told], table.index, dtype="str")
        for item, (_, changes) in zip(table.iloc[:, 0], told, strict=True):
            rows.extend((name, item, column, *change) for change in changes)
    return table.assign(**cleaned), rows


def _log(rows: list[LogRow]) -> pd.DataFrame:
    log = pd.DataFrame(rows, columns=list(LOG_COLUMNS))
    return log.astype(dict.fromkeys(LOG_COLUMNS[:-1], "str") | {"times": "int64"})


def _first_of_duplicates(located: pd.DataFrame) -> pd.Series:
    """Return for each segment the one that stands for it: itself, or the first of its duplicates.

    Sub-points are duplicates only where all that stands under their points is: "more money" under
    shelters is not "more money" under clinics, and no point is left without its sub-points.
    """
    can_repeat = (located[segments.ROLE] != "lead_in") & (located[segments.TEXT] != "")
    blocks = _blocks(located)
    in_order = located.assign(block=blocks)[can_repeat]
    in_order = in_order.iloc[pd.factorize(_points(in_order))[0].argsort(kind="stable")]
    same = [segments.FOCUS_GROUP, segments.CELL, segments.TEXT, segments.IS_HEADING, "block"]
    first = in_order.groupby(same)[segments.SEGMENT].transform("first")
    return first.reindex(located.index).fillna(located[segments.SEGMENT])


def _points(located: pd.DataFrame) -> pd.Series:
    """Name the point of a cell to which each segment belongs."""
    point = located[segments.POSITION].map(segments.point_of).astype("str")
    return located[segments.FOCUS_GROUP] + "\n" + located[segments.CELL] + "\n" + point


def _blocks(located: pd.DataFrame) -> pd.Series:
    """Return all words of the point of each heading and sub-point, and nothing for others."""
    is_heading = located[segments.IS_HEADING]
    in_block = located[is_heading | (located[segments.ROLE] == "subpoint")]
    # No cleaned text has a line end: one marks the heading, and one parts the texts.
    marked = in_block[segments.TEXT].mask(is_heading, "\n" + in_block[segments.TEXT])
    points = _points(in_block)
    words = marked.groupby(points).agg(lambda texts: "\n".join(texts.unique()))
    return points.map(words).reindex(located.index).fillna("")


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


def _move(applications: pd.DataFrame, kept: pd.DataFrame, duplicates: pd.DataFrame) -> pd.DataFrame:
    """Move the codes of duplicates to what stands for them; leave out those of all set aside."""
    stands_for = dict(zip(duplicates[segments.SEGMENT], duplicates["kept_as"], strict=True))
    on = applications[code_applications.SEGMENT]
    moved = on.map(lambda segment: stands_for.get(segment, segment)).astype("str")
    placed = applications.assign(**{code_applications.SEGMENT: moved})
    is_kept = moved.isin(kept[segments.SEGMENT])
    return placed[is_kept].drop_duplicates(list(code_applications.COLUMNS))


def read_cleaned(folder: Path) -> CleanedTables:
    """Return the cleaned tables of a place from its folder."""
    names = [field.name for field in fields(CleanedTables)]
    return CleanedTables(**{name: pd.read_parquet(folder / f"{name}.parquet") for name in names})


def write_cleaned(cleaned: CleanedTables, folder: Path) -> None:
    """Write the cleaned tables of a place, with the rows of their files, to its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in cleaned.by_name().items():
        table.to_parquet(folder / f"{name}.parquet")
