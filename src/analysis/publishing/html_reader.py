"""A page read so strictly that a browser can find no tag in it that was not checked.

Each ``<`` must begin a tag of the plainest form that ends at the next ``>``, and tags must close in
turn. Comments, declarations, bare values, loose brackets and broken references are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from itertools import accumulate
from typing import TYPE_CHECKING

from analysis.errors import PublishingError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

DOCTYPE = "<!DOCTYPE html>"
VOID_ELEMENTS = frozenset(
    {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)

SPACE = r"[ \t\n\r\f]"
ATTRIBUTE = rf"""{SPACE}+[a-zA-Z][a-zA-Z0-9:_.-]*(?:="[^"]*"|='[^']*')?"""
# The name stands first: plain characters are found many times faster.
ID = re.compile(rf"""id(?<={SPACE}id)=(?:"([^"<>]*)"|'([^'<>]*)')""")

_NAME = r"(?P<name>[a-zA-Z][a-zA-Z0-9-]*)"
_START = re.compile(rf"{_NAME}(?P<attributes>(?:{ATTRIBUTE})*){SPACE}*(?P<slash>/?)")
_END = re.compile(rf"/{_NAME}{SPACE}*")
_ATTRIBUTE = re.compile(rf"""{SPACE}([a-zA-Z][^ \t\n\r\f=]*)(?:="([^"]*)"|='([^']*)')?""")
_BROKEN_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)"
)


@dataclass(frozen=True, eq=False, slots=True)
class Tag:
    """A tag as a browser reads it; of tags that are written alike there is one.

    Parameters
    ----------
    name : str
        The element, in lower case.
    attributes : mapping of str to str
        Values by name in lower case, references replaced.
    depth : int
        What it adds to the number of open elements: 1, -1, or 0 where it stands alone.
    """

    name: str
    attributes: Mapping[str, str]
    depth: int


@dataclass(frozen=True)
class PageReading:
    """What a page holds, in its order.

    Parameters
    ----------
    html : str
        The page.
    tags : sequence of Tag
        Each tag.
    texts : sequence of str
        The text after each tag as it is written, references and all.
    kinds : collection of Tag
        The tags, each once.
    """

    html: str
    tags: Sequence[Tag]
    texts: Sequence[str]
    kinds: Collection[Tag]

    @property
    def parts(self) -> Iterable[tuple[Tag, str]]:
        """Each tag with the text after it."""
        return zip(self.tags, self.texts, strict=True)

    def lines(self) -> list[int]:
        """Return the line on which each tag begins, the first line being 1."""
        return _lines(self.html)


def read_page(html: str, page: str) -> PageReading:
    """Return the tags and texts of a page.

    Parameters
    ----------
    html : str
        The page from doctype to end, or a part of one that begins with a tag.
    page : str
        Its title, for the message.

    Raises
    ------
    PublishingError
        When it holds anything but text and plain tags that close in turn.

    Examples
    --------
    >>> reading = read_page('<p class="lead">Hope &amp; <br> work</p>', "Eastern Africa")
    >>> [(tag.name, tag.depth, text) for tag, text in reading.parts]
    [('p', 1, 'Hope &amp; '), ('br', 0, ' work'), ('p', -1, '')]
    """
    tags: list[Tag] = []
    texts: list[str] = []
    known: dict[str, Tag] = {}
    try:
        _read_pieces(_pieces(html), tags, texts, known)
    except _UnreadableError as fault:
        raise PublishingError(
            f"The page “{page}” may not be published as it stands.",
            offenders=[f"line {_lines(html)[len(tags)]}: {fault}"],
            expected="text, and plain tags that are closed in turn",
            remedy="mend the notebook's output, or the text in it that was not escaped",
        ) from None
    return PageReading(html, tags, texts, known.values())


def find_ids(html: str) -> set[str]:
    """Return the ids of a page that `read_page` accepts, many times faster than it does."""
    return {unescape(double or single) for double, single in ID.findall(html)}


class _UnreadableError(Exception):
    """Raised when a piece of a page is not plain."""


def _pieces(html: str) -> list[str]:
    """Return what stands before each bracket that opens, and after the last one."""
    return html.removeprefix(DOCTYPE).split("<")


def _lines(html: str) -> list[int]:
    """Return the line at each bracket that opens a tag, and at the end."""
    return [*accumulate((piece.count("\n") for piece in _pieces(html)), initial=1)][1:]


def _read_pieces(
    pieces: Sequence[str], tags: list[Tag], texts: list[str], known: dict[str, Tag]
) -> None:
    """Add tag after tag with its text, so that where one is refused tells its line."""
    opened: list[str] = []
    if pieces[0].strip():
        raise _UnreadableError("text before the first tag")
    for piece in pieces[1:]:
        source, bracket, text = piece.partition(">")
        tag = known.get(source)
        if tag is None:
            tag = known[source] = _read_tag(source)
        if not bracket:
            raise _UnreadableError("a bracket that begins no tag")
        if tag.depth > 0:
            opened.append(tag.name)
        elif tag.depth < 0 and (not opened or opened.pop() != tag.name):
            raise _UnreadableError(f"</{tag.name}> closes another element")
        elif not tag.depth and tag.name not in VOID_ELEMENTS and "svg" not in opened:
            raise _UnreadableError(f"<{tag.name}> is closed by a slash")
        tags.append(tag)
        texts.append(text)
    if opened:
        raise _UnreadableError(f"<{opened[-1]}> is never closed")


def _read_tag(source: str) -> Tag:
    """Return the tag that is written between two brackets."""
    if end := _END.fullmatch(source):
        return Tag(end["name"].lower(), {}, -1)
    start = _START.fullmatch(source)
    if start is None:
        raise _UnreadableError("a bracket that begins no plain tag")
    name = start["name"].lower()
    alone = bool(start["slash"]) or name in VOID_ELEMENTS
    return Tag(name, _read_attributes(name, start["attributes"]), 0 if alone else 1)


def _read_attributes(tag: str, source: str) -> Mapping[str, str]:
    if _BROKEN_REFERENCE.search(source):
        raise _UnreadableError(f"<{tag}> has a broken reference in an attribute")
    found = _ATTRIBUTE.findall(source)
    attributes = {key.lower(): unescape(double or single) for key, double, single in found}
    if len(attributes) < len(found):
        raise _UnreadableError(f"<{tag}> has an attribute twice")
    return attributes
