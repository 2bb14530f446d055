from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from analysis.intake.contacts import MOST_WORDS_OF_A_PLACE, has_name
from analysis.intake.stated_consent import read_consent
from analysis.intake.stated_facts import MOST_CHARACTERS
from analysis.intake.stated_participants import read_participants
from analysis.intake.stated_places import PlaceFinder
from analysis.study.places import read_places

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def named(root: Path) -> PlaceFinder:
    """Give what finds the places that there are."""
    return PlaceFinder(read_places(root / "data"))


@pytest.mark.parametrize(
    ("text", "told", "is_clear"),
    [
        (f"{'9' * 5000} people", "", True),
        (f"{'9' * 5000} people (2 peers)", "", False),
        (f"12 peers ({'9' * 5000})", "12 peers", False),
    ],
)
def test_number_longer_than_any_count_counts_nobody(
    text: str,
    told: str,
    is_clear: bool,  # noqa: FBT001
    named: PlaceFinder,
) -> None:
    """A run of digits is no number of people, and is no fault of the reader."""
    found = read_participants(text, named)

    assert (found.kinds, found.is_clear) == (told, is_clear)


@pytest.mark.parametrize(
    "bit",
    ["Aa Bb ", "A-", ",", "in ", "1", "1 ", "1(", "de ", "aged ", ".\n", "and ", "1 to ", "from,"],
)
def test_facts_are_understood_within_a_moment(bit: str, named: PlaceFinder) -> None:
    """A fact that is as long as it may be takes no longer, whatever it repeats."""
    begun = time.process_time()
    for text in ("5 " + bit * MOST_CHARACTERS, bit * (MOST_CHARACTERS // len(bit) // 2) + "("):
        said = (text + bit * MOST_CHARACTERS)[: MOST_CHARACTERS - 1] + "!"
        read_participants(said, named)
        read_consent(said, "en")

    assert time.process_time() - begun < 2


def test_places_have_no_more_words_than_are_looked_at(named: PlaceFinder) -> None:
    """Each place is told from the name of a person, however many words it has."""
    assert max(len(name.split()) for name in named._by_name) <= MOST_WORDS_OF_A_PLACE
    assert not has_name("Papua New Guinea Equatorial Guinea", named.is_place)
