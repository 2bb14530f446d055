"""Withholding: small numbers of people, and what else would tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.quality.disclosure.exchanges import Exchanges
from analysis.quality.disclosure.people import count_numbers
from analysis.quality.disclosure.releases import still_withheld
from analysis.quality.disclosure.sums import Sums

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    kept = still_withheld(groups, smallest, earlier)
    withholding = _Withholding(Sums(groups, earlier, {*small, *kept}), smallest)
    for number in small:
        withholding.protect_number(number, values[number])
    exchanges = Exchanges(groups, earlier)
    for group in groups:
        for kind, people in group.kinds.items():
            wanted = _changes_wanted(people, 1, smallest)
            if not all(exchanges.can_change(group, kind, by) for by in wanted):
                withholding.protect_cell(group, kind)
    return withholding.vary_all()


def _changes_wanted(people: int, least: int, smallest: int) -> tuple[int, ...]:
    """Return by how much a number must be able to differ; not at all where it is not small."""
    if people >= smallest:
        return ()
    return (smallest - people, -1) if people > least else (smallest - people,)


class _Withholding:
    """Withholds more, until what is small is protected."""

    def __init__(self, sums: Sums, smallest: int) -> None:
        self._sums = sums
        self._smallest = smallest
        self._varied: set[Number] = set()

    def protect_number(self, number: Number, people: int) -> None:
        """Protect a small number that would be shown."""
        groups = self._sums.groups[number]
        least = sum(1 if number.kind else len(group.kinds) for group in groups)
        for by in _changes_wanted(people, least, self._smallest):
            self._change(self._sums.arcs[number], by, groups)

    def protect_cell(self, group: GroupOfPeople, kind: str) -> None:
        """Protect the number of one kind in one focus group."""
        for by in _changes_wanted(group.kinds[kind], 1, self._smallest):
            self._change([self._sums.cells[group.focus_group, kind]], by, [group])

    def _change(self, arcs: Iterable[int], by: int, groups: Iterable[GroupOfPeople]) -> None:
        """Make a change possible; where earlier releases prevent it, tell nothing more at all."""
        if not self._can_change(arcs, by):
            told = {number for group in groups for number in group.numbers}
            self._sums.network.withheld |= told

    def _can_change(self, arcs: Iterable[int], by: int) -> bool:
        network = self._sums.network
        for at in arcs:
            change = network.change(at, by)
            if change is not None:
                self._varied |= network.numbers_changed(change)
                return True
        return False

    def vary_all(self) -> frozenset[Number]:
        """Let each number withheld be another one too, and return them all.

        Those that others tell all the same are shown, unless they are small: it makes no difference.
        """
        network, arcs = self._sums.network, self._sums.arcs
        told: list[Number] = []
        while unvaried := sorted(network.withheld & arcs.keys() - self._varied):
            for number in unvaried:
                self._varied.add(number)
                if not self._can_change(arcs[number], 1) and not self._can_change(arcs[number], -1):
                    told.append(number)
        is_large = {number: self._is_large(number) for number in told}
        network.withheld -= {n for n in told if is_large[n] and self._sums.is_told(n)}
        return frozenset(network.withheld & arcs.keys())

    def _is_large(self, number: Number) -> bool:
        groups = self._sums.groups[number]
        return sum(group.people(number.kind) for group in groups) >= self._smallest
