"""Items that are made one ahead of whoever uses them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")


def take_ahead(items: Iterable[T]) -> Iterator[T]:
    """Yield items, and have the next one made while one is used.

    Parameters
    ----------
    items : iterable
        None of them is None; what goes wrong in making one is raised in its place.

    Examples
    --------
    >>> list(take_ahead(number * number for number in range(4)))
    [0, 1, 4, 9]
    """
    rest = iter(items)
    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(next, rest, None)
        while (item := waiting.result()) is not None:
            waiting = beside.submit(next, rest, None)
            yield item
