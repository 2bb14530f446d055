"""Checks of built pages, quick enough for hundreds of segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe

from browser.page_checks import AXE_OPTIONS, HEIGHT, WIDTHS, loading_problems

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

# Of a list, a table or the evidence, so many parts are checked: the others are made alike.
MOST_ALIKE = 5
OPEN_ALL = "document.querySelectorAll('details').forEach(part => { part.open = true })"
KEEP_SOME = """most => {
    for (const list of document.querySelectorAll('ol, ul, tbody, .evidence, .excerpts'))
        [...list.children].slice(most).forEach(part => part.remove());
}"""
# Nothing else that axe looks at depends on light or dark.
RULES_ON_COLOUR: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}


def report_problems(browser: Browser, path: Path) -> list[str]:
    """Return all that is wrong with a built page, its folded parts opened, at each width.

    Parameters
    ----------
    browser : Browser
        A launched browser.
    path : Path
        The page's file.

    Returns
    -------
    list of str
        Nothing, for a page that may be published.
    """
    return [
        *loading_problems(browser, path),
        *(problem for width in WIDTHS for problem in _problems_at(browser, path, width)),
    ]


def _problems_at(browser: Browser, path: Path, width: int) -> Iterator[str]:
    # The page's own policy forbids all scripts, and axe is one.
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT}, color_scheme="light", bypass_csp=True
    )
    page = context.new_page()
    page.goto(path.resolve().as_uri())
    page.evaluate(OPEN_ALL)
    taken = page.evaluate("document.documentElement.scrollWidth")
    if taken > width:
        yield f"{width} px: scrolls sideways to {taken} px"
    page.evaluate(KEEP_SOME, MOST_ALIKE)
    yield from _violations(page, AXE_OPTIONS, f"light, {width} px")
    page.emulate_media(color_scheme="dark")
    yield from _violations(page, RULES_ON_COLOUR, f"dark, {width} px")
    context.close()


def _violations(page: Page, options: dict[str, Any], where: str) -> Iterator[str]:
    for violation in Axe().run(page, options=options).response["violations"]:
        for node in violation["nodes"]:
            yield f"{where}: {violation['id']} at {node['html'][:160]}"
