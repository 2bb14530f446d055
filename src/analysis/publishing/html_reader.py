"""HTML read so strictly that a browser can find no tag in it that was not checked.

Each ``<`` must start a tag of the plainest form that ends at the next ``>``, and tags must close in
turn. Comments, declarations, bare values, loose brackets and broken references are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import accumulate
from typing import TYPE_CHECKING

from analysis.errors import PublishingError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

DOCTYPE = "<!DOCTYPE html>"
VOID_ELEMENTS = frozenset(
    {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)

_SPACE = r"[ \t\n\r\f]"
_PAIR = rf"""{_SPACE}+[a-zA-Z][a-zA-Z0-9:_.-]*(?:="[^"]*"|='[^']*')?"""
_NAME = r"(?P<name>[a-zA-Z][a-zA-Z0-9-]*)"
_START = re.compile(rf"{_NAME}(?P<attributes>(?:{_PAIR})*){_SPACE}*(?P<slash>/?)")
_END = re.compile(rf"/{_NAME}{_SPACE}*")
_ATTRIBUTE = re.compile(rf"""{_SPACE}([a-zA-Z][^ \t\n\r\f=]*)(?:="([^"]*)"|='([^']*)')?""")
_ID = re.compile(r""" id="([^"]*)"[^<>]*>""")
_BROKEN_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)"
)
_INSIDE = re.compile(r"(?P<target>(?!\.\./)[^/:?#][^:?#]*)(?:\?[^#]*)?(?:#(?P<anchor>.*))?")


@dataclass(frozen=True, eq=False, slots=True)
class Tag:
    """A tag as a browser reads it; tags with the same source are one object.

    Parameters
    ----------
    source : str
        What is written between the brackets.
    name : str
        The element, in lower case.
    attributes : mapping of str to str
        Values by name in lower case, references replaced.
    depth : int
        What it adds to the number of open elements: 1, -1, or 0 where it has no content.
    """

    source: str
    name: str
    attributes: Mapping[str, str]
    depth: int

    def with_attribute(self, name: str, value: str) -> Tag:
        """Return the tag with one more attribute, the first one, whose value needs no escaping."""
        start, rest = self.source[: len(self.name)], self.source[len(self.name) :]
        attributes = {name: value, **self.attributes}
        return Tag(f'{start} {name}="{value}"{rest}', self.name, attributes, self.depth)


@dataclass(frozen=True)
class PageLinks:
    """The links of a page, and the ids that other pages can link to.

    Parameters
    ----------
    inside : set of (str, str)
        The files of the release that it links to, each with the id there, or none.
    ids : set of str
        Its own ids.
    """

    inside: set[tuple[str, str]]
    ids: set[str]


@dataclass(frozen=True)
class ParsedHtml:
    """Tags and texts of a page, or of a part of one, in order.

    Parameters
    ----------
    start : str
        What is written before the first tag: space, or the doctype.
    tags : sequence of Tag
        Each tag.
    texts : sequence of str
        The text after each tag as it is written, references and all.
    """

    start: str
    tags: Sequence[Tag]
    texts: Sequence[str]

    @property
    def parts(self) -> Iterable[tuple[Tag, str]]:
        """Each tag with the text after it."""
        return zip(self.tags, self.texts, strict=True)

    @cached_property
    def kinds(self) -> Collection[Tag]:
        """The tags, each once."""
        return dict.fromkeys(self.tags)

    @property
    def html(self) -> str:
        """The text that was parsed."""
        return self.start + "".join([f"<{tag.source}>{text}" for tag, text in self.parts])

    @cached_property
    def ids(self) -> set[str]:
        """The ids of its elements."""
        return {tag.attributes["id"] for tag in self.kinds if "id" in tag.attributes}

    @property
    def links(self) -> PageLinks:
        """Its links to other files of its folder, and its ids."""
        written = {
            tag.attributes["href"]
            for tag in self.kinds
            if tag.name in ("a", "area") and "href" in tag.attributes
        }
        found = (_INSIDE.fullmatch(href) for href in written)
        inside = {(link["target"], link["anchor"] or "") for link in found if link}
        return PageLinks(inside, self.ids)

    def find(self, chosen: Collection[Tag]) -> Iterator[tuple[int, Tag]]:
        """Yield the positions of chosen tags, with the tags."""
        if chosen:
            yield from ((at, tag) for at, tag in enumerate(self.tags) if tag in chosen)

    def lines(self) -> list[int]:
        """Return the line on which each tag starts, the first line being 1."""
        breaks = (tag.source.count("\n") + text.count("\n") for tag, text in self.parts)
        return [*accumulate(breaks, initial=1 + self.start.count("\n"))]

    def fill(self, element: str, content: ParsedHtml) -> ParsedHtml:
        """Return the page with content in the place of its only, empty element of a name."""
        at = next(at for at, tag in enumerate(self.tags) if tag.name == element)
        before, after = self.texts[at - 1] + content.start, self.texts[at + 1]
        filled = [before, *content.texts]
        filled[-1] += after
        return ParsedHtml(
            self.start,
            [*self.tags[:at], *content.tags, *self.tags[at + 2 :]],
            [*self.texts[: at - 1], *filled, *self.texts[at + 2 :]],
        )


