"""The sums of people of a study as a network, release by release."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from analysis.quality.disclosure.network import Arc, Network
from analysis.quality.disclosure.people import (
    ALL_KINDS,
    CONTINENT,
    GROUP,
    HOME,
    PART,
    STUDY,
    Number,
    cells_of,
    group_by_number,
)
from analysis.quality.disclosure.releases import releases_with

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Sequence

    from analysis.quality.disclosure.bounds import Bounds
    from analysis.quality.disclosure.people import GroupOfPeople
    from analysis.quality.disclosure.releases import PublishedRelease, Releases

EVERYBODY = "everybody"


class Sums:
    """The sums of people of a study as a network.

    Focus groups that were in the same earlier releases have a network of their own, in which no
    sum that a release showed can change: what a release and the next one tell together is what
    those of both, those who joined and those who left add up to.

    Parameters
    ----------
    groups : sequence of GroupOfPeople
        All focus groups that are counted, by their ids.
    earlier : sequence of PublishedRelease
        What earlier releases showed.
    withheld : collection of Number
        The numbers that are not shown.
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
        self.network = Network(withheld)
        self.arcs: dict[Number, list[int]] = defaultdict(list)
        self.cells: dict[tuple[str, str], int] = {}
        self.groups = group_by_number(groups)
        self._earlier = earlier
        self._bounds = bounds
        flows: dict[tuple[Hashable, Hashable], int] = defaultdict(int)
        arcs: dict[tuple[Hashable, Hashable], tuple[tuple[Number, ...], Releases]] = {}
        for group in groups:
            was_in = releases_with(group, earlier)
            for tail, head, numbers, people in _arcs_about(group, was_in):
                flows[tail, head] += people
                arcs[tail, head] = numbers, was_in
        for (tail, head), (numbers, was_in) in arcs.items():
            self._add(tail, head, flows[tail, head], numbers, was_in)
        for group in groups:
            self._add_cells(group, releases_with(group, earlier))

    def is_told(self, number: Number) -> bool:
        """Return whether another number shown sums up just the same people.

        One that an earlier release showed does so if it was the same, too: what has been corrected
        since tells of others.
        """
        groups_now = self.groups[number]
        people_now = sum(group.people(number.kind) for group in groups_now)
        told = {
            cells_of(each, groups)
            for each, groups in self.groups.items()
            if each not in self.network.withheld
        }
        for release in self._earlier:
            then = group_by_number(release.groups.values())
            told |= {
                cells_of(each, then[each])
                for each, people in release.shown.items()
                if people == people_now
            }
        return cells_of(number, groups_now) in told

    def _add(
        self,
        tail: Hashable,
        head: Hashable,
        flow: int,
        numbers: tuple[Number, ...],
        was_in: Releases,
    ) -> None:
        node = self.network.node
        is_known = any(not self._earlier[at].shown.keys().isdisjoint(numbers) for at in was_in)
        at = self.network.add(Arc(node(tail), node(head), flow, numbers=numbers, is_known=is_known))
        for number in numbers:
            self.arcs[number].append(at)

    def _add_cells(self, group: GroupOfPeople, was_in: Releases) -> None:
        node = self.network.node
        for kind, people in group.kinds.items():
            head = node((was_in, group.continent, group.home, kind))
            is_known = (group.focus_group, kind) in self._bounds.told
            least = people - self._bounds.spare(group, kind)
            arc = Arc(node(group.focus_group), head, people, least=least, is_known=is_known)
            self.cells[group.focus_group, kind] = self.network.add(arc)


def _arcs_about(
    group: GroupOfPeople, was_in: Releases
) -> list[tuple[Hashable, Hashable, tuple[Number, ...], int]]:
    """Return the arcs that hold a focus group, from everybody down to it, and up by its kinds."""
    continent, home, name = group.continent, group.home, group.focus_group
    of_continent = (Number(CONTINENT, continent),) if continent else ()
    of_part = (Number(PART, f"{home}.{continent}"),) if continent else ()
    down: list[Hashable] = [
        EVERYBODY,
        (was_in, ALL_KINDS),
        (was_in, continent, ALL_KINDS),
        (was_in, continent, home, ALL_KINDS),
        name,
    ]
    totals = [
        (Number(STUDY, ""),),
        of_continent,
        (Number(HOME, home), *of_part),
        (Number(GROUP, name),),
    ]
    arcs = [
        (tail, head, numbers, group.people())
        for tail, head, numbers in zip(down, down[1:], totals, strict=False)
    ]
    for kind, people in group.kinds.items():
        up: list[Hashable] = [
            (was_in, continent, home, kind),
            (was_in, continent, kind),
            (was_in, kind),
            EVERYBODY,
        ]
        of_kind = [
            (Number(HOME, home, kind),),
            (Number(CONTINENT, continent, kind),) if continent else (),
            (Number(STUDY, "", kind),),
        ]
        arcs += [
            (tail, head, numbers, people)
            for tail, head, numbers in zip(up, up[1:], of_kind, strict=False)
        ]
    return arcs
