"""Ids that are each given once: a number behind tells those that would be the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class UnusedIds:
    """Gives ids that nothing has yet.

    Parameters
    ----------
    taken : iterable of str, optional
        What is given already.

    Examples
    --------
    >>> ids = UnusedIds(["a"])
    >>> ids.give("a"), ids.give("a"), ids.give("b")
    ('a-2', 'a-3', 'b')
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        # Where the same is wanted very often, to begin at 1 each time would take ever longer.
        self._last: dict[str, int] = {}

    def give(self, wanted: str) -> str:
        """Return an id that nothing has, which is the one that is wanted if it can be."""
        found, number = wanted, self._last.get(wanted, 1)
        while found in self._taken:
            number += 1
            found = f"{wanted}-{number}"
        self._last[wanted] = number
        self._taken.add(found)
        return found

    def take(self, given: str) -> None:
        """Take an id that something else gave."""
        self._taken.add(given)