def parse_html(html: str, page: str) -> ParsedHtml:
    """Return the tags and texts of a page.

    Parameters
    ----------
    html : str
        The page from doctype to end, or a part of one that starts with a tag.

    Raises
    ------
    PublishingError
        When it holds anything but text and plain tags that close in turn.

    Examples
    --------
    >>> parsed = parse_html('<p class="lead">Hope &amp; <br> work</p>', "Eastern Africa")
    >>> [(tag.name, tag.depth, text) for tag, text in parsed.parts]
    [('p', 1, 'Hope &amp; '), ('br', 0, ' work'), ('p', -1, '')]
    """
    doctype = DOCTYPE if html.startswith(DOCTYPE) else ""
    space, *pieces = html.removeprefix(doctype).split("<")
    tags: list[Tag] = []
    texts: list[str] = []
    parsed = ParsedHtml(doctype + space, tags, texts)
    try:
        _parse_pieces(space, pieces, tags, texts)
    except _UnreadableError as fault:
        raise PublishingError(
            f"The page “{page}” can't be published.",
            offenders=[f"line {parsed.lines()[-1]}: {fault}"],
            expected="text, and plain tags that are closed in turn",
            remedy="fix the notebook's output, or the text in it that was not escaped",
        ) from None
    return parsed


def find_ids(html: str) -> set[str]:
    """Return the ids on a page that was published, so that it need not be parsed again.

    Examples
    --------
    >>> find_ids('<p>An id="a" in text, and <em class="b" id="c">one in a tag</em>.</p>')
    {'c'}
    """
    return set(map(unescape, _ID.findall(html)))


class _UnreadableError(Exception):
    """Raised when a piece of a page is not plain."""


def _parse_pieces(space: str, pieces: Sequence[str], tags: list[Tag], texts: list[str]) -> None:
    """Add tag after tag with its text, so that the line of one that is refused is known."""
    if space.strip():
        raise _UnreadableError("text before the first tag")
    opened: list[str] = []
    known: dict[str, Tag] = {}
    for piece in pieces:
        source, bracket, text = piece.partition(">")
        tag = known.get(source)
        if tag is None:
            tag = known[source] = _parse_tag(source)
        if not bracket:
            raise _UnreadableError("a bracket that starts no tag")
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


def _parse_tag(source: str) -> Tag:
    """Return the tag that is written between two brackets."""
    if end := _END.fullmatch(source):
        return Tag(source, end["name"].lower(), {}, -1)
    start = _START.fullmatch(source)
    if start is None:
        raise _UnreadableError("a bracket that starts no plain tag")
    name = start["name"].lower()
    is_empty = bool(start["slash"]) or name in VOID_ELEMENTS
    return Tag(source, name, _parse_attributes(name, start["attributes"]), 0 if is_empty else 1)


def _parse_attributes(tag: str, source: str) -> Mapping[str, str]:
    if _BROKEN_REFERENCE.search(source):
        raise _UnreadableError(f"<{tag}> has a broken reference in an attribute")
    found = _ATTRIBUTE.findall(source)
    attributes = {key.lower(): unescape(double or single) for key, double, single in found}
    if len(attributes) < len(found):
        raise _UnreadableError(f"<{tag}> has an attribute twice")
    return attributes
