from __future__ import annotations

import pytest

from analysis.quality.disclosure.people import count_kinds
from analysis.tables.focus_groups import understand_participants as understand


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


def test_kinds_are_those_understood() -> None:
    """A text that is understood gives each kind with its count."""
    assert [(part.count, part.kind) for part in understand("8 peers (KEN); 1 nurse")] == [
        (8, "peers"),
        (1, "nurse"),
    ]
