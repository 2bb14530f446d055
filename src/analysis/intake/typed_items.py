"""Paragraphs of a document as blocks: items as its program marks them, or as people type them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.intake.lines import POINT, PROSE, SUBPOINT, Block
from analysis.intake.normalisation import POINT_GLYPHS, SUBPOINT_GLYPHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
# Word writes the bullets of its symbol fonts as characters of private use.
_POINT = re.compile(
    rf"^[{POINT_GLYPHS}\uf0b7\u00b7\uf0a7\u27a2\u2756\u2714\u2192]\s*|^[-*+\u2013\u2014]\s+"
)
_SUBPOINT = re.compile(rf"^[{SUBPOINT_GLYPHS}\uf0a8]\s*")
_NUMBER = re.compile(r"^\(?(\d{1,2})[.)]\s+")
_LETTER = re.compile(r"^\(?([a-z])[.)]\s+")
_IN_MIDST = re.compile(rf"(?<=\s)([{POINT_GLYPHS}{SUBPOINT_GLYPHS}])\s+")
INDENT = 2


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as a document has it.

    Parameters
    ----------
    text : str
        Its text, of any number of lines.
    level : int, optional
        Its level in a list, 0 for a point; -1 for a paragraph that is in none.
    """

    text: str
    level: int = -1


@dataclass
class Counted:
    """The last number and letter that opened an item.

    Parameters
    ----------
    number : int, optional
        The number; 0 where none did.
    letter : int, optional
        The letter, 1 for an a; 0 where none did since the number.
    """

    number: int = 0
    letter: int = 0

    def opens(self, text: str) -> tuple[str, str] | None:
        """Return the role and the words of a text that a number or a letter opens, and count it.

        It goes on from the one above, or is the first of another list.
        """
        if (match := _NUMBER.match(text)) and int(match[1]) in (1, self.number + 1):
            self.number, self.letter = int(match[1]), 0
            return POINT, text[match.end() :]
        if (match := _LETTER.match(text)) and ord(match[1]) - ord("a") == self.letter:
            self.letter += 1
            return SUBPOINT, text[match.end() :]
        return None


def blocks_of(paragraphs: Iterable[Paragraph], counted: Counted | None = None) -> tuple[Block, ...]:
    """Return paragraphs as blocks; none of them is empty.

    A paragraph is an item when the document says so, or when it begins with a bullet, a dash, or a
    number that goes on from the one above. Indented and open bullets, and letters, open sub-points.

    Parameters
    ----------
    paragraphs : iterable of Paragraph
        The paragraphs of one cell, or some between tables.
    counted : Counted, optional
        The numbers that opened items above them, where there may be some.

    Examples
    --------
    >>> [block.role for block in blocks_of([Paragraph("We need:"), Paragraph("1. time", -1)])]
    ['prose', 'point']
    """
    blocks: list[Block] = []
    counted = counted or Counted()
    for paragraph in paragraphs:
        for line in _lines_of(paragraph):
            blocks += _blocks_of_line(line, paragraph.level, counted)
    return tuple(blocks)


def clean(text: str) -> str:
    r"""Return a text in one line, without soft hyphens and other characters that are not seen.

    Ligatures become their letters; all else stays as it is.

    Examples
    --------
    >>> clean("of\ufb01ce  wa\u00adter")
    'office water'
    """
    for ligature, letters in _LIGATURES.items():
        text = text.replace(ligature, letters)
    return " ".join(text.translate(_UNSEEN).split())


_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}


def _lines_of(paragraph: Paragraph) -> Iterator[str]:
    """Yield the lines of a paragraph that each say something of their own."""
    lines = [line for line in paragraph.text.split("\n") if line.strip()]
    if paragraph.level < 0 and any(_is_typed(line.strip()) for line in lines):
        yield from _joined(lines)
    else:
        yield " ".join(lines)


def _joined(lines: list[str]) -> Iterator[str]:
    """Yield lines, those that open no item being put to the item above."""
    item = ""
    for line in lines:
        if _is_typed(line.strip()) or not item:
            if item:
                yield item
            item = line
        else:
            item = f"{item} {line.strip()}"
    yield item


def _is_typed(line: str) -> bool:
    return any(each.match(line) for each in (_POINT, _SUBPOINT, _NUMBER, _LETTER))


def _blocks_of_line(line: str, level: int, counted: Counted) -> Iterator[Block]:
    stripped = line.strip()
    role, text = _role_of(stripped, level, len(line) - len(line.lstrip()), counted)
    first, *others = _IN_MIDST.split(text)
    if clean(first):
        yield Block(role, clean(first))
    for glyph, rest in zip(others[::2], others[1::2], strict=True):
        if clean(rest):
            yield Block(POINT if glyph in POINT_GLYPHS else SUBPOINT, clean(rest))


def _role_of(text: str, level: int, indent: int, counted: Counted) -> tuple[str, str]:
    if level >= 0:
        for bullet in (_POINT, _SUBPOINT):
            text = bullet.sub("", text, count=1)
        return (SUBPOINT if level > 0 else POINT), text
    if match := _SUBPOINT.match(text):
        return SUBPOINT, text[match.end() :]
    if match := _POINT.match(text):
        return (SUBPOINT if indent >= INDENT else POINT), text[match.end() :]
    return counted.opens(text) or (PROSE, text)
