from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.publishing import rendering
from browser.page_checks import SCHEMES, WIDTHS, look_problems, page_problems
from browser.report_checks import report_problems
from publishing.mock_pages import make_pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

CLAIM = "esa.prevalence.services"
SHEETS = (CLAIM, "segment-ken-1.structures.concerns.4")
DEFECTS = """<!DOCTYPE html><html><head><title>Defects</title></head><body>
<script src="https://example.org/x.js"></script>
<p onclick="x()" style="width: 2000px; color: silver">Too wide</p></body></html>"""

FAINT = f"""<!DOCTYPE html><html lang="en"><head><title>Faint</title><style>
body {{ color: black; background: white }}
.own, .narrow {{ color: silver }} .box {{ background: #222 }}
.over {{ position: relative; height: 2em }} .over p {{ position: absolute; margin: 0 }}
.bar {{ position: absolute; width: 100%; height: 2em; background: #222 }}
@media (min-width: 600px) {{ .narrow {{ color: black }} }}
@media (prefers-color-scheme: dark) {{ .dark {{ color: silver }} }}
</style></head><body><main><h1>Faint</h1>
{'<div><p class="plain">plain</p></div>' * 30}
<div><p class="own">own</p></div>
<div class="box"><p class="plain">stands in</p></div>
<div class="over"><div class="bar"></div><p>hovers</p></div>
<div><p class="dark">dark alone</p></div>
<div><p class="narrow">narrow alone</p></div>
</main></body></html>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the mock pages."""
    folder = tmp_path_factory.mktemp("pages")
    for name, html in make_pages().items():
        (folder / name).write_text(html, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "name",
    [
        *("report.html", "report.words-002.html", "index.html", "study.html", "methods.html"),
        "quality.html",
    ],
)
def test_page_withstands_the_browser(browser: Browser, folder: Path, name: str):
    """A page is alone, runs nothing, can be read by everyone and never scrolls sideways."""
    problems = page_problems(browser, folder / name)

    assert problems == []


@pytest.mark.parametrize("anchor", SHEETS)
def test_open_sheet_can_be_read_by_everyone(browser: Browser, folder: Path, anchor: str):
    """A sheet that lies over the page has no axe violation, in light and in dark."""
    page = browser.new_page()
    page.goto(f"{(folder / 'report.html').as_uri()}#{anchor}")
    problems = list(look_problems(page, {320: SCHEMES}, parts=":target"))
    page.close()

    assert problems == []


@pytest.mark.parametrize("width", [1280, 320])
def test_number_opens_its_evidence_in_place(browser: Browser, folder: Path, width: int):
    """From a number to what it rests on and back, the page never moves."""
    page = browser.new_page(viewport={"width": width, "height": 640})
    page.goto((folder / "report.html").as_uri())
    number = page.locator(f'td [data-claim="{CLAIM}"]')
    number.scroll_into_view_if_needed()
    positions = [page.evaluate("scrollY")]
    for step in (number, page.locator(".close:visible")):
        step.click()
        positions.append(page.evaluate("scrollY"))
    closed = page.evaluate("location.hash")
    page.close()

    assert (len(set(positions)), closed) == (1, "#closed")


def test_sheet_takes_the_focus(browser: Browser, folder: Path):
    """The evidence of a number has the focus when it opens, and the first tab stop closes it."""
    page = browser.new_page()
    page.goto((folder / "report.html").as_uri())
    page.locator(f'td [data-claim="{CLAIM}"]').press("Enter")
    opened = page.evaluate("document.activeElement.id")
    page.keyboard.press("Tab")
    first_stop = page.evaluate("document.activeElement.className")
    page.close()

    assert (opened, first_stop) == (CLAIM, "close")


def test_synthetic_is_printed_on_every_sheet(browser: Browser, folder: Path):
    """In print the banner of a synthetic study is fixed, so that each sheet repeats it."""
    page = browser.new_page()
    page.emulate_media(media="print")
    page.goto((folder / "report.html").as_uri())
    position = page.evaluate(
        "getComputedStyle(document.querySelector('.synthetic-banner')).position"
    )
    page.close()

    assert position == "fixed"


def test_print_has_the_evidence_and_not_the_code(browser: Browser, folder: Path):
    """On paper the evidence stays, and what only serves the screen goes."""
    page = browser.new_page()
    page.emulate_media(media="print")
    page.goto((folder / "report.html").as_uri())
    selectors = (".evidence", ".segments", "details.code", ".contents", ".close", ".hint")
    seen = [page.locator(selector).first.is_visible() for selector in selectors]
    page.close()

    assert seen == [True, True, False, False, False, False]


