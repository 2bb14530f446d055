"""What every published page must withstand in a real browser."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, TypeAlias

from axe_playwright_python.sync_playwright import Axe

from analysis.publishing.templates import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, ViewportSize

Looks: TypeAlias = "Mapping[int, Sequence[str]]"

FILTER = (TEMPLATES / "filter.js").read_text(encoding="utf-8")
WIDTHS = (1280, 320)
SCHEMES = ("light", "dark")
HEIGHT = 900
LOOKS: Looks = dict.fromkeys(WIDTHS, SCHEMES)
OPEN_ALL = "document.querySelectorAll('details').forEach(part => { part.open = true })"
AXE_OPTIONS: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
# Nothing else that axe looks at depends on light or dark; and they take most of its time.
ON_COLOUR = ("color-contrast", "link-in-text-block")
RULES_ON_COLOUR: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ON_COLOUR},
}
OTHER_RULES = {**AXE_OPTIONS, "rules": {rule: {"enabled": False} for rule in ON_COLOUR}}
RUN_AXE = "([parts, options]) => axe.run(parts || document, options)"
# But for the script of ours that filters passages.
COUNT_ACTIVE_PARTS = """(ours) => [...document.querySelectorAll('*')].flatMap(element => [
    ...(element.matches('script, iframe, object, embed, form') && element.textContent !== ours
        ? [element.localName] : []),
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


def page_problems(browser: Browser, path: Path, *, cut: str = "") -> list[str]:
    """Return all that is wrong with a page, at each width, in light and in dark.

    Parameters
    ----------
    browser : Browser
        A launched browser.
    path : Path
        The page's file.
    cut : str, optional
        A script that takes parts away before axe looks.

    Returns
    -------
    list of str
        Nothing, for a page that may be published.
    """
    page = browser.new_page()
    problems = [*loading_problems(page, path), *look_problems(page, cut=cut)]
    page.close()
    return problems


def loading_problems(page: Page, path: Path) -> list[str]:
    """Return requests beyond the file itself, messages on the console, and what could run."""
    problems: list[str] = []
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
    problems += [f"holds {part}" for part in page.evaluate(COUNT_ACTIVE_PARTS, FILTER)]
    return problems


def look_problems(
    page: Page, looks: Looks = LOOKS, *, cut: str = "", parts: str = ""
) -> Iterator[str]:
    """Yield what is wrong with how a page looks, its folded parts opened.

    Parameters
    ----------
    page : Page
        The page, loaded; evidence or a segment of it may be open.
    looks : mapping of int to sequence of str, optional
        The schemes to look at it in, for each width of the window in CSS pixels.
    cut : str, optional
        A script that takes parts away before axe looks.
    parts : str, optional
        Selects the parts whose colours are judged; all, unless given otherwise.

    Yields
    ------
    str
        By how much it scrolls sideways, and what axe holds against it: the rule, where, and why.
    """
    page.evaluate(OPEN_ALL)
    for width in looks:
        yield from _sideways_scroll(page, width)
    page.evaluate(cut)
    page.evaluate(Axe().axe_script)
    for width in looks:
        page.set_viewport_size(_window(width))
        yield from _violations(page, f"{width} px", OTHER_RULES)
    for width, schemes in looks.items():
        page.set_viewport_size(_window(width))
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            yield from _violations(page, f"{width} px, {scheme}", RULES_ON_COLOUR, parts)


def _window(width: int) -> ViewportSize:
    return {"width": width, "height": HEIGHT}


def _sideways_scroll(page: Page, width: int) -> Iterator[str]:
    page.set_viewport_size(_window(width))
    taken = page.evaluate("document.documentElement.scrollWidth")
    if taken > width:
        yield f"{width} px, scrolls sideways to {taken} px"


def _violations(page: Page, look: str, rules: dict[str, Any], parts: str = "") -> Iterator[str]:
    for violation in page.evaluate(RUN_AXE, [parts, rules])["violations"]:
        for node in violation["nodes"]:
            why = node.get("failureSummary", "").replace("\n", " ")
            yield f"{look}, {violation['id']} at {node['html'][:160]}: {why}"


def _describe(message: ConsoleMessage) -> str:
    return f"says on the console: {message.text}"
