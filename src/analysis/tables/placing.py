"""Where a focus group is counted: at each place that holds all of its own places.

Its home is the narrowest of these: there its segments are cleaned and shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import PlaceError, describe_value
from analysis.study.dates import date_in_words, is_date
from analysis.study.places import GLOBAL
from analysis.tables import focus_groups, segments
from analysis.tables.received import read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from analysis.study.opened_study import OpenedStudy
    from analysis.study.places import Places
    from analysis.tables.received import ReceivedTables

HOME = "home"
PLACE = "place"
AT = "at"


def lies_in(held_at: str, place: str, places: Places) -> bool:
    """Return whether a focus group has places, and every one of them lies in a place."""
    parts = focus_groups.split_values(held_at)
    return bool(parts) and all(places.lies_in(part, place) for part in parts)


def overlaps(held_at: str, place: str, places: Places) -> bool:
    """Return whether some place of a focus group overlaps a place."""
    return any(places.overlaps(part, place) for part in focus_groups.split_values(held_at))


def home_of(held_at: str, places: Places) -> str:
    """Return the narrowest place with a report in which a focus group counts.

    It is a region; or a continent, where no single region holds all of its places; or ``global``,
    where no continent does.
    """
    for scope in ("region", "continent"):
        for place in places.wider(scope):
            if lies_in(held_at, place, places):
                return place
    return GLOBAL


def homes_of(groups: pd.DataFrame, places: Places) -> pd.Series:
    """Return the home of each focus group, on the index of the focus groups."""
    return _map_places(groups, lambda at: home_of(at, places)).astype("str").rename(HOME)


def are_placed(groups: pd.DataFrame, places: Places, continents: Iterable[str]) -> pd.Series:
    """Return which focus groups are in known places, some of them on the study's continents."""
    continents, known = tuple(continents), places.all.keys()
    return _map_places(
        groups,
        lambda at: (
            known >= {*focus_groups.split_values(at)}
            and any(overlaps(at, continent, places) for continent in continents)
        ),
    ).astype(bool)


def describe_meetings(groups: pd.DataFrame, places: Places) -> dict[str, str]:
    """Return where and when focus groups met, in the language of the report, by their ids.

    Consent lets both be shown of every focus group that may be counted; others are left out, as are
    those whose day is no date.

    Parameters
    ----------
    groups : DataFrame
        Focus groups, one row each; the places of those that may be counted are known.
    places : Places
        Countries, regions and continents.
    """
    dated = groups[focus_groups.may_count(groups) & groups[focus_groups.HELD_ON].map(is_date)]
    met = dated[[focus_groups.FOCUS_GROUP, focus_groups.PLACES, focus_groups.HELD_ON]]
    return {
        group: ", ".join([*map(places.name, focus_groups.split_values(at)), date_in_words(day)])
        for group, at, day in met.itertuples(index=False)
    }


def _map_places(groups: pd.DataFrame, of: Callable[[str], str | bool]) -> pd.Series:
    """Return a function of the places of each focus group; few of these differ."""
    held_at = groups[focus_groups.PLACES]
    return held_at.map({at: of(at) for at in held_at.unique()})