def test_hostile_text_is_shown_as_text(browser: Browser, folder: Path):
    """A segment that holds a script is read, not run."""
    page = browser.new_page()
    page.goto((folder / "report.html").as_uri())
    title = page.title()
    shown = page.locator(f"#{SHEETS[1].replace('.', chr(92) + '.')} p").first.inner_text()
    page.close()

    assert (title.startswith("SYNTHETIC"), shown.startswith("<script>document.title")) == (
        True,
        True,
    )


@pytest.mark.parametrize("problems_of", [page_problems, report_problems])
def test_checks_find_what_they_look_for(
    browser: Browser, tmp_path: Path, problems_of: Callable[[Browser, Path], list[str]]
):
    """A page with a script, an outside request, an inline style and too much width is refused."""
    path = tmp_path / "defects.html"
    path.write_text(DEFECTS, encoding="utf-8")
    found = problems_of(browser, path)

    assert "requests https://example.org/x.js" in found
    assert {"holds script", "holds p with onclick", "holds p with style"} <= set(found)
    assert [each for each in found if each.startswith("320 px, scrolls sideways to ")]
    assert [each for each in found if each.startswith("320 px, html-has-lang")]
    assert [each for each in found if each.startswith("1280 px, light, color-contrast")]


def test_colours_of_every_kind_of_text_are_looked_at(browser: Browser, tmp_path: Path):
    """What is faint by its own style or what it is in is found, after however much that is not.

    So is what is faint at one width or in one scheme alone, or over something without words.
    """
    path = tmp_path / "faint.html"
    path.write_text(FAINT, encoding="utf-8")
    found = [each for each in report_problems(browser, path) if "color-contrast" in each]

    listed = {
        name: {each.partition(", color")[0] for each in found if f"{name}</p>" in each}
        for name in ("own", "stands in", "hovers", "dark alone", "narrow alone", "plain")
    }
    everywhere = {f"{width} px, {scheme}" for width in WIDTHS for scheme in SCHEMES}
    assert listed == {
        "own": everywhere,
        "stands in": everywhere,
        "hovers": everywhere,
        "dark alone": {f"{width} px, dark" for width in WIDTHS},
        "narrow alone": {f"320 px, {scheme}" for scheme in SCHEMES},
        "plain": set(),
    }


def shown_passages(page: Page) -> list[str]:
    """Return the ids of the passages that can be seen."""
    return page.evaluate(
        "[...document.querySelectorAll('.segments > li')]"
        ".filter(passage => passage.checkVisibility()).map(passage => passage.id)"
    )


def test_passages_are_filtered_at_once(browser: Browser, folder: Path):
    """Words, questions and topics choose among the passages, and the status says how many."""
    page = browser.new_page()
    page.goto((folder / "report.words-002.html").as_uri())
    every = shown_passages(page)
    page.get_by_label("Question").select_option("hope")
    hope = shown_passages(page)
    page.get_by_label("Code").select_option("criminalization")
    both = shown_passages(page)
    page.get_by_label("Words").fill("SAVINGS b\u00f3x")
    none = shown_passages(page), page.get_by_role("status").inner_text()
    page.get_by_role("button", name="Show all").click()
    again = shown_passages(page)
    page.close()

    assert (len(every), len(hope), len(both)) == (12, 8, 4)
    assert (none, again) == (([], "Passages shown: 0 of 12"), every)


def test_link_to_a_topic_filters_its_passages(browser: Browser, folder: Path):
    """A link with a topic opens the passages about it alone; one that is unknown, all."""
    address = (folder / "report.words-002.html").as_uri()
    page = browser.new_page()
    counts = []
    for query in ("?code=criminalization", "?theme=legal-environment", "?code=unknown", ""):
        page.goto(f"{address}{query}")
        counts.append(len(shown_passages(page)))
    page.close()

    assert counts == [6, 6, 12, 12]


def test_page_that_leads_to_passages_hands_on_what_was_chosen(browser: Browser, folder: Path):
    """Where a study has too many passages for one page, links keep the topic of a link to it."""
    body = '<p><a href="report.words-002.html">Kenya</a></p>'
    html = rendering.render_page(body, rendering.Page("Passages"), filtered=True).html
    (folder / "explorer.html").write_text(html, encoding="utf-8")
    page = browser.new_page()
    page.goto(f"{(folder / 'explorer.html').as_uri()}?code=criminalization")
    page.get_by_role("link", name="Kenya").click()
    shown = len(shown_passages(page))
    page.close()

    assert shown == 6


def test_every_passage_is_there_without_script(browser: Browser, folder: Path):
    """Where no script runs, all passages are listed, and there is nothing to filter them by."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "report.words-002.html").as_uri())
    shown = page.locator(".segments > li:visible").count(), page.locator(".filters").is_visible()
    context.close()

    assert shown == (12, False)
