"""Exchanges: two focus groups of a place that could have each had more of one kind than told."""

from __future__ import annotations

from collections import defaultdict
from itertools import permutations
from typing import TYPE_CHECKING

from analysis.quality.disclosure.releases import releases_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.quality.disclosure.people import GroupOfPeople
    from analysis.quality.disclosure.releases import PublishedRelease

# Of a pair of kinds so many focus groups are remembered: one of them may be the one asked about.
REMEMBERED = 2


class Exchanges:
    """Exchanges between focus groups of a home and a continent that the same releases counted.

    If one had more of a kind and fewer of a second, and another the other way round, every number
    but those of the two by kind, which no report shows, would be the same. With many focus groups
    nearly all small numbers are protected by that alone, and nothing need be withheld for them.

    Parameters
    ----------
    groups : sequence of GroupOfPeople
        All focus groups that are counted.
    earlier : sequence of PublishedRelease
        What earlier releases showed.
    """

    def __init__(
        self, groups: Sequence[GroupOfPeople], earlier: Sequence[PublishedRelease]
    ) -> None:
        self._earlier = earlier
        given: dict[tuple[object, ...], list[tuple[int, str]]] = defaultdict(list)
        for group in groups:
            where = self._where(group)
            for fewer, more in permutations(group.kinds, 2):
                able = (group.kinds[fewer] - 1, group.focus_group)
                given[*where, fewer, more].append(able)
        self._most = {key: sorted(able)[-REMEMBERED:] for key, able in given.items()}

    def can_change(self, group: GroupOfPeople, kind: str, by: int) -> bool:
        """Return whether a focus group could have had so many more of a kind, or fewer."""
        if by < 0 and group.kinds[kind] <= -by:
            return False
        return any(
            self._can_give(group, kind, other) >= by
            if by > 0
            else self._can_give(group, other, kind) >= -by
            for other in group.kinds
            if other != kind and (by < 0 or group.kinds[other] > by)
        )

    def _can_give(self, group: GroupOfPeople, fewer: str, more: str) -> int:
        """Return how many of a kind another focus group could have fewer, and more of a second."""
        able = self._most.get((*self._where(group), fewer, more), [])
        return max((most for most, name in able if name != group.focus_group), default=0)

    def _where(self, group: GroupOfPeople) -> tuple[object, ...]:
        return group.continent, group.home, releases_with(group, self._earlier)
