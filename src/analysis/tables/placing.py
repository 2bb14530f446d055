"""Where a focus group counts: at each place that holds all of its own places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import PlaceError, closest
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.received import read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from analysis.study.opened_study import OpenedStudy
    from analysis.study.places import Places
    from analysis.tables.received import ReceivedTables

GLOBAL = "global"
HOME = "home"
PLACE = "place"
AT = "at"


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
    cleaned = places_to_clean(placed, places, continents)
    return PlacedGroups(
        regions=regions,
        continents=reported,
        homes=_join_homes(counted, cleaned, places),
        contexts={
            place: counted[are_context(counted, place, places)] for place in (*regions, *reported)
        },
    )


def _join_homes(counted: pd.DataFrame, cleaned: Iterable[str], places: Places) -> pd.DataFrame:
    names = counted[[focus_groups.FOCUS_GROUP]]
    homes = [names[at_home(counted, place, places)].assign(**{PLACE: place}) for place in cleaned]
    return pd.concat([names.iloc[:0].assign(**{PLACE: ""}), *homes]).drop_duplicates()


def are_placed(groups: pd.DataFrame, places: Places, continents: Iterable[str]) -> pd.Series:
    """Return which focus groups are in known places, some of them on the study's continents.

    Parameters
    ----------
    groups : DataFrame
        Focus groups.
    places : Places
        Countries, regions and continents.
    continents : iterable of str
        The continents that the study is about.
    """
    continents = tuple(continents)
    known = {*places.countries, *places.wider_places}
    return _map_places(
        groups,
        lambda held_at: (
            known.issuperset(focus_groups.split_values(held_at))
            and any(overlaps(held_at, continent, places) for continent in continents)
        ),
    )


def are_context(groups: pd.DataFrame, place: str, places: Places) -> pd.Series:
    """Return which focus groups overlap a place without lying in it."""
    return _map_places(
        groups,
        lambda held_at: overlaps(held_at, place, places) and not lies_in(held_at, place, places),
    )


def _map_places(groups: pd.DataFrame, test: Callable[[str], bool]) -> pd.Series:
    """Return what a test says of the places of each focus group; few of them differ."""
    held_at = groups[focus_groups.PLACES]
    return held_at.map({text: test(text) for text in held_at.unique()}).astype(bool)


def lies_in(held_at: str, place: str, places: Places) -> bool:
    """Return whether a focus group has places, and every one of them lies in a place."""
    parts = focus_groups.split_values(held_at)
    return bool(parts) and all(places.lies_in(part, place) for part in parts)


def overlaps(held_at: str, place: str, places: Places) -> bool:
    """Return whether some place of a focus group overlaps a place."""
    return any(places.overlaps(part, place) for part in focus_groups.split_values(held_at))


def home_of(held_at: str, places: Places) -> str:
    """Return the narrowest place with a report in which a focus group counts.

    Parameters
    ----------
    held_at : str
        The places of a focus group, joined by ``;``.
    places : Places
        Countries, regions and continents.

    Returns
    -------
    str
        Its region; or its continent, when it speaks for more than one region or for no single one;
        or ``global``, when no continent holds all of its places.
    """
    for scope in ("region", "continent"):
        for place in places.wider(scope):
            if lies_in(held_at, place, places):
                return place
    return GLOBAL


def homes_of(groups: pd.DataFrame, places: Places) -> pd.Series:
    """Return the home of each focus group, on the index of the focus groups."""
    held_at = groups[focus_groups.PLACES]
    homes = {text: home_of(text, places) for text in held_at.unique()}
    return held_at.map(homes).astype("str").rename(HOME)


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
        When a focus group lies in an unknown place, or would stand in no report.
    """
    continents = tuple(continents)
    _refuse_unknown_places(groups, places)
    held_at = groups[focus_groups.PLACES]
    touched = {
        at: {continent for continent in continents if overlaps(at, continent, places)}
        for at in held_at.unique()
    }
    _refuse_lost(groups[~held_at.isin([at for at in touched if touched[at]])], continents)
    counted = groups[focus_groups.may_count(groups)]
    homes = set(homes_of(counted, places)) - {GLOBAL}
    regions = sorted(home for home in homes if places.scope(home) == "region")
    reported = set().union(*(touched[at] for at in counted[focus_groups.PLACES].unique()))
    return tuple(regions), tuple(sorted(reported))


