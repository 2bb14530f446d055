"""Made people: small studies of focus groups, and the numbers of them counted anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from analysis.quality.disclosure.people import GroupOfPeople

if TYPE_CHECKING:
    from collections.abc import Collection

    from quality.disclosure.attacker import Attacker, Cell

# A region that spans continents, one that does not, wider submissions, and the globe.
WHERE = [
    ("esa", "africa"),
    ("mena", "africa"),
    ("mena", "asia"),
    ("mena", ""),
    ("africa", "africa"),
    ("global", ""),
]
KINDS = ["clinic staff", "members", "nurses", "peers"]


@st.composite
def made_groups(draw: st.DrawFn, most: int = 6) -> list[GroupOfPeople]:
    """Draw the focus groups of a study."""
    people = st.dictionaries(
        st.sampled_from(KINDS), st.integers(1, 8) | st.integers(5, 15), min_size=1, max_size=3
    )
    drawn = draw(st.lists(st.tuples(st.sampled_from(WHERE), people), min_size=1, max_size=most))
    return [
        GroupOfPeople(f"fg{at}", home, continent, kinds)
        for at, ((home, continent), kinds) in enumerate(drawn)
    ]


@st.composite
def made_releases(draw: st.DrawFn) -> tuple[list[GroupOfPeople], list[GroupOfPeople]]:
    """Draw the focus groups of a release, and of the next: some left, joined, or were corrected."""
    before, others = draw(made_groups(5)), draw(made_groups(4))
    names = [group.focus_group for group in before]
    left = draw(st.just(set()) | st.sets(st.sampled_from(names)))
    stayed = [group for group in before if group.focus_group not in left]
    if stayed and draw(st.booleans()):
        at = draw(st.integers(0, len(stayed) - 1))
        stayed[at] = _correct(draw, stayed[at])
    joined = [replace(group, focus_group=f"new{at}") for at, group in enumerate(others)]
    return before, [*stayed, *joined]


def _correct(draw: st.DrawFn, group: GroupOfPeople) -> GroupOfPeople:
    """Return a focus group with another number of people of one kind."""
    kind = draw(st.sampled_from(sorted(group.kinds)))
    return replace(group, kinds={**group.kinds, kind: draw(st.integers(1, 15))})


def corrected_cells(before: list[GroupOfPeople], now: list[GroupOfPeople]) -> set[Cell]:
    """Return the kinds in focus groups of which a release tells another number than the last."""
    then = cells_of(before)
    return {cell for cell, people in cells_of(now).items() if then.get(cell, people) != people}


def cells_of(groups: list[GroupOfPeople]) -> dict[Cell, int]:
    """Return how many of each kind took part in each focus group."""
    return {
        (group.focus_group, kind): people
        for group in groups
        for kind, people in group.kinds.items()
    }


def sums_of(groups: list[GroupOfPeople]) -> dict[tuple[str, str, str], frozenset[Cell]]:
    """Return which cells each number in the reports sums up, by scope, place and kind."""
    sums: dict[tuple[str, str, str], set[Cell]] = {}
    for group in groups:
        places = [("study", ""), ("home", group.home)]
        if group.continent:
            places.append(("continent", group.continent))
        totals = [*places, ("group", group.focus_group)]
        if group.continent:
            totals.append(("part", f"{group.home}.{group.continent}"))
        for kind in group.kinds:
            for scope, place in places:
                sums.setdefault((scope, place, kind), set()).add((group.focus_group, kind))
            for scope, place in totals:
                sums.setdefault((scope, place, ""), set()).add((group.focus_group, kind))
    return {name: frozenset(cells) for name, cells in sums.items()}


def learn_release(
    attacker: Attacker,
    groups: list[GroupOfPeople],
    withheld: set[tuple[str, str, str]],
    wrong: Collection[Cell] = (),
) -> None:
    """Let an outsider learn all that a release shows of people, and what was wrong in it."""
    cells = cells_of(groups)
    named = {
        (group, kind): (group, f"{kind}, wrong" if (group, kind) in wrong else kind)
        for group, kind in cells
    }
    for cell in named.values():
        attacker.learn_kind(*cell)
    for name, summed in sums_of(groups).items():
        if name not in withheld:
            people = sum(cells[cell] for cell in summed)
            attacker.learn_sum(frozenset(named[cell] for cell in summed), people)


def untold(
    groups: list[GroupOfPeople], withheld: set[tuple[str, str, str]]
) -> dict[frozenset[Cell], int]:
    """Return the numbers that a release withholds, and each kind in each focus group."""
    cells = cells_of(groups)
    return {frozenset([cell]): people for cell, people in cells.items()} | withheld_of(
        groups, withheld
    )


def withheld_of(
    groups: list[GroupOfPeople], withheld: set[tuple[str, str, str]]
) -> dict[frozenset[Cell], int]:
    """Return the numbers that a release withholds."""
    cells = cells_of(groups)
    sums = [summed for name, summed in sums_of(groups).items() if name in withheld]
    return {summed: sum(cells[cell] for cell in summed) for summed in sums}
