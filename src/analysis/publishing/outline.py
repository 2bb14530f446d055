"""What a page can be linked to: its headings, its evidence and its segments."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

# The table of contents leaves out the headings inside of these.
ASIDES = frozenset({"article", "aside", "details", "figure", "nav", "table"})
CLOSE = '<a class="close" href="#closed">Close</a>'

_HEADING = re.compile(r"h[2-6]")
_SEPARATOR = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Heading:
    """A heading that the table of contents lists.

    Parameters
    ----------
    level : int
        2 or 3.
    id : str
        Its anchor.
    text : str
        Its words, without markup.
    """

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Outline:
    """The body of a page in which all that is worth a link has an anchor.

    Parameters
    ----------
    html : Markup
        The body, with an id on each heading and a way back from each sheet.
    headings : tuple of Heading
        The headings of levels 2 and 3 that are not inside of an aside, in their order.
    """

    html: Markup
    headings: tuple[Heading, ...]

    @property
    def sections(self) -> tuple[tuple[Heading, tuple[Heading, ...]], ...]:
        """The headings of level 2, each with those of level 3 below it."""
        starts = [at for at, heading in enumerate(self.headings) if heading.level == 2]
        ends = [*starts[1:], len(self.headings)]
        return tuple(
            (self.headings[start], self.headings[start + 1 : end])
            for start, end in zip(starts, ends, strict=False)
        )


def outline_body(html: str, *, taken: Collection[str] = ()) -> Outline:
    """Return a body with unique anchors, and its headings for the table of contents.

    Evidence (``article.bearing``) and listed segments (``li#segment-…``) become sheets: as the
    target of a link they lie over the page, so that a reader keeps the place. For this each can
    take the focus, and starts with a link that closes it.

    Parameters
    ----------
    html : str
        Well-formed HTML.
    taken : collection of str, optional
        Ids that the page around the body uses.

    Returns
    -------
    Outline
        The body and its headings.

    Examples
    --------
    >>> outline_body("<h2>What was heard</h2>").html
    Markup('<h2 id="what-was-heard">What was heard</h2>')
    """
    reader = _OutlineReader(html)
    ids = reader.ids | set(taken)
    insertions = list(reader.insertions)
    headings = []
    for found in reader.headings:
        anchor = found.id or _unique(slugify(found.text), ids)
        if not found.id:
            insertions.append((found.name_end, f' id="{escape(anchor)}"'))
        ids.add(anchor)
        if found.listed:
            headings.append(Heading(found.level, anchor, " ".join(found.text.split())))
    return Outline(Markup(_insert(html, insertions)), tuple(headings))  # noqa: S704


def slugify(text: str) -> str:
    """Return text as an anchor: lower-case words in plain letters, joined by hyphens.

    Examples
    --------
    >>> slugify("Où aller: CONTINUE, STOP")
    'ou-aller-continue-stop'
    >>> slugify("…")
    'section'
    """
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SEPARATOR.sub("-", letters.lower()).strip("-") or "section"


def _unique(slug: str, ids: Collection[str]) -> str:
    candidate, number = slug, 2
    while candidate in ids:
        candidate, number = f"{slug}-{number}", number + 1
    return candidate


def _insert(html: str, insertions: Sequence[tuple[int, str]]) -> str:
    pieces, done = [], 0
    for offset, added in sorted(insertions):
        pieces += [html[done:offset], added]
        done = offset
    return "".join([*pieces, html[done:]])


@dataclass
class _FoundHeading:
    level: int
    name_end: int
    id: str
    listed: bool
    text: str = ""


class _OutlineReader(HTMLParser):
    """Reads ids, headings and the starts of sheets in one pass."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: set[str] = set()
        self.headings: list[_FoundHeading] = []
        self.insertions: list[tuple[int, str]] = []
        self._open: _FoundHeading | None = None
        self._asides = 0
        self._line_starts = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        identifier = given.get("id") or ""
        self.ids.add(identifier)
        line, column = self.getpos()
        name_end = self._line_starts[line - 1] + column + len(f"<{tag}")
        if _HEADING.fullmatch(tag):
            level = int(tag[1])
            listed = not self._asides and level <= 3
            self._open = _FoundHeading(level, name_end, identifier, listed)
            self.headings.append(self._open)
        if _is_sheet(tag, identifier, (given.get("class") or "").split()):
            tag_end = name_end - len(f"<{tag}") + len(self.get_starttag_text() or "")
            self.insertions += [(name_end, ' tabindex="-1"'), (tag_end, CLOSE)]
        self._asides += tag in ASIDES

    def handle_endtag(self, tag: str) -> None:
        self._asides -= tag in ASIDES
        if _HEADING.fullmatch(tag):
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open.text += data


def _is_sheet(tag: str, identifier: str, classes: Sequence[str]) -> bool:
    if tag == "article":
        return "bearing" in classes
    return tag == "li" and identifier.startswith("segment-")
