"""The columns that are derived from focus groups to guard that what is said of each agrees."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from analysis.quality.distinct_values import say_of_each
from analysis.quality.guarded_column import GuardedColumn
from analysis.tables.focus_groups import (
    CONSENT,
    HELD_ON,
    PARTICIPANTS,
    PLACES,
    SOURCE,
    TITLE,
    WITHDRAWN,
    parse_participants,
    split_values,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from analysis.quality.guard_context import GuardContext
    from analysis.quality.linked_tables import LinkedTables

# Alone, or at the start of eight digits: 2024, 2024-10-12, 20241012.
YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?=(?:[0-9]{4})?(?![0-9]))")
DATE_YEAR = re.compile(r"([0-9]{4})-[0-9]{2}-[0-9]{2}")
DIGITS = re.compile(r"[0-9]")
TOTALS = re.compile(r"(?i)(?:in )?(?:total|all)|participants?|people|persons?")
LATER = 1
"""A submission may be received in the year after the focus group met."""


def _of_pair(
    groups: pd.DataFrame, columns: tuple[str, str], agrees: Callable[[str, str], bool]
) -> pd.Series:
    """Say of each focus group whether two of its cells agree; each distinct pair is judged once."""
    first, second = columns
    # The second of them holds no line end unless it is malformed, which other expectations tell.
    pairs = groups[second].str.replace("\n", " ") + "\n" + groups[first]
    return say_of_each(pairs, lambda pair: agrees(*reversed(pair.split("\n", 1))))


def _source_year_agrees(tables: LinkedTables, _: GuardContext) -> pd.Series:
    def agrees(source: str, held_on: str) -> bool:
        held = DATE_YEAR.fullmatch(held_on)
        years = [int(year) for year in YEAR.findall(source)]
        if not held or not years:
            return True
        return any(int(held[1]) <= year <= int(held[1]) + LATER for year in years)

    return _of_pair(tables["focus_groups"], (SOURCE, HELD_ON), agrees)


def _years_before_as_of(tables: LinkedTables, context: GuardContext) -> pd.Series:
    def years(held_on: str) -> int:
        held = DATE_YEAR.fullmatch(held_on)
        return int(context.as_of[:4]) - int(held[1]) if held else 0

    return tables["focus_groups"][HELD_ON].map(years).astype("int64")


def _consent_left_nothing(tables: LinkedTables, _: GuardContext) -> pd.Series:
    groups = tables["focus_groups"]
    return (groups[CONSENT] != "none") | (groups[WITHDRAWN] != "") | ~tables.has_segments


def _withdrawn_after_held(tables: LinkedTables, _: GuardContext) -> pd.Series:
    def follows(withdrawn: str, held_on: str) -> bool:
        are_dates = DATE_YEAR.fullmatch(withdrawn) and DATE_YEAR.fullmatch(held_on)
        return not are_dates or held_on <= withdrawn

    return _of_pair(tables["focus_groups"], (WITHDRAWN, HELD_ON), follows)


def _places_once(tables: LinkedTables, _: GuardContext) -> pd.Series:
    def once(text: str) -> bool:
        places = split_values(text)
        return len(places) == len(set(places))

    return say_of_each(tables["focus_groups"][PLACES], once)


def _title_place_agrees(tables: LinkedTables, context: GuardContext) -> pd.Series:
    # The longest first, so that Guinea-Bissau is not taken for Guinea.
    by_length = sorted(context.names, key=len, reverse=True)
    names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, by_length)) or '(?!)'})(?![\w-])")

    def agrees(title: str, places: str) -> bool:
        named = [context.names[name] for name in names.findall(title)]
        return not named or _share_a_country(named, split_values(places), context)

    return _of_pair(tables["focus_groups"], (TITLE, PLACES), agrees)


def _participants_place_agrees(tables: LinkedTables, context: GuardContext) -> pd.Series:
    def agrees(text: str, places: str) -> bool:
        try:
            named = {part.place for part in parse_participants(text)} - {""}
        except ValueError:
            return True
        held_at = split_values(places)
        return all(_share_a_country([place], held_at, context) for place in named)

    return _of_pair(tables["focus_groups"], (PARTICIPANTS, PLACES), agrees)


def _share_a_country(some: Iterable[str], others: Iterable[str], context: GuardContext) -> bool:
    """Say whether any of some places has a country in common with any of others, if all are known.

    What is unknown is told by another expectation.
    """
    if not set(context.countries).issuperset([*some, *others]):
        return True
    mine = frozenset[str]().union(*(context.countries[place] for place in some))
    theirs = frozenset[str]().union(*(context.countries[place] for place in others))
    return not theirs or not mine.isdisjoint(theirs)


def _participants_add_up(tables: LinkedTables, _: GuardContext) -> pd.Series:
    def add_up(text: str) -> bool:
        try:
            parts = parse_participants(text)
        except ValueError:
            return True
        has_total = len(parts) > 1 and any(TOTALS.fullmatch(part.kind) for part in parts)
        has_more = any(DIGITS.search(part.kind) for part in parts)
        once = max(
            Counter((part.kind.casefold(), part.place) for part in parts).values(), default=1
        )
        return not has_total and not has_more and once == 1

    return say_of_each(tables["focus_groups"][PARTICIPANTS], add_up)


COLUMNS = (
    GuardedColumn(
        table="focus_groups",
        name="source_year_agrees",
        meaning="The source names no year, or that of the date or the year after it.",
        needs=("focus_groups.source", "focus_groups.held_on"),
        compute=_source_year_agrees,
    ),
    GuardedColumn(
        table="focus_groups",
        name="years_before_as_of",
        meaning="How many years its date lies before the study's as_of; 0 where it is no date.",
        needs=("focus_groups.held_on",),
        compute=_years_before_as_of,
    ),
    GuardedColumn(
        table="focus_groups",
        name="consent_left_nothing",
        meaning="The consent is not none, or it is withdrawn, or none of its segments is left.",
        needs=(
            "focus_groups.focus_group",
            "focus_groups.consent",
            "focus_groups.withdrawn",
            "segments.focus_group",
        ),
        compute=_consent_left_nothing,
    ),
    GuardedColumn(
        table="focus_groups",
        name="withdrawn_after_held",
        meaning="It did not withdraw before it met (both being dates).",
        needs=("focus_groups.withdrawn", "focus_groups.held_on"),
        compute=_withdrawn_after_held,
    ),
    GuardedColumn(
        table="focus_groups",
        name="places_once",
        meaning="No place is listed twice.",
        needs=("focus_groups.places",),
        compute=_places_once,
    ),
    GuardedColumn(
        table="focus_groups",
        name="title_place_agrees",
        meaning="The title names no place, or one that has a country in common with its places.",
        needs=("focus_groups.title", "focus_groups.places"),
        compute=_title_place_agrees,
    ),
    GuardedColumn(
        table="focus_groups",
        name="participants_place_agrees",
        meaning="Each place that participants came from has a country in common with its places.",
        needs=("focus_groups.participants", "focus_groups.places"),
        compute=_participants_place_agrees,
    ),
    GuardedColumn(
        table="focus_groups",
        name="participants_add_up",
        meaning="No kind of participants is a total, holds a further number, or is listed twice.",
        needs=("focus_groups.participants",),
        compute=_participants_add_up,
    ),
)
