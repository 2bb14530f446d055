"""A submission line by line: what each format's reader yields, split into paragraphs and items.

Whatever format a submission has, its reader yields `TemplateLine`: a row of a table, or a paragraph
between tables. What a host wrote in it is a tuple of `Block`: read out of mark-up (`read_markup`),
or out of the paragraphs of a document (`read_paragraphs`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from analysis.intake.normalisation import (
    BLOCK_ELEMENTS,
    BLOCK_TAG,
    ENTITY,
    INLINE_TAG,
    POINT_GLYPHS,
    SUBPOINT_GLYPHS,
    raise_numbers,
    remove_emphasis,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PROSE = "prose"
POINT = "point"
SUBPOINT = "subpoint"
SENTENCE_ENDS = ".!?:;\u2026"
INDENT = 2
"""Spaces by which a bullet is indented, from which on it opens a sub-point."""

_LISTS = ("ul", "ol")
_PARAGRAPHS = ("p", "div", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LINE_BULLET = re.compile(r"^([ \t]*)[-*+](?:[ \t]+|$)", re.MULTILINE)
_GLYPH = re.compile(rf"(?:^|(?<=\s))([{POINT_GLYPHS}{SUBPOINT_GLYPHS}])")
_MARKUP = re.compile(f"({BLOCK_TAG.pattern}|{INLINE_TAG.pattern}|{ENTITY.pattern})", re.IGNORECASE)
_BULLET = re.compile(rf"\s*(?:[-*+](?:\s|$)|[{POINT_GLYPHS}{SUBPOINT_GLYPHS}])")

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
# Word writes the bullets of its symbol fonts as characters of private use.
_TYPED_POINT = re.compile(
    rf"^[{POINT_GLYPHS}\uf0b7\u00b7\uf0a7\u27a2\u2756\u2714\u2192]\s*|^[-*+\u2013\u2014]\s+"
)
_TYPED_SUBPOINT = re.compile(rf"^[{SUBPOINT_GLYPHS}\uf0a8]\s*")
_TYPED_NUMBER = re.compile(r"^\(?(\d{1,2})[.)]\s+")
_TYPED_LETTER = re.compile(r"^\(?([a-z])[.)]\s+")
_GLYPH_WITHIN = re.compile(rf"(?<=\s)([{POINT_GLYPHS}{SUBPOINT_GLYPHS}])\s+")


@dataclass(frozen=True)
class Block:
    """One paragraph (role ``prose``) or list item (``point``, ``subpoint``), as one line."""

    role: str
    text: str

    def is_unfinished(self) -> bool:
        """Return whether the text stops before the end of a sentence."""
        return self.text.rstrip("'\")]\u2019\u201d")[-1:] not in SENTENCE_ENDS

    def opens_in_mid_sentence(self) -> bool:
        """Return whether the text starts in lower case, and without a bullet."""
        letters = (character for character in self.text if character.isalpha())
        return self.role == PROSE and next(letters, "").islower()


@dataclass(frozen=True)
class TemplateLine:
    """One line of a submission that is not empty.

    Parameters
    ----------
    number : int
        Its number in the file, counted from 1.
    first, second : str
        The two cells of a row; ``second`` is empty for a line outside tables.
    is_row : bool
        Whether the line is a row of a table.
    follows_gap : bool, optional
        Whether an empty line, a rule or a page break is above it.
    where : str, optional
        Its place in a format that has no lines, such as ``table 2 row 3``.
    blocks : tuple of Block, optional
        The paragraphs and list items of its last cell; None where they are written as mark-up.
    continues : bool, optional
        Whether its first paragraph continues the one above a page break, where the layout shows it.
    is_running : bool, optional
        Whether it is printed on every page, as a header, a footer or a number.
    """

    number: int
    first: str
    second: str
    is_row: bool
    follows_gap: bool = False
    where: str = ""
    blocks: tuple[Block, ...] | None = None
    continues: bool | None = None
    is_running: bool = False

    @classmethod
    def of_block(cls, number: int, block: Block, where: str) -> TemplateLine:
        """Return the line of a paragraph between tables."""
        return cls(number, block.text, "", is_row=False, where=where, blocks=(block,))

    @property
    def place(self) -> str:
        """Return its place in the file."""
        return self.where or f"line {self.number}"

    @property
    def page_or_table(self) -> str:
        """Return the page or the table that it is on, in a format that has no lines."""
        return self.where.rpartition(" ")[0].rpartition(" ")[0]

    @cached_property
    def answer(self) -> tuple[Block, ...]:
        """Return the paragraphs and list items of its last cell."""
        if self.blocks is not None:
            return self.blocks
        return read_markup(self.second if self.is_row else self.first)

    @cached_property
    def items(self) -> int:
        """Return how many paragraphs and list items it has, in all of its cells."""
        return len(self.answer) + (len(read_markup(self.first)) if self.is_row else 0)

    @property
    def is_item(self) -> bool:
        """Return whether the line is an item of a list."""
        if self.is_row:
            return False
        if self.blocks is not None:
            return any(block.role != PROSE for block in self.blocks)
        return is_list_item(self.first)


def read_markup(markup: str) -> tuple[Block, ...]:
    """Return the paragraphs and list items of some mark-up; none of them is empty.

    An item has ``<li>`` (nested lists hold sub-points), a bullet glyph (``•`` opens a point, ``○``
    a sub-point) or a Markdown bullet (an indented one opens a sub-point). What only looks like a
    tag, as ``<script>`` or ``a < b``, is text.

    Examples
    --------
    >>> for block in read_markup("<p>We need:</p><ul> • Safety ○ at night • Health"):
    ...     print(block.role, "|", block.text)
    prose | We need:
    point | Safety
    subpoint | at night
    point | Health
    """
    parser = _MarkupParser()
    lines = _LINE_BREAK.sub("\n", raise_numbers(markup))
    parser.feed(_escape_text(_LINE_BULLET.sub(_to_glyph, lines)))
    parser.close()
    return tuple(parser.blocks())


def plain_text(markup: str) -> str:
    """Return the wording of some mark-up in one line.

    Examples
    --------
    >>> plain_text("<h2>OUR **PLANS**</h2>")
    'OUR PLANS'
    """
    return " ".join(block.text for block in read_markup(markup))


def is_list_item(line: str) -> bool:
    """Return whether a line of text starts with a bullet."""
    return _BULLET.match(line) is not None


def _to_glyph(bullet: re.Match[str]) -> str:
    glyphs = SUBPOINT_GLYPHS if len(bullet[1].expandtabs()) >= INDENT else POINT_GLYPHS
    return f"{glyphs[0]} "


def _escape_text(markup: str) -> str:
    """Escape all but known tags and complete entities."""
    pieces = re.split(_MARKUP, markup)
    return "".join(
        piece if _MARKUP.fullmatch(piece) else piece.replace("&", "&amp;").replace("<", "&lt;")
        for piece in pieces
    )


class _MarkupParser(HTMLParser):
    """Collects blocks, also of lists that are never closed, as converters write them in tables."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[Block] = [Block(PROSE, "")]
        self._depth = 0
        self._open_items = 0
        self._item_is_new = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _LISTS:
            self._depth += 1
        elif tag == "li":
            self._open_items += 1
            self._open(SUBPOINT if self._depth > 1 else POINT)
            self._item_is_new = True
        else:
            self._separate(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _LISTS:
            self._depth = max(0, self._depth - 1)
            if self._depth == 0:
                self._open_items = 0
                self._open(PROSE)
        elif tag == "li":
            self._open_items = max(0, self._open_items - 1)
        else:
            self._separate(tag)

    def handle_data(self, data: str) -> None:
        before, *rest = _GLYPH.split(data)
        self._add(before)
        for glyph, text in zip(rest[::2], rest[1::2], strict=True):
            if not self._item_is_new:
                self._open(POINT if glyph in POINT_GLYPHS else SUBPOINT)
            self._add(text)

    def blocks(self) -> Iterator[Block]:
        for block in self._found:
            text = remove_emphasis(" ".join(block.text.split()))
            if text:
                yield replace(block, text=text)

    def _separate(self, tag: str) -> None:
        """Separate paragraphs outside items, and words everywhere, where a tag does."""
        if tag in _PARAGRAPHS and not self._open_items:
            self._open(PROSE)
        elif tag in BLOCK_ELEMENTS:
            self._add(" ")

    def _open(self, role: str) -> None:
        self._found.append(Block(role, ""))
        self._item_is_new = False

    def _add(self, text: str) -> None:
        self._found[-1] = replace(self._found[-1], text=self._found[-1].text + text)
        self._item_is_new = self._item_is_new and not text.strip()


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a document: its text, of any number of lines, and its level in a list.

    The level is 0 for a point, and -1 for a paragraph outside of lists.
    """

    text: str
    level: int = -1


@dataclass
class ItemCounter:
    """The last typed number and letter that opened an item; 0 where none did."""

    number: int = 0
    letter: int = 0

    def open_item(self, text: str) -> tuple[str, str] | None:
        """Return role and words of a text that a typed number or letter opens, and count it.

        It follows the one above, or is the first of another list.
        """
        if (match := _TYPED_NUMBER.match(text)) and int(match[1]) in (1, self.number + 1):
            self.number, self.letter = int(match[1]), 0
            return POINT, text[match.end() :]
        if (match := _TYPED_LETTER.match(text)) and ord(match[1]) - ord("a") == self.letter:
            self.letter += 1
            return SUBPOINT, text[match.end() :]
        return None


def read_paragraphs(
    paragraphs: Iterable[Paragraph], counter: ItemCounter | None = None
) -> tuple[Block, ...]:
    """Return the blocks of a document's paragraphs; none of them is empty.

    A paragraph is an item when the document says so, or when it starts with a bullet, a dash, or a
    number that follows the one above. Indented and open bullets, and letters, open sub-points.

    Examples
    --------
    >>> [block.role for block in read_paragraphs([Paragraph("We need:"), Paragraph("1. time")])]
    ['prose', 'point']
    """
    counter = counter or ItemCounter()
    return tuple(
        block
        for paragraph in paragraphs
        for line in _lines_of(paragraph)
        for block in _blocks_of_line(line, paragraph.level, counter)
    )


def clean_text(text: str) -> str:
    r"""Return a text in one line, without invisible characters, and ligatures as letters.

    Examples
    --------
    >>> clean_text("of\ufb01ce  wa\u00adter")
    'office water'
    """
    for ligature, letters in _LIGATURES.items():
        text = text.replace(ligature, letters)
    return " ".join(text.translate(_INVISIBLE).split())


def _lines_of(paragraph: Paragraph) -> Iterator[str]:
    """Yield the items that somebody typed into a paragraph, or the paragraph as one line."""
    lines = [line for line in paragraph.text.split("\n") if line.strip()]
    if paragraph.level < 0 and any(_is_typed_item(line.strip()) for line in lines):
        yield from _join_items(lines)
    else:
        yield " ".join(lines)


def _join_items(lines: list[str]) -> Iterator[str]:
    """Yield each item with the lines below it that open none."""
    item = ""
    for line in lines:
        if _is_typed_item(line.strip()) or not item:
            if item:
                yield item
            item = line
        else:
            item = f"{item} {line.strip()}"
    yield item


def _is_typed_item(line: str) -> bool:
    opens = (_TYPED_POINT, _TYPED_SUBPOINT, _TYPED_NUMBER, _TYPED_LETTER)
    return any(pattern.match(line) for pattern in opens)


def _blocks_of_line(line: str, level: int, counter: ItemCounter) -> Iterator[Block]:
    stripped = line.strip()
    role, text = _role_of(stripped, level, len(line) - len(line.lstrip()), counter)
    first, *others = _GLYPH_WITHIN.split(text)
    if clean_text(first):
        yield Block(role, clean_text(first))
    for glyph, rest in zip(others[::2], others[1::2], strict=True):
        if clean_text(rest):
            yield Block(POINT if glyph in POINT_GLYPHS else SUBPOINT, clean_text(rest))


def _role_of(text: str, level: int, indent: int, counter: ItemCounter) -> tuple[str, str]:
    if level >= 0:
        for bullet in (_TYPED_POINT, _TYPED_SUBPOINT):
            text = bullet.sub("", text, count=1)
        return (SUBPOINT if level > 0 else POINT), text
    if match := _TYPED_SUBPOINT.match(text):
        return SUBPOINT, text[match.end() :]
    if match := _TYPED_POINT.match(text):
        return (SUBPOINT if indent >= INDENT else POINT), text[match.end() :]
    return counter.open_item(text) or (PROSE, text)
