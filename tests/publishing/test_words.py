from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.errors import PublishingError
from analysis.publishing import words
from analysis.publishing.rendering import Page
from analysis.publishing.words import publish_words

if TYPE_CHECKING:
    from pathlib import Path

PAGE = Page(
    "Eastern Africa",
    study_title="A study",
    synthetic=True,
    crumbs=(("All studies", "../index.html"), ("A study", "index.html"), ("Synthesis", None)),
    facts=(("Data as of", "today"),),
    provenance=(("Notebook", "03.ipynb"),),
    source_notebook="esa.ipynb",
)


def make_fragment(group: str, text: str = "Clinics close at 6.") -> str:
    listed = f'<li id="segment-{group}.1"><p>{text}</p></li>'
    return f'<h2>Group {group}</h2><ol class="segments">{listed}</ol>'


def publish(tmp_path: Path, **fragments: str) -> list[str]:
    left, release = tmp_path / "words" / "esa", tmp_path / "release"
    left.mkdir(parents=True)
    release.mkdir()
    for name, html in fragments.items():
        (left / f"{name.removeprefix('n')}.html").write_text(html, encoding="utf-8")
    publish_words(left, release, PAGE)
    return sorted(path.name for path in release.iterdir())


def test_each_fragment_becomes_a_page(tmp_path: Path):
    """Each fragment is a page under the name that the report links to, with its segments."""
    names = publish(tmp_path, n001=make_fragment("a"), n002=make_fragment("b"))

    assert names == ["esa.words-001.html", "esa.words-002.html"]
    page = (tmp_path / "release" / names[1]).read_text(encoding="utf-8")
    assert '<li tabindex="-1" id="segment-b.1">' in page


def test_page_tells_what_it_belongs_to(tmp_path: Path):
    """A page of segments names report, part and study, and says that its data are synthetic."""
    publish(tmp_path, n001=make_fragment("a"), n002=make_fragment("b"))

    page = (tmp_path / "release" / "esa.words-001.html").read_text(encoding="utf-8")
    told = (
        "<title>SYNTHETIC · Eastern Africa: segments, part 1 of 2 · A study</title>",
        "Content-Security-Policy",
        '<p class="synthetic-banner">',
        '<p class="kicker">Synthesis</p>',
        '<li><a href="index.html">A study</a></li>',
        '<li><a href="esa.html">Synthesis</a></li>',
        '<span aria-current="page">Segments, part 1 of 2</span>',
        "<dt>Notebook</dt><dd>03.ipynb</dd>",
    )
    assert [part for part in told if part not in page] == []
    assert "esa.ipynb" not in page


def test_pages_lead_on_and_back(tmp_path: Path):
    """Each page leads to the ones before and after it, in the order of their numbers."""
    publish(tmp_path, n2=make_fragment("b"), n10=make_fragment("c"), n1=make_fragment("a"))

    pages = [
        (tmp_path / "release" / f"esa.words-{part}.html").read_text(encoding="utf-8")
        for part in (1, 2, 10)
    ]
    ways = [re.findall(r'rel="(\w+)" href="esa.words-(\d+).html"', page) for page in pages]
    assert [sorted(set(found)) for found in ways] == [
        [("next", "2")],
        [("next", "10"), ("prev", "1")],
        [("prev", "2")],
    ]


def test_report_that_left_nothing_has_no_such_pages(tmp_path: Path):
    """Where a report holds all its segments itself, pages that it had before are deleted."""
    for name in ("esa.words-001.html", "esa.html", "wca.words-001.html"):
        (tmp_path / name).write_text("", encoding="utf-8")
    publish_words(tmp_path / "words" / "esa", tmp_path, PAGE)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["esa.html", "wca.words-001.html"]


@pytest.mark.parametrize(
    ("fragment", "told"),
    [
        (make_fragment("a", "<script>x()</script>"), "element <script>"),
        (make_fragment("a", "<p>never closed"), "</li> closes another element"),
        (make_fragment("a") + "<p>7 groups</p>", r"\[7\] groups"),
        ("<h4>Too deep</h4>", "heading of level 4"),
        (make_fragment("a") * 2, "id segment-a.1 is used twice"),
    ],
)
def test_page_is_held_to_what_reports_are(tmp_path: Path, fragment: str, told: str):
    """A page of segments is refused for all that a report is refused for."""
    with pytest.raises(PublishingError, match=told):
        publish(tmp_path, n001=fragment)


def test_page_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A page of segments beyond its limit is refused by its title, with its size."""
    monkeypatch.setattr(words, "WORDS_LIMIT", 10_000)

    with pytest.raises(PublishingError, match=r"segments, part 1 of 1: \d+,\d+ bytes"):
        publish(tmp_path, n001=make_fragment("a"))


def test_real_study_has_no_banner(tmp_path: Path):
    """A page of the segments of a real study never says synthetic."""
    left = tmp_path / "esa"
    left.mkdir()
    (left / "001.html").write_text(make_fragment("a"), encoding="utf-8")
    publish_words(left, tmp_path, replace(PAGE, synthetic=False))

    assert "SYNTHETIC" not in (tmp_path / "esa.words-001.html").read_text(encoding="utf-8")
