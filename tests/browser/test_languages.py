"""French and Portuguese reports in a real browser: for every reader, by keyboard, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from browser.report_checks import pages_to_open, report_problems
from browser.test_print import SHEET
from built.checkout import add_versions, built_once
from notebook_runs import write_language_root
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

LANGUAGES = ("fr", "pt")
REACHABLE = "a[href], summary, button, [tabindex='0']"
# Where each heading of a section starts, from the top of the page.
TOPS = """() => [...document.querySelectorAll('main h2')]
    .map(heading => heading.getBoundingClientRect().top + window.scrollY)"""
CUT_TABLES = """() => [...document.querySelectorAll('.table > table')]
    .filter(table => table.offsetWidth > table.parentElement.clientWidth + 1)
    .map(table => table.textContent.slice(0, 60))"""
COUNT_REACHABLE = f"""() => {{
    const shown = element => element.checkVisibility({{contentVisibilityAuto: true}});
    return [...document.querySelectorAll("{REACHABLE}")].filter(shown).length;
}}"""


@pytest.fixture(scope="session", params=LANGUAGES)
def release(request: pytest.FixtureRequest) -> Path:
    """Give the release of the tiny study in a language other than English."""

    def write(root: Path) -> Path:
        return add_versions(write_language_root(root, request.param))

    return built_once(request, f"in-{request.param}", write) / "reports" / STUDY


@pytest.mark.slow
def test_translated_pages_withstand_the_browser(browser: Browser, release: Path):
    """Axe finds nothing in any kind of page, light and dark, at 320 px (400 % zoom) and 1280 px."""
    pages = pages_to_open(release)
    found = {path.name: report_problems(browser, path) for path in pages}

    assert pages
    assert {name: problems for name, problems in found.items() if problems} == {}


@pytest.mark.slow
def test_tables_fit_on_paper(browser: Browser, release: Path):
    """No table is wider than what it is in on a sheet of A4, where nobody can scroll."""
    page = browser.new_page(viewport=SHEET)
    page.emulate_media(media="print")
    found = {}
    for path in sorted(release.glob("*.html")):
        page.goto(path.as_uri())
        found[path.name] = page.evaluate(CUT_TABLES)
    page.close()

    assert {name: cut for name, cut in found.items() if cut} == {}


@pytest.mark.slow
def test_pages_say_their_language(browser: Browser, release: Path):
    """The page and its table of contents are in the language of the study's reports."""
    language = release.parents[1].parent.name.removeprefix("in-")
    page = browser.new_page()
    found = {}
    for path in sorted(release.glob("*.html")):
        page.goto(path.as_uri())
        found[path.name] = page.evaluate("document.documentElement.lang")
    page.close()

    assert set(found.values()) == {language}


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 1280])
def test_keyboard_reaches_everything_in_order(browser: Browser, release: Path, width: int):
    """Tab alone reaches each link and each fold, and sections are read from top to bottom."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((release / "esa.html").as_uri())
    reached = 0
    for _ in range(page.evaluate(COUNT_REACHABLE)):
        page.keyboard.press("Tab")
        reached += page.evaluate(f"document.activeElement.matches(`{REACHABLE}`)")
    expected, tops = page.evaluate(COUNT_REACHABLE), page.evaluate(TOPS)
    page.close()

    assert reached == expected
    assert tops == sorted(tops)
