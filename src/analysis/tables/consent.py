"""Which cells of a focus group consent lets reports show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.study.language import to_translate
from analysis.tables.focus_groups import (
    CONSENT,
    CONSENT_TO_SHOW,
    ORGANISER,
    PARTICIPANTS,
    RECEIVED_BY,
    SOURCE,
    THEME,
    TITLE,
    count_participants,
    may_count,
)

if TYPE_CHECKING:
    import pandas as pd

# Nobody needs these to read a report, and they name people and what they own.
NEVER_SHOWN = (RECEIVED_BY, SOURCE)
# Hosts are named here; titles are where they write their names.
NAMES = (ORGANISER, TITLE)
CONSENT_TO_NAME = ("public",)
KIND_NOT_PUBLISHED = to_translate("type of participant not published")


def withhold_cells(groups: pd.DataFrame) -> pd.DataFrame:
    """Return focus groups without what consent does not let be shown.

    Parameters
    ----------
    groups : DataFrame
        Focus groups, one row each, with all their columns.

    Returns
    -------
    DataFrame
        Blank are: who received it and its source, always; the host and the title, unless consent is
        `public`; the theme, where consent is for counts only. Of participants only their number is
        left then.
    """
    named = groups[CONSENT].isin(CONSENT_TO_NAME)
    shown = groups[CONSENT].isin(CONSENT_TO_SHOW)
    columns = {
        **dict.fromkeys(NEVER_SHOWN, ""),
        **{column: groups[column].where(named, "") for column in NAMES},
        THEME: groups[THEME].where(shown, ""),
        PARTICIPANTS: withhold_kinds(groups),
    }
    return groups.assign(**columns)


def may_name(groups: pd.DataFrame) -> pd.Series:
    """Return which focus groups' hosts and titles reports may show.

    Parameters
    ----------
    groups : DataFrame
        Focus groups, one row each.
    """
    return groups[CONSENT].isin(CONSENT_TO_NAME) & may_count(groups)


def withhold_kinds(groups: pd.DataFrame) -> pd.Series:
    """Return the participants of focus groups; of some consent, their number alone.

    Parameters
    ----------
    groups : DataFrame
        Focus groups, one row each, with their consent and participants.
    """
    shown = groups[CONSENT].isin(CONSENT_TO_SHOW)
    counted = groups[PARTICIPANTS].map(_count_alone).astype("str")
    return groups[PARTICIPANTS].where(shown, counted)


def _count_alone(text: str) -> str:
    """Return how many took part, in the form of that column; empty where that is not understood."""
    count = count_participants(text)
    return f"{count} {KIND_NOT_PUBLISHED}" if count else ""
