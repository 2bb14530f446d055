"""What every published page must withstand in a real browser."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Playwright

WIDTHS = (1280, 320)
SCHEMES = ("light", "dark")
HEIGHT = 900
AXE_OPTIONS: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
COUNT_ACTIVE_PARTS = """() => [...document.querySelectorAll('*')].flatMap(element => [
    ...(element.matches('script, iframe, object, embed, form') ? [element.localName] : []),
    ...[...element.attributes]
        .filter(({name, value}) => name === 'style' || /^on/.test(name)
            || /^\\s*javascript:/i.test(value))
        .map(({name}) => `${element.localName} with ${name}`),
])"""


def find_chromium() -> str | None:
    """Return the path of the machine's own Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def launch_browser(playwright: Playwright, chromium: str) -> Browser:
    """Return a headless Chromium that runs without a screen and inside containers."""
    return playwright.chromium.launch(
        executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
    )


def page_problems(browser: Browser, path: Path) -> list[str]:
    """Return all that is wrong with a page, at each width, in light and in dark.

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
        *(problem for width in WIDTHS for problem in sideways_scroll(browser, path, width=width)),
        *(
            f"{scheme}, {width} px: {problem}"
            for scheme in SCHEMES
            for width in WIDTHS
            for problem in axe_violations(browser, path, scheme=scheme, width=width)
        ),
    ]


def loading_problems(browser: Browser, path: Path) -> list[str]:
    """Return requests beyond the file itself, messages on the console, and what could run."""
    problems: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    address = path.resolve().as_uri()
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, "data:"))
            else problems.append(f"requests {request.url}")
        ),
    )
    page.on("console", lambda message: problems.append(_describe(message)))
    page.on("pageerror", lambda error: problems.append(f"throws {error}"))
    page.goto(address, wait_until="networkidle")
    problems += [f"holds {part}" for part in page.evaluate(COUNT_ACTIVE_PARTS)]
    context.close()
    return problems


def sideways_scroll(browser: Browser, path: Path, *, width: int) -> list[str]:
    """Return by how much a page is wider than its window."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHT})
    page = context.new_page()
    page.goto(path.resolve().as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    taken = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    return [f"{width} px: scrolls sideways to {taken} px"] if taken > width else []


def axe_violations(
    browser: Browser, path: Path, *, scheme: str, width: int, anchor: str = ""
) -> list[str]:
    """Return what axe holds against a page: the rule, where, and why.

    Parameters
    ----------
    browser : Browser
        A launched browser.
    path : Path
        The page's file.
    scheme : str
        ``light`` or ``dark``.
    width : int
        Of the window, in CSS pixels.
    anchor : str, optional
        What is open: the id of an evidence or a segment.

    Returns
    -------
    list of str
        One for each rule and place.
    """
    # The page's own policy forbids all scripts, and axe is one.
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(path.resolve().as_uri() + (f"#{anchor}" if anchor else ""))
    found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    context.close()
    return list(_describe_violations(found))


def _describe(message: ConsoleMessage) -> str:
    return f"says on the console: {message.text}"


def _describe_violations(violations: list[dict[str, Any]]) -> Iterator[str]:
    for violation in violations:
        for node in violation["nodes"]:
            why = node.get("failureSummary", "").replace("\n", " ")
            yield f"{violation['id']} at {node['html'][:160]}: {why}"
