"""The table of all numbers of people that a study's releases showed or withheld."""

from __future__ import annotations

import csv
from collections import defaultdict
from typing import TYPE_CHECKING

from analysis.errors import TableError
from analysis.quality.disclosure.people import (
    CONTINENT,
    GROUP,
    HOME,
    PART,
    STUDY,
    GroupOfPeople,
    Number,
    count_numbers,
)
from analysis.quality.disclosure.releases import PublishedRelease
from analysis.tables.received import read_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

COLUMNS = ("release", "scope", "place", "home", "continent", "kind", "people")
SCOPES = (STUDY, CONTINENT, HOME, PART, GROUP)
WITHHELD = "withheld"

Row = tuple[str, ...]


def table_of_release(
    release: int, groups: Sequence[GroupOfPeople], withheld: Collection[Number]
) -> list[Row]:
    """Return what a release tells of people, as rows of the table.

    Parameters
    ----------
    release : int
        Which release of the study it is; the first is 1.
    groups : sequence of GroupOfPeople
        All focus groups that it counts.
    withheld : collection of Number
        The numbers that it does not show.
    """
    rows = []
    for number, people in count_numbers(groups).items():
        told = WITHHELD if number in withheld else str(people)
        rows.append((str(release), number.scope, number.place, "", "", number.kind, told))
    homes = {group.focus_group: (group.home, group.continent) for group in groups}
    rows = [(*row[:3], *homes[row[2]], *row[5:]) if row[1] == GROUP else row for row in rows]
    rows += [
        (str(release), GROUP, group.focus_group, group.home, group.continent, kind, WITHHELD)
        for group in groups
        for kind in group.kinds
    ]
    return sorted(rows)


def add_release(
    earlier: Sequence[Row], groups: Sequence[GroupOfPeople], withheld: Collection[Number]
) -> list[Row]:
    """Return the table with this release; as it is where the last one told the same.

    Parameters
    ----------
    earlier : sequence of Row
        The table of earlier releases.
    groups : sequence of GroupOfPeople
        All focus groups that this release counts.
    withheld : collection of Number
        The numbers that it does not show.
    """
    last = max((int(row[0]) for row in earlier), default=0)
    if last and table_of_release(last, groups, withheld) == [
        row for row in sorted(earlier) if int(row[0]) == last
    ]:
        return list(earlier)
    return [*earlier, *table_of_release(last + 1, groups, withheld)]


def write_published(rows: Iterable[Row], path: Path) -> None:
    """Write the table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])


def read_published(path: Path) -> list[Row]:
    """Return the table of earlier releases; no rows where there is none.

    Raises
    ------
    TableError
        When the file is not as a build wrote it.
    """
    if not path.is_file():
        return []
    table = read_table(path, COLUMNS)
    rows = [tuple(row) for row in table[list(COLUMNS)].to_numpy().tolist()]
    offenders = [
        f"{path.name} row {at}: {fault}"
        for at, row in zip(table.index, rows, strict=True)
        for fault in _faults(dict(zip(COLUMNS, row, strict=True)))
    ]
    if offenders:
        raise TableError(
            "The numbers of people of earlier releases cannot be read.",
            offenders=offenders,
            expected=f"the file {path.name} as the build of the last release wrote it",
            remedy=f"copy it again from the release into data/{path.parents[1].name}/published",
        )
    return rows


def _faults(row: Mapping[str, str]) -> Iterable[str]:
    if not row["release"].isdecimal() or int(row["release"]) < 1:
        yield "release is no number"
    if row["scope"] not in SCOPES:
        yield f"scope is none of {', '.join(SCOPES)}"
    if row["people"] != WITHHELD and not row["people"].isdecimal():
        yield f"people is neither a number nor {WITHHELD}"
    if row["scope"] == GROUP and row["kind"] and row["people"] != WITHHELD:
        yield "people of one kind in one focus group are told"


def releases_of(rows: Iterable[Row]) -> list[PublishedRelease]:
    """Return the earlier releases of a table, in their order."""
    by_release: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_release[int(row[0])].append(row)
    return [_release_of(by_release[release]) for release in sorted(by_release)]


def _release_of(rows: Sequence[Row]) -> PublishedRelease:
    shown: dict[Number, int] = {}
    withheld: set[Number] = set()
    kinds: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    for _, scope, place, home, continent, kind, people in rows:
        if scope == GROUP and kind:
            kinds[place, home, continent][kind] = 0
        elif people == WITHHELD:
            withheld.add(Number(scope, place, kind))
        else:
            shown[Number(scope, place, kind)] = int(people)
    groups = {key[0]: GroupOfPeople(*key, of_kind) for key, of_kind in sorted(kinds.items())}
    return PublishedRelease(shown, frozenset(withheld), groups)
