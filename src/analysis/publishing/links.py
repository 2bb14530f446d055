"""Links between the pages of a release."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from analysis.errors import PublishingError
from analysis.publishing.page_reading import ATTRIBUTE, SPACE, find_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_HREF = re.compile(
    rf"""<a(?:rea)?(?:{ATTRIBUTE})*?{SPACE}+href=(?:"([^"]+)"|'([^']+)')""", re.IGNORECASE
)
_INSIDE = re.compile(r"(?P<target>(?!\.\./)[^/:?#][^:?#]*)(?:\?[^#]*)?(?:#(?P<anchor>.*))?")


@dataclass(frozen=True, order=True)
class BrokenLink:
    """A link from one page of a release that leads nowhere.

    Parameters
    ----------
    page : str
        The page.
    target : str
        The file of the release that it leads to.
    anchor : str
        The id that is missing there; ``""`` where the file itself is missing.
    """

    page: str
    target: str
    anchor: str

    def __str__(self) -> str:
        return f"{self.page}: {self.target} " + (
            f"has no id {self.anchor}" if self.anchor else "is not there"
        )


def require_links(folder: Path, *, made: Collection[str] | None = None) -> list[BrokenLink]:
    """Return the links between pages of a release that lead nowhere and need not yet.

    Where only some reports were made anew, the others are as they were released before, or not
    there at all: a link from or to one of those may be broken until the whole study is built.

    Parameters
    ----------
    folder : Path
        The release with all its files; its pages were made by `render_page`.
    made : collection of str, optional
        The names of the reports that were made anew; all were without it.

    Raises
    ------
    PublishingError
        When any other link leads to a page or an id that is missing.
    """
    broken = sorted(_broken_links(folder))
    refused = [link for link in broken if made is None or _is_between(link, made)]
    if refused:
        raise PublishingError(
            "Links between pages of the release lead nowhere.",
            offenders=[str(link) for link in refused],
            expected="each page and each id that a page links to",
            remedy="link to what the reports show, or show what they link to",
        )
    return broken


def _is_between(link: BrokenLink, made: Collection[str]) -> bool:
    """Return whether a link leads from a report that was made to another one that was."""
    return all(name.partition(".")[0] in made for name in (link.page, link.target))


def _broken_links(folder: Path) -> Iterator[BrokenLink]:
    links, ids = {}, {}
    for path in folder.glob("*.html"):
        html = path.read_text(encoding="utf-8")
        links[path.name], ids[path.name] = _links_inside(html), find_ids(html)
    for page, found in links.items():
        for target, anchor in found:
            if target not in ids and not (folder / target).is_file():
                yield BrokenLink(page, target, "")
            elif anchor and anchor not in ids.get(target, {anchor}):
                yield BrokenLink(page, target, anchor)


def _links_inside(html: str) -> set[tuple[str, str]]:
    """Return the files of the release that a page links to, each with the id there, or none."""
    written = {double or single for double, single in _HREF.findall(html)}
    found = (_INSIDE.fullmatch(unescape(href)) for href in written)
    return {(link["target"], link["anchor"] or "") for link in found if link}
