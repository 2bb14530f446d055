"""Every page of every built study, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.publishing.templates import TEMPLATES
from browser.page_checks import OPEN_ALL
from browser.report_checks import pages_to_open, report_problems
from built.checkout import STUDIES, built_root
from publishing.mock_fragments import HOSTILE
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

# Words of up to 20 letters that are on more than one line.
CUT_WORDS = r"""() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange(), cut = new Set();
    // A phone hides the headings of columns; each number has its own.
    const HIDDEN = "code, svg, style, script, .table:not(.heat-table) thead";
    while (texts.nextNode()) {
        if (texts.currentNode.parentElement.closest(HIDDEN)) continue;
        for (const word of texts.currentNode.data.matchAll(/\p{L}{4,20}/gu)) {
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            if (range.getClientRects().length > 1) cut.add(word[0]);
        }
    }
    return [...cut];
}"""
HOSTILE_SEGMENT = "[id='segment-ken.1'] > p"


@pytest.fixture(scope="session")
def reports(request: pytest.FixtureRequest) -> Path:
    """Give the folder of the releases of all shipped studies."""
    return built_root(request, "shipped") / "reports"


@pytest.fixture(scope="session")
def hostile(request: pytest.FixtureRequest) -> Path:
    """Give the release of a study whose words and names hold scripts and markup."""
    return built_root(request, "odd") / "reports" / STUDY


def problems_of(browser: Browser, paths: list[Path]) -> dict[str, list[str]]:
    """Return what is wrong with each page that something is wrong with."""
    found = {path.name: report_problems(browser, path) for path in paths}
    return {name: problems for name, problems in found.items() if problems}


@pytest.mark.slow
@pytest.mark.parametrize("study", STUDIES)
def test_every_page_withstands_the_browser(browser: Browser, reports: Path, study: str):
    """Each kind of page is alone, runs nothing, and can be read by everyone at any width."""
    pages = pages_to_open(reports / study)

    assert pages
    assert problems_of(browser, pages) == {}


@pytest.mark.slow
def test_pages_are_small(reports: Path):
    """A regional report has at most 250 kB, a continental one 400 kB, and no page a megabyte."""
    sizes = {path.name: path.stat().st_size for path in (reports / "demo").glob("*.html")}

    assert sizes["esa.html"] <= 250_000
    assert sizes["africa.html"] <= 400_000
    assert {name: size for name, size in sizes.items() if size > 1_000_000} == {}


@pytest.mark.parametrize("which", [pytest.param("shipped", marks=pytest.mark.slow), "odd"])
def test_index_withstands_the_browser(
    browser: Browser, request: pytest.FixtureRequest, which: str
) -> None:
    """The index of all studies is alone, runs nothing, and can be read by everyone."""
    index = built_root(request, which) / "reports" / "index.html"

    assert report_problems(browser, index) == []


@pytest.mark.parametrize(
    "name",
    [
        "esa",
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in (
                *("africa", "coverage", "index", "quality", "methods"),
                *("explorer", "codebook", "matrix", "esa.evidence"),
            )
        ),
    ],
)
def test_hostile_words_withstand_the_browser(browser: Browser, hostile: Path, name: str):
    """Words and names that hold scripts and markup change nothing of a page."""
    assert report_problems(browser, hostile / f"{name}.html") == []


@pytest.mark.slow
def test_no_word_is_cut_on_a_phone(browser: Browser, reports: Path) -> None:
    """At 360 px each word of the reports is on one line, in tables and their headings too."""
    page = browser.new_page(viewport={"width": 360, "height": 800})
    found = {}
    for name in ("esa", "africa", "coverage", "matrix", "index"):
        page.goto((reports / "demo" / f"{name}.html").as_uri())
        page.evaluate(OPEN_ALL)
        found[name] = page.evaluate(CUT_WORDS)
    page.close()

    assert {name: cut for name, cut in found.items() if cut} == {}


def test_numbers_beside_words_from_right_to_left_stay_whole(browser: Browser) -> None:
    """After an Arabic name, "5 of 7" is read from left to right, and an Arabic passage isn't."""
    sheet = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    page = browser.new_page()
    page.set_content(
        f"<style>{sheet}</style><main><p>\u0623\u0635\u0648\u0627\u062a, "
        "<a data-claim='a' href='#'>5 <i>of 7</i></a> groups.</p>"
        "<blockquote><p>\u0644\u0627 \u0623\u062d\u062f.</p></blockquote></main>"
    )
    number, rest = (page.locator(each).bounding_box() for each in ("a", "i"))
    direction = page.evaluate(
        """() => {
            const range = document.createRange(), words = document.querySelector("blockquote p");
            range.selectNodeContents(words);
            return range.getBoundingClientRect().right - words.getBoundingClientRect().right;
        }"""
    )
    page.close()

    assert number is not None
    assert rest is not None
    assert number["x"] < rest["x"]
    assert abs(direction) < 1


@pytest.mark.parametrize("width", [320, 1280])
def test_words_without_a_break_stay_within_the_page(
    browser: Browser, hostile: Path, width: int
) -> None:
    """Names, titles and texts of 82 characters in one piece make no page scroll sideways."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    found = {}
    for path in sorted(hostile.parent.rglob("*.html")):
        page.goto(path.as_uri())
        page.evaluate(OPEN_ALL)
        found[path.name] = page.evaluate("document.documentElement.scrollWidth")
    page.close()

    assert {name: taken for name, taken in found.items() if taken > width} == {}


def test_hostile_words_are_read_as_they_are(browser: Browser, hostile: Path):
    """A segment of scripts, markup, Markdown and LaTeX is shown as the text it is, and not run."""
    page = browser.new_page()
    page.goto((hostile / "esa.words-001.html").as_uri())
    shown = page.locator(HOSTILE_SEGMENT).first.text_content()
    links = page.locator("a[href^='javascript:' i]").count()
    title = page.title()
    page.close()

    assert (shown, links, title == "run") == (HOSTILE, 0, False)
