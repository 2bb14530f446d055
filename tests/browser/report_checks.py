"""Checks of built pages, quick enough for hundreds of segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browser.page_checks import page_problems

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

# Of a list, a table or the evidence, so many parts are checked: the others are similar.
MOST_ALIKE = 5
KEEP_SOME = f"""() => {{
    for (const list of document.querySelectorAll('ol, ul, tbody, .evidence, .excerpts'))
        [...list.children].slice({MOST_ALIKE}).forEach(part => part.remove());
}}"""


def pages_to_open(release: Path) -> list[Path]:
    """Return the pages of a release that differ in kind.

    Further pages of a place (cleaning, evidence, passages) are alike; those of two are among them.
    """
    return [
        path
        for path in sorted(release.glob("*.html"))
        if not ("." in path.stem or path.stem.endswith("-cleaning"))
        or path.name.startswith(("esa", "africa", "coverage"))
    ]


def report_problems(browser: Browser, path: Path) -> list[str]:
    """Return all that is wrong with a built page, wide and narrow, in light and in dark.

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
    return page_problems(browser, path, cut=KEEP_SOME)
