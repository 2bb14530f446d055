"""The account of an intake: every item received is kept, or set aside with its reason."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import CodedDataError

if TYPE_CHECKING:
    from collections.abc import Iterable

CODES = "codes"
DOCUMENTS = "documents"
CASES = "cases"
SELECTIONS = "selections"
CODINGS = "codings"
CODERS = "coders"
MEMOS = "memos"
WEIGHTS = "weights"
OTHERS = "other items"
COUNTS = "counts of a matrix"
FACTS = "cells on focus groups"

KINDS = (
    *(CODES, DOCUMENTS, CASES, FACTS, SELECTIONS, CODINGS, CODERS),
    *(MEMOS, WEIGHTS, COUNTS, OTHERS),
)


class AccountLine(NamedTuple):
    """How many items of one kind were received, kept, and set aside for each reason.

    Parameters
    ----------
    kind : str
        The kind of item.
    received, kept : int
        Items.
    set_aside : tuple of (str, int)
        Each reason, and the items set aside for it.
    """

    kind: str
    received: int
    kept: int
    set_aside: tuple[tuple[str, int], ...]

    def describe(
        self, *, received: str = "received", taken: str = "taken in", aside: str = "set aside"
    ) -> str:
        """Return the line in words.

        Parameters
        ----------
        received, taken, aside : str, optional
            What was done, in words.

        Examples
        --------
        >>> AccountLine("codings", 5, 3, (("the same again", 2),)).describe()
        'codings: 5 received = 3 taken in + 2 set aside (2: the same again)'
        """
        text = f"{self.kind}: {self.received:,} {received} = {self.kept:,} {taken}"
        if not self.set_aside:
            return text
        total = sum(number for _, number in self.set_aside)
        reasons = "; ".join(f"{number:,}: {reason}" for reason, number in self.set_aside)
        return f"{text} + {total:,} {aside} ({reasons})"


class Account:
    """Counts of items by their kind, and of those set aside by their reason.

    Examples
    --------
    >>> account = Account()
    >>> account.receive("codings", 3)
    >>> account.set_aside("codings", "its text is missing")
    >>> account.kept("codings")
    2
    """

    def __init__(self) -> None:
        self._received: Counter[str] = Counter()
        self._aside: Counter[tuple[str, str]] = Counter()

    def receive(self, kind: str, number: int = 1) -> None:
        """Count items that a file holds."""
        self._received[kind] += number

    def set_aside(self, kind: str, reason: str, number: int = 1) -> None:
        """Count items that were received and are not kept, with the reason."""
        if number:
            self._aside[kind, reason] += number

    def exclude(self, kind: str, reason: str, number: int = 1) -> None:
        """Count items that a file holds and that are not kept, with the reason."""
        self.receive(kind, number)
        self.set_aside(kind, reason, number)

    def add(self, other: Account) -> None:
        """Count what another account counts too."""
        self._received.update(other._received)
        self._aside.update(other._aside)

    def kept(self, kind: str) -> int:
        """Return how many items of a kind were received and not set aside."""
        gone = sum(number for (each, _), number in self._aside.items() if each == kind)
        return self._received[kind] - gone

    def lines(self) -> tuple[AccountLine, ...]:
        """Return a line for each kind of which anything was received."""
        return tuple(
            AccountLine(
                kind,
                self._received[kind],
                self.kept(kind),
                tuple(
                    (reason, number)
                    for (each, reason), number in sorted(self._aside.items())
                    if each == kind
                ),
            )
            for kind in KINDS
            if self._received[kind]
        )

    def require_kept(self, kept: Iterable[tuple[str, int]]) -> None:
        """Refuse to go on when items were lost, or came from nowhere, without a reason.

        Parameters
        ----------
        kept : iterable of (str, int)
            Each kind, and how many items of it there are now.

        Raises
        ------
        CodedDataError
            When more or fewer are kept than were received and not set aside.
        """
        offenders = [
            f"{kind}: {self.kept(kind):,} should be left, and {number:,} are"
            for kind, number in kept
            if self.kept(kind) != number
        ]
        if offenders:
            raise CodedDataError(
                "Not every item is accounted for; this is a fault of the program.",
                offenders=offenders,
                expected="received = taken in + set aside",
                remedy="report it, with the name of the tool that wrote the file",
            )
