"""Links between the pages of a release."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from analysis.errors import PublishingError
from analysis.publishing.html_reader import ATTRIBUTE, SPACE, find_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

LINKS = ".links.json"

_HREF = re.compile(
    rf"""<a(?:rea)?(?:{ATTRIBUTE})*?{SPACE}+href=(?:"([^"]+)"|'([^']+)')""", re.IGNORECASE
)
_INSIDE = re.compile(r"(?P<target>(?!\.\./)[^/:?#][^:?#]*)(?:\?[^#]*)?(?:#(?P<anchor>.*))?")


@dataclass(frozen=True)
class PageLinks:
    """Where the links of a page lead, and what others can lead to in it.

    Parameters
    ----------
    inside : set of (str, str)
        The files of the release that it links to, each with the id there, or none.
    ids : set of str
        Its own ids.
    """

    inside: set[tuple[str, str]]
    ids: set[str]


def write_links(folder: Path) -> None:
    """Write the links of the pages in a folder beside them, so that no release looks for them.

    Parameters
    ----------
    folder : Path
        The folder of a report.
    """
    found = {name: _find_links(html) for name, html in _pages(folder)}
    told = {name: [sorted(links.inside), sorted(links.ids)] for name, links in found.items()}
    (folder / LINKS).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def read_links(folder: Path) -> dict[str, PageLinks]:
    """Return the links of each page in a folder, as they stand beside them."""
    told = json.loads((folder / LINKS).read_text(encoding="utf-8"))
    return {
        name: PageLinks({(target, anchor) for target, anchor in inside}, set(ids))
        for name, (inside, ids) in told.items()
    }


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


def require_links(
    folder: Path, known: Mapping[str, PageLinks], *, made: Collection[str] | None = None
) -> list[BrokenLink]:
    """Return the links between pages of a release that lead nowhere and need not yet.

    Where only some reports were made anew, the others are as they were released before, or not
    there at all: a link from or to one of those may be broken until the whole study is built.

    Parameters
    ----------
    folder : Path
        The release with all its files; its pages were made by `render_page`.
    known : mapping of str to PageLinks
        The links of pages for which they need not be looked for.
    made : collection of str, optional
        The names of the reports that were made anew; all were without it.

    Raises
    ------
    PublishingError
        When any other link leads to a page or an id that is missing.
    """
    broken = sorted(_broken_links(folder, known))
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


def _broken_links(folder: Path, known: Mapping[str, PageLinks]) -> Iterator[BrokenLink]:
    unknown = {name: _find_links(html) for name, html in _pages(folder, without=known)}
    pages = {**known, **unknown}
    for page, links in pages.items():
        for target, anchor in links.inside:
            if target not in pages and not (folder / target).is_file():
                yield BrokenLink(page, target, "")
            elif anchor and target in pages and anchor not in pages[target].ids:
                yield BrokenLink(page, target, anchor)


def _pages(folder: Path, without: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    for path in folder.glob("*.html"):
        if path.name not in without:
            yield path.name, path.read_text(encoding="utf-8")


def _find_links(html: str) -> PageLinks:
    written = {double or single for double, single in _HREF.findall(html)}
    found = (_INSIDE.fullmatch(unescape(href)) for href in written)
    inside = {(link["target"], link["anchor"] or "") for link in found if link}
    return PageLinks(inside, find_ids(html))
