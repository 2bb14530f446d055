"""The errors that a person can act on, each with its offenders and a remedy."""

from __future__ import annotations

import difflib
import re
from copy import copy
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHOWN_OFFENDERS = 20

LONGEST_VALUE = 40
"""Characters of the longest value that an error shows: a longer one is somebody's words."""

CODE_FORM = re.compile(r"[a-z0-9_.:/|-]*|[A-Z]{2,3}")
"""The form of ids, codes, coders, scopes and countries; a name or a sentence has another."""

SHORT_FORM = re.compile(".*", re.DOTALL)
"""Any short value: for tables that cannot hold somebody's words, such as places.csv."""

DATE_FORM = re.compile(r"(?=.*\d)[\w./,: -]{1,20}")
"""The form of what may have been meant as a date."""

_MOST_ALLOWED = 60


class CompendiumError(Exception):
    """Raised when something that a person can fix stops the work.

    Parameters
    ----------
    what : str
        What is wrong, in one sentence.
    offenders : sequence of str, optional
        Every offender, each with its file and row where it has one.
    expected : str, optional
        What was expected in its place.
    why : str, optional
        Why that is expected, where it isn't obvious.
    remedy : str, optional
        What to do next.

    Examples
    --------
    >>> print(CompendiumError("Two codes are unknown.", offenders=["row 2: stgma", "row 5: hop"]))
    Two codes are unknown.
      row 2: stgma
      row 5: hop
    """

    def __init__(
        self,
        what: str,
        *,
        offenders: Sequence[str] = (),
        expected: str = "",
        why: str = "",
        remedy: str = "",
    ) -> None:
        super().__init__(what)
        self.what = what
        self.offenders = tuple(offenders)
        self.expected = expected
        self.why = why
        self.remedy = remedy

    def __str__(self) -> str:
        shown = [f"  {offender}" for offender in self.offenders[:SHOWN_OFFENDERS]]
        if len(self.offenders) > SHOWN_OFFENDERS:
            shown.append(f"  and {len(self.offenders) - SHOWN_OFFENDERS} more")
        parts = (("Expected", self.expected), ("Why", self.why), ("What to do", self.remedy))
        lines = [f"{label}: {text}" for label, text in parts if text]
        return "\n".join([self.what, *shown, *lines])

    def as_json(self) -> dict[str, object]:
        """Return all parts of the message."""
        return {
            "what": self.what,
            "offenders": self.offenders,
            "expected": self.expected,
            "why": self.why,
            "what_to_do": self.remedy,
        }

    def with_offenders(self, offenders: Iterable[str]) -> Self:
        """Return the same error with other offenders."""
        changed = copy(self)
        changed.offenders = tuple(offenders)
        return changed


class StudyError(CompendiumError):
    """Raised when a study's settings, codebook or places cannot be used."""


class TableError(CompendiumError):
    """Raised when a table is missing, unreadable, or lacks what every row must have."""


class CheckError(CompendiumError):
    """Raised when a critical expectation falls short or cannot be evaluated."""


class SourceError(CompendiumError):
    """Raised when a submission cannot be read, or differs from its restated segments."""


class CodedDataError(CompendiumError):
    """Raised when coded data cannot be imported or exported."""


class PlaceError(CompendiumError):
    """Raised when a place is unknown, or has no focus group to report on."""


class ParameterError(CompendiumError):
    """Raised when a notebook is given an unknown, missing or ill-typed parameter."""


class NotebookError(CompendiumError):
    """Raised when a cell of a notebook fails."""


class WorkerError(CompendiumError):
    """Raised when a process or a machine that does the work ends, or cannot be used."""


class StorageError(CompendiumError):
    """Raised when the disk is full, or a file may not be written."""


class PublishingError(CompendiumError):
    """Raised when a page may not be published."""


class InputsChangedError(PublishingError):
    """Raised when an input is written during a build."""


class ClaimError(CompendiumError):
    """Raised when a claim is unknown, repeated, or not supported by its segments."""


def closest(word: str, candidates: Iterable[str]) -> str:
    """Return a hint with the candidate closest to a word, or nothing.

    Examples
    --------
    >>> closest("stgma", ["stigma", "services"])
    ' (closest: stigma)'
    >>> closest("xyz", ["stigma"])
    ''
    """
    matches = difflib.get_close_matches(word, list(candidates), n=1)
    return f" (closest: {matches[0]})" if matches else ""


def count(number: int, noun: str) -> str:
    """Return a number of things in words.

    Examples
    --------
    >>> count(1, "finding"), count(1200, "row of the codebook")
    ('1 finding', '1,200 rows of the codebook')
    """
    first, space, rest = noun.partition(" of ")
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {first}s{space}{rest}"


def list_numbers(numbers: Iterable[int]) -> str:
    """Return numbers as a list, those that follow each other as ranges.

    Examples
    --------
    >>> list_numbers([1, 2, 3, 4, 7, 9, 10])
    '1 to 4, 7, 9, 10'
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = (f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
    return ", ".join(shown)


def describe_value(
    value: str,
    column: str,
    known: Iterable[str] = (),
    *,
    form: re.Pattern[str] = CODE_FORM,
) -> str:
    """Return how an error in the terminal names a value of a controlled column.

    A shifted row may put a name or a sentence there. So a value of another form that is close to no
    known one, or a long one, is named by its length alone.

    Parameters
    ----------
    value : str
        The value.
    column : str
        The column, or what kind of value it is.
    known : iterable of str, optional
        The values that are allowed; they are listed if they are few.
    form : re.Pattern, optional
        The form that values of the column have.

    Examples
    --------
    >>> describe_value("stgma", "code", ["stigma", "services"])
    "code 'stgma' (closest: stigma; allowed: stigma, services)"
    >>> describe_value("Grace said so", "code", ["stigma", "services"])
    'code of 13 characters (allowed: stigma, services)'
    """
    known = list(known)
    matches = difflib.get_close_matches(value, known, n=1) if len(value) <= LONGEST_VALUE else []
    allowed = ", ".join(known)
    hints = [f"closest: {match}" for match in matches]
    if 0 < len(allowed) <= _MOST_ALLOWED and known != matches:
        hints.append(f"allowed: {allowed}")
    is_shown = len(value) <= LONGEST_VALUE and (form.fullmatch(value) or matches)
    named = repr(value) if is_shown else f"of {len(value)} characters"
    return f"{column} {named}" + (f" ({'; '.join(hints)})" if hints else "")
