"""The answer to one question: its blocks put together, and its points numbered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from string import ascii_lowercase
from typing import TYPE_CHECKING

from analysis.errors import SourceError
from analysis.intake.lines import POINT, PROSE, SUBPOINT, Block
from analysis.intake.submission import SourcePoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEAD_IN = "lead_in"


@dataclass(frozen=True)
class Answer:
    """The answer to one question of the template."""

    section: str
    question: str
    """The cell, in the instrument's ids."""
    line: int
    """The line of the submission with the question."""
    blocks: tuple[Block, ...] = ()
    """Its paragraphs and list items so far."""
    place: str = ""
    """The place of the question in a format that has no lines."""

    @property
    def cell(self) -> str:
        """Return the cell as ``section.question``."""
        return f"{self.section}.{self.question}"

    def extend(self, blocks: Sequence[Block]) -> Answer:
        """Return the answer with more blocks."""
        return replace(self, blocks=(*self.blocks, *blocks))

    def join(self, blocks: Sequence[Block]) -> Answer:
        """Return the answer with more blocks, the first of which ends the last one here."""
        if not self.blocks or not blocks or blocks[0].role != PROSE:
            return self.extend(blocks)
        last, first = self.blocks[-1], blocks[0]
        joined = replace(last, text=f"{last.text} {first.text}")
        return replace(self, blocks=(*self.blocks[:-1], joined, *blocks[1:]))

    def is_cut_before(self, blocks: Sequence[Block]) -> bool:
        """Return whether the answer stops before the end of a sentence that the blocks continue."""
        if not self.blocks or not blocks:
            return False
        return self.blocks[-1].is_unfinished() and blocks[0].opens_in_mid_sentence()

    def ends_in_item(self) -> bool:
        """Return whether the answer stops in a list."""
        return bool(self.blocks) and self.blocks[-1].role != PROSE

    def points(self) -> tuple[SourcePoint, ...]:
        """Return the points of the answer with their positions.

        Prose that ends in a colon right above a list item is a lead-in. A sub-point with no point
        above it is a point.
        """
        return tuple(
            SourcePoint(self.section, self.question, position, role, block.text)
            for (position, role), block in zip(self._positions(), self.blocks, strict=True)
        )

    def _positions(self) -> Iterator[tuple[str, str]]:
        paragraphs = points = subpoints = 0
        has_point = False
        for block, below in zip_longest(self.blocks, self.blocks[1:]):
            if block.role == PROSE:
                paragraphs += 1
                yield f"p{paragraphs}", _prose_role(block, below)
            elif block.role == SUBPOINT and has_point:
                yield f"{points}{self._letter(subpoints)}", SUBPOINT
                subpoints += 1
            else:
                points, subpoints = points + 1, 0
                has_point = block.role == POINT
                yield str(points), POINT

    def _letter(self, subpoints: int) -> str:
        if subpoints == len(ascii_lowercase):
            raise SourceError(
                f"A point of {self.cell} has more than {len(ascii_lowercase)} sub-points.",
                offenders=[f"{self.place or f'line {self.line}'}: the answer to {self.cell}"],
                expected="sub-points a to z",
                remedy="split the point, or write the sub-points as points",
            )
        return ascii_lowercase[subpoints]


def _prose_role(block: Block, below: Block | None) -> str:
    is_above_list = below is not None and below.role != PROSE
    return LEAD_IN if is_above_list and block.text.endswith(":") else PROSE
