"""Exchanges: focus groups of a place, of which each could have had more of a kind than told."""

from __future__ import annotations

from collections import defaultdict
from itertools import permutations
from typing import TYPE_CHECKING

from analysis.quality.disclosure.people import ALL_KINDS, GROUP, Number
from analysis.quality.disclosure.releases import releases_with

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from analysis.quality.disclosure.bounds import Bounds
    from analysis.quality.disclosure.people import GroupOfPeople
    from analysis.quality.disclosure.releases import PublishedRelease

# Of a pair of kinds so many focus groups are remembered, those that can give the most.
REMEMBERED = 8
NO_LIMIT = 1_000_000

Able = tuple[int, str]


class Exchanges:
    """Exchanges between focus groups of a home and a continent that the same releases counted.

    If one had more of a kind and fewer of a second, and another the other way round, every number
    but those of the two by kind, which no report shows, would be the same. Where the totals of both
    are withheld, they need no second kind. With many focus groups nearly all small numbers are
    protected by that alone, and nothing more need be withheld for them.

    Parameters
    ----------
    groups : sequence of GroupOfPeople
        All focus groups that are counted.
    earlier : sequence of PublishedRelease
        What earlier releases showed.
    withheld : collection of Number
        The numbers that are withheld in any case.
    bounds : Bounds
        What everybody knows of one kind in one focus group.
    """

    def __init__(
        self,
        groups: Sequence[GroupOfPeople],
        earlier: Sequence[PublishedRelease],
        withheld: Collection[Number],
        bounds: Bounds,
    ) -> None:
        self._where = {
            group.focus_group: (group.continent, group.home, releases_with(group, earlier))
            for group in groups
        }
        self._groups = {group.focus_group: group for group in groups}
        self._earlier = earlier
        self._bounds = bounds
        self._free: set[str] = set()
        self._most: dict[tuple[object, ...], list[Able]] = defaultdict(list)
        for group in groups:
            for fewer, more in permutations(self._open(group), 2):
                self._remember(group, fewer, more)
        self.withhold(withheld)

    def withhold(self, numbers: Collection[Number]) -> None:
        """Take it that these numbers too are withheld."""
        for number in sorted(numbers):
            if number.scope == GROUP and number.place not in self._free | self._fixed(number):
                self._free.add(number.place)
                group = self._groups[number.place]
                for kind in self._open(group):
                    self._remember(group, kind, ALL_KINDS)

    def _fixed(self, number: Number) -> set[str]:
        """Return the focus group of a number, if an earlier release told it."""
        was_in = self._where[number.place][2]
        is_told = any(number in self._earlier[at].shown for at in was_in)
        return {number.place} if is_told else set()

    def can_change(self, group: GroupOfPeople, kind: str, by: int) -> bool:
        """Return whether a focus group could have had so many more of a kind, or fewer."""
        others = self._others(group, kind)
        return sum(self._amount(group, kind, other, by) for other in others) >= abs(by)

    def can_change_total(self, group: GroupOfPeople, by: int) -> bool:
        """Return whether a focus group could have had so many more people, or fewer."""
        is_free = group.focus_group in self._free
        kinds = self._open(group) if is_free else []
        return any(self._amount(group, kind, ALL_KINDS, by) for kind in kinds)

    def _others(self, group: GroupOfPeople, kind: str) -> Iterator[str]:
        if group.focus_group in self._free:
            yield ALL_KINDS
        yield from (other for other in self._open(group) if other != kind)

    def _open(self, group: GroupOfPeople) -> list[str]:
        """Return the kinds of a focus group of which no earlier release told how many there are."""
        return [kind for kind in group.kinds if (group.focus_group, kind) not in self._bounds.told]

    def _amount(self, group: GroupOfPeople, kind: str, other: str, by: int) -> int:
        """Return how many people can be of another kind, if others can give them all."""
        fewer, more = (other, kind) if by > 0 else (kind, other)
        # Exchanges for several kinds may be with the same focus groups, which give no person twice:
        # those for each kind can give all that is asked for, and so can those for some together.
        if by > 0 and self._can_give(group, more, fewer) < by:
            return 0
        spare = self._bounds.spare
        if by < 0 and (spare(group, kind) < -by or self._can_give(group, more, fewer) < -by):
            return 0
        own = NO_LIMIT if fewer == ALL_KINDS else spare(group, fewer)
        return min(own, abs(by))

    def _can_give(self, group: GroupOfPeople, fewer: str, more: str) -> int:
        """Return how many of a kind others could have fewer together, and more of a second."""
        if fewer == ALL_KINDS:
            # It takes only that the other one has the second kind: of it there is no limit.
            fewer, more = more, fewer
            able = self._most[*self._where[group.focus_group], fewer, more]
            return NO_LIMIT if any(name != group.focus_group for _, name in able) else 0
        able = self._most[*self._where[group.focus_group], fewer, more]
        return sum(most for most, name in able if name != group.focus_group)

    def _remember(self, group: GroupOfPeople, fewer: str, more: str) -> None:
        able = (self._bounds.spare(group, fewer), group.focus_group)
        key = (*self._where[group.focus_group], fewer, more)
        self._most[key] = sorted([*self._most[key], able])[-REMEMBERED:]
