"""Files of submissions as they were sent, and what became of what they hold."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from analysis.importing.result import digest_of_file
from analysis.intake.account import Account, sum_accounts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.intake.focus_group import FocusGroup
    from analysis.intake.submission import Repair, Submission, Suspicion


@dataclass(frozen=True)
class SentFile:
    """A file as it was sent.

    Parameters
    ----------
    path : Path
        Where it is.
    content : bytes
        Its content.
    told : tuple of (Submission, FocusGroup)
        The submissions that it holds, each with the focus group that it tells of.
    """

    path: Path
    content: bytes
    told: tuple[tuple[Submission, FocusGroup], ...]

    @property
    def sha256(self) -> str:
        """Return the digest of its content."""
        return digest_of_file(self.content)


@dataclass(frozen=True)
class TakenIn:
    """A submission that was taken in.

    Parameters
    ----------
    focus_group : str
        The id that its focus group was given.
    raw : str
        What its file is called in ``raw/``.
    sent_as : str
        Where it stood in what was sent; told and never kept, for names of files name people.
    segments : int
        How many segments it has.
    consent : str
        What its focus group allows.
    account : Account
        What became of its items.
    repairs, suspicions, remainder
        What was mended, what looks wrong, and where something belongs to no question.
    """

    focus_group: str
    raw: str
    sent_as: str
    segments: int
    consent: str
    account: Account
    repairs: tuple[Repair, ...]
    suspicions: tuple[Suspicion, ...]
    remainder: tuple[str, ...]

    def kept(self) -> dict[str, Any]:
        """Return what is kept of this beside the file."""
        return {name: value for name, value in asdict(self).items() if name != "sent_as"}


def account_of(taken: Sequence[TakenIn]) -> Account:
    """Return the account of all that was taken in."""
    return sum_accounts(each.account for each in taken)
