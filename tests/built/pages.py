"""Pages of a release as a reader's browser sees them: links, anchors, and the words at each."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
SEGMENT = "segment-"


@dataclass
class Page:
    """What is on a page."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    claims: list[tuple[str, str]] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    excerpts: list[tuple[str, str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    text: str = ""


class _Reader(HTMLParser):
    """Reads a page once."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[tuple[str, dict[str, str]]] = []
        self._quoted = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        page = self.page
        if "id" in given:
            page.ids.append(given["id"])
            page.words[given["id"]] = ""
        if "href" in given and tag == "a":
            page.links.append(given["href"])
            if self._inside("figcaption"):
                page.excerpts.append((given["href"], self._quoted))
        if "data-claim" in given:
            page.claims.append((given["data-claim"], given.get("href", "")))
        if tag == "tr":
            page.rows.append([])
        if tag in ("td", "th") and page.rows:
            page.rows[-1].append("")
        if tag == "blockquote":
            self._quoted = ""
        if tag not in VOID:
            self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if self._inside("style"):
            return
        self.page.text += data
        if self._inside("blockquote"):
            self._quoted += data
        if (self._inside("td") or self._inside("th")) and self.page.rows[-1:]:
            self.page.rows[-1][-1] += data
        for tag, given in self._open:
            if given.get("id", "").startswith(SEGMENT) and self._is_own(tag, given):
                self.page.words[given["id"]] += data

    def _inside(self, tag: str) -> bool:
        return any(name == tag for name, _ in self._open)

    def _is_own(self, tag: str, given: dict[str, str]) -> bool:
        """Return whether the words are a segment's own, not those on its source and codes."""
        below = self._open[self._open.index((tag, given)) + 1 :]
        return any(name == "p" and each.get("class") != "source" for name, each in below)


def read_page(path: Path) -> Page:
    """Return what is on a page."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return reader.page


def read_pages(folder: Path) -> dict[str, Page]:
    """Return each page below a folder, by its path there."""
    paths = sorted(folder.rglob("*.html"))
    return {path.relative_to(folder).as_posix(): read_page(path) for path in paths}


def broken_links(pages: dict[str, Page], folder: Path) -> list[str]:
    """Return the links within a folder that lead to no file, or to no anchor on a page."""
    return [
        f"{name}: {link}"
        for name, page in pages.items()
        for link in dict.fromkeys(page.links)
        if not _leads_somewhere(link, name, pages, folder)
    ]


def _leads_somewhere(link: str, name: str, pages: dict[str, Page], folder: Path) -> bool:
    parts = urlsplit(link)
    if parts.scheme:
        return parts.scheme in ("https", "mailto")
    target = (folder / name).parent / unquote(parts.path) if parts.path else folder / name
    if not target.is_file():
        return False
    found = pages.get(target.resolve().relative_to(folder.resolve()).as_posix())
    return not parts.fragment or (found is not None and unquote(parts.fragment) in found.ids)
