"""What each report withholds of people, found once for a whole study."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.quality.disclosure.people import (
    ALL_KINDS,
    CONTINENT,
    GROUP,
    HOME,
    PART,
    STUDY,
    GroupOfPeople,
    Number,
    people_of,
)
from analysis.quality.disclosure.published_table import (
    add_release,
    read_published,
    releases_of,
    write_published,
)
from analysis.quality.disclosure.withholding import withhold
from analysis.tables.build_folder import WHOLE, build_folder
from analysis.tables.focus_groups import COLUMNS
from analysis.tables.received import read_table, table_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder

PUBLISHED = "published/participants.csv"


@dataclass(frozen=True)
class Withheld:
    """The numbers of people that a report does not show.

    Parameters
    ----------
    numbers : frozenset of Number
        The numbers.
    """

    numbers: frozenset[Number] = frozenset()

    def at(self, scope: str, place: str, kind: str = ALL_KINDS) -> bool:
        """Return whether a number is withheld."""
        return Number(scope, place, kind) in self.numbers

    def to_json(self) -> str:
        """Return the numbers as JSON, sorted."""
        return json.dumps([list(number) for number in sorted(self.numbers)], indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Withheld:
        """Return what was written as JSON."""
        return cls(frozenset(Number(*told) for told in json.loads(text)))


def find_withheld(opened: OpenedStudy) -> Withheld:
    """Return the numbers of people that no report of a study shows, from its tables.

    Raises
    ------
    TableError
        When the focus groups or the numbers of earlier releases cannot be read.
    """
    withheld, _, _ = _find(opened)
    return withheld


def _find(opened: OpenedStudy):
    received = read_table(table_path(opened.folder, "focus_groups"), COLUMNS)
    groups = people_of(opened, received)
    rows = read_published(opened.folder / PUBLISHED)
    smallest = opened.settings.publication.smallest_count
    return Withheld(withhold(groups, smallest, releases_of(rows))), groups, rows
