"""The columns that are derived from focus groups to guard them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality.guarded_column import GuardedColumn
from analysis.tables import segments
from analysis.tables.focus_groups import (
    CONSENT,
    CONSENT_TO_COUNT,
    FOCUS_GROUP,
    HELD_ON,
    PARTICIPANTS,
    PLACES,
    SCOPE,
    SPEAKS_OF,
    WITHDRAWN,
    parse_participants,
    split_values,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from analysis.quality.guard_context import GuardContext

ISO_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def _is_date(texts: pd.Series) -> pd.Series:
    parsed = pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce")
    return texts.str.fullmatch(ISO_DATE) & parsed.notna()


def _per_text(texts: pd.Series, holds: Callable[[str], bool]) -> pd.Series:
    """Say of each distinct text once whether something holds."""
    return texts.map({text: holds(text) for text in texts.unique()}).astype(bool)


def _held_on_is_date(tables: Mapping[str, pd.DataFrame], _: GuardContext) -> pd.Series:
    held_on = tables["focus_groups"][HELD_ON]
    return (held_on == "") | _is_date(held_on)


def _held_on_by_as_of(tables: Mapping[str, pd.DataFrame], context: GuardContext) -> pd.Series:
    held_on = tables["focus_groups"][HELD_ON]
    return ~_is_date(held_on) | (held_on <= context.as_of)


def _places_known(tables: Mapping[str, pd.DataFrame], context: GuardContext) -> pd.Series:
    return _all_known(tables["focus_groups"][PLACES], context)


def _speaks_of_known(tables: Mapping[str, pd.DataFrame], context: GuardContext) -> pd.Series:
    return _all_known(tables["focus_groups"][SPEAKS_OF], context)


def _all_known(texts: pd.Series, context: GuardContext) -> pd.Series:
    return _per_text(texts, lambda text: all(at in context.places for at in split_values(text)))


def _scope_agrees(tables: Mapping[str, pd.DataFrame], context: GuardContext) -> pd.Series:
    groups = tables["focus_groups"]
    pairs = groups[SCOPE] + "\n" + groups[PLACES]

    def agrees(pair: str) -> bool:
        scope, _, places = pair.partition("\n")
        return all(context.places.get(at, scope) == scope for at in split_values(places))

    return _per_text(pairs, agrees)


def _participants_understood(
    tables: Mapping[str, pd.DataFrame], context: GuardContext
) -> pd.Series:
    def understood(text: str) -> bool:
        try:
            participants = parse_participants(text)
        except ValueError:
            return False
        return all(part.place == "" or part.place in context.places for part in participants)

    return _per_text(tables["focus_groups"][PARTICIPANTS], understood)


def _withdrawn_is_date(tables: Mapping[str, pd.DataFrame], context: GuardContext) -> pd.Series:
    withdrawn = tables["focus_groups"][WITHDRAWN]
    return (withdrawn == "") | (_is_date(withdrawn) & (withdrawn <= context.as_of))


def _has_words(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    with_words = tables["segments"][segments.FOCUS_GROUP].unique()
    return tables["focus_groups"][FOCUS_GROUP].isin(with_words)


def _withdrawn_left_nothing(tables: Mapping[str, pd.DataFrame], _: GuardContext) -> pd.Series:
    return (tables["focus_groups"][WITHDRAWN] == "") | ~_has_words(tables)


def _has_segments(tables: Mapping[str, pd.DataFrame], _: GuardContext) -> pd.Series:
    groups = tables["focus_groups"]
    is_counted = groups[CONSENT].isin(CONSENT_TO_COUNT) & (groups[WITHDRAWN] == "")
    return ~is_counted | _has_words(tables)


def _has_own_words(tables: Mapping[str, pd.DataFrame], _: GuardContext) -> pd.Series:
    """Compare focus groups by the sum of their texts' hashes, so that order does not matter."""
    texts = tables["segments"]
    hashes = pd.Series(
        pd.util.hash_array(texts[segments.TEXT].to_numpy(dtype=object)), index=texts.index
    )
    said = hashes.groupby(texts[segments.FOCUS_GROUP]).agg(["sum", "size"])
    several = said[said["size"] > 1]
    repeated = several.index[several.duplicated(keep=False)]
    return ~tables["focus_groups"][FOCUS_GROUP].isin(repeated)


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
