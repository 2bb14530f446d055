"""The network of numbers of people: how they could be others while all that is shown stays."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

    from analysis.quality.disclosure.people import Number

# What withholding a number costs a reader: a whole more than a kind, a wider place more than a
# narrower one. It depends on no value, or what is withheld would tell of what is behind it.
COST_OF_KIND = {"home": 4, "continent": 6, "study": 8}
COST_OF_ALL = {"group": 5, "part": 10, "home": 30, "continent": 60, "study": 100}
# Of ways that cost the same the shortest is taken.
SHARE_OF_STEP = 1_000

Step = tuple[int, int]


@dataclass(frozen=True)
class Arc:
    """People who are in a sum, as a flow from one node to another.

    Parameters
    ----------
    tail, head : int
        The nodes.
    flow, least : int
        How many people there are, and how many there are at least, as everybody knows.
    numbers : tuple of Number
        The numbers of which each, if shown, tells the flow.
    is_known : bool
        Whether an earlier release told it.
    """

    tail: int
    head: int
    flow: int
    least: int = 0
    numbers: tuple[Number, ...] = ()
    is_known: bool = False


class Network:
    """Sums of people as a circulation: whoever is in a focus group is in its kind, and vice versa.

    At each node as many people come in as go out. What a reader can work out is what all
    circulations have in common that agree with what is shown.

    Parameters
    ----------
    withheld : collection of Number
        The numbers that are not shown.
    """

    def __init__(self, withheld: Collection[Number]) -> None:
        self.withheld = set(withheld)
        self.arcs: list[Arc] = []
        self._nodes: dict[Hashable, int] = {}
        self._steps: list[list[tuple[int, Step]]] = []

    def node(self, name: Hashable) -> int:
        """Return the node of a name."""
        if name not in self._nodes:
            self._nodes[name] = len(self._nodes)
            self._steps.append([])
        return self._nodes[name]

    def add(self, arc: Arc) -> int:
        """Add an arc, and return its place among all."""
        at = len(self.arcs)
        self.arcs.append(arc)
        if not arc.is_known:
            self._steps[arc.tail].append((arc.head, (at, 1)))
            self._steps[arc.head].append((arc.tail, (at, -1)))
        return at

    def change(self, at: int, by: int, but: Collection[int]) -> Counter[int] | None:
        """Return a change of all flows in which that of one arc differs by so many people.

        Flows change along the cheapest ways; what these cost is then withheld: see J. Castro,
        "A shortest-paths heuristic for statistical data protection in positive tables", INFORMS
        Journal on Computing 19 (2007).

        Parameters
        ----------
        at : int
            The arc.
        by : int
            More people, or, below zero, fewer.
        but : collection of int
            Arcs whose flows stay, apart from that.

        Returns
        -------
        Counter of int or None
            By arc, how much it differs; None where no way is left.
        """
        arc = self.arcs[at]
        start, end = (arc.head, arc.tail) if by > 0 else (arc.tail, arc.head)
        change: Counter[int] = Counter()
        missing = abs(by)
        while missing:
            way = self._cheapest_way(start, end, {at, *but}, change)
            if way is None:
                return None
            room = [self._room(step, change) for step in way]
            amount = min([missing, *(each for each in room if each is not None)])
            for step_at, direction in way:
                change[step_at] += direction * amount
            missing -= amount
        self._withhold([*change, at])
        change[at] += by
        return change

    def _withhold(self, arcs: Collection[int]) -> None:
        for at in arcs:
            self.withheld.update(self.arcs[at].numbers)

    def numbers_changed(self, change: Counter[int]) -> set[Number]:
        """Return the numbers that differ where flows differ."""
        differing: Counter[Number] = Counter()
        for at, by in change.items():
            for number in self.arcs[at].numbers:
                differing[number] += by
        return {number for number, by in differing.items() if by}

    def _room(self, step: Step, change: Counter[int]) -> int | None:
        """Return how far a flow can go down; None upward, where nothing stops it."""
        at, direction = step
        arc = self.arcs[at]
        return None if direction > 0 else arc.flow + change[at] - arc.least

    def _cost(self, at: int) -> int:
        numbers = self.arcs[at].numbers
        return sum(_cost_of(number) for number in numbers if number not in self.withheld)

    def _cheapest_way(
        self, start: int, end: int, without: set[int], change: Counter[int]
    ) -> list[Step] | None:
        costs, came = {start: 0}, dict[int, tuple[int, Step]]()
        ahead, done = [(0, start)], set[int]()
        while ahead:
            cost, node = heappop(ahead)
            if node == end:
                return _way_back(came, start, end)
            if node in done:
                continue
            done.add(node)
            for following, step in self._steps[node]:
                if following in done or step[0] in without or self._room(step, change) == 0:
                    continue
                through = cost + 1 + SHARE_OF_STEP * self._cost(step[0])
                if through < costs.get(following, through + 1):
                    costs[following], came[following] = through, (node, step)
                    heappush(ahead, (through, following))
        return None


def _cost_of(number: Number) -> int:
    return (COST_OF_KIND if number.kind else COST_OF_ALL)[number.scope]


def _way_back(came: dict[int, tuple[int, Step]], start: int, end: int) -> list[Step]:
    way: list[Step] = []
    while end != start:
        end, step = came[end]
        way.append(step)
    return way[::-1]
