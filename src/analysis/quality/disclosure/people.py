"""People: the participants of each focus group by kind, and the numbers of them in reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from analysis.tables.consent import withhold_kinds
from analysis.tables.focus_groups import (
    FOCUS_GROUP,
    PARTICIPANTS,
    PLACES,
    may_count,
    understand_participants,
)
from analysis.tables.placed_groups import place_groups
from analysis.tables.placing import homes_of, lies_in
from analysis.tables.published_people import GROUP_SCOPE
from analysis.tables.text_cleaning import read_spelling, steps_of_cleaning
from analysis.tables.text_steps import clean_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from analysis.study.opened_study import OpenedStudy

STUDY, CONTINENT, HOME, PART, GROUP = "study", "continent", "home", "part", GROUP_SCOPE
ALL_KINDS = ""


class Number(NamedTuple):
    """A number of people that reports show, or withhold.

    Parameters
    ----------
    scope : {"study", "continent", "home", "part", "group"}
        What it sums up: all focus groups; those counted at a continent; those at home in a place;
        those at home in a place and counted at a continent; or one alone.
    place : str
        The continent, the home, ``home.continent``, or the focus group; ``""`` for the study.
    kind : str
        The kind of participants; ``""`` for all kinds together.
    """

    scope: str
    place: str
    kind: str = ALL_KINDS


@dataclass(frozen=True)
class GroupOfPeople:
    """The participants of one focus group.

    Parameters
    ----------
    focus_group, home : str
        The focus group, and its home.
    continent : str
        The continent at which it is counted, or ``""``.
    kinds : mapping of str to int
        How many of each kind took part; at least one.
    """

    focus_group: str
    home: str
    continent: str
    kinds: Mapping[str, int]

    def people(self, kind: str = ALL_KINDS) -> int:
        """Return how many of a kind took part, or of all kinds."""
        return self.kinds[kind] if kind else sum(self.kinds.values())

    @property
    def places(self) -> list[tuple[str, str]]:
        """Scope and place of each number that sums it up by kind."""
        wider = [(CONTINENT, self.continent)] if self.continent else []
        return [(HOME, self.home), *wider, (STUDY, "")]

    @property
    def totals(self) -> list[Number]:
        """The numbers of people of all kinds that it is in, but for its own."""
        part = [Number(PART, f"{self.home}.{self.continent}")] if self.continent else []
        return [*part, *(Number(*place) for place in self.places)]

    @property
    def numbers(self) -> list[Number]:
        """All numbers that it is in."""
        by_kind = [Number(*place, kind) for place in self.places for kind in sorted(self.kinds)]
        return [Number(GROUP, self.focus_group), *by_kind, *self.totals]


def people_of(opened: OpenedStudy, received: pd.DataFrame) -> list[GroupOfPeople]:
    """Return the participants of all focus groups of a study that may be counted.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    received : DataFrame
        Its focus groups as received.

    Returns
    -------
    list of GroupOfPeople
        By focus group. Left out are those whose participants cannot be understood: no report
        counts these.
    """
    placed = place_groups(opened, received).is_placed
    groups = received[placed & may_count(received)].drop_duplicates(FOCUS_GROUP)
    texts, _ = clean_texts(
        groups[PARTICIPANTS], steps_of_cleaning(read_spelling(opened.spelling_path))
    )
    shown = withhold_kinds(groups.assign(**{PARTICIPANTS: texts}))
    told = zip(groups[FOCUS_GROUP], homes_of(groups, opened.places), groups[PLACES], strict=True)
    people = [
        GroupOfPeople(name, home, _continent(opened, held_at), count_kinds(text))
        for (name, home, held_at), text in zip(told, shown, strict=True)
    ]
    return sorted((each for each in people if each.kinds), key=lambda each: each.focus_group)


def _continent(opened: OpenedStudy, held_at: str) -> str:
    continents = opened.settings.continents
    return next((c for c in continents if lies_in(held_at, c, opened.places)), "")


def count_kinds(*participants: str) -> dict[str, int]:
    """Return how many of each kind took part, by kind.

    Parameters
    ----------
    *participants : str
        The column of that name; what cannot be understood counts nobody.

    Examples
    --------
    >>> count_kinds("4 peers (KEN); 3 nurses; 2 peers (UGA)", "1 nurses")
    {'nurses': 4, 'peers': 6}
    """
    counted: Counter[str] = Counter()
    for text, times in Counter(participants).items():
        for part in understand_participants(text):
            counted[part.kind] += times * part.count
    return dict(sorted(counted.items()))


def cells_of(number: Number, groups: Iterable[GroupOfPeople]) -> frozenset[tuple[str, str]]:
    """Return the focus groups and kinds that a number of some focus groups sums up."""
    return frozenset(
        (group.focus_group, kind)
        for group in groups
        for kind in ([number.kind] if number.kind else group.kinds)
    )


def group_by_number(groups: Iterable[GroupOfPeople]) -> dict[Number, list[GroupOfPeople]]:
    """Return the focus groups that each number sums up."""
    grouped: dict[Number, list[GroupOfPeople]] = defaultdict(list)
    for group in groups:
        for number in group.numbers:
            grouped[number].append(group)
    return grouped


def count_numbers(groups: Iterable[GroupOfPeople]) -> dict[Number, int]:
    """Return all numbers of people of a study, as they are."""
    counted: Counter[Number] = Counter()
    for group in groups:
        for number in group.numbers:
            counted[number] += group.people(number.kind)
    return dict(counted)
