"""A submission as every reader returns it, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.intake.account import AccountLine

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class SourcePoint:
    """One point, sub-point, prose answer or lead-in of a submission, with its place in it.

    Parameters
    ----------
    section, question : str
        The cell of the template, in the instrument's ids.
    position : str
        ``3`` for a point, ``3a`` for a sub-point, ``p1`` for prose.
    role : str
        ``point``, ``subpoint``, ``prose`` or ``lead_in``.
    text : str
        Its wording without mark-up and bullet; that of a point excludes its sub-points.
    """

    section: str
    question: str
    position: str
    role: str
    text: str

    @property
    def cell(self) -> str:
        """Return the cell as ``section.question``."""
        return f"{self.section}.{self.question}"

    @property
    def place(self) -> str:
        """Return the place in the submission as ``section.question.position``."""
        return f"{self.cell}.{self.position}"


@dataclass(frozen=True)
class Repair:
    """One repair by a reader: the cell or fact, and the repair in words, without any text of it."""

    place: str
    what: str


@dataclass(frozen=True)
class Suspicion:
    """One thing that looks wrong and was left as it is, for a person to look at.

    It has the cell, the fact or the place in the file, and words that hold no text of it.
    """

    place: str
    what: str


@dataclass(frozen=True)
class Submission:
    """The content of one filled-in template.

    Parameters
    ----------
    facts : mapping of str to str
        Facts of the focus group by the instrument's ids, as worded in the submission.
    points : tuple of SourcePoint
        The answers, in the order of the submission.
    repairs : tuple of Repair
        Repairs on the way.
    remainder : tuple of str
        Places among the answers that belong to no cell, such as ``line 60``.
    source_sha256 : str
        The digest of the whole normalised text.
    language : str
        The language of its template, ISO 639.
    suspicions : tuple of Suspicion
        What looks wrong and was left as it is.
    account : AccountLine
        Where each item of the file went.
    where : str
        Its place in its file, where a file holds several: ``row 5``.
    """

    facts: Mapping[str, str]
    points: tuple[SourcePoint, ...]
    repairs: tuple[Repair, ...]
    remainder: tuple[str, ...]
    source_sha256: str
    language: str = "en"
    suspicions: tuple[Suspicion, ...] = ()
    account: AccountLine = field(default_factory=AccountLine)
    where: str = ""

    def place_in(self, file: str) -> str:
        """Return its place, in a file of that name."""
        return f"{file} {self.where}".strip()
