from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.quality.disclosure.people import GroupOfPeople
from analysis.quality.disclosure.published_table import add_release, releases_of
from analysis.quality.disclosure.withholding import withhold
from analysis.tables.published_people import hide_groups
from quality.disclosure.attacker import Attacker, found_large, found_small
from quality.disclosure.made_people import (
    corrected_cells,
    learn_release,
    made_groups,
    made_releases,
    untold,
    withheld_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.quality.disclosure.people import Number


def group(name: str, home: str = "esa", **kinds: int) -> GroupOfPeople:
    return GroupOfPeople(name, home, "africa", kinds)


def told(numbers: Iterable[Number]) -> set[str]:
    """Return numbers in short: scope, place and kind."""
    return {" ".join(filter(None, number)) for number in numbers}


def in_mena(name: str, continent: str, **kinds: int) -> GroupOfPeople:
    return GroupOfPeople(name, "mena", continent, kinds)


PEERS = group("b", peers=5)
STAFF = group("a", nurses=5)
NURSES = [group(name, nurses=1) for name in "de"]
MANY = {"members": 8, "staff": 13}
FEW = [
    group("a", "africa", peers=2),
    group("b", "mena", staff=8),
    group("c", "mena", members=5, nurses=1, staff=7),
]
NEW = group("e", members=11, peers=7, staff=6)
MIXED = [group(name, peers=9, nurses=6) for name in "ab"]
OF_ALL = ("home esa", "continent africa", "study")
"""The places of a study whose focus groups are all of one region."""


def test_nothing_is_withheld_where_nothing_is_small() -> None:
    """Numbers that are all large enough are all shown."""
    groups = [group("a", peers=5, nurses=8), group("b", peers=6)]

    assert withhold(groups, 5) == frozenset()


def test_small_number_is_withheld_with_what_would_tell_it() -> None:
    """One nurse is withheld everywhere; so are the peers, as all people less these are nurses."""
    groups = [group("a", peers=9, nurses=1), group("b", peers=6)]
    withheld = {f"{place} {kind}" for place in OF_ALL for kind in ("nurses", "peers")}

    assert told(withhold(groups, 5)) == withheld


@pytest.mark.parametrize(("nurses", "withheld"), [(4, {"nurses", "peers"}), (5, set())])
def test_smallest_number_is_shown_and_one_fewer_is_not(nurses: int, withheld: set[str]) -> None:
    """Where five people may be shown, four may not."""
    groups = [group("a", peers=9, nurses=nurses), group("b", peers=9)]

    assert {number.kind for number in withhold(groups, 5)} == withheld


def test_number_of_a_region_is_not_told_by_its_continent() -> None:
    """Two small numbers that add up to a large one do not tell each other by the sum."""
    groups = [
        group("a", "esa", peers=9, nurses=4),
        group("b", "wca", peers=9, nurses=3),
        group("c", "wca", peers=9),
    ]

    withheld = told(withhold(groups, 5))
    assert {"home esa nurses", "home wca nurses"} <= withheld
    assert {"home esa peers", "home wca peers"} <= withheld
    assert not {"study nurses", "study peers", "study"} & withheld


def test_focus_groups_that_could_exchange_people_protect_each_other() -> None:
    """Where others of the place could have had the small number, tables of it are shown."""
    groups = [group(name, peers=9, nurses=3) for name in ("a", "b", "c")]

    assert withhold(groups, 5) == frozenset()


def test_smallest_count_of_one_withholds_nothing() -> None:
    """A study may show all numbers."""
    assert withhold([group("a", peers=1)], 1) == frozenset()


def test_who_joined_is_not_told_by_the_difference() -> None:
    """What a release with one more focus group would tell of its nurse is withheld in it."""
    before = [group(name, peers=9, nurses=6) for name in ("a", "b")]
    joined = group("c", peers=9, nurses=1)
    first = add_release([], before, withhold(before, 5))

    alone = told(withhold([*before, joined], 5))
    after = told(withhold([*before, joined], 5, releases_of(first)))
    assert alone == set()
    assert after == {f"{place} {kind}" for place in OF_ALL for kind in ("nurses", "peers")}


def test_who_left_is_not_told_by_the_difference() -> None:
    """What a release with one focus group less would tell of its kinds is withheld in it."""
    before = [
        group("a", peers=9, nurses=6),
        group("b", peers=9, nurses=6),
        group("c", peers=9, nurses=1),
    ]
    first = add_release([], before, withhold(before, 5))

    after = told(withhold(before[:2], 5, releases_of(first)))
    assert after == {f"{place} {kind}" for place in OF_ALL for kind in ("nurses", "peers")}


@pytest.mark.parametrize(
    ("now", "withheld"),
    [
        ([group("a", members=12, staff=1)], {"staff", "totals"}),
        ([group("a", members=13, staff=5)], set()),
        ([group("a", members=12, staff=5, nurses=1)], {"nurses", "totals"}),
        (
            [group("a", "wca", members=12, staff=5), group("b", "wca", members=3, peers=7)],
            {"members", "peers"},
        ),
    ],
    ids=["small", "large", "a kind more", "elsewhere"],
)
def test_what_stayed_tells_nothing_that_was_corrected(
    now: list[GroupOfPeople], withheld: set[str]
) -> None:
    """What was told of a focus group before, and is still so, tells no small number with it."""
    first = add_release([], [group("a", members=12, staff=5)], frozenset())
    second = withhold(now, 5, releases_of(first))

    assert {number.kind or "totals" for number in second} == withheld


@settings(max_examples=25)
@given(made_groups(6))
def test_release_made_again_withholds_the_same(groups: list[GroupOfPeople]) -> None:
    """Once a release is kept, the same study is released the same and adds nothing to it."""
    withheld = withhold(groups, 5)
    table = add_release([], groups, withheld)
    again = withhold(groups, 5, releases_of(table))

    assert again == withheld
    assert add_release(table, groups, again) == table


@settings(max_examples=25)
@given(made_groups(), st.integers(2, 6))
@example([group("a", "mena", nurses=5), in_mena("b", "", nurses=1, peers=1)], 5)
@example(
    [group("a", nurses=1), group("b", nurses=2, peers=5), group("c", "wca", nurses=5, peers=1)], 5
)
@example([group("a", nurses=1, peers=1, staff=3)], 5)
@example(
    [
        group("a", nurses=1),
        group("b", "mena", peers=5, staff=4),
        in_mena("c", "asia", nurses=2, peers=1),
    ],
    5,
)
def test_outsider_works_out_no_number_withheld(groups: list[GroupOfPeople], smallest: int) -> None:
    """Whoever has all tables of all places can tell no number that is not in them.

    Of the examples the first falls where no cell is protected, the second where no sum is, or not
    from being told as no fewer; the third where nothing is protected from being told as small; and
    the fourth where not all that is withheld varies.
    """
    withheld = set(withhold(groups, smallest))
    attacker = Attacker()
    learn_release(attacker, groups, withheld)

    assert found_small(attacker, untold(groups, withheld), smallest) == []
    assert found_large(attacker, withheld_of(groups, withheld), smallest) == []


@settings(max_examples=25)
@given(made_releases())
@example(([STAFF, group("b", nurses=1)], [STAFF, group("c", nurses=1)]))
@example(([group("a", nurses=1), PEERS], [PEERS, *NURSES, group("f", peers=5)]))
@example(([*MIXED, group("c", peers=9, nurses=1)], MIXED))
@example((MIXED, [*MIXED, group("c", peers=9, nurses=1)]))
@example(([group("a", members=12, staff=5)], [group("a", members=12, staff=1)]))
@example(
    ([*FEW, group("d", "mena", peers=1, **MANY)], [*FEW, group("d", "mena", peers=5, **MANY), NEW])
)
def test_outsider_with_an_earlier_release_works_out_none(
    releases: tuple[list[GroupOfPeople], list[GroupOfPeople]],
) -> None:
    """Focus groups that joined, left or were corrected between releases give no small number away.

    Of the examples the first falls where a number that was withheld is shown, the second where it
    is once its focus groups are others, the third where kinds of those who left are, the fourth
    where an earlier release counts for nothing, the fifth where what it told is shown whatever it
    was, and the sixth where it is forgotten that there was somebody also before a correction.
    """
    before, now = releases
    left = {each.focus_group for each in before} - {each.focus_group for each in now}
    first = set(withhold(before, 5))
    kept = hide_groups(add_release([], before, first), {("1", name) for name in left})
    second = set(withhold(now, 5, releases_of(kept)))
    attacker = Attacker()
    wrong = corrected_cells(before, now)
    learn_release(attacker, before, first, wrong)
    learn_release(attacker, now, second)
    then = {cells: people for cells, people in untold(before, first).items() if not cells & wrong}

    hidden = then | untold(now, second)

    assert found_small(attacker, hidden, 5, hides_least=not wrong) == []
    if not left | wrong:
        assert found_large(attacker, withheld_of(now, second), 5) == []
