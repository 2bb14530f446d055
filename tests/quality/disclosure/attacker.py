"""An outsider who has all that the releases of a study tell of people, and a solver.

Nothing here knows how numbers are withheld: what is told are sums of people of a kind in a focus
group, of whom there is at least one where a release names the kind.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Cell = tuple[str, str]
# More than there can be, where nothing else tells how many there are.
MANY = 1_000


@dataclass
class Attacker:
    """What an outsider knows: the cells of all focus groups, and sums of them."""

    cells: dict[Cell, int] = field(default_factory=dict)
    sums: dict[frozenset[Cell], int] = field(default_factory=dict)

    def learn_kind(self, group: str, kind: str) -> None:
        """Learn that some people of a kind took part in a focus group."""
        self.cells.setdefault((group, kind), len(self.cells))

    def learn_sum(self, cells: frozenset[Cell], people: int) -> None:
        """Learn how many people there are in some cells together."""
        assert self.sums.setdefault(cells, people) == people

    def range_of(self, cells: frozenset[Cell]) -> tuple[int, int]:
        """Return the fewest and the most people that there can be in some cells together."""
        ends: list[int] = []
        for sign in (1, -1):
            weights = np.zeros(len(self.cells))
            weights[[self.cells[cell] for cell in cells]] = sign
            found = milp(
                weights,
                integrality=np.ones(len(weights)),
                bounds=Bounds(1, MANY),
                constraints=self._told,
            )
            assert found.success, found.message
            ends.append(sign * round(found.fun))
        return ends[0], ends[1]

    @property
    def _told(self) -> list[LinearConstraint]:
        if not self.sums:
            return []
        at = [(row, self.cells[cell]) for row, cells in enumerate(self.sums) for cell in cells]
        shape = (len(self.sums), len(self.cells))
        matrix = csr_array((np.ones(len(at)), tuple(zip(*at, strict=True))), shape=shape)
        people = np.array(list(self.sums.values()))
        return [LinearConstraint(matrix, people, people)]


def learn_table(
    attacker: Attacker, table: Path, release: int, named: Callable[[str], str] = str
) -> None:
    """Let an outsider learn what a release told of people, from its table as published.

    Parameters
    ----------
    attacker : Attacker
        The outsider.
    table : Path
        The file ``participants.csv``.
    release : int
        Which release in it.
    named : callable, optional
        What a kind is called among the cells that the outsider knows.
    """
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["release"] == str(release)]
    places: dict[Cell, set[tuple[str, str]]] = {}
    for row in rows:
        row["kind"] = named(row["kind"]) if row["kind"] else ""
        home, continent = row["home"], row["continent"]
        if row["scope"] == "group" and row["kind"]:
            attacker.learn_kind(row["place"], row["kind"])
            places[row["place"], row["kind"]] = {
                *(("study", ""), ("home", home), ("continent", continent)),
                *(("part", f"{home}.{continent}"), ("group", row["place"])),
            }
    for row in rows:
        if row["people"] != "withheld":
            scope = row["scope"], row["place"]
            summed = [
                cell
                for cell, within in places.items()
                if scope in within and row["kind"] in ("", cell[1])
            ]
            attacker.learn_sum(frozenset(summed), int(row["people"]))


def found_small(
    attacker: Attacker,
    truth: dict[frozenset[Cell], int],
    smallest: int,
    *,
    hides_least: bool = True,
) -> list[str]:
    """Return each number of people below the smallest that the outsider works out, or nearly.

    Parameters
    ----------
    attacker : Attacker
        The outsider.
    truth : dict of frozenset to int
        What is not told, as it is.
    smallest : int
        The smallest number that may be told.
    hides_least : bool, optional
        Whether it may be told neither that a number is no smaller than it is.
    """
    fallen = []
    for cells, people in truth.items():
        if people < smallest:
            fewest, most = attacker.range_of(cells)
            could_be_large = most >= smallest
            could_be_less = not hides_least or people == len(cells) or fewest < people
            if not (could_be_large and could_be_less):
                fallen.append(f"{sorted(cells)}: {people} is from {fewest} to {most}")
    return sorted(fallen)


def found_large(attacker: Attacker, truth: dict[frozenset[Cell], int], smallest: int) -> list[str]:
    """Return each other number withheld that the outsider is certain of."""
    withheld = {cells: people for cells, people in truth.items() if people >= smallest}
    return [
        f"{sorted(cells)}: {people} is certain"
        for cells, people in withheld.items()
        if attacker.range_of(cells) == (people, people)
    ]
