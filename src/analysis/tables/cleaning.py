"""Cleaning of a place's tables: rows in are rows out and rows set aside, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import pandas as pd

from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.text_cleaning import changes_of_cleaning, clean_texts

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
        Each segment received is either in ``segments`` or in ``set_aside``.
    """
    groups = _clean_columns("focus_groups", received.focus_groups, steps)
    texts = _clean_columns("segments", received.segments, steps)
    located = texts.assign(
        **{segments.CELL: segments.cells_of(texts), segments.IS_HEADING: segments.headings_of(texts)}
    )
    set_aside = _set_aside(located, groups)
    kept = located[~located[segments.SEGMENT].isin(set_aside[segments.SEGMENT])]
    return CleanedTables(
        focus_groups=groups,
        segments=kept,
        code_applications=_move_applications(received.code_applications, kept, set_aside),
        set_aside=set_aside,
        log=_log_changes(received, steps),
    )


def _clean_columns(name: str, table: pd.DataFrame, steps: tuple[Step, ...]) -> pd.DataFrame:
    return table.assign(
        **{column: clean_texts(table[column], steps) for column in CLEANED_TEXTS[name]}
    )


def _set_aside(located: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """List the segments that no report may count, each with the first reason that holds."""
    consent = located[segments.FOCUS_GROUP].map(
        groups.set_index(focus_groups.FOCUS_GROUP)[focus_groups.CONSENT]
    )
    withdrawn = groups.loc[groups[focus_groups.WITHDRAWN] != "", focus_groups.FOCUS_GROUP]
    first = located.groupby(
        [segments.FOCUS_GROUP, segments.CELL, segments.TEXT, segments.IS_HEADING]
    )[segments.SEGMENT].transform("first")
    reasons = pd.Series("", index=located.index, dtype="str")
    reasons[first != located[segments.SEGMENT]] = DUPLICATE
    reasons[located[segments.ROLE] == "lead_in"] = LEAD_IN
    reasons[~consent.isin(focus_groups.CONSENT_TO_COUNT)] = NO_CONSENT
    reasons[located[segments.FOCUS_GROUP].isin(withdrawn)] = WITHDRAWN
    listed = located.assign(reason=reasons, kept_as=first.where(reasons == DUPLICATE, ""))
    return listed.loc[reasons != "", list(SET_ASIDE_COLUMNS)]


def _move_applications(
    applications: pd.DataFrame, kept: pd.DataFrame, set_aside: pd.DataFrame
) -> pd.DataFrame:
    """Move the codes of a duplicate to the segment that stands for it; leave out those set aside."""
    stands_for = set_aside[set_aside["kept_as"] != ""].set_index(segments.SEGMENT)["kept_as"]
    moved = applications[code_applications.SEGMENT].map(stands_for)
    placed = applications.assign(
        **{code_applications.SEGMENT: moved.fillna(applications[code_applications.SEGMENT])}
    )
    in_kept = placed[code_applications.SEGMENT].isin(kept[segments.SEGMENT])
    return placed[in_kept].drop_duplicates(list(code_applications.COLUMNS))


def _log_changes(received: ReceivedTables, steps: tuple[Step, ...]) -> pd.DataFrame:
    tables = received.by_name()
    rows = [
        (name, item, column, *change)
        for name, columns in CLEANED_TEXTS.items()
        for column in columns
        for item, text in zip(tables[name].iloc[:, 0], tables[name][column], strict=True)
        for change in changes_of_cleaning(text, steps)
    ]
    return pd.DataFrame(rows, columns=list(LOG_COLUMNS))


def read_cleaned(folder: Path) -> CleanedTables:
    """Return the cleaned tables of a place from its folder."""
    names = [field.name for field in fields(CleanedTables)]
    return CleanedTables(**{name: pd.read_parquet(folder / f"{name}.parquet") for name in names})


def write_cleaned(cleaned: CleanedTables, folder: Path) -> None:
    """Write the cleaned tables of a place, with the rows of their files, to its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in cleaned.by_name().items():
        table.to_parquet(folder / f"{name}.parquet")
