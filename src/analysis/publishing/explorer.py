"""Passages to search and to filter: those of a place, and the page with those of a whole study."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.publishing.rendering import render_body, render_page
from analysis.publishing.study_page import EXPLORER, Link, page_of
from analysis.study.language import in_language, translate

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.publishing.html_reader import PageLinks
    from analysis.study.opened_study import OpenedStudy

# What is left of a megabyte by the style sheet and the filters.
BYTES_A_PAGE = 940_000
# What the listed passages of a page start with, and the names of such pages.
LISTING = '<section class="listing">'
WORDS = ".words-"

_GROUP = re.compile(r' id="group-([^"]+)"')


def render_filters(study: OpenedStudy, listed: str) -> Markup:
    """Return what listed passages can be filtered by.

    Parameters
    ----------
    listed : str
        HTML in which focus groups have ``data-place``, and passages ``data-cell`` and
        ``data-code``.
    """
    places, cells, codes = (_values_of(name, listed) for name in ("place", "cell", "code"))
    template, book = study.instrument, study.codebook
    asked = [tuple(cell.split(".")) for cell in template.cells if cell in cells]
    # A study that doesn't follow the template has all passages in one cell.
    asked = asked if len(asked) > 1 else []
    labels = {q: template.question_label(f"{s}.{q}") for s, q in reversed(asked)}
    themes = [
        (entry, [book.codes[code] for code in book.codes_of(theme) if code in codes])
        for theme, entry in book.themes.items()
    ]
    html = render_body(
        "filters.html.j2",
        places=sorted(
            ((each, study.places.name(each)) for each in places),
            key=lambda named: (study.places.scope(named[0]) == "country", named[1]),
        ),
        sections=[(s, template.title(s)) for s in dict.fromkeys(s for s, _ in asked)],
        questions=[(q, labels[q]) for q in dict.fromkeys(q for _, q in asked)],
        themes=[(theme, used) for theme, used in themes if used],
    )
    return Markup(html)  # noqa: S704 (of a template)


def _values_of(name: str, html: str) -> set[str]:
    found = set(re.findall(rf' data-{name}="([^"]*)"', html))
    return {each for several in found for each in several.split()}


def write_explorer(folder: Path, opened: OpenedStudy) -> dict[str, PageLinks]:
    """Write the explorer of a study into its release, from the pages of its passages.

    It has every passage where one page can, and elsewhere leads to these pages.

    Parameters
    ----------
    folder : Path
        The folder of the release, with the pages of its reports.
    """
    pages = sorted(path.stem for path in folder.glob(f"*{WORDS}*.html"))
    if not pages:
        return {}
    listed = {page: _listing(folder / f"{page}.html") for page in pages}
    is_whole = sum(len(html.encode()) for html in listed.values()) <= BYTES_A_PAGE
    with in_language(opened.settings.report_language):
        study = opened.for_reports
        shown: dict[str, list[Markup | Link]] = {}
        for page, html in listed.items():
            place = study.places.name(page.partition(WORDS)[0])
            link = Link(_range_of(html) or page, f"{page}.html")
            shown.setdefault(place, []).append(Markup(html) if is_whole else link)  # noqa: S704
        body = render_body(
            "explorer.html.j2",
            places=sorted(shown.items()),
            filters=render_filters(study, "".join(listed.values())) if is_whole else "",
        )
        around = page_of(study, translate("Passages"))
        rendered = render_page(body, around, claimed=True, filtered=True)
    (folder / EXPLORER).write_text(rendered.html, encoding="utf-8")
    return {EXPLORER: rendered.links}


def _listing(path: Path) -> str:
    """Return the listed passages of a page."""
    _, _, rest = path.read_text(encoding="utf-8").partition(LISTING)
    return rest.rpartition("</section>")[0]


def _range_of(html: str) -> str:
    """Return the first and the last focus group listed."""
    groups = _GROUP.findall(html)
    return " \u2013 ".join(dict.fromkeys((*groups[:1], *groups[-1:])))
