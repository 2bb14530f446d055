"""The table of segments: its columns, and the place of a segment in its template."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SEGMENT = "segment"
FOCUS_GROUP = "focus_group"
SECTION = "section"
QUESTION = "question"
POSITION = "position"
ROLE = "role"
LABEL = "label"
TEXT = "text"
TEXT_KIND = "text_kind"
LANGUAGE = "language"
SOURCE_SHA256 = "source_sha256"

COLUMNS = (
    SEGMENT,
    FOCUS_GROUP,
    SECTION,
    QUESTION,
    POSITION,
    ROLE,
    LABEL,
    TEXT,
    TEXT_KIND,
    LANGUAGE,
    SOURCE_SHA256,
)

COUNTED = "counted"
"""The kind of text of a segment without words, which a matrix counts."""

IN_TEMPLATE = (FOCUS_GROUP, SECTION, QUESTION, POSITION, ROLE)

FREE_CELL = "theme.introduction"
"""The cell of segments that answer no question: it takes any number of paragraphs."""

CELL = "cell"
IS_HEADING = "is_heading"

SET_ASIDE = "set_aside"
"""The role of a segment whose words a review of personal data has taken out of the table."""

POSITION_PATTERN = r"^(p?[1-9]\d*|[1-9]\d*[a-z])$"
_SUBPOINT = re.compile(r"^(?P<point>[1-9]\d*)[a-z]$")


def cells_of(segments: pd.DataFrame) -> pd.Series:
    """Return the cell (``section.question``) of each segment."""
    return segments[SECTION] + "." + segments[QUESTION]


def follow_template(cells: pd.Series) -> bool:
    """Return whether any segment answers a question of the template.

    Interviews and transcripts do not: all of their segments are in `FREE_CELL`.

    Parameters
    ----------
    cells : Series of str
        The cells of segments.
    """
    return bool((cells != FREE_CELL).any())


def point_of(position: str) -> str:
    """Return the point that a position belongs to: itself, or the point of a sub-point.

    Examples
    --------
    >>> point_of("3a"), point_of("3"), point_of("p1")
    ('3', '3', 'p1')
    """
    match = _SUBPOINT.match(position)
    return match["point"] if match else position


def headings_of(segments: pd.DataFrame, points: pd.Series | None = None) -> pd.Series:
    """Return which segments are points that only head sub-points.

    A point with sub-points is coded on its sub-points and counts as one point.

    Parameters
    ----------
    segments : DataFrame
        Segments, one row each.
    points : Series of int, optional
        The result of `points_of`, if it is known.

    Returns
    -------
    Series of bool
        True where the segment is the point above sub-points of the same cell.
    """
    points = points_of(segments) if points is None else points
    subpoints = segments[ROLE] == "subpoint"
    names_point = points_named(segments[POSITION]) == segments[POSITION]
    return (segments[ROLE] == "point") & names_point & points.isin(points[subpoints].unique())


def points_of(segments: pd.DataFrame) -> pd.Series:
    """Return the number of each segment's point: that of a cell and focus group, and no other's.

    A point and its sub-points have the same number, in the order in which points first occur.
    """
    cell = [segments[column] for column in (FOCUS_GROUP, SECTION, QUESTION)]
    return segments.groupby([*cell, points_named(segments[POSITION])], sort=False).ngroup()


def points_named(positions: pd.Series) -> pd.Series:
    """Return the point that each position belongs to; few positions differ."""
    return positions.map({name: point_of(name) for name in positions.unique()}).astype("str")


def sort_key(position: str) -> tuple[int, int, str]:
    """Return the key that puts positions in the order of the template: prose, then points.

    Examples
    --------
    >>> sorted(["2", "1b", "p2", "10", "1", "p1"], key=sort_key)
    ['p1', 'p2', '1', '1b', '2', '10']
    """
    digits = re.sub(r"\D", "", position)
    letter = position[-1] if position[-1:].isalpha() else ""
    return (0 if position.startswith("p") else 1, int(digits or 0), letter)
