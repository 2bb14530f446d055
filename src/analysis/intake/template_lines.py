"""The lines of a submission: rows of tables, paragraphs, and the gaps between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.intake.grid_tables import cells_of, is_bar_row, unwrap_grids
from analysis.intake.limits import decode_text, read_limited, require_form
from analysis.intake.lines import PROSE, Block, read_blocks
from analysis.intake.markdown_marks import without_marks
from analysis.intake.normalisation import POINT_GLYPHS, SUBPOINT_GLYPHS
from analysis.intake.typed_items import Counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RULE = re.compile(r"[\s|:+=-]*(?:--|==)[\s|:+=-]*")
_BULLET = re.compile(rf"\s*(?:[-*+](?:\s|$)|[{POINT_GLYPHS}{SUBPOINT_GLYPHS}])")


@dataclass(frozen=True)
class TemplateLine:
    """One line of a submission that says something.

    Parameters
    ----------
    number : int
        Its number in the file, counted from 1.
    first, second : str
        The two cells of a row; ``second`` is empty for a line outside tables.
    is_row : bool
        Whether the line is a row of a table.
    follows_gap : bool
        Whether an empty line, a rule or a page break stands above it.
    where : str, optional
        Its place in a file that has no lines, such as ``table 2 row 3``.
    blocks : tuple of Block, optional
        The paragraphs and list items of its last cell, in a file that tells them by other means
        than mark-up.
    goes_on : bool, optional
        Whether its first paragraph goes on with what stands above a page break, where the layout
        tells that.
    is_running : bool, optional
        Whether it is printed on every page, as a header, a footer or a number.
    """

    number: int
    first: str
    second: str
    is_row: bool
    follows_gap: bool
    where: str = ""
    blocks: tuple[Block, ...] | None = None
    goes_on: bool | None = None
    is_running: bool = False

    @property
    def place(self) -> str:
        """Return its place in the file."""
        return self.where or f"line {self.number}"

    @property
    def part(self) -> str:
        """Return the page or the table that it stands on, in a file that has no lines."""
        return self.where.rpartition(" ")[0].rpartition(" ")[0]

    @cached_property
    def answer(self) -> tuple[Block, ...]:
        """Return the paragraphs and list items of its last cell."""
        if self.blocks is not None:
            return self.blocks
        return read_blocks(self.second if self.is_row else self.first)

    @cached_property
    def items(self) -> int:
        """Return how many paragraphs and list items it has."""
        return len(self.answer) + (len(read_blocks(self.first)) if self.is_row else 0)

    @property
    def is_item(self) -> bool:
        """Return whether the line is an item of a Markdown list."""
        if self.is_row:
            return False
        if self.blocks is not None:
            return any(block.role != PROSE for block in self.blocks)
        return _BULLET.match(self.first) is not None


def read_text(path: Path) -> str:
    """Return the text of a submission.

    Parameters
    ----------
    path : Path
        A text file in UTF-8.

    Returns
    -------
    str
        Its text, without byte order mark.

    Raises
    ------
    SourceError
        When there is no such file, it is something else than its name says, it is not UTF-8, or it
        is empty.
    """
    content = read_limited(path)
    require_form(path.name, content, ("text",))
    return decode_text(path.name, content)


def split_lines(text: str) -> Iterator[TemplateLine]:
    r"""Yield the lines of a text that say something, rows split into their two cells.

    Rows have a tab between their cells, or stand between bars (``| question | answer |``), in a
    grid table on several lines.

    Parameters
    ----------
    text : str
        The text of a submission.

    Yields
    ------
    TemplateLine
        In the order of the text, without empty lines and rules.

    Examples
    --------
    >>> [(line.number, line.first, line.second) for line in split_lines("Why?\tBecause.\n\nSo.")]
    [(1, 'Why?', 'Because.'), (3, 'So.', '')]
    """
    follows_gap = False
    counted = Counted()
    unwrapped = list(unwrap_grids(re.split(r"\r\n|\r|\n", text)))
    lines = without_marks("\n".join(line for _, line in unwrapped)).split("\n")
    for (number, _), line in zip(unwrapped, lines, strict=True):
        if not line.strip() or _RULE.fullmatch(line):
            follows_gap = True
            continue
        first, second, is_row = _split_row(line)
        opened = None if is_row else counted.opens(first.strip())
        if opened:
            yield _item(number, *opened, follows_gap=follows_gap)
        else:
            yield TemplateLine(number, first, second, is_row, follows_gap)
        counted = Counted() if is_row else counted
        follows_gap = False


def _item(number: int, role: str, markup: str, *, follows_gap: bool) -> TemplateLine:
    """Return a line that a typed number opens."""
    first, *others = read_blocks(markup) or (Block(role, ""),)
    blocks = (replace(first, role=role), *others)
    return TemplateLine(number, markup, "", is_row=False, follows_gap=follows_gap, blocks=blocks)


def _split_row(line: str) -> tuple[str, str, bool]:
    if is_bar_row(line):
        first, *others = (cell.replace("\\|", "|") for cell in cells_of(line))
        return first.strip(), " ".join(others).strip(), True
    first, tab, second = line.partition("\t")
    if not tab or _BULLET.match(line):
        return line.rstrip().replace("\\|", "|"), "", False
    return first.strip(), second.strip(), True
