from __future__ import annotations

import pytest

from analysis.quality.disclosure.people import count_kinds


@pytest.mark.parametrize(
    ("column", "people"),
    [
        (["15 network members (esa); 5 UN staff", "3 nurses"], 23),
        (["about ten people", "3 nurses"], 3),
        (["", "3 nurses"], 3),
        ([], 0),
    ],
    ids=["told", "not-understood", "blank", "nobody"],
)
def test_people_are_counted_as_far_as_told(column: list[str], people: int) -> None:
    """What cannot be understood counts as nobody: it is a warning, and no reason to stop."""
    assert sum(count_kinds(*column).values()) == people
