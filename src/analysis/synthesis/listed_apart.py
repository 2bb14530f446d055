"""Claims that many focus groups or segments bear: what bears them is listed apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.tables.bearings import ENDING, Bearings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

# More than a person would read beside a number.
LISTED = 150


@dataclass(frozen=True)
class Apart:
    """What bears a claim, where the claim itself does not list it.

    Parameters
    ----------
    file : str
        The file beside the report that lists it.
    focus_groups, segments : int
        How many they are.
    sha256 : str
        The digest of their ids.
    """

    file: str
    focus_groups: int
    segments: int
    sha256: str


class ListedApart:
    """What bears the long claims of a report.

    Parameters
    ----------
    file : Path or None
        The file that is to list it; without one each claim lists all.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._bearings = Bearings()

    def add(self, claim: str, focus_groups: Sequence[str], segments: Sequence[str]) -> Apart | None:
        """List what bears a claim apart where it is long, and return where; None elsewhere.

        Parameters
        ----------
        claim : str
            The id of the claim.
        focus_groups, segments : sequence of str
            What bears it.
        """
        if self._file is None or max(len(focus_groups), len(segments)) <= LISTED:
            return None
        digest = self._bearings.add(claim, focus_groups, segments)
        return Apart(f"{self._file.stem}{ENDING}", len(focus_groups), len(segments), digest)

    def keep(self, claims: Iterable[str]) -> None:
        """Write what bears those of some claims that do not list it, by their ids, to the file."""
        if self._file is not None:
            self._bearings.write(self._file, claims)
