"""Bounds: what everybody knows of one kind in one focus group, from earlier releases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from analysis.quality.disclosure.people import cells_of, group_by_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.quality.disclosure.people import GroupOfPeople
    from analysis.quality.disclosure.releases import PublishedRelease

Cell: TypeAlias = "tuple[str, str]"


@dataclass(frozen=True)
class Bounds:
    """What everybody knows of one kind in one focus group.

    Parameters
    ----------
    told : frozenset of (str, str)
        The focus groups and kinds of which an earlier release told how many people there are, by a
        number that summed up nobody else, wherever the focus group was counted then.
    fewest : mapping of (str, str) to int
        How few people there can be of a kind in a focus group, where that is more than one.
    """

    told: frozenset[Cell]
    fewest: Mapping[Cell, int]

    def spare(self, group: GroupOfPeople, kind: str) -> int:
        """Return how many people of a kind there could be fewer in a focus group."""
        return group.kinds[kind] - self.fewest.get((group.focus_group, kind), 1)


def find_bounds(groups: Sequence[GroupOfPeople], earlier: Sequence[PublishedRelease]) -> Bounds:
    """Return what everybody knows of one kind in one focus group.

    There is at least one person. Where a number was too small and is corrected now, there are as
    many more: there was at least one before.

    Parameters
    ----------
    groups : sequence of GroupOfPeople
        All focus groups that are counted now.
    earlier : sequence of PublishedRelease
        What earlier releases showed.
    """
    now = {
        (group.focus_group, kind): people
        for group in groups
        for kind, people in group.kinds.items()
    }
    fewest: dict[Cell, int] = {}
    for release in earlier:
        for cell, added in _added_since(release, groups, now).items():
            fewest[cell] = max(fewest.get(cell, 1), min(now[cell], 1 + added))
    told = (cell for release in earlier for cell in _told_alone(release, now))
    return Bounds(frozenset(told), fewest)


def _told_alone(release: PublishedRelease, now: Mapping[Cell, int]) -> Iterator[Cell]:
    then = group_by_number(release.groups.values())
    for number, people in release.shown.items():
        cells = cells_of(number, then[number])
        yield from (cell for cell in cells if len(cells) == 1 and now.get(cell) == people)


def _added_since(
    release: PublishedRelease, groups: Sequence[GroupOfPeople], now: Mapping[Cell, int]
) -> dict[Cell, int]:
    """Return how many people more than a release told there may be of a kind in a focus group.

    It is what the narrowest number with them rose by; nothing where any number with them stayed.
    """
    counted = {group.focus_group for group in groups if release.counted(group)}
    then = group_by_number(release.groups.values())
    summed = {
        number: cells_of(number, then[number])
        for number in sorted(release.shown)
        if all(group.focus_group in counted for group in then[number])
    }
    risen: dict[Cell, int] = {}
    stayed: set[Cell] = set()
    for number, cells in sorted(summed.items(), key=lambda each: len(each[1]), reverse=True):
        by = sum(now[cell] for cell in cells) - release.shown[number]
        risen |= dict.fromkeys(cells, by)
        if not by:
            stayed |= cells
    return {cell: by for cell, by in risen.items() if by > 0 and cell not in stayed}
