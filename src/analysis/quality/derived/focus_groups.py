"""Columns derived from focus groups: whether the facts that a row states agree."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from analysis.intake.stated_dates import read_date
from analysis.quality.context import derived
from analysis.quality.derived.texts import lacks_control_characters, lacks_damage
from analysis.tables.focus_groups import (
    FOCUS_GROUP,
    HELD_ON,
    ORGANISER,
    PARTICIPANTS,
    PLACES,
    RECEIVED_BY,
    SCOPE,
    SOURCE,
    SPEAKS_OF,
    THEME,
    TITLE,
    WITHDRAWN,
    count_participants,
    parse_participants,
    split_values,
    understand_participants,
)
from analysis.tables.participants import key_of
from analysis.tables.segments import follow_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from analysis.quality.context import CheckContext, CheckedTables

TABLE = "focus_groups"
HOSTS = (ORGANISER, THEME)
WORDS = (ORGANISER, THEME, PARTICIPANTS, RECEIVED_BY, SOURCE)
# Alone, or at the start of eight digits: 2024, 2024-10-12, 20241012.
YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?=(?:[0-9]{4})?(?![0-9]))")
DATE_YEAR = re.compile(r"([0-9]{4})-[0-9]{2}-[0-9]{2}")
DIGITS = re.compile(r"[0-9]")
TOTALS = re.compile(r"(?i)(?:in )?(?:total|all)|participants?|people|persons?")
# What organisations are called, in the languages of the template; no word of it is a topic.
ORGANISATION = re.compile(
    r"(?i)\b(?:agency|agence|agencia|alliance|alianza|aliança|asociación|association|associação"
    r"|centre|center|centro|coalition|coalición|coligação|collective|colectivo|coletivo|collectif"
    r"|federation|fédération|foundation|fondation|fundación|fundação|ministry|ministère|ministerio"
    r"|network|ngo|organi[sz]ation|organización|organização|red|rede|réseau|union|unión|união)\b"
)
MOST_PARTICIPANTS = 50
"""The largest meetings of several countries have about 20; more is a digit too many."""
LATER = 1
"""A submission may be received in the year after the focus group met."""


def _judge_rows(tables: CheckedTables, judge: Callable[..., bool], *columns: str) -> pd.Series:
    """Return what a function says of the values of some columns, row by row."""
    groups = tables[TABLE]
    values = zip(*(groups[column] for column in columns), strict=True)
    return pd.Series([judge(*row) for row in values], index=groups.index, dtype="bool")


@derived(TABLE, "The study's as_of date, after which no date is valid.", FOCUS_GROUP)
def as_of(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return the study's own date in each row, to compare dates with."""
    return pd.Series(context.as_of, index=tables[TABLE].index, dtype="str")


