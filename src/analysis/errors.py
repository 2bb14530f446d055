"""The errors that a person can act on, each with its offenders and a remedy."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHOWN_OFFENDERS = 20


class CompendiumError(Exception):
    """Raised when something that a person can mend stops the work.

    Parameters
    ----------
    what : str
        What is wrong, in one sentence.
    offenders : sequence of str, optional
        Every offender, each with its file and row where it has one.
    expected : str, optional
        What was expected in its place.
    why : str, optional
        Why that is expected, where it does not speak for itself.
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
        told = (("Expected", self.expected), ("Why", self.why), ("What to do", self.remedy))
        lines = [f"{label}: {text}" for label, text in told if text]
        return "\n".join([self.what, *shown, *lines])


class StudyError(CompendiumError):
    """Raised when a study's settings, codebook or places cannot be used."""


class TableError(CompendiumError):
    """Raised when a table is missing, unreadable, or lacks what every row must have."""


class GuardError(CompendiumError):
    """Raised when a critical expectation falls short or cannot be evaluated."""


class SourceError(CompendiumError):
    """Raised when a submission cannot be read, or differs from its restated segments."""


class CodedDataError(CompendiumError):
    """Raised when coded data cannot be taken in, or given out."""


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
    """Raised when a page may not be published as it stands."""


class ClaimError(CompendiumError):
    """Raised when a claim is unknown, repeated, or not borne by its segments."""


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


def told_if_close(word: str, candidates: Iterable[str], otherwise: str) -> str:
    """Return a word that is misspelt, with the candidate closest to it, or else where it stands.

    What is close to no candidate may be a person's name, or what somebody said.

    Examples
    --------
    >>> told_if_close("stgma", ["stigma"], "code 1"), told_if_close("Grace", ["stigma"], "code 1")
    ('stgma (closest: stigma)', 'code 1')
    """
    hint = closest(word, candidates)
    return f"{word}{hint}" if hint else otherwise
