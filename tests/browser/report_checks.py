"""Checks of built pages, quick enough for hundreds of segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browser.page_checks import loading_problems, look_problems

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

# Of a list, a table or the evidence, so many parts are checked: the others are made alike.
MOST_ALIKE = 5
KEEP_SOME = f"""() => {{
    for (const list of document.querySelectorAll('ol, ul, tbody, .evidence, .excerpts'))
        [...list.children].slice({MOST_ALIKE}).forEach(part => part.remove());
}}"""
# Colours depend on what an element is, how it is styled and what it stands in: of each such kind so
# many that say something are looked at. What says nothing stays, since it may lie under what does.
KEEP_KINDS = f"""() => {{
    const STYLES = ['color', 'backgroundColor', 'fontSize', 'fontWeight', 'opacity'];
    const seen = new Map();
    const isKept = (element, around) => {{
        const style = getComputedStyle(element);
        const kind = [
            around, element.localName, element.getAttribute('class'),
            ...element.getAttributeNames(), ...STYLES.map(name => style[name]),
        ].join(' ');
        const nodes = [...element.childNodes];
        const isSaying = nodes.some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
        seen.set(kind, (seen.get(kind) ?? 0) + isSaying);
        let kept = isSaying && seen.get(kind) <= {MOST_ALIKE};
        for (const part of [...element.children])
            if (part.textContent.trim() === '') continue;
            else if (isKept(part, kind)) kept = true;
            else part.remove();
        return kept;
    }};
    isKept(document.body, '');
}}"""


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
    address = path.resolve().as_uri()
    looks = look_problems(browser, address, cuts=(KEEP_SOME, KEEP_KINDS))
    return [*loading_problems(browser, path), *looks]