@derived(TABLE, "The date; blank where it is not written YYYY-MM-DD.", HELD_ON)
def held_on_date(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return the dates that can be compared; another expectation reports the others."""
    return _dates(tables[TABLE][HELD_ON])


@derived(TABLE, "The date of withdrawal; blank where it is not written YYYY-MM-DD.", WITHDRAWN)
def withdrawn_date(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return the dates of withdrawal that can be compared."""
    return _dates(tables[TABLE][WITHDRAWN])


def _dates(texts: pd.Series) -> pd.Series:
    return texts.where(texts.str.fullmatch(DATE_YEAR.pattern), "")


@derived(
    TABLE,
    "How many years its date is before the next year in which a focus group of the study met; 0 "
    "for the last year, and where it is no date.",
    HELD_ON,
)
def years_before_next(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return the difference of the years alone: a study may be old, and a slip is far from it."""
    years = tables[TABLE][HELD_ON].str.extract(rf"\A{DATE_YEAR.pattern}\Z", expand=False)
    known = sorted(years.dropna().astype("int64").unique())
    gaps = {str(year): after - year for year, after in pairwise(known)}
    return years.map(gaps).fillna(0).astype("int64")


@derived(
    TABLE, "The source names no year, or that of the date or the year after it.", SOURCE, HELD_ON
)
def source_year_agrees(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether a year in the name of the source fits the date."""

    def agrees(source: str, held_on: str) -> bool:
        held = DATE_YEAR.fullmatch(held_on)
        years = [int(year) for year in YEAR.findall(source)]
        if not held or not years:
            return True
        return any(int(held[1]) <= year <= int(held[1]) + LATER for year in years)

    return _judge_rows(tables, agrees, SOURCE, HELD_ON)


@derived(TABLE, "Each of its places is in places.csv or wider_places.csv.", PLACES)
def places_known(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return whether each place of a focus group is known."""
    return _are_known(tables, context, PLACES)


@derived(TABLE, "Each place that it speaks of is in places.csv or wider_places.csv.", SPEAKS_OF)
def speaks_of_known(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return whether each place that a focus group speaks of is known."""
    return _are_known(tables, context, SPEAKS_OF)


def _are_known(tables: CheckedTables, context: CheckContext, column: str) -> pd.Series:
    return _judge_rows(tables, lambda text: context.places.keys() >= {*split_values(text)}, column)


@derived(TABLE, "No place is listed twice.", PLACES)
def places_once(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the places of a focus group are distinct."""

    def once(text: str) -> bool:
        places = split_values(text)
        return len(places) == len(set(places))

    return _judge_rows(tables, once, PLACES)


@derived(
    TABLE, "Each of its places that is known has the scope that the focus group has.", SCOPE, PLACES
)
def scope_agrees(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return whether a focus group and its places have the same scope."""

    def agrees(scope: str, places: str) -> bool:
        return all(context.places.get(place, scope) == scope for place in split_values(places))

    return _judge_rows(tables, agrees, SCOPE, PLACES)


@derived(
    TABLE,
    "The title names no place, or one that has a country in common with its places.",
    TITLE,
    PLACES,
)
def title_place_agrees(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return whether the places named in a title overlap those of the focus group."""
    return _names_own_place(tables, context, TITLE)


@derived(
    TABLE,
    "The organiser names no place, or one that has a country in common with its places.",
    ORGANISER,
    PLACES,
)
def organiser_place_agrees(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return whether the places named in an organiser overlap those of the focus group."""
    return _names_own_place(tables, context, ORGANISER)


def _names_own_place(tables: CheckedTables, context: CheckContext, column: str) -> pd.Series:
    # The longest first, so that Guinea-Bissau is not taken for Guinea.
    by_length = sorted(context.names, key=len, reverse=True)
    names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, by_length)) or '(?!)'})(?![\w-])")

    def agrees(text: str, places: str) -> bool:
        named = [context.names[name] for name in names.findall(text)]
        return not named or _share_a_country(named, split_values(places), context)

    return _judge_rows(tables, agrees, column, PLACES)


@derived(TABLE, "The title has no date, or that on which it met.", TITLE, HELD_ON)
def title_date_agrees(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether a date in the title is that of the focus group, or days around it."""

    def agrees(title: str, held_on: str) -> bool:
        days = [day.isoformat() for day in read_date(title).days]
        is_date = DATE_YEAR.fullmatch(held_on) is not None
        return not days or not is_date or min(days) <= held_on <= max(days)

    return _judge_rows(tables, agrees, TITLE, HELD_ON)


@derived(TABLE, "The theme is not the organiser, and names no organisation in its place.", *HOSTS)
def theme_is_topic(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether organiser and theme do not seem to be swapped.

    An organiser that is no organisation has a name of its own, in upper case.
    """

    def is_topic(organiser: str, theme: str) -> bool:
        has_name = ORGANISATION.search(organiser) or organiser[1:] != organiser[1:].lower()
        is_swapped = bool(organiser) and not has_name and ORGANISATION.search(theme)
        return organiser == "" or (organiser.casefold() != theme.casefold() and not is_swapped)

    return _judge_rows(tables, is_topic, *HOSTS)


@derived(TABLE, "No title, organiser, theme, participants or source was damaged.", TITLE, *WORDS)
def has_no_damage(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the encoding of each row is intact."""
    return lacks_damage(tables[TABLE], TITLE, *WORDS)


@derived(TABLE, "The focus group has no more participants than one can have.", PARTICIPANTS)
def participants_are_few(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether each number of participants is plausible for one meeting."""
    return tables[TABLE][PARTICIPANTS].map(count_participants) <= MOST_PARTICIPANTS


@derived(
    TABLE,
    "The participants read COUNT KIND (PLACE), joined by ;, each place being known.",
    PARTICIPANTS,
)
def participants_understood(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return whether the participants can be read."""

    def understood(text: str) -> bool:
        try:
            participants = parse_participants(text)
        except ValueError:
            return False
        return all(each.place == "" or each.place in context.places for each in participants)

    return _judge_rows(tables, understood, PARTICIPANTS)


@derived(TABLE, "The kinds of participants, in one order and without their numbers.", PARTICIPANTS)
def participant_kinds(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return the kinds of participants of each focus group; blank where they can't be read."""

    def kinds(text: str) -> str:
        return "; ".join(sorted({key_of(each.kind) for each in understand_participants(text)}))

    return tables[TABLE][PARTICIPANTS].map(kinds).astype("str")


@derived(
    TABLE,
    "The day, places, organiser, theme and kinds of participants together; blank where one of them "
    "is, and in a study of interviews, which answers no question of the template.",
    HELD_ON,
    PLACES,
    *HOSTS,
    PARTICIPANTS,
    "segments.section",
    "segments.question",
)
def session(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return what identifies a session; several interviews of one day may share all of it."""
    groups = tables[TABLE]
    kinds = participant_kinds.compute(tables, context)
    known = groups[[HELD_ON, PLACES, *HOSTS]].assign(kinds=kinds)
    together = known[HELD_ON].str.cat(known.drop(columns=HELD_ON), sep=" | ")
    is_known = (known != "").all(axis=1)
    return together.where(is_known & follow_template(tables.cells), "")


@derived(
    TABLE,
    "No kind of participants is a total, holds a further number, or is listed twice.",
    PARTICIPANTS,
)
def participants_add_up(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether the numbers of participants can be added."""

    def add_up(text: str) -> bool:
        kinds = understand_participants(text)
        has_total = len(kinds) > 1 and any(TOTALS.fullmatch(each.kind) for each in kinds)
        has_more = any(DIGITS.search(each.kind) for each in kinds)
        times = Counter((each.kind.casefold(), each.place) for each in kinds)
        return not has_total and not has_more and max(times.values(), default=1) == 1

    return _judge_rows(tables, add_up, PARTICIPANTS)


@derived(
    TABLE,
    "Each place that participants came from has a country in common with its places.",
    PARTICIPANTS,
    PLACES,
)
def participants_place_agrees(tables: CheckedTables, context: CheckContext) -> pd.Series:
    """Return whether the places of participants overlap those of the focus group."""

    def agrees(text: str, places: str) -> bool:
        held_at = split_values(places)
        named = {each.place for each in understand_participants(text)} - {""}
        return all(_share_a_country([place], held_at, context) for place in named)

    return _judge_rows(tables, agrees, PARTICIPANTS, PLACES)


def _share_a_country(some: Iterable[str], others: Iterable[str], context: CheckContext) -> bool:
    """Return whether some places have a country in common with others, if all are known.

    Another expectation reports unknown places.
    """
    if not set(context.countries).issuperset([*some, *others]):
        return True
    mine = frozenset[str]().union(*(context.countries[place] for place in some))
    theirs = frozenset[str]().union(*(context.countries[place] for place in others))
    return not theirs or not mine.isdisjoint(theirs)


@derived(TABLE, "No organiser, theme, participants or source has a control character.", *WORDS)
def has_no_control_characters(tables: CheckedTables, _: CheckContext) -> pd.Series:
    """Return whether each row is of plain characters; the title is looked at by itself."""
    return lacks_control_characters(tables[TABLE], *WORDS)