def places_to_report(
    groups: pd.DataFrame, places: Places, continents: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the regions and the continents that have a focus group to report on.

    Parameters
    ----------
    groups : DataFrame
        Focus groups; those that may not be counted ask for no report.
    places : Places
        Countries, regions and continents.
    continents : iterable of str
        The continents that the study is about.

    Returns
    -------
    regions, continents : tuple of str
        Sorted.

    Raises
    ------
    PlaceError
        When a focus group lies in an unknown place, or no report would show it.
    """
    continents = tuple(continents)
    _refuse_unknown_places(groups, places)
    _refuse_unreported(groups[~are_placed(groups, places, continents)], continents)
    counted = groups[focus_groups.may_count(groups)]
    homes = homes_of(counted, places).unique()
    held_at = counted[focus_groups.PLACES].unique()
    return (
        tuple(sorted(home for home in homes if home != GLOBAL and places.scope(home) == "region")),
        tuple(sorted(c for c in set(continents) if any(overlaps(at, c, places) for at in held_at))),
    )


def require_placed(opened: OpenedStudy) -> None:
    """Refuse a study of which some focus groups are in no place that it can report on.

    Parameters
    ----------
    opened : OpenedStudy
        The study.

    Raises
    ------
    PlaceError
        When a focus group lies in an unknown place, or no report would show it.
    TableError
        When the table can't be read.
    """
    groups = read_table(table_path(opened.folder, "focus_groups"), focus_groups.COLUMNS)
    places_to_report(groups, opened.places, opened.settings.continents)


def _refuse_unknown_places(groups: pd.DataFrame, places: Places) -> None:
    known = places.all
    is_known = _map_places(groups, lambda at: known.keys() >= {*focus_groups.split_values(at)})
    offenders = [
        f"focus_groups.csv row {row}: unknown {describe_value(part, 'place', known)}"
        for row, at in groups.loc[~is_known.astype(bool), focus_groups.PLACES].items()
        for part in focus_groups.split_values(at)
        if part not in known
    ]
    if offenders:
        raise PlaceError(
            "Some focus groups lie in a place that is unknown.",
            offenders=offenders,
            expected="a country (KEN), a region (esa), a continent (africa) or global",
            remedy="correct the places of these focus groups, or add the place to data/places.csv",
        )


def _refuse_unreported(unreported: pd.DataFrame, continents: Iterable[str]) -> None:
    if len(unreported):
        raise PlaceError(
            "Some focus groups lie in no place that the study reports on.",
            offenders=[
                f"focus_groups.csv row {row}: {group}"
                for row, group in unreported[focus_groups.FOCUS_GROUP].items()
            ],
            expected="continents of study.yaml: " + ", ".join(continents),
            remedy="add the continent to study.yaml, or correct the places of these focus groups",
        )


def places_to_clean(
    groups: pd.DataFrame, places: Places, continents: Iterable[str]
) -> tuple[str, ...]:
    """Return the places at which focus groups are cleaned: together they have all that count.

    Parameters
    ----------
    groups : DataFrame
        Focus groups; those that may not be counted ask for no cleaning.
    places : Places
        Countries, regions and continents.
    continents : iterable of str
        The continents that the study is about.

    Returns
    -------
    tuple of str
        Regions, and continents with continent-wide submissions, sorted.

    Raises
    ------
    PlaceError
        When a focus group lies in an unknown place, or no report would show it.
    """
    regions, reported = places_to_report(groups, places, continents)
    counted = groups[focus_groups.may_count(groups)]
    wider = [place for place in reported if at_home(counted, place, places).any()]
    return tuple(sorted([*regions, *wider]))


def at_home(groups: pd.DataFrame, place: str, places: Places) -> pd.Series:
    """Return which focus groups have their segments in a place's own report.

    Parameters
    ----------
    groups : DataFrame
        Focus groups, one row each.
    place : str
        A region or a continent.
    places : Places
        Countries, regions and continents.

    Returns
    -------
    Series of bool
        True for those at home in the place; for a continent also for those of global home that
        overlap it, since no narrower report shows their segments.
    """
    is_continent = places.scope(place) == "continent"

    def is_home(held_at: str) -> bool:
        home = home_of(held_at, places)
        return home == place or (
            is_continent and home == GLOBAL and overlaps(held_at, place, places)
        )

    return _map_places(groups, is_home).astype(bool)


def tables_of_place(received: ReceivedTables, place: str, places: Places) -> ReceivedTables:
    """Return the tables of the focus groups that may be counted and are at home in a place.

    Parameters
    ----------
    places : Places
        Countries, regions and continents.
    """
    groups = received.focus_groups
    counted = groups[focus_groups.may_count(groups)]
    homes = _join_homes(counted, [place], places)
    return tables_by_place(received, homes).get(place) or replace(
        received,
        focus_groups=groups.iloc[:0],
        segments=received.segments.iloc[:0],
        code_applications=received.code_applications.iloc[:0],
    )


@dataclass(frozen=True)
class PlacedGroups:
    """Where the focus groups of a study are counted.

    Parameters
    ----------
    regions, continents : tuple of str
        The places that have a focus group to report on.
    homes : DataFrame
        ``focus_group, place``: the places at which each focus group is cleaned, sorted by place.
    contexts : mapping of str to DataFrame
        By region or continent, the focus groups that its report names without counting them.
    """

    regions: tuple[str, ...]
    continents: tuple[str, ...]
    homes: pd.DataFrame
    contexts: Mapping[str, pd.DataFrame]


def place_groups(groups: pd.DataFrame, places: Places, continents: Iterable[str]) -> PlacedGroups:
    """Return where focus groups are counted, leaving out those whose places can't be reported on.

    Parameters
    ----------
    groups : DataFrame
        All focus groups of a study, as received.
    places : Places
        Countries, regions and continents.
    continents : iterable of str
        The continents that the study is about.
    """
    continents = tuple(continents)
    placed = groups[are_placed(groups, places, continents)]
    counted = placed[focus_groups.may_count(placed)]
    regions, reported = places_to_report(placed, places, continents)
    return PlacedGroups(
        regions=regions,
        continents=reported,
        homes=_join_homes(counted, places_to_clean(placed, places, continents), places),
        contexts={
            place: counted[_is_context(counted, place, places)] for place in (*regions, *reported)
        },
    )


def _is_context(groups: pd.DataFrame, place: str, places: Places) -> pd.Series:
    """Return which focus groups overlap a place without lying in it."""
    return _map_places(
        groups, lambda at: overlaps(at, place, places) and not lies_in(at, place, places)
    ).astype(bool)


def _join_homes(counted: pd.DataFrame, cleaned: Iterable[str], places: Places) -> pd.DataFrame:
    names = counted[[focus_groups.FOCUS_GROUP]]
    homes = [names[at_home(counted, place, places)].assign(**{PLACE: place}) for place in cleaned]
    return pd.concat([names.iloc[:0].assign(**{PLACE: ""}), *homes]).drop_duplicates()


def tables_by_place(received: ReceivedTables, homes: pd.DataFrame) -> dict[str, ReceivedTables]:
    """Return the tables of each place: all rows of the focus groups at home in it.

    Parameters
    ----------
    homes : DataFrame
        ``focus_group, place``, each pair once.
    """
    groups, texts = received.focus_groups, received.segments
    texts_at = _locate(texts, homes)
    segment_of = texts[segments.SEGMENT].iloc[texts_at[AT]].array
    of_segments = texts_at[[PLACE]].assign(**{segments.SEGMENT: segment_of}).drop_duplicates()
    located = {
        "focus_groups": (groups, _locate(groups, homes)),
        "segments": (texts, texts_at),
        "code_applications": (
            received.code_applications,
            _locate(received.code_applications, of_segments),
        ),
    }
    return {
        place: replace(
            received,
            **{
                name: table.iloc[at.loc[at[PLACE] == place, AT]]
                for name, (table, at) in located.items()
            },
        )
        for place in homes[PLACE].unique()
    }


def _locate(table: pd.DataFrame, places_of: pd.DataFrame) -> pd.DataFrame:
    """Return the position in a table, and the place, of each row of which an id is at a place."""
    key = next(name for name in places_of if name != PLACE)
    rows = table[[key]].reset_index(drop=True).rename_axis(AT).reset_index()
    return rows.merge(places_of, on=key)[[AT, PLACE]]
