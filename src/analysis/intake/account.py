"""The account of a file: every item that stood in it is mapped, or set aside with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OF_TEMPLATE = "the template's own wording"
BEFORE_ANSWERS = "before the answers, and no fact that the template asks for"
SAID_BEFORE = "a fact that was told before"
RUNNING = "headers, footers and numbers of pages"
NOTES = "notes and comments, which stand in no answer"
CONTACTS = "contacts, which no submission keeps"
NO_CELL = "belongs to no question"
OF_TOOL = "what the survey tool notes of a response"
SILENT = "a response without an answer"
OTHER_SHEETS = "on a sheet of the workbook other than the first"
NOT_ASKED = "a column that the template does not ask for"


@dataclass(frozen=True)
class Account:
    """What became of the items of a file: its paragraphs, its list items, its facts.

    Parameters
    ----------
    items : int
        Items that stood in the file.
    mapped : int
        Items that are in segments or facts; several pieces of a sentence that was cut are several.
    set_aside : mapping of str to int
        Items that are in neither, by reason.
    """

    items: int = 0
    mapped: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_balanced(self) -> bool:
        """Return whether every item is accounted for."""
        return self.items == self.mapped + sum(self.set_aside.values())

    def reasons(self) -> list[str]:
        """Return the reasons for which items were set aside, each with how many.

        Examples
        --------
        >>> Account(3, 1, {"a reason": 2}).reasons()
        ['2: a reason']
        """
        return [f"{count}: {reason}" for reason, count in sorted(self.set_aside.items())]


def sum_accounts(accounts: Iterable[Account]) -> Account:
    """Return the account of several files.

    Examples
    --------
    >>> sum_accounts([Account(2, 1, {"a": 1}), Account(3, 2, {"a": 1})])
    Account(items=5, mapped=3, set_aside={'a': 2})
    """
    items = mapped = 0
    aside: Counter[str] = Counter()
    for account in accounts:
        items, mapped = items + account.items, mapped + account.mapped
        aside.update(account.set_aside)
    return Account(items, mapped, dict(aside))


class AccountBook:
    """An account while items are found and placed."""

    def __init__(self) -> None:
        self._items = 0
        self._mapped = 0
        self._aside: Counter[str] = Counter()

    def find(self, items: int) -> None:
        """Enter items that stand in the file."""
        self._items += items

    def map(self, items: int) -> None:
        """Enter items that are in segments or facts."""
        self._mapped += items

    def set_aside(self, reason: str, items: int) -> None:
        """Enter items that are in neither."""
        if items:
            self._aside[reason] += items

    def move(self, reason: str, items: int) -> None:
        """Enter items as in neither that were entered as in segments."""
        self._mapped -= items
        self.set_aside(reason, items)

    def close(self) -> Account:
        """Return the account."""
        return Account(self._items, self._mapped, dict(self._aside))
