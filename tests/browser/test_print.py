"""Reports on paper: pages of A4 with their numbers, few of them, and no row cut in two."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pdfplumber
import pytest

from built.checkout import built_root
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

A4 = (595, 842)
# What is within its margins, in pixels of 1/96 inch.
SHEET = {"width": 657, "height": 994}
MOST_PAGES = 20
# What must not be cut by the end of a page, as the browser computes it.
CUT = """() => [...document.querySelectorAll('main :is(tr, figure, .evidence-entry, .excerpt)')]
    .filter(part => getComputedStyle(part).breakInside !== 'avoid'
        && !part.matches('.evidence-entry:has(li:nth-child(20))'))
    .map(part => part.outerHTML.slice(0, 100))"""

HIDDEN_HINTS = """() => [...document.querySelectorAll('.hint')]
    .filter(hint => getComputedStyle(hint).display === 'none').map(hint => hint.textContent)"""


@pytest.fixture(scope="session")
def reports(request: pytest.FixtureRequest) -> Path:
    """Give the folder of the releases of all shipped studies."""
    return built_root(request, "shipped") / "reports"


def test_what_limits_a_number_is_printed(browser: Browser, request: pytest.FixtureRequest):
    """Who wrote the findings and what is withheld are printed, and so are shades of numbers."""
    page = browser.new_page()
    page.goto((built_root(request, "odd") / "reports" / STUDY / "esa.html").as_uri())
    page.emulate_media(media="print")
    hidden = page.evaluate(HIDDEN_HINTS)
    adjusted = page.evaluate(
        "getComputedStyle(document.querySelector('.heat td')).printColorAdjust"
    )
    page.close()

    assert [hint[:4] for hint in hidden] == ["Each"]
    assert adjusted == "exact"


def test_cards_are_printed_without_ids_of_claims(browser: Browser, request: pytest.FixtureRequest):
    """On a card, an id would be wider than the card; the report itself prints it."""
    page = browser.new_page()
    page.goto((built_root(request, "odd") / "reports" / STUDY / "index.html").as_uri())
    page.emulate_media(media="print")
    after = page.evaluate(
        """[...document.querySelectorAll('.card a[data-claim]')]
            .map(claim => getComputedStyle(claim, '::after').content)"""
    )
    page.close()

    assert set(after) == {"none"}


@pytest.mark.slow
def test_a_figure_fits_on_a_sheet_with_its_heading(browser: Browser, reports: Path):
    """The tallest figure, of agreement on each code, leaves room for its heading and its title."""
    page = browser.new_page(viewport=SHEET)
    page.goto((reports / "demo" / "coverage.html").as_uri())
    page.emulate_media(media="print")
    heights = page.evaluate(
        """[...document.querySelectorAll('.chart svg')]
            .map(figure => figure.getBoundingClientRect().height)"""
    )
    page.close()

    assert max(heights) < 0.8 * SHEET["height"]


@pytest.mark.slow
def test_a_report_of_thirteen_groups_is_at_most_twenty_pages(browser: Browser, reports: Path):
    """It is A4 with page numbers, and headline numbers have their ids; no row is cut."""
    page = browser.new_page()
    page.goto((reports / "demo" / "esa.html").as_uri())
    page.emulate_media(media="print")
    cut = page.evaluate(CUT)
    with pdfplumber.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        pages = len(printed.pages)
        sizes = {(round(each.width), round(each.height)) for each in printed.pages}
        texts = [each.extract_text() for each in printed.pages]
    page.close()

    assert (sizes, cut) == ({A4}, [])
    assert pages <= MOST_PAGES
    assert [f"{at} / {pages}" in text for at, text in enumerate(texts, start=1)] == [True] * pages
    assert "esa.prevalence." in texts[0]
