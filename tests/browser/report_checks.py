"""Checks of built pages, quick enough for hundreds of segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browser.page_checks import page_problems

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
FEW_ALIKE = 2
KEEP_KINDS = f"""() => {{
    const STYLES = ['color', 'backgroundColor', 'fontSize', 'fontWeight', 'opacity'];
    const kinds = new Map(), seen = [];
    const isKept = (element, around) => {{
        const style = getComputedStyle(element);
        const told = [
            around, element.localName, element.getAttribute('class'),
            ...element.getAttributeNames(), ...STYLES.map(name => style[name]),
        ].join(' ');
        const nodes = [...element.childNodes];
        const isSaying = nodes.some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
        if (!kinds.has(told)) kinds.set(told, seen.push(0) - 1);
        const kind = kinds.get(told);
        let kept = isSaying && ++seen[kind] <= {FEW_ALIKE};
        for (const part of [...element.children])
            if (part.textContent.trim() === '') continue;
            else if (isKept(part, kind)) kept = true;
            else part.remove();
        return kept;
    }};
    isKept(document.body, -1);
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
    return page_problems(browser, path, cuts=(KEEP_SOME, KEEP_KINDS))
