"""The account of what is read: each item received is kept, or set aside with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The kinds of items: those of a submission are its paragraphs, list items and facts.
ITEMS = "items"
CODES = "codes"
DOCUMENTS = "documents"
CASES = "cases"
FACTS = "cells on focus groups"
SELECTIONS = "selections"
CODINGS = "codings"
CODERS = "coders"
GROUPS = "groups of codes"
MEMOS = "memos"
WEIGHTS = "weights"
COUNTS = "counts of a matrix"
OTHERS = "other items"
COLUMNS = "columns"
SHEETS = "sheets"
KINDS = (
    *(ITEMS, CODES, DOCUMENTS, CASES, FACTS, SELECTIONS, CODINGS, CODERS, GROUPS),
    *(MEMOS, WEIGHTS, COUNTS, OTHERS, COLUMNS, SHEETS),
)

# Why items of submissions are set aside.
OF_TEMPLATE = "the template's own wording"
BEFORE_ANSWERS = "before the answers, and not a fact that the template asks for"
SAID_BEFORE = "a fact that an earlier line states"
RUNNING = "headers, footers and numbers of pages"
NOTES = "notes and comments, which belong to no answer"
CONTACTS = "contacts, which no submission keeps"
NO_CELL = "belongs to no question"
HIDDEN = "hidden text left out"
OF_TOOL = "data of the survey tool about a response"
SILENT = "a response without an answer"
OTHER_SHEETS = "on a sheet of the workbook other than the first"
NOT_ASKED = "a column that the template does not ask for"


@dataclass(frozen=True)
class AccountLine:
    """What became of the items of one kind.

    Parameters
    ----------
    kind : str
        The kind of item, of `KINDS`.
    received, kept : int
        Items.
    set_aside : mapping of str to int
        The items set aside for each reason.
    """

    kind: str = ITEMS
    received: int = 0
    kept: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_balanced(self) -> bool:
        """Return whether each item is kept or set aside."""
        return self.received == self.kept + sum(self.set_aside.values())

    def reasons(self) -> list[str]:
        """Return the reasons for which items were set aside, each with its number.

        Examples
        --------
        >>> AccountLine("items", 3, 1, {"a reason": 2}).reasons()
        ['2: a reason']
        """
        return [f"{number:,}: {reason}" for reason, number in sorted(self.set_aside.items())]

    def describe(
        self, *, received: str = "received", kept: str = "kept", aside: str = "set aside"
    ) -> str:
        """Return the line in words.

        Parameters
        ----------
        received, kept, aside : str, optional
            What was done, in words.

        Examples
        --------
        >>> AccountLine("codings", 5, 3, {"the same again": 2}).describe()
        'codings: 5 received = 3 kept + 2 set aside (2: the same again)'
        """
        text = f"{self.kind}: {self.received:,} {received} = {self.kept:,} {kept}"
        if not self.set_aside:
            return text
        total = sum(self.set_aside.values())
        return f"{text} + {total:,} {aside} ({'; '.join(self.reasons())})"


def sum_lines(kind: str, lines: Iterable[AccountLine]) -> AccountLine:
    """Return one line for items of one kind in several files.

    Examples
    --------
    >>> sum_lines("items", [AccountLine("items", 2, 1, {"a": 1}), AccountLine("items", 3, 3)])
    AccountLine(kind='items', received=5, kept=4, set_aside={'a': 1})
    """
    lines = list(lines)
    aside: Counter[str] = Counter()
    for line in lines:
        aside.update(line.set_aside)
    received, kept = (sum(getattr(line, name) for line in lines) for name in ("received", "kept"))
    return AccountLine(kind, received, kept, dict(aside))


class Account:
    """Counts items by their kind, and those set aside by their reason.

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
        self._aside: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}

    def receive(self, kind: str, number: int = 1) -> None:
        """Count items that a file holds."""
        self._received[kind] += number

    def set_aside(self, kind: str, reason: str, number: int = 1) -> None:
        """Count items that were received and are not kept, with the reason."""
        if number:
            self._aside[kind][reason] += number

    def exclude(self, kind: str, reason: str, number: int = 1) -> None:
        """Count items that a file holds and that are not kept, with the reason."""
        self.receive(kind, number)
        self.set_aside(kind, reason, number)

    def add(self, other: Account) -> None:
        """Add the counts of another account."""
        self._received.update(other._received)
        for kind, reasons in other._aside.items():
            self._aside[kind].update(reasons)

    def kept(self, kind: str) -> int:
        """Return how many items of a kind were received and not set aside."""
        return self._received[kind] - self._aside[kind].total()

    def line(self, kind: str, kept: int | None = None) -> AccountLine:
        """Return what became of the items of a kind; `kept` is how many there are, if counted."""
        return AccountLine(
            kind,
            self._received[kind],
            self.kept(kind) if kept is None else kept,
            dict(sorted(self._aside[kind].items())),
        )

    def lines(self) -> tuple[AccountLine, ...]:
        """Return a line for each kind of which anything was received."""
        return tuple(self.line(kind) for kind in KINDS if self._received[kind])

    def require_kept(self, kept: Iterable[tuple[str, int]]) -> None:
        """Refuse to continue when items were lost, or came from nowhere, without a reason.

        Parameters
        ----------
        kept : iterable of (str, int)
            Each kind, and how many items of it there are now.

        Raises
        ------
        CodedDataError
            When more or fewer are there than were received and not set aside.
        """
        offenders = [
            f"{kind}: {self.kept(kind):,} should be left, and {number:,} are"
            for kind, number in kept
            if not self.line(kind, number).is_balanced
        ]
        if offenders:
            raise CodedDataError(
                "Not every item is accounted for; this is a fault of the program.",
                offenders=offenders,
                expected="received = kept + set aside",
                remedy="report it, with the name of the tool that wrote the file",
            )
