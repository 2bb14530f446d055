"""Ids that are each given once, and names as parts of ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.study.slugs import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOT_IN_IDS = re.compile(r"[^a-z0-9_]+")


def slug_of(name: str) -> str:
    """Return a name as part of an id.

    Examples
    --------
    >>> slug_of("Accès aux soins (général)"), slug_of("rq1_definition"), slug_of("!?")
    ('acces-aux-soins-general', 'rq1_definition', 'x')
    """
    return _NOT_IN_IDS.sub("-", fold(name)).strip("-_") or "x"


class UnusedIds:
    """Gives ids that nothing has yet; a number at the end distinguishes equal ones.

    Examples
    --------
    >>> ids = UnusedIds(["a"])
    >>> ids.give("a"), ids.give("a"), ids.give("b")
    ('a-2', 'a-3', 'b')
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        # Without it, giving the same id n times would take n² steps.
        self._last: dict[str, int] = {}

    def give(self, wanted: str) -> str:
        """Return the wanted id, or one with a number at its end where it is taken."""
        found, number = wanted, self._last.get(wanted, 1)
        while found in self._taken:
            number += 1
            found = f"{wanted}-{number}"
        self._last[wanted] = number
        self._taken.add(found)
        return found

    def take(self, given: str) -> None:
        """Reserve an id that something else has."""
        self._taken.add(given)
