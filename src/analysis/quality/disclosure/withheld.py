"""What each report withholds of people, found once for a whole study."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from analysis.quality.disclosure.people import (
    ALL_KINDS,
    CONTINENT,
    GROUP,
    HOME,
    PART,
    Number,
    people_of,
)
from analysis.quality.disclosure.published_table import (
    add_release,
    read_published,
    releases_of,
)
from analysis.quality.disclosure.withholding import withhold
from analysis.tables.build_folder import WHOLE, build_folder
from analysis.tables.consent import KIND_NOT_TOLD
from analysis.tables.focus_groups import (
    COLUMNS,
    CONSENT,
    CONSENT_TO_SHOW,
    FOCUS_GROUP,
    may_count,
)
from analysis.tables.published_people import hide_groups, write_published
from analysis.tables.received import read_table, table_path
from analysis.tables.table_files import PUBLISHED_PARTICIPANTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from analysis.quality.disclosure.people import GroupOfPeople
    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.published_people import PublishedRow

# What is told of a focus group whose consent is for counts only.
NO_KINDS = (ALL_KINDS, KIND_NOT_TOLD)


@dataclass(frozen=True)
class Withheld:
    """The numbers of people that a report does not show.

    Parameters
    ----------
    numbers : frozenset of Number
        The numbers.
    """

    numbers: frozenset[Number] = frozenset()

    def to_json(self) -> str:
        """Return the numbers as JSON, sorted."""
        return json.dumps([list(number) for number in sorted(self.numbers)], indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Withheld:
        """Return what was written as JSON."""
        return cls(frozenset(Number(*told) for told in json.loads(text)))


def find_withheld(opened: OpenedStudy) -> Withheld:
    """Return the numbers of people that no report of a study shows, from its tables.

    Parameters
    ----------
    opened : OpenedStudy
        The study.

    Raises
    ------
    TableError
        When the focus groups, or the numbers of earlier releases, cannot be read.
    PlaceError
        When a place is unknown.
    """
    return _read_people(opened).withheld


def read_withheld(opened: OpenedStudy, name: str) -> Withheld:
    """Return the numbers of people that a report does not show.

    In a build what was found for the whole study is read; elsewhere it is found anew.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    name : str
        A region, a continent, or the report on the study as a whole.
    """
    build = build_folder(opened.root, opened.settings.name)
    if build is not None and build.withheld(name).is_file():
        return Withheld.from_json(build.withheld(name).read_text(encoding="utf-8"))
    return find_withheld(opened)


def leave_withheld(opened: OpenedStudy, build: BuildFolder) -> None:
    """Leave for each report what it withholds, and for the release its table of people.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    build : BuildFolder
        The folder of its build.

    Raises
    ------
    TableError
        When the focus groups, or the numbers of earlier releases, cannot be read.
    """
    people = _read_people(opened)
    homes = {group.focus_group: group.home for group in people.groups}
    reports: dict[str, set[Number]] = {place: set() for place in opened.places.wider_places}
    reports[WHOLE] = set()
    for number in people.withheld.numbers:
        for name in reports_with(number, homes):
            reports[name].add(number)
    for name, numbers in reports.items():
        _write_whole(Withheld(frozenset(numbers)).to_json(), build.withheld(name))
    rows = add_release(people.earlier, people.groups, people.withheld.numbers)
    write_published(rows, build.participants)


def reports_with(number: Number, homes: Mapping[str, str]) -> tuple[str, ...]:
    """Return the reports that would show a number.

    Parameters
    ----------
    number : Number
        The number.
    homes : mapping of str to str
        The home of each focus group.

    Returns
    -------
    tuple of str
        Regions, continents, and the study as a whole.
    """
    if number.scope == GROUP:
        return (homes[number.place],)
    if number.scope == PART:
        return (number.place.partition(".")[2],)
    if number.scope == CONTINENT:
        return (number.place,)
    return (number.place, WHOLE) if number.scope == HOME else (WHOLE,)


def _write_whole(text: str, path: Path) -> None:
    """Write a file at once, since it may be read meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".next")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


class _People(NamedTuple):
    """The people of a study, what its earlier releases told of them, and what is withheld."""

    groups: list[GroupOfPeople]
    earlier: list[PublishedRow]
    withheld: Withheld


def _read_people(opened: OpenedStudy) -> _People:
    received = read_table(table_path(opened.folder, "focus_groups"), COLUMNS)
    groups = people_of(opened, received)
    kinds = {kind for group in groups for kind in group.kinds}
    told = read_published(opened.folder / PUBLISHED_PARTICIPANTS)
    earlier = hide_groups(told, _not_named(told, received), kinds)
    smallest = opened.settings.publication.smallest_count
    return _People(groups, earlier, Withheld(withhold(groups, smallest, releases_of(earlier))))


def _not_named(told: Sequence[PublishedRow], received: pd.DataFrame) -> set[tuple[str, str]]:
    """Return what earlier releases told of focus groups that consent does not let be told now."""
    groups = received[may_count(received)]
    counted = set(groups[FOCUS_GROUP])
    shown = set(groups[FOCUS_GROUP][groups[CONSENT].isin(CONSENT_TO_SHOW)])
    return {
        row.group
        for row in told
        if row.scope == GROUP
        and (row.place not in counted or (row.place not in shown and row.kind not in NO_KINDS))
    }
