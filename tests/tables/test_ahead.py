from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from analysis.tables.ahead import take_ahead

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_next_item_is_made_while_one_is_used() -> None:
    """Whoever has an item need not ask for the next one to have it made."""
    made = [threading.Event() for _ in range(3)]

    def items() -> Iterator[int]:
        for number, each in enumerate(made):
            each.set()
            yield number

    taken = take_ahead(items())

    assert next(taken) == 0
    assert made[1].wait(10)
    assert list(taken) == [1, 2]


def test_what_goes_wrong_is_raised_in_its_place() -> None:
    """Items that were made before something goes wrong are taken before it is told."""

    def items() -> Iterator[int]:
        yield 0
        raise ValueError("no more")

    taken = take_ahead(items())

    assert next(taken) == 0
    with pytest.raises(ValueError, match="no more"):
        next(taken)


def test_those_who_stop_leave_nothing_running() -> None:
    """Where nobody takes the rest, what makes it ends."""
    taken = take_ahead(iter(range(1, 100)))
    before = threading.active_count()
    first = next(taken)
    taken.close()  # type: ignore[attr-defined]

    assert (first, threading.active_count()) == (1, before)