def require_placed(opened: OpenedStudy) -> None:
    """Refuse a study of which some focus groups are in no place that it can report on.

    Parameters
    ----------
    opened : OpenedStudy
        The study.

    Raises
    ------
    PlaceError
        When a focus group lies in an unknown place, or would stand in no report.
    TableError
        When the table can't be read.
    """
    groups = read_table(table_path(opened.folder, "focus_groups"), focus_groups.COLUMNS)
    places_to_report(groups, opened.places, opened.settings.continents)


def _refuse_unknown_places(groups: pd.DataFrame, places: Places) -> None:
    known = [*places.wider_places, *places.countries]
    held_at = groups[focus_groups.PLACES]
    named = {at: set(focus_groups.split_values(at)) for at in held_at.unique()}
    misplaced = held_at[held_at.isin([at for at in named if not named[at].issubset(known)])]
    offenders = [
        f"focus_groups.csv row {row}: place unknown{closest(part, known)}"
        for row, at in misplaced.items()
        for part in focus_groups.split_values(at)
        if part not in known
    ]
    if offenders:
        raise PlaceError(
            "Some focus groups lie in a place that is unknown.",
            offenders=offenders,
            expected="a country (KEN), a region (esa), a continent (africa) or global",
            remedy="mend the places of these focus groups, or add the place to data/places.csv",
        )


def _refuse_lost(lost: pd.DataFrame, continents: tuple[str, ...]) -> None:
    if len(lost):
        raise PlaceError(
            "Some focus groups lie in no place that the study reports on.",
            offenders=[
                f"focus_groups.csv row {row}: {group}"
                for row, group in lost[focus_groups.FOCUS_GROUP].items()
            ],
            expected="continents of study.yaml: " + ", ".join(continents),
            remedy="add the continent to study.yaml, or mend the places of these focus groups",
        )


def places_to_clean(
    groups: pd.DataFrame, places: Places, continents: Iterable[str]
) -> tuple[str, ...]:
    """Return the places at which focus groups are cleaned: together they hold all that count.

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
        Regions, and the continents that hold wider submissions, sorted.

    Raises
    ------
    PlaceError
        When a focus group lies in an unknown place, or would stand in no report.
    """
    regions, reported = places_to_report(groups, places, continents)
    counted = groups[focus_groups.may_count(groups)]
    wider = [place for place in reported if at_home(counted, place, places).any()]
    return tuple(sorted([*regions, *wider]))


def at_home(groups: pd.DataFrame, place: str, places: Places) -> pd.Series:
    """Return which focus groups have their words in the own report of a place.

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
        overlap it, since no narrower report holds their words.
    """
    homes = homes_of(groups, places)
    is_home = homes == place
    if places.scope(place) == "continent":
        held_at = groups.loc[homes == GLOBAL, focus_groups.PLACES].unique()
        touching = [at for at in held_at if overlaps(at, place, places)]
        is_home |= (homes == GLOBAL) & groups[focus_groups.PLACES].isin(touching)
    return is_home


def tables_of_place(received: ReceivedTables, place: str, places: Places) -> ReceivedTables:
    """Return the tables of the focus groups whose segments a place's own report holds.

    Parameters
    ----------
    received : ReceivedTables
        All tables of the study.
    place : str
        A region or a continent.
    places : Places
        Countries, regions and continents.

    Returns
    -------
    ReceivedTables
        The focus groups that may be counted and are at home in the place; for a continent also
        those of global home that overlap it, since no narrower report holds their words.
    """
    groups = received.focus_groups
    counted = groups[focus_groups.may_count(groups)]
    kept = counted.loc[at_home(counted, place, places), focus_groups.FOCUS_GROUP]
    return restrict(received, kept)


def restrict(received: ReceivedTables, kept: Iterable[str]) -> ReceivedTables:
    """Return the tables with the rows of some focus groups only."""
    names = list(kept)
    groups, texts = received.focus_groups, received.segments
    of_groups = texts[texts[segments.FOCUS_GROUP].isin(names)]
    on = received.code_applications[code_applications.SEGMENT]
    return replace(
        received,
        focus_groups=groups[groups[focus_groups.FOCUS_GROUP].isin(names)],
        segments=of_groups,
        code_applications=received.code_applications[on.isin(of_groups[segments.SEGMENT])],
    )


def tables_by_place(received: ReceivedTables, homes: pd.DataFrame) -> dict[str, ReceivedTables]:
    """Return the tables of each place: all rows of the focus groups at home in it.

    Parameters
    ----------
    received : ReceivedTables
        All tables of the study.
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
