"""What a page can be linked to: its headings, its evidence and its segments."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.publishing.html_reader import ID, SPACE, find_ids

if TYPE_CHECKING:
    from collections.abc import Collection

# The table of contents leaves out the headings inside of these.
ASIDES = frozenset({"article", "aside", "details", "figure", "nav", "table"})
LISTED = frozenset({2, 3})
CLOSE = '<a class="close" href="#closed">Close</a>'

# Tags as `read_page` has them, in lower case; it refuses a page in which these find anything else.
_POINT = re.compile(
    r"<(?P<end>/?)(?P<name>h[2-6]|article|aside|details|figure|nav|table"
    rf"|li(?={SPACE}[^<>]*id=.segment-))(?P<attributes>(?:{SPACE}[^<>]*)?)>"
)
_CLASS = re.compile(rf"""{SPACE}class=(?:"([^"]*)"|'([^']*)')""")
_TAG = re.compile(r"<[^<>]*>")
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
    outliner = _Outliner(html, taken)
    outlined = _POINT.sub(outliner.outline, html)
    return Outline(Markup(outlined), tuple(outliner.headings))  # noqa: S704


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


class _Outliner:
    """Rewrites the tags that are worth a link, one after the other, and keeps the headings."""

    def __init__(self, html: str, taken: Collection[str]) -> None:
        self.headings: list[Heading] = []
        self._html = html
        self._ids = {*taken, *find_ids(html)}
        self._asides = 0

    def outline(self, point: re.Match[str]) -> str:
        """Return a tag as it is to stand in the page."""
        name = point["name"]
        if point["end"]:
            self._asides -= name in ASIDES
            return point[0]
        self._asides += name in ASIDES
        if name.startswith("h"):
            return self._outline_heading(point, int(name[1]))
        if _is_sheet(name, point["attributes"]):
            return f'<{name} tabindex="-1"{point["attributes"]}>{CLOSE}'
        return point[0]

    def _outline_heading(self, point: re.Match[str], level: int) -> str:
        end = self._html.find(f"</{point['name']}", point.end())
        text = unescape(_TAG.sub("", self._html[point.end() : end]))
        given = _value(ID.search(point["attributes"]))
        anchor = given or _unique(slugify(text), self._ids)
        self._ids.add(anchor)
        if level in LISTED and not self._asides:
            self.headings.append(Heading(level, anchor, " ".join(text.split())))
        return point[0] if given else f'<{point["name"]} id="{anchor}"{point["attributes"]}>'


def _is_sheet(name: str, attributes: str) -> bool:
    if name == "article":
        return "bearing" in _value(_CLASS.search(attributes)).split()
    return name == "li" and _value(ID.search(attributes)).startswith("segment-")


def _value(attribute: re.Match[str] | None) -> str:
    """Return the value of an attribute, or nothing where there is none."""
    return unescape(attribute[1] or attribute[2] or "") if attribute else ""
