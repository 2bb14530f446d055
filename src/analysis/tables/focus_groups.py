"""The table of focus groups: its columns, who may be counted or shown, and participants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

FOCUS_GROUP = "focus_group"
TITLE = "title"
HELD_ON = "held_on"
SCOPE = "scope"
PLACES = "places"
SPEAKS_OF = "speaks_of"
ORGANISER = "organiser"
THEME = "theme"
PARTICIPANTS = "participants"
LANGUAGE = "language"
CONSENT = "consent"
RECEIVED_BY = "received_by"
SOURCE = "source"
SOURCE_SHA256 = "source_sha256"
WITHDRAWN = "withdrawn"

COLUMNS = (
    FOCUS_GROUP,
    TITLE,
    HELD_ON,
    SCOPE,
    PLACES,
    SPEAKS_OF,
    ORGANISER,
    THEME,
    PARTICIPANTS,
    LANGUAGE,
    CONSENT,
    RECEIVED_BY,
    SOURCE,
    SOURCE_SHA256,
    WITHDRAWN,
)

CONSENT_TO_COUNT = ("public", "public-without-names", "aggregate-only")
CONSENT_TO_SHOW = ("public", "public-without-names")

_PART = re.compile(r"^(?P<count>[1-9]\d*) (?P<kind>[^();]+?)(?: \((?P<place>[^();]+)\))?$")


@dataclass(frozen=True)
class Participants:
    """Participants of one kind at a focus group.

    Parameters
    ----------
    count : int
        Number of participants.
    kind : str
        The kind of organization that they came from.
    place : str
        The place that they came from, or ``""`` where it is not stated.
    """

    count: int
    kind: str
    place: str


def has_consent(groups: pd.DataFrame) -> pd.Series:
    """Return which focus groups consent to be counted."""
    return groups[CONSENT].isin(CONSENT_TO_COUNT)


def is_withdrawn(groups: pd.DataFrame) -> pd.Series:
    """Return which focus groups are marked as withdrawn."""
    return groups[WITHDRAWN] != ""


def may_count(groups: pd.DataFrame) -> pd.Series:
    """Return which focus groups reports may count: consent allows it, and none was withdrawn.

    Parameters
    ----------
    groups : DataFrame
        Focus groups, one row each.
    """
    return has_consent(groups) & ~is_withdrawn(groups)


def may_show(groups: pd.DataFrame) -> pd.Series:
    """Return which focus groups' texts reports may show: consent allows it, and none was withdrawn.

    Parameters
    ----------
    groups : DataFrame
        Focus groups, one row each.
    """
    return groups[CONSENT].isin(CONSENT_TO_SHOW) & ~is_withdrawn(groups)


def split_values(text: str) -> tuple[str, ...]:
    """Return the values of a cell of several values, in order.

    Examples
    --------
    >>> split_values("esa; wca")
    ('esa', 'wca')
    >>> split_values("")
    ()
    """
    return tuple(value.strip() for value in text.split(";") if value.strip())


@lru_cache(maxsize=2**16)
def parse_participants(text: str) -> tuple[Participants, ...]:
    """Return the participants of a focus group by kind.

    Parameters
    ----------
    text : str
        ``COUNT KIND [(PLACE)]``, several of them joined by ``;``.

    Returns
    -------
    tuple of Participants
        One for each kind, in the order given; empty for an empty text.

    Raises
    ------
    ValueError
        When a part is not of that form.

    Examples
    --------
    >>> parse_participants("15 network members (esa); 5 UN staff")[0]
    Participants(count=15, kind='network members', place='esa')
    """
    return tuple(_parse_part(part) for part in split_values(text))


def _parse_part(part: str) -> Participants:
    match = _PART.match(part)
    if match is None:
        raise ValueError(f"expected COUNT KIND (PLACE), found {len(part)} other characters")
    return Participants(int(match["count"]), match["kind"], match["place"] or "")


def understand_participants(text: str) -> tuple[Participants, ...]:
    """Return the participants of a focus group by kind; none where the text is not understood."""
    try:
        return parse_participants(text)
    except ValueError:
        return ()


def count_participants(text: str) -> int:
    """Return the number of participants of a focus group; 0 where the text is not understood.

    Examples
    --------
    >>> count_participants("15 network members (esa); 5 UN staff"), count_participants("many")
    (20, 0)
    """
    return sum(each.count for each in understand_participants(text))
