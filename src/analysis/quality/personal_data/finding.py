"""What the scan finds: a kind, and where it stands in a folded text; never the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Finding:
    """Something that may identify a person.

    Parameters
    ----------
    kind : str
        The kind of it.
    start, end : int
        Where it stands in the folded text.
    """

    kind: str
    start: int
    end: int

    def overlaps(self, other: Finding) -> bool:
        """Return whether two findings share a sign of the text."""
        return self.start < other.end and other.start < self.end
