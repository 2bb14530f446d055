"""The paragraphs and list items of an answer, out of HTML, Markdown or bullet glyphs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from analysis.intake.normalisation import (
    BLOCK_ELEMENTS,
    BLOCK_TAG,
    ENTITY,
    INLINE_TAG,
    POINT_GLYPHS,
    SUBPOINT_GLYPHS,
    remove_emphasis,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

PROSE = "prose"
POINT = "point"
SUBPOINT = "subpoint"
SENTENCE_ENDS = ".!?:;\u2026"

_LISTS = ("ul", "ol")
_PARAGRAPHS = ("p", "div", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LINE_BULLET = re.compile(r"^([ \t]*)[-*+](?:[ \t]+|$)", re.MULTILINE)
_GLYPH = re.compile(rf"(?:^|(?<=\s))([{POINT_GLYPHS}{SUBPOINT_GLYPHS}])")
_MARKUP = re.compile(f"({BLOCK_TAG.pattern}|{INLINE_TAG.pattern}|{ENTITY.pattern})", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """One paragraph (``prose``) or list item (``point``, ``subpoint``) of an answer.

    Parameters
    ----------
    role : str
        ``prose``, ``point`` or ``subpoint``.
    text : str
        Its wording, without mark-up and bullet, in one line.
    """

    role: str
    text: str

    def is_unfinished(self) -> bool:
        """Return whether the text stops before the end of a sentence."""
        return self.text.rstrip("'\")]\u2019\u201d")[-1:] not in SENTENCE_ENDS

    def opens_in_mid_sentence(self) -> bool:
        """Return whether the text begins like the middle of a sentence, and without a bullet."""
        letters = (character for character in self.text if character.isalpha())
        return self.role == PROSE and next(letters, "").islower()


def read_blocks(markup: str) -> tuple[Block, ...]:
    """Return the paragraphs and list items of a stretch of an answer.

    Items are told by ``<li>`` (nested lists hold sub-points), by a bullet glyph (``•`` opens a
    point, ``○`` a sub-point) or by a Markdown bullet (an indented one opens a sub-point). What
    looks like a tag and is none, as ``<script>`` or ``a < b``, is text.

    Parameters
    ----------
    markup : str
        A table cell, or lines of Markdown.

    Returns
    -------
    tuple of Block
        In the order of the text; none is empty.

    Examples
    --------
    >>> for block in read_blocks("<p>We need:</p><ul> • Safety ○ at night • Health"):
    ...     print(block.role, "|", block.text)
    prose | We need:
    point | Safety
    subpoint | at night
    point | Health
    """
    cell = _AnswerCell()
    lines = _LINE_BREAK.sub("\n", markup)
    cell.feed(_shield(_LINE_BULLET.sub(_to_glyph, lines)))
    cell.close()
    return tuple(cell.blocks())


def plain_text(markup: str) -> str:
    """Return the wording of a stretch of mark-up in one line.

    Examples
    --------
    >>> plain_text("<h2>OUR **PLANS**</h2>")
    'OUR PLANS'
    """
    return " ".join(block.text for block in read_blocks(markup))


def _to_glyph(bullet: re.Match[str]) -> str:
    glyphs = SUBPOINT_GLYPHS if len(bullet[1].expandtabs()) >= 2 else POINT_GLYPHS
    return f"{glyphs[0]} "


def _shield(markup: str) -> str:
    """Escape all that is neither a tag of ours nor a complete entity."""
    pieces = re.split(_MARKUP, markup)
    return "".join(
        piece if _MARKUP.fullmatch(piece) else piece.replace("&", "&amp;").replace("<", "&lt;")
        for piece in pieces
    )


class _AnswerCell(HTMLParser):
    """Collects blocks; lists that are never closed, as in converted tables, do no harm."""

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
            self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _LISTS:
            self._depth = max(0, self._depth - 1)
            if self._depth == 0:
                self._open_items = 0
                self._open(PROSE)
        elif tag == "li":
            self._open_items = max(0, self._open_items - 1)
        else:
            self._part(tag)

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

    def _part(self, tag: str) -> None:
        """Keep apart what a tag parts: paragraphs outside items, words everywhere."""
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
