"""Claims that many focus groups or segments bear: what bears them is listed apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.tables.bearings import ENDING, Bearings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from analysis.synthesis.claims import Claim

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

    def shorten(self, claim: Claim) -> Claim:
        """Return a claim without what bears it, where that is long and can be listed apart."""
        groups, segments = claim.focus_groups, claim.segments
        if self._file is None or max(len(groups), len(segments)) <= LISTED:
            return claim
        digest = self._bearings.add(claim.id, groups, segments)
        apart = Apart(f"{self._file.stem}{ENDING}", len(groups), len(segments), digest)
        return replace(claim, focus_groups=(), segments=(), apart=apart)

    def keep(self, claims: Iterable[str]) -> None:
        """Write what bears those of some claims that do not list it, by their ids, to the file."""
        if self._file is not None:
            self._bearings.write(self._file, claims)
