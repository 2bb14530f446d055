from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tables.participants import kinds_of, round_people, show_people, total_people

NUMBERS = st.lists(st.integers(0, 60), min_size=1, max_size=12)


def groups_of(*participants: str, consent: str = "public") -> pd.DataFrame:
    """Return focus groups, named by their order, with these participants."""
    return pd.DataFrame(
        {
            "focus_group": [f"g{at}" for at in range(len(participants))],
            "participants": participants,
            "consent": consent,
            "language": "en",
        },
        dtype="str",
    )


def with_people(numbers: list[int]) -> pd.DataFrame:
    """Return focus groups of so many people; 0 is not reported."""
    return groups_of(*(f"{people} peers" if people else "" for people in numbers))


@given(st.integers(5, 10_000))
def test_rounding_is_to_the_nearest_multiple_of_5(people: int) -> None:
    """A rounded number is a multiple of 5, at most 2 from the true one, and never below 5."""
    rounded = round_people(people)

    assert (rounded % 5, abs(rounded - people) <= 2, rounded >= 5) == (0, True, True)


@given(NUMBERS)
def test_total_counts_groups_of_5_or_more_from_their_true_sum(numbers: list[int]) -> None:
    """Each focus group is counted, is of fewer than 5, or doesn't report its number."""
    total = total_people(with_people(numbers), "rounded")
    counted = [people for people in numbers if people >= 5]

    assert len(total.counted) == len(counted)
    assert len(total.fewer) == sum(0 < people < 5 for people in numbers)
    assert len(total.not_reported) == numbers.count(0)
    assert total.shown.value == (round_people(sum(counted)) if counted else None)


@given(NUMBERS, st.data())
def test_number_below_5_changes_nothing(numbers: list[int], data: st.DataObject) -> None:
    """Whatever the numbers from 1 to 4 are, all that is published stays the same."""
    others = [data.draw(st.integers(1, 4)) if 0 < people < 5 else people for people in numbers]

    shown, changed = (
        (
            [show_people(people, "rounded") for people in each],
            total_people(with_people(each), "rounded"),
            kinds_of(with_people(each)),
        )
        for each in (numbers, others)
    )
    assert changed == shown


@given(NUMBERS)
def test_exact_total_counts_everybody(numbers: list[int]) -> None:
    """Where numbers are public already, the total is the true sum of all that is reported."""
    total = total_people(with_people(numbers), "exact")

    assert (total.shown.value or 0, total.fewer) == (sum(numbers), ())


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([3], "fewer than 5"), ([0], "not reported"), ([0, 0], "not reported"), ([3, 0], "no total")],
)
def test_words_replace_a_total_that_counts_nobody(numbers: list[int], words: str) -> None:
    """Where no focus group is of 5 or more, words say so in place of a number."""
    assert total_people(with_people(numbers), "rounded").shown == (None, words)


def test_kinds_are_counted_once_whatever_their_spelling() -> None:
    """Case, space and punctuation make no other kind; the most frequent spelling is its name."""
    groups = groups_of("3 Drop-in staff; 2 peers", "1 drop in staff (KEN)", "9 drop in staff", "")

    assert [(kind.name, kind.focus_groups) for kind in kinds_of(groups)] == [
        ("drop in staff", ("g0", "g1", "g2")),
        ("peers", ("g0",)),
    ]


def test_kinds_of_groups_for_counts_only_are_not_published() -> None:
    """A focus group whose consent is for counts only names no kind."""
    assert kinds_of(groups_of("9 peers", consent="aggregate-only")) == []
