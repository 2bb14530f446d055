"""Columns derived from segments: where each is in its template, and whether it is coded."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.quality.context import are_among, derived
from analysis.tables import focus_groups
from analysis.tables.segments import (
    FOCUS_GROUP,
    POSITION,
    QUESTION,
    ROLE,
    SECTION,
    SEGMENT,
    SET_ASIDE,
    points_named,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from analysis.quality.context import CheckContext, CheckedTables

TABLE = "segments"
IN_CELL = [FOCUS_GROUP, SECTION, QUESTION]
PROSE_OR_POINT = re.compile(r"(?P<kind>p?)(?P<number>[1-9][0-9]{0,8})")
SUBPOINT = re.compile(r"(?P<point>[1-9][0-9]{0,8})(?P<letter>[a-z])")
DIGITS = re.compile(r"[0-9]+")


@derived(
    TABLE,
    "The focus group is in the table of focus groups.",
    FOCUS_GROUP,
    "focus_groups.focus_group",
)
def focus_group_known(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the focus group of each segment is there; a blank one never is."""
    return are_among(tables[TABLE][FOCUS_GROUP], tables["focus_groups"][focus_groups.FOCUS_GROUP])


@derived(
    TABLE,
    "The focus group gave consent to be counted, and is not withdrawn.",
    FOCUS_GROUP,
    "focus_groups.focus_group",
    "focus_groups.consent",
    "focus_groups.withdrawn",
)
def consent_lets_count(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the focus group of each segment may be counted."""
    groups = tables["focus_groups"]
    left_out = groups.loc[~focus_groups.may_count(groups), focus_groups.FOCUS_GROUP]
    group = tables[TABLE][FOCUS_GROUP]
    return (group == "") | ~group.isin(left_out)


@derived(
    TABLE,
    "The section and the question, as section.question; blank where either is unknown.",
    SECTION,
    QUESTION,
)
def cell(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return the cell of each segment; another expectation reports unknown names."""
    texts = tables[TABLE]
    known = texts[SECTION].isin(context.sections) & texts[QUESTION].isin(context.questions)
    return tables.cells.where(known, "")


@derived(TABLE, "The role and the position, with a space between them.", ROLE, POSITION)
def role_and_position(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return the role of each segment with its position."""
    return tables[TABLE][ROLE] + " " + tables[TABLE][POSITION]


@derived(
    TABLE,
    "How many points its focus group has in its cell; 0 where there is no limit.",
    *IN_CELL,
    ROLE,
    POSITION,
)
def limited_points(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return the number of points of each limited cell, sub-points counting with their point."""
    texts = tables[TABLE]
    is_point = texts[ROLE].isin(["point", "subpoint"]) & tables.cells.isin(context.limited_cells)
    point = texts.loc[is_point, POSITION].str.extract(r"\A([0-9]+)", expand=False)
    counts = point.groupby(tables.cell_numbers[is_point]).transform("nunique")
    return counts.reindex(texts.index, fill_value=0).astype("int64")


# The number of points of an answer may be shown: reports show it too.
limited_points = replace(limited_points, is_shown=True)

CODED = (SEGMENT, ROLE, "code_applications.segment")
HEADING = (*IN_CELL, *CODED, POSITION)


@derived(TABLE, "The segment is no lead-in, or has no code.", *CODED)
def lead_in_uncoded(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether a lead-in is without code."""
    return (tables[TABLE][ROLE] != "lead_in") | ~tables.is_coded


@derived(TABLE, "The segment is no point above sub-points, or has no code.", *HEADING)
def heading_uncoded(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether a point with sub-points is without code."""
    return ~tables.is_heading | ~tables.is_coded


@derived(
    TABLE,
    "The segment has a code, or is a lead-in, a point above sub-points, or set aside.",
    *HEADING,
)
def is_coded(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether a segment that may be coded has a code."""
    is_left_out = tables[TABLE][ROLE].isin(["lead_in", SET_ASIDE])
    return tables.is_coded | is_left_out | tables.is_heading


def _before(position: str) -> str:
    """Return the position that comes before one, or "" where it is the first, or is malformed."""
    if found := PROSE_OR_POINT.fullmatch(position):
        number = int(found["number"]) - 1
        return f"{found['kind']}{number}" if number else ""
    if found := SUBPOINT.fullmatch(position):
        return "" if found["letter"] == "a" else f"{found['point']}{chr(ord(found['letter']) - 1)}"
    return ""


def _above(position: str) -> str:
    """Return the point above a sub-point, or "" for all else."""
    found = SUBPOINT.fullmatch(position)
    return found["point"] if found else ""


def _has_position(
    tables: CheckedTables, present: pd.DataFrame, wanted: Callable[[str], str]
) -> pd.Series:
    """Return whether the position that each segment needs is in its cell, or none is needed.

    A sub-point shows that its point was there, even where that is no segment of its own.
    """
    texts = tables[TABLE]
    needed = texts[POSITION].map({each: wanted(each) for each in texts[POSITION].unique()})
    asked = texts.loc[needed != "", IN_CELL].assign(position=needed[needed != ""])
    above = present.assign(position=points_named(present[POSITION]))
    there = pd.concat([present, above])[[*IN_CELL, POSITION]].drop_duplicates()
    found = asked.merge(there.assign(found=True), how="left", on=[*IN_CELL, POSITION])["found"]
    is_found = pd.Series(found.notna().to_numpy(), index=asked.index)
    return is_found.reindex(texts.index, fill_value=True)


@derived(
    TABLE,
    "The position before it was received in its cell, or it is the first.",
    *IN_CELL,
    POSITION,
)
def position_follows(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether positions follow each other without a gap."""
    return _has_position(tables, tables.template, _before)


@derived(
    TABLE,
    "It is no sub-point, or the point above it was received in its cell.",
    *IN_CELL,
    POSITION,
    ROLE,
)
def point_exists(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the point above each sub-point is there."""
    is_point = tables.template[ROLE].isin(["point", SET_ASIDE])
    points = tables.template.loc[is_point, [*IN_CELL, POSITION]]
    return _has_position(tables, points, _above)


@derived(TABLE, "It is no lead-in, or its focus group has points in its cell.", *IN_CELL, ROLE)
def list_follows(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether each lead-in announces something."""
    role, number = tables[TABLE][ROLE], tables.cell_numbers
    return (role != "lead_in") | number.isin(number[role.isin(["point", "subpoint"])].unique())


@derived(
    TABLE,
    "The id does not read FOCUS_GROUP.SECTION.QUESTION.POSITION, or is that of the row's own "
    "columns.",
    SEGMENT,
    *IN_CELL,
    POSITION,
)
def id_agrees(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return whether an id that names a place in the template names the segment's own."""
    texts = tables[TABLE]
    names, group = texts[SEGMENT], texts[FOCUS_GROUP]
    place = tables.cells + "." + texts[POSITION]
    is_own = names == group + "." + place
    cells = "|".join(map(re.escape, context.cells)) or "(?!)"
    form = re.compile(rf"(?:(.+)\.)?((?:{cells})\.(?:p?[0-9]+|[0-9]+[a-z]))")
    of_own = set(group[is_own].unique())
    agrees = (is_own | (names == place)).to_numpy(copy=True)
    rows = np.flatnonzero(~agrees)
    others = zip(names.iloc[rows], place.iloc[rows], group.iloc[rows], strict=True)
    agrees[rows] = [
        (found := form.fullmatch(name)) is None
        or (found[2] == where and _is_of(own, found[1] or "", of_own))
        for name, where, own in others
    ]
    return pd.Series(agrees, index=texts.index)


def _is_of(group: str, named: str, of_own: Collection[str]) -> bool:
    """Return whether a segment of a focus group may be called by another name.

    It is another group's where the names differ in their digits alone, or where other segments of
    the focus group are called by its own.
    """
    is_alike = DIGITS.sub("0", named) == DIGITS.sub("0", group)
    return not named or named == group or not (is_alike or group in of_own)
