"""The columns that are derived from focus groups to guard them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from analysis.quality.distinct_values import say_of_each
from analysis.quality.guarded_column import GuardedColumn
from analysis.tables.focus_groups import (
    HELD_ON,
    PARTICIPANTS,
    PLACES,
    SCOPE,
    SPEAKS_OF,
    WITHDRAWN,
    may_count,
    parse_participants,
    split_values,
    understand_participants,
)
from analysis.tables.participants import key_of

if TYPE_CHECKING:
    import pandas as pd

    from analysis.quality.guard_context import GuardContext
    from analysis.quality.linked_tables import LinkedTables

ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_date(text: str) -> bool:
    try:
        return bool(ISO_DATE.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _held_on_is_date(tables: LinkedTables, _: GuardContext) -> pd.Series:
    held_on = tables["focus_groups"][HELD_ON]
    return say_of_each(held_on, lambda text: text == "" or _is_date(text))


def _held_on_by_as_of(tables: LinkedTables, context: GuardContext) -> pd.Series:
    held_on = tables["focus_groups"][HELD_ON]
    return say_of_each(held_on, lambda text: not _is_date(text) or text <= context.as_of)


def _places_known(tables: LinkedTables, context: GuardContext) -> pd.Series:
    return _all_known(tables["focus_groups"][PLACES], context)


def _speaks_of_known(tables: LinkedTables, context: GuardContext) -> pd.Series:
    return _all_known(tables["focus_groups"][SPEAKS_OF], context)


def _all_known(texts: pd.Series, context: GuardContext) -> pd.Series:
    return say_of_each(texts, lambda text: all(at in context.places for at in split_values(text)))


def _scope_agrees(tables: LinkedTables, context: GuardContext) -> pd.Series:
    def agrees(pair: str) -> bool:
        scope, _, places = pair.partition("\n")
        return all(context.places.get(at, scope) == scope for at in split_values(places))

    groups = tables["focus_groups"]
    return say_of_each(groups[SCOPE] + "\n" + groups[PLACES], agrees)


def _participants_understood(tables: LinkedTables, context: GuardContext) -> pd.Series:
    def understood(text: str) -> bool:
        try:
            participants = parse_participants(text)
        except ValueError:
            return False
        return all(part.place == "" or part.place in context.places for part in participants)

    return say_of_each(tables["focus_groups"][PARTICIPANTS], understood)


def _participant_kinds(tables: LinkedTables, _: GuardContext) -> pd.Series:
    def kinds(text: str) -> str | None:
        keys = {key_of(part.kind) for part in understand_participants(text)}
        return "; ".join(sorted(keys)) or None

    return tables["focus_groups"][PARTICIPANTS].map(kinds)


def _withdrawn_is_date(tables: LinkedTables, context: GuardContext) -> pd.Series:
    withdrawn = tables["focus_groups"][WITHDRAWN]
    return say_of_each(
        withdrawn, lambda text: text == "" or (_is_date(text) and text <= context.as_of)
    )


def _withdrawn_left_nothing(tables: LinkedTables, _: GuardContext) -> pd.Series:
    return (tables["focus_groups"][WITHDRAWN] == "") | ~tables.has_segments


def _has_segments(tables: LinkedTables, _: GuardContext) -> pd.Series:
    return ~may_count(tables["focus_groups"]) | tables.has_segments


def _has_own_words(tables: LinkedTables, _: GuardContext) -> pd.Series:
    return tables.has_own_words


COLUMNS = (
    GuardedColumn(
        table="focus_groups",
        name="held_on_is_date",
        meaning="The date is blank or a day of the calendar, written YYYY-MM-DD.",
        needs=("focus_groups.held_on",),
        compute=_held_on_is_date,
    ),
    GuardedColumn(
        table="focus_groups",
        name="held_on_by_as_of",
        meaning="The date is not after the study's own as_of date, or is no date at all.",
        needs=("focus_groups.held_on",),
        compute=_held_on_by_as_of,
    ),
    GuardedColumn(
        table="focus_groups",
        name="places_known",
        meaning="Each of its places is in places.csv or wider_places.csv.",
        needs=("focus_groups.places",),
        compute=_places_known,
    ),
    GuardedColumn(
        table="focus_groups",
        name="scope_agrees",
        meaning="Each of its places that is known has the scope that the focus group has.",
        needs=("focus_groups.scope", "focus_groups.places"),
        compute=_scope_agrees,
    ),
    GuardedColumn(
        table="focus_groups",
        name="speaks_of_known",
        meaning="Each place that it speaks of is in places.csv or wider_places.csv.",
        needs=("focus_groups.speaks_of",),
        compute=_speaks_of_known,
    ),
    GuardedColumn(
        table="focus_groups",
        name="participants_understood",
        meaning="The participants read COUNT KIND (PLACE), joined by ;, each place being known.",
        needs=("focus_groups.participants",),
        compute=_participants_understood,
    ),
    GuardedColumn(
        table="focus_groups",
        name="participant_kinds",
        meaning="The kinds of participants, in one order and without their numbers.",
        needs=("focus_groups.participants",),
        compute=_participant_kinds,
    ),
    GuardedColumn(
        table="focus_groups",
        name="withdrawn_is_date",
        meaning="The date of withdrawal is blank, or a day that is not after as_of.",
        needs=("focus_groups.withdrawn",),
        compute=_withdrawn_is_date,
    ),
    GuardedColumn(
        table="focus_groups",
        name="withdrawn_left_nothing",
        meaning="The focus group is not withdrawn, or none of its segments is left.",
        needs=("focus_groups.focus_group", "focus_groups.withdrawn", "segments.focus_group"),
        compute=_withdrawn_left_nothing,
    ),
    GuardedColumn(
        table="focus_groups",
        name="has_segments",
        meaning="The focus group has segments, or is withdrawn or without consent.",
        needs=(
            "focus_groups.focus_group",
            "focus_groups.consent",
            "focus_groups.withdrawn",
            "segments.focus_group",
        ),
        compute=_has_segments,
    ),
    GuardedColumn(
        table="focus_groups",
        name="has_own_words",
        meaning="No other focus group has exactly the same texts (of two or more segments).",
        needs=("focus_groups.focus_group", "segments.focus_group", "segments.text"),
        compute=_has_own_words,
    ),
)
