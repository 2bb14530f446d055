from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import PublishingError
from analysis.publishing.links import (
    BrokenLink,
    PageLinks,
    read_links,
    require_links,
    write_links,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Links = Callable[[Path], dict[str, PageLinks]]

WORDS = '<ol><li id="segment-a.1"></li></ol>'


def write(folder: Path, **pages: str) -> Path:
    for name, html in pages.items():
        (folder / f"{name.replace('_words', '.words-001')}.html").write_text(html, encoding="utf-8")
    return folder


@pytest.fixture(params=["looked for", "known"])
def links(request: pytest.FixtureRequest) -> Links:
    """Tell the links of all pages, as reports leave them, or of none."""

    def known(folder: Path) -> dict[str, PageLinks]:
        if request.param == "looked for":
            return {}
        write_links(folder)
        return read_links(folder)

    return known


@pytest.mark.parametrize(
    "link",
    [
        '<a href="esa.words-001.html#segment-a.1">',
        "<A class='x' HREF='esa.words-001.html#segment-a&#46;1'>",
        '<a href="esa.words-001.html">',
        '<a href="esa.ipynb">',
        '<a href="../index.html#nowhere">',
        '<a href="#own">',
        '<a href="https://example.org/x.html#y">',
        '<a href="//example.org/x.html#y">',
        '<a href="mailto:a@example.org">',
        '<a title="see href=none.html" data-href="none.html" href="esa.html">',
        '<p title="href">href="none.html" &lt;a href="none.html"&gt;</p>',
    ],
)
def test_link_that_leads_somewhere_is_taken(tmp_path: Path, links: Links, link: str):
    """Links to ids and files of the release, out of it, and within the page are let be."""
    (tmp_path / "esa.ipynb").write_text("", encoding="utf-8")
    write(tmp_path, esa=link, esa_words=WORDS)

    assert require_links(tmp_path, links(tmp_path)) == []


@pytest.mark.parametrize(
    ("link", "offender"),
    [
        (
            '<a href="esa.words-001.html#segment-a.2">',
            "esa.html: esa.words-001.html has no id segment-a.2",
        ),
        (
            "<A class='x' HREF='esa.words-001.html#segment-b'>",
            "esa.html: esa.words-001.html has no id segment-b",
        ),
        ('<a href="esa.words-002.html#segment-a.1">', "esa.html: esa.words-002.html is not there"),
        ('<a href="downloads/x.csv">', "esa.html: downloads/x.csv is not there"),
        ('<area href="wca.html?a#b">', "esa.html: wca.html is not there"),
    ],
)
def test_link_that_leads_nowhere_is_refused(tmp_path: Path, links: Links, link: str, offender: str):
    """A link to an id or a file that the release lacks is refused, and told once."""
    write(tmp_path, esa=link * 2, esa_words=WORDS)

    with pytest.raises(PublishingError) as refused:
        require_links(tmp_path, links(tmp_path))

    assert refused.value.offenders == (offender,)


def test_links_to_and_from_reports_of_another_build_are_told(tmp_path: Path, links: Links):
    """Where only some reports were made, links to others, and from them, may be broken for now."""
    write(tmp_path, africa='<a href="esa.html#a"><a href="wca.html#b">', esa="", index="")
    (tmp_path / "coverage.html").write_text('<a href="africa.html#c">', encoding="utf-8")

    assert require_links(tmp_path, links(tmp_path), made=["africa"]) == [
        BrokenLink("africa.html", "esa.html", "a"),
        BrokenLink("africa.html", "wca.html", ""),
        BrokenLink("coverage.html", "africa.html", "c"),
    ]


def test_links_between_reports_that_were_made_are_held(tmp_path: Path, links: Links):
    """Where only some reports were made, links between these must hold, pages of segments too."""
    write(tmp_path, esa='<a href="esa.words-001.html#b"><a href="wca.html#c">', esa_words=WORDS)

    with pytest.raises(PublishingError) as refused:
        require_links(tmp_path, links(tmp_path), made=["esa"])

    assert refused.value.offenders == ("esa.html: esa.words-001.html has no id b",)


def test_page_that_is_not_known_is_looked_at(tmp_path: Path):
    """Where the links of some pages are known, those of the others are looked for."""
    write(tmp_path, esa='<a href="index.html#b">')
    write_links(tmp_path)
    write(tmp_path, index='<p id="b"></p><a href="esa.html#c">')

    with pytest.raises(PublishingError) as refused:
        require_links(tmp_path, read_links(tmp_path))

    assert refused.value.offenders == ("index.html: esa.html has no id c",)
