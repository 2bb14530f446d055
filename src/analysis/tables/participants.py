"""Participants: how many people took part in a focus group, of which kinds, and what is published.

Numbers of people are published per focus group and as totals only, rounded (`docs/privacy.md`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from analysis.study.digests import digest_text
from analysis.study.language import to_translate
from analysis.tables.consent import withhold_kinds
from analysis.tables.focus_groups import (
    COLUMNS,
    CONSENT,
    CONSENT_TO_SHOW,
    FOCUS_GROUP,
    LANGUAGE,
    PARTICIPANTS,
    count_participants,
    may_count,
    understand_participants,
)
from analysis.tables.placing import are_placed, homes_of
from analysis.tables.received import read_table, table_path
from analysis.tables.text_cleaning import clean_texts, read_spelling, steps_of_cleaning

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.study.opened_study import OpenedStudy
    from analysis.study.settings import NumbersOfPeople

# Groups of fewer people are shown as such, and all other numbers are rounded to a multiple of it.
STEP = 5
FEWER = to_translate("fewer than 5")
NOT_REPORTED = to_translate("not reported")
NO_TOTAL = to_translate("no total")

_WORD = re.compile(r"\w+")
_NO_LETTER = re.compile(r"[^a-z]+")


class ShownNumber(NamedTuple):
    """A number of people as it is published: a number, or words in its place."""

    value: int | None
    words: str = ""


@dataclass(frozen=True)
class TotalPeople:
    """How many people took part in several focus groups, as it is published.

    Parameters
    ----------
    shown : ShownNumber
        The total of the focus groups that it counts.
    counted, fewer, not_reported : tuple of str
        The focus groups that the total counts; those of too few people; and those that don't
        report a number that can be understood.
    """

    shown: ShownNumber
    counted: tuple[str, ...]
    fewer: tuple[str, ...]
    not_reported: tuple[str, ...]

    @property
    def left_out(self) -> dict[str, tuple[str, ...]]:
        """The focus groups that the total doesn't count, by reason; none where words say it all."""
        if self.shown.words in (FEWER, NOT_REPORTED):
            return {}
        reasons = {"fewer_than_5": self.fewer, "not_reported": self.not_reported}
        return {reason: groups for reason, groups in reasons.items() if groups}


@dataclass(frozen=True)
class ExactTotal:
    """How many people took part, for those who hold the data alone.

    Parameters
    ----------
    place : str
        The name of the place in which the focus groups are counted, or ``"all places"``.
    people, focus_groups, not_reported : int
        How many people; in how many focus groups; and of how many of these that is not reported.
    """

    place: str
    people: int
    focus_groups: int
    not_reported: int


@dataclass(frozen=True)
class KindOfParticipants:
    """A kind of participants, with the focus groups in which it took part.

    Parameters
    ----------
    key : str
        What all its spellings have in common.
    name : str
        The spelling of the most focus groups.
    focus_groups : tuple of str
        The focus groups.
    language : str
        The language of the spelling: that of the first focus group with it.
    """

    key: str
    name: str
    focus_groups: tuple[str, ...]
    language: str

    @property
    def slug(self) -> str:
        """Its key as part of an id: its letters, or else marked by a digest."""
        letters = _NO_LETTER.sub("-", self.key).strip("-")
        if letters.replace("-", " ") == self.key:
            return letters
        return f"{letters}-{digest_text(self.key)[:6]}".strip("-")


