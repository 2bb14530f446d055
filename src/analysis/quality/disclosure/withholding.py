"""Withholding: small numbers of people, and what else would tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.quality.disclosure.bounds import find_bounds
from analysis.quality.disclosure.exchanges import Exchanges
from analysis.quality.disclosure.people import GROUP, count_numbers
from analysis.quality.disclosure.releases import still_withheld
from analysis.quality.disclosure.sums import Sums

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from analysis.quality.disclosure.people import GroupOfPeople, Number
    from analysis.quality.disclosure.releases import PublishedRelease


def withhold(
    groups: Sequence[GroupOfPeople], smallest: int, earlier: Sequence[PublishedRelease] = ()
) -> frozenset[Number]:
    """Return the numbers of people that no report of a study shows.

    They are those below the smallest count; and others, until each number below it, also those of
    one kind in one focus group, which no report shows, could as well be the smallest count, and
    could be one fewer, where people are more than the focus groups that name their kind. All that
    is shown in this release and in earlier ones stays the same in that. Whatever is withheld for
    the sake of others could be another number too.

    Parameters
    ----------
    groups : sequence of GroupOfPeople
        All focus groups that are counted, by their ids.
    smallest : int
        The smallest number of people that is shown. None at all is no number here.
    earlier : sequence of PublishedRelease
        What earlier releases showed.
    """
    values = count_numbers(groups)
    small = sorted(number for number, people in values.items() if people < smallest)
    kept = {*small, *still_withheld(groups, smallest, earlier)}
    bounds = find_bounds(groups, earlier)
    sums = Sums(groups, earlier, kept, bounds)
    withholding = _Withholding(sums, Exchanges(groups, earlier, kept, bounds), smallest)
    for number in small:
        withholding.protect_number(number, values[number])
    for group in groups:
        for kind in group.kinds:
            withholding.protect_cell(group, kind)
    return withholding.vary_all(values)


class _Withholding:
    """Withholds more, until what is small is protected."""

    def __init__(self, sums: Sums, exchanges: Exchanges, smallest: int) -> None:
        self._sums = sums
        self._exchanges = exchanges
        self._smallest = smallest
        self._varied: set[Number] = set()

    def protect_number(self, number: Number, people: int) -> None:
        """Protect a small number that would be shown."""
        groups = self._sums.groups[number]
        least = sum(1 if number.kind else len(group.kinds) for group in groups)
        for by in self._changes_wanted(people, least):
            if not self._can_be_other(number, by):
                self._tell_nothing_more(groups)

    def protect_cell(self, group: GroupOfPeople, kind: str) -> None:
        """Protect the number of one kind in one focus group."""
        cell = self._sums.cells[group.focus_group, kind]
        for by in self._changes_wanted(group.kinds[kind], 1):
            is_open = self._exchanges.can_change(group, kind, by)
            if not is_open and not self._can_change([cell], by):
                self._tell_nothing_more([group])

    def _changes_wanted(self, people: int, least: int) -> tuple[int, ...]:
        """Return by how much a number must be able to differ; not at all where it is not small."""
        if people >= self._smallest:
            return ()
        more = self._smallest - people
        return (more, -1) if people > least else (more,)

    def _can_be_other(self, number: Number, by: int) -> bool:
        if number.scope == GROUP:
            (group,) = self._sums.groups[number]
            if self._exchanges.can_change_total(group, by):
                self._varied.add(number)
                return True
        return self._can_change(self._sums.arcs[number], by)

    def _can_change(self, arcs: Collection[int], by: int) -> bool:
        """Return whether the sum of some flows can differ; what that takes is then withheld."""
        network = self._sums.network
        for at in arcs:
            change = network.change(at, by, but=arcs)
            if change is not None:
                changed = network.numbers_changed(change)
                self._varied |= changed
                self._exchanges.withhold(changed)
                return True
        return False

    def _tell_nothing_more(self, groups: Iterable[GroupOfPeople]) -> None:
        """Withhold all that focus groups are in, where earlier releases told too much already."""
        told = {number for group in groups for number in group.numbers}
        self._sums.network.withheld |= told
        self._exchanges.withhold(told)

    def vary_all(self, values: dict[Number, int]) -> frozenset[Number]:
        """Let each number withheld be another one too, and return them all.

        Those that others tell all the same are shown, unless they are small: nothing is given away.
        """
        network = self._sums.network
        told: list[Number] = []
        while unvaried := sorted(network.withheld & values.keys() - self._varied):
            for number in unvaried:
                self._varied.add(number)
                if not self._can_be_other(number, 1) and not self._can_be_other(number, -1):
                    told.append(number)
        large = [number for number in told if values[number] >= self._smallest]
        network.withheld -= {number for number in large if self._sums.is_told(number)}
        return frozenset(network.withheld & values.keys())
