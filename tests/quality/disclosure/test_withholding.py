from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.quality.disclosure.published_table import add_release, releases_of
from analysis.quality.disclosure.withholding import withhold
from quality.disclosure.attacker import Attacker, found_large, found_small
from quality.disclosure.made_people import learn_release, made_groups, untold, withheld_of

if TYPE_CHECKING:
    from analysis.quality.disclosure.people import GroupOfPeople


@settings(max_examples=25)
@given(made_groups(), st.integers(2, 6))
def test_outsider_works_out_no_number_withheld(groups: list[GroupOfPeople], smallest: int) -> None:
    """Whoever has all tables of all places can tell no number that is not in them."""
    withheld = set(withhold(groups, smallest))
    attacker = Attacker()
    learn_release(attacker, groups, withheld)

    assert found_small(attacker, untold(groups, withheld), smallest) == []
    assert found_large(attacker, withheld_of(groups, withheld), smallest) == []


@settings(max_examples=25)
@given(made_groups(5), made_groups(4), st.data())
def test_outsider_with_an_earlier_release_works_out_none(
    before: list[GroupOfPeople], others: list[GroupOfPeople], data: st.DataObject
) -> None:
    """Focus groups that joined or left between releases give no small number away."""
    names = [group.focus_group for group in before]
    left = data.draw(st.just(set()) | st.sets(st.sampled_from(names)))
    now = [group for group in before if group.focus_group not in left]
    now += [replace(group, focus_group=f"new{at}") for at, group in enumerate(others)]
    first = set(withhold(before, 5))
    second = set(withhold(now, 5, releases_of(add_release([], before, first))))
    attacker = Attacker()
    learn_release(attacker, before, first)
    learn_release(attacker, now, second)

    assert found_small(attacker, untold(before, first) | untold(now, second), 5) == []
    if not left:
        assert found_large(attacker, withheld_of(now, second), 5) == []
