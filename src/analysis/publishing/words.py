"""Pages of segments, where a report holds more of them than one page can take."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.publishing.rendering import render_body, render_page

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.publishing.rendering import Page

WORDS_LIMIT = 2_000_000


def publish_words(fragments: Path, folder: Path, page: Page) -> None:
    """Write the segments that a report left beside it as pages, one at a time.

    Parameters
    ----------
    fragments : Path
        A folder with the name of the report, of HTML that goes into one page each: ``001.html``
        becomes ``<report>.words-001.html``. Where there is no such folder, there are no pages.
    folder : Path
        Where the report is; pages of segments that it left before are deleted.
    page : Page
        What stands around the report.

    Raises
    ------
    PublishingError
        When a page is larger than `WORDS_LIMIT`, not safe and alone, or shows a number that is
        neither a claim nor part of a segment.
    """
    report = fragments.name
    for old in folder.glob(f"{report}.words-*.html"):
        old.unlink()
    parts = sorted(fragments.glob("*.html"), key=lambda part: (len(part.stem), part.stem))
    names = [f"{report}.words-{part.stem}.html" for part in parts]
    for at, part in enumerate(parts):
        body = render_body(
            "words.html.j2",
            fragment=Markup(part.read_text(encoding="utf-8")),  # noqa: S704
            report=f"{report}.html",
            before=names[at - 1] if at else "",
            after="".join(names[at + 1 : at + 2]),
        )
        around = _page_of_part(page, f"{report}.html", f"part {at + 1} of {len(parts)}")
        html = render_page(body, around, claimed=True, limit=WORDS_LIMIT)
        (folder / names[at]).write_text(html, encoding="utf-8")


def _page_of_part(page: Page, report: str, part: str) -> Page:
    *above, (kind, _) = page.crumbs
    return replace(
        page,
        title=f"{page.title}: segments, {part}",
        kicker=kind,
        crumbs=(*above, (kind, report), (f"Segments, {part}", None)),
        facts=(),
        source_notebook="",
    )
