"""The focus groups of a study, told by the places whose reports hold, count or name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.tables.focus_groups import FOCUS_GROUP, PLACES, may_count, split_values
from analysis.tables.parted import ELSEWHERE
from analysis.tables.placing import at_home, lies_in, overlaps, places_to_clean, places_to_report

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy


@dataclass(frozen=True)
class PlacedGroups:
    """Where the focus groups of a study stand.

    Parameters
    ----------
    regions, continents : tuple of str
        The places that have a focus group to report on.
    cleaned : tuple of str
        The places at which focus groups are cleaned.
    is_placed : Series of bool
        Of each row of the table, whether its places are known and the study reports on one.
    parts : DataFrame of bool
        Focus groups, by their ids, x the places cleaned and elsewhere: where each stands with all
        rows of its id. What may not be counted stands elsewhere.
    contexts : dict of str to Series of bool
        By place with a report, the rows that it may name without counting them.
    """

    regions: tuple[str, ...]
    continents: tuple[str, ...]
    cleaned: tuple[str, ...]
    is_placed: pd.Series
    parts: pd.DataFrame
    contexts: dict[str, pd.Series]


def place_groups(opened: OpenedStudy, groups: pd.DataFrame) -> PlacedGroups:
    """Return where the focus groups of a study stand; those of unknown places stand elsewhere.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    groups : DataFrame
        Its focus groups, as received.
    """
    is_placed = _are_placed(opened, groups)
    placed, continents = groups[is_placed], opened.settings.continents
    regions, reported = places_to_report(placed, opened.places, continents)
    cleaned = places_to_clean(placed, opened.places, continents)
    # What may not be counted goes into no place's part, and so into nothing that is made of one.
    counted = placed[may_count(placed)]
    homes = {place: at_home(counted, place, opened.places) for place in cleaned}
    at = pd.DataFrame(homes, counted.index, dtype=bool).reindex(groups.index, fill_value=False)
    parts = at.assign(**{ELSEWHERE: ~at.any(axis="columns")})
    return PlacedGroups(
        regions=regions,
        continents=reported,
        cleaned=cleaned,
        is_placed=is_placed,
        parts=parts.groupby(groups[FOCUS_GROUP], sort=False).any(),
        contexts={
            place: _context(opened, placed, place).reindex(groups.index, fill_value=False)
            for place in (*regions, *reported)
        },
    )


def _are_placed(opened: OpenedStudy, groups: pd.DataFrame) -> pd.Series:
    known = {*opened.places.countries, *opened.places.wider_places}

    def is_placed(held_at: str) -> bool:
        return known.issuperset(split_values(held_at)) and any(
            overlaps(held_at, continent, opened.places) for continent in opened.settings.continents
        )

    held_at = groups[PLACES]
    return held_at.map({text: is_placed(text) for text in held_at.unique()}).astype(bool)


def _context(opened: OpenedStudy, groups: pd.DataFrame, place: str) -> pd.Series:
    held_at = groups[PLACES]
    is_context = {
        text: overlaps(text, place, opened.places) and not lies_in(text, place, opened.places)
        for text in held_at.unique()
    }
    return held_at.map(is_context).astype(bool) & may_count(groups)
