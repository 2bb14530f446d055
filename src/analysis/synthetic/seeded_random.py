"""Random draws that are the same for the same names, on every Python and every machine."""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Generic, TypeVar

from analysis.study.digests import digest_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")


@dataclass(frozen=True)
class Weighted(Generic[T]):
    """Items to draw from, with the running sum of their weights."""

    items: tuple[T, ...]
    cumulative: tuple[int, ...]

    @classmethod
    def of(cls, weights: Mapping[T, int]) -> Weighted[T]:
        """Return the items of a mapping to their weights, in its order."""
        return cls(tuple(weights), tuple(accumulate(weights.values())))


class SeededRandom:
    """A stream of draws that depends only on its names, such as a seed and a focus group.

    Only ``random.Random.random`` is used, whose values Python promises to keep; the rest of that
    module has changed between versions.

    Examples
    --------
    >>> SeededRandom(2020, "fg01").below(100) == SeededRandom(2020, "fg01").below(100)
    True
    """

    __slots__ = ("_next",)

    def __init__(self, *names: str | int) -> None:
        digest = digest_text("/".join(map(str, names)))
        # An int seeds without the hash of a text, and nothing here is secret.
        self._next = random.Random(int(digest[:32], 16)).random  # noqa: S311

    def happens(self, probability: float) -> bool:
        """Return whether something of this probability happens."""
        return self._next() < probability

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to below a limit."""
        return int(self._next() * limit)

    def choice(self, items: Sequence[T]) -> T:
        """Return one of the items, each as likely as the others."""
        return items[int(self._next() * len(items))]

    def weighted_choice(self, weighted: Weighted[T]) -> T:
        """Return one of the items, each as likely as its weight says."""
        drawn = int(self._next() * weighted.cumulative[-1])
        return weighted.items[bisect_right(weighted.cumulative, drawn)]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in another order (Fisher and Yates)."""
        shuffled = list(items)
        for last in range(len(shuffled) - 1, 0, -1):
            other = self.below(last + 1)
            shuffled[last], shuffled[other] = shuffled[other], shuffled[last]
        return shuffled
