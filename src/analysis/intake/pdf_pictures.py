"""Pictures on the pages of a PDF, whose words no program reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.intake.submission import Suspicion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.intake.pdf_rows import Row

LARGE = 0.25
"""The share of a page from which on a picture may hold more than a logo does."""


def suspect_pictures(pages: Sequence[Any], rows: Sequence[Row]) -> Iterator[Suspicion]:
    """Yield the pages that may say something in pictures.

    Parameters
    ----------
    pages : sequence
        The pages, as pdfplumber gives them.
    rows : sequence of Row
        What was read of them.
    """
    said = {row.page for row in rows if not row.is_running}
    for page in pages:
        where = f"page {page.page_number}"
        if page.page_number not in said and (page.images or page.curves):
            yield Suspicion(where, "is a picture: nothing that stands on it was read")
        elif any(_is_silent(picture, page) for picture in page.images):
            yield Suspicion(where, "has a large picture: what stands in it was not read")


def _is_silent(picture: dict[str, Any], page: Any) -> bool:  # noqa: ANN401 - as pdf_rows.read_page
    """Return whether a picture is large, and has no letter upon it."""
    area = (picture["x1"] - picture["x0"]) * (picture["bottom"] - picture["top"])
    return area >= LARGE * page.width * page.height and not any(
        picture["x0"] <= letter["x0"] <= picture["x1"]
        and picture["top"] <= letter["top"] <= picture["bottom"]
        for letter in page.chars
    )
