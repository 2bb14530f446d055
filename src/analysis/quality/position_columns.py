"""The columns that are derived from where segments stand, to guard that none is lost or moved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.quality.guarded_column import GuardedColumn
from analysis.tables.alike import number_alike
from analysis.tables.segments import (
    FOCUS_GROUP,
    POSITION,
    QUESTION,
    ROLE,
    SECTION,
    SEGMENT,
    point_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

    from analysis.quality.guard_context import GuardContext
    from analysis.quality.linked_tables import LinkedTables

# Selecting these alone leaves the texts uncopied.
IN_CELL = [FOCUS_GROUP, SECTION, QUESTION, POSITION]
PROSE_OR_POINT = re.compile(r"(?P<kind>p?)(?P<number>[1-9][0-9]{0,8})")
DIGITS = re.compile(r"[0-9]+")
SUBPOINT = re.compile(r"(?P<point>[1-9][0-9]{0,8})(?P<letter>[a-z])")


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
    return point_of(position) if SUBPOINT.fullmatch(position) else ""


def _stands(
    tables: LinkedTables, is_there: NDArray[np.bool_], wanted: Callable[[str], str]
) -> pd.Series:
    """Say of each segment whether another position of its cell is there, or unneeded.

    A sub-point tells that its point is there, whether or not that stands by itself.

    Parameters
    ----------
    tables : LinkedTables
        The tables.
    is_there : ndarray of bool
        Which rows of the template count as there.
    wanted : callable
        From a position to the one that is wanted with it, or "" for none.
    """
    cell, positions = _in_cells(tables)
    places, names = pd.factorize(positions)
    numbers = {name: number for number, name in enumerate(names)}
    held = np.array([numbers.get(_above(name), at) for at, name in enumerate(names)])
    needed = np.array([numbers.get(want, -1) if (want := wanted(name)) else -2 for name in names])
    keys, there = cell * np.int64(len(names)), np.flatnonzero(is_there)
    present = np.concatenate([(keys + places)[there], (keys + held[places])[there]])
    asked = slice(len(cell) - len(tables["segments"]), None)
    need = needed[places[asked]]
    found = np.isin(keys[asked] + need, present)
    return pd.Series((need == -2) | ((need >= 0) & found), index=tables["segments"].index)


def _in_cells(tables: LinkedTables) -> tuple[NDArray[np.int64], pd.Series]:
    """Return the number of the cell, and the position, of the template's rows and of segments.

    Segments come last; where they are the template's rows, they come once.
    """
    texts, template = tables["segments"], tables.template
    if template is texts:
        return tables.cell_numbers.to_numpy(), texts[POSITION]
    both = pd.concat([template[IN_CELL], texts[IN_CELL]])
    return number_alike(*(both[column] for column in IN_CELL[:-1])).to_numpy(), both[POSITION]


def _position_follows(tables: LinkedTables, _: GuardContext) -> pd.Series:
    return _stands(tables, np.ones(len(tables.template), dtype=bool), _before)


def _point_stands(tables: LinkedTables, _: GuardContext) -> pd.Series:
    return _stands(tables, (tables.template[ROLE] == "point").to_numpy(dtype=bool), _above)


def _list_follows(tables: LinkedTables, _: GuardContext) -> pd.Series:
    texts, cell = tables["segments"], tables.cell_numbers
    listed = cell[texts[ROLE].isin(["point", "subpoint"])].unique()
    return (texts[ROLE] != "lead_in") | cell.isin(listed)


def _id_agrees(tables: LinkedTables, context: GuardContext) -> pd.Series:
    texts = tables["segments"]
    names, group = texts[SEGMENT], texts[FOCUS_GROUP]
    place = tables.cells + "." + texts[POSITION]
    is_own = names == group + "." + place
    cells = "|".join(map(re.escape, context.cells)) or "(?!)"
    tells = re.compile(rf"(?:(.+)\.)?((?:{cells})\.(?:p?[0-9]+|[0-9]+[a-z]))")
    of_own = set(group[is_own].unique())
    agrees = (is_own | (names == place)).to_numpy(copy=True)
    rows = np.flatnonzero(~agrees)
    others = zip(names.iloc[rows], place.iloc[rows], group.iloc[rows], strict=True)
    agrees[rows] = [
        (told := tells.fullmatch(name)) is None
        or (told[2] == where and _is_of(own, told[1] or "", of_own))
        for name, where, own in others
    ]
    return pd.Series(agrees, index=texts.index)


def _is_of(group: str, told: str, of_own: Collection[str]) -> bool:
    """Say whether a segment of a focus group may be called by another name, and is none of another.

    It is one of another where the names differ in their digits alone, or where other segments of
    the focus group are called by its own.
    """
    is_alike = DIGITS.sub("0", told) == DIGITS.sub("0", group)
    return not told or told == group or not (is_alike or group in of_own)


NEEDS = ("segments.focus_group", "segments.section", "segments.question")

COLUMNS = (
    GuardedColumn(
        table="segments",
        name="id_agrees",
        meaning=(
            "The id does not read FOCUS_GROUP.SECTION.QUESTION.POSITION, "
            "or is that of the row's own columns."
        ),
        needs=("segments.segment", *NEEDS, "segments.position"),
        compute=_id_agrees,
    ),
    GuardedColumn(
        table="segments",
        name="position_follows",
        meaning="The position before it was received in its cell, or it is the first.",
        needs=(*NEEDS, "segments.position"),
        compute=_position_follows,
    ),
    GuardedColumn(
        table="segments",
        name="point_stands",
        meaning="It is no sub-point, or the point above it was received in its cell.",
        needs=(*NEEDS, "segments.position", "segments.role"),
        compute=_point_stands,
    ),
    GuardedColumn(
        table="segments",
        name="list_follows",
        meaning="It is no lead-in, or its focus group has points in its cell.",
        needs=(*NEEDS, "segments.role"),
        compute=_list_follows,
    ),
)
