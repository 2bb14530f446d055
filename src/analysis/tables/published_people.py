"""The rows of what releases told of people, in which nothing names a focus group that left."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import TableError
from analysis.tables.streaming import stream_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

GROUP_SCOPE = "group"
# No id and no kind of participants has a bracket: whoever is called so has left.
_LEFT = re.compile(r"\(left ([0-9]+)\)")


class PublishedRow(NamedTuple):
    """A number of people that a release showed or withheld, or a kind that a focus group had.

    Parameters
    ----------
    release : str
        Which release of the study it was; the first is ``1``.
    scope, place : str
        What the number sums up, as in `Number`.
    home, continent : str
        Of one focus group, where it was counted.
    kind : str
        The kind of participants; ``""`` for all kinds together.
    people : str
        The number, or that it was withheld.
    """

    release: str
    scope: str
    place: str
    home: str
    continent: str
    kind: str
    people: str

    @property
    def group(self) -> tuple[str, str]:
        """The release and the focus group of which it tells; both empty where of several."""
        return (self.release, self.place) if self.scope == GROUP_SCOPE else ("", "")


COLUMNS = PublishedRow._fields


def hide_groups(
    rows: Iterable[PublishedRow],
    left: Collection[tuple[str, str]],
    kinds: Collection[str] = (),
) -> list[PublishedRow]:
    """Return the rows with a number for each focus group that left, and for kinds of it alone.

    Which numbers sum up the same people can be told as before, but not whom.

    Parameters
    ----------
    rows : iterable of PublishedRow
        What releases told of people.
    left : collection of (str, str)
        Releases, each with a focus group that it may not name any more.
    kinds : collection of str, optional
        Kinds of participants that are told elsewhere, and stay.
    """
    rows = list(rows)
    of_one = [row for row in rows if row.scope == GROUP_SCOPE]
    hidden = {row.group for row in of_one if row.group in left or _LEFT.fullmatch(row.place)}
    if not hidden:
        return rows
    stay = {*kinds, *(row.kind for row in of_one if row.group not in hidden)}
    of_groups = _number(name for _, name in hidden)
    of_kinds = _number(row.kind for row in rows if row.kind and row.kind not in stay)
    renamed = (
        row._replace(
            place=of_groups[row.place] if row.group in hidden else row.place,
            kind=of_kinds.get(row.kind, row.kind),
        )
        for row in rows
    )
    # In the order of before, their neighbours would tell much of their names.
    return sorted(renamed, key=lambda row: (int(row.release), row))


def _number(names: Iterable[str]) -> dict[str, str]:
    """Return a number in the place of each name; what is one already stays."""
    told = set(names)
    numbers = {name: int(match[1]) for name in told if (match := _LEFT.fullmatch(name))}
    last = max(numbers.values(), default=0)
    new = enumerate(sorted(told - numbers.keys()), start=last + 1)
    return {name: name for name in numbers} | {name: f"(left {number})" for number, name in new}


def rows_naming(table: Path, group: str) -> int:
    """Return in how many rows of what releases told of people a focus group is named."""
    return sum(row.group[1] == group for row in read_rows(table))


def copy_hiding(table: Path, copy: Path, groups: Collection[str]) -> None:
    """Write a copy of what releases told of people that does not name some focus groups.

    Parameters
    ----------
    table : Path
        The table.
    copy : Path
        The file to write.
    groups : collection of str
        The ids of the focus groups.
    """
    rows = list(read_rows(table))
    write_published(hide_groups(rows, {row.group for row in rows if row.group[1] in groups}), copy)


def tells_more(table: Path, kept: Path) -> bool:
    """Return whether a table tells of a release of which the table that is kept does not tell.

    Parameters
    ----------
    table : Path
        The table of a release; one that cannot be read tells of none, and stops nobody.
    kept : Path
        The table that is kept.
    """
    before = last_release(read_rows(kept))
    try:
        return last_release(read_rows(table)) > before
    except TableError:
        return False


def last_release(rows: Iterable[PublishedRow]) -> int:
    """Return which release is the last of which rows tell; 0 where there is none."""
    return max((int(row.release) for row in rows if row.release.isdecimal()), default=0)


def read_rows(path: Path) -> Iterator[PublishedRow]:
    """Yield the rows of a table; none where there is no table.

    Raises
    ------
    TableError
        When the file is no such table.
    """
    if path.is_file():
        for batch in stream_table(path, COLUMNS):
            for row in batch.to_pylist():
                yield PublishedRow(*(row[name] for name in COLUMNS))


def write_published(rows: Iterable[PublishedRow], path: Path) -> None:
    """Write the table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])
