"""The table of all numbers of people that a study's releases showed or withheld."""

from __future__ import annotations

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
from analysis.tables.published_people import COLUMNS, PublishedRow
from analysis.tables.received import read_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

SCOPES = (STUDY, CONTINENT, HOME, PART, GROUP)
WITHHELD = "withheld"


def table_of_release(
    release: int, groups: Sequence[GroupOfPeople], withheld: Collection[Number]
) -> list[PublishedRow]:
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
    of_groups = {group.focus_group: (group.home, group.continent) for group in groups}
    rows = [
        PublishedRow(
            str(release),
            *(number.scope, number.place),
            *(of_groups[number.place] if number.scope == GROUP else ("", "")),
            number.kind,
            WITHHELD if number in withheld else str(people),
        )
        for number, people in count_numbers(groups).items()
    ]
    rows += [
        PublishedRow(str(release), GROUP, name, *of_groups[name], kind, WITHHELD)
        for name, kinds in ((group.focus_group, group.kinds) for group in groups)
        for kind in kinds
    ]
    return sorted(rows)


def add_release(
    earlier: Sequence[PublishedRow], groups: Sequence[GroupOfPeople], withheld: Collection[Number]
) -> list[PublishedRow]:
    """Return the table with this release; as it is where the last one told the same.

    Parameters
    ----------
    earlier : sequence of PublishedRow
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


def read_published(path: Path) -> list[PublishedRow]:
    """Return the table of earlier releases; no rows where there is none.

    Raises
    ------
    TableError
        When the file is not as a build wrote it.
    """
    if not path.is_file():
        return []
    table = read_table(path, COLUMNS)
    rows = [PublishedRow(*row) for row in table[list(COLUMNS)].to_numpy().tolist()]
    offenders = [
        f"{path.name} row {at}: {fault}"
        for at, row in zip(table.index, rows, strict=True)
        for fault in _faults(row)
    ]
    if offenders:
        raise TableError(
            "The numbers of people of earlier releases cannot be read.",
            offenders=offenders,
            expected=f"the file {path.name} as the build of the last release wrote it",
            remedy=f"copy it again from the release into data/{path.parents[1].name}/published",
        )
    return rows


def _faults(row: PublishedRow) -> Iterable[str]:
    if not row.release.isdecimal() or int(row.release) < 1:
        yield "release is no number"
    if row.scope not in SCOPES:
        yield f"scope is none of {', '.join(SCOPES)}"
    if row.people != WITHHELD and not row.people.isdecimal():
        yield f"people is neither a number nor {WITHHELD}"
    if row.scope == GROUP and row.kind and row.people != WITHHELD:
        yield "people of one kind in one focus group are told"


def releases_of(rows: Iterable[PublishedRow]) -> list[PublishedRelease]:
    """Return the earlier releases of a table, in their order."""
    by_release: dict[int, list[PublishedRow]] = defaultdict(list)
    for row in rows:
        by_release[int(row[0])].append(row)
    return [_release_of(by_release[release]) for release in sorted(by_release)]


def _release_of(rows: Sequence[PublishedRow]) -> PublishedRelease:
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