def round_people(people: int) -> int:
    """Return a number of people, rounded to the nearest multiple of 5.

    Examples
    --------
    >>> [round_people(people) for people in (5, 7, 8, 12, 13)]
    [5, 5, 10, 10, 15]
    """
    return (people + STEP // 2) // STEP * STEP


def count_people(groups: pd.DataFrame) -> pd.Series:
    """Return how many people took part in each focus group; 0 where that is not reported."""
    return groups[PARTICIPANTS].map(count_participants)


def show_people(people: int, rule: NumbersOfPeople) -> ShownNumber:
    """Return the number of people of one focus group as it is published.

    Parameters
    ----------
    people : int
        How many took part; 0 where that is not reported.
    rule : {"rounded", "exact"}
        How the study publishes numbers of people.

    Examples
    --------
    >>> show_people(3, "rounded").words
    'fewer than 5'
    """
    if not people:
        return ShownNumber(None, NOT_REPORTED)
    if rule == "exact":
        return ShownNumber(people)
    return ShownNumber(None, FEWER) if people < STEP else ShownNumber(round_people(people))


def total_people(groups: pd.DataFrame, rule: NumbersOfPeople) -> TotalPeople:
    """Return the number of people of several focus groups as it is published.

    Parameters
    ----------
    groups : DataFrame
        The focus groups, with their participants.
    rule : {"rounded", "exact"}
        How the study publishes numbers of people. A rounded total counts focus groups of 5 or more
        people, and is rounded from their true sum.
    """
    people, names = count_people(groups), groups[FOCUS_GROUP]
    is_counted = people >= (1 if rule == "exact" else STEP)
    is_fewer = (people > 0) & ~is_counted
    if is_counted.any():
        total = int(people[is_counted].sum())
        shown = ShownNumber(total if rule == "exact" else round_people(total))
    elif is_fewer.any():
        shown = ShownNumber(None, FEWER if len(groups) == 1 else NO_TOTAL)
    else:
        shown = ShownNumber(None, NOT_REPORTED)
    return TotalPeople(
        shown,
        counted=tuple(names[is_counted]),
        fewer=tuple(names[is_fewer]),
        not_reported=tuple(names[people == 0]),
    )


def report_kinds(groups: pd.DataFrame) -> pd.Series:
    """Return which focus groups report kinds of participants that may be published."""
    has_parts = groups[PARTICIPANTS].map(understand_participants).astype(bool)
    return groups[CONSENT].isin(CONSENT_TO_SHOW) & has_parts


def kinds_of(groups: pd.DataFrame) -> list[KindOfParticipants]:
    """Return the kinds of participants of the focus groups that report them, sorted by name.

    Parameters
    ----------
    groups : DataFrame
        Focus groups, with their participants, language and consent.

    Returns
    -------
    list of KindOfParticipants
        Spellings that differ in case, space or punctuation alone are one kind.
    """
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    took_part: dict[str, list[str]] = defaultdict(list)
    languages: dict[str, str] = {}
    reporting = groups.loc[report_kinds(groups), [FOCUS_GROUP, PARTICIPANTS, LANGUAGE]]
    for name, text, language in reporting.itertuples(index=False):
        by_key = {key_of(part.kind): part.kind for part in understand_participants(text)}
        for key, spelling in by_key.items():
            spellings[key][spelling] += 1
            took_part[key].append(name)
            languages.setdefault(spelling, str(language))
    kinds = [
        KindOfParticipants(key, spelling, tuple(names), languages[spelling])
        for key, names in took_part.items()
        for spelling in [_most_frequent(spellings[key])]
    ]
    return sorted(kinds, key=lambda kind: (kind.name.casefold(), kind.key))


def key_of(kind: str) -> str:
    """Return what all spellings of a kind of participants have in common.

    Examples
    --------
    >>> key_of("Drop-in  centre staff") == key_of("drop-in centre staff")
    True
    """
    return " ".join(_WORD.findall(kind.casefold())) or kind


def _most_frequent(spellings: Mapping[str, int]) -> str:
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))


def counted_groups(opened: OpenedStudy, received: pd.DataFrame) -> pd.DataFrame:
    """Return the focus groups that reports count, with their ``home`` and cleaned participants.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    received : DataFrame
        Its focus groups as received.

    Returns
    -------
    DataFrame
        Those whose consent allows counting, in places on which the study reports. Kinds of
        participants are withheld where consent is for counts only.
    """
    placed = are_placed(received, opened.places, opened.settings.continents)
    groups = received[placed & may_count(received)].drop_duplicates(FOCUS_GROUP)
    texts, _ = clean_texts(
        groups[PARTICIPANTS], steps_of_cleaning(read_spelling(opened.spelling_path))
    )
    cleaned = groups.assign(**{PARTICIPANTS: texts})
    return cleaned.assign(
        **{PARTICIPANTS: withhold_kinds(cleaned)}, home=homes_of(cleaned, opened.places)
    )


def exact_totals(opened: OpenedStudy) -> list[ExactTotal]:
    """Return how many people took part in each place and in all places, as it is.

    Parameters
    ----------
    opened : OpenedStudy
        The study.

    Raises
    ------
    TableError
        When the table of focus groups or that of spellings cannot be read.
    """
    received = read_table(table_path(opened.folder, "focus_groups"), COLUMNS)
    groups = counted_groups(opened, received)
    people = count_people(groups)
    by_home = [(opened.places.name(home), rows) for home, rows in people.groupby(groups["home"])]
    return [
        ExactTotal(place, int(rows.sum()), len(rows), int((rows == 0).sum()))
        for place, rows in [*by_home, ("all places", people)]
    ]
