"""Where links of a report lead: entries of the codebook, and pages of words and evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.synthesis.markup import element, term
from analysis.tables.build_folder import build_folder

if TYPE_CHECKING:
    from markupsafe import Markup

    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder

# What is left of a megabyte of HTML by the style sheet and by the last focus group.
BYTES_A_PAGE = 850_000
# A passage takes its words, and this for what is around them.
BYTES_AROUND = 350
WORDS = ".words-"
EVIDENCE = ".evidence"

# The page of a study that defines its codes.
CODEBOOK_PAGE = "codebook.html"


def pages_of_segments(build: BuildFolder | None, place: str, segments: pd.DataFrame) -> pd.Series:
    """Return the page that shows each segment at home in a place.

    In a build it is one of the further pages of the report on the place, as ``esa.words-003``.
    Each of them has whole focus groups, in the order of their ids, and the next starts once it has
    `BYTES_A_PAGE`. Outside a build it is the report itself.
    """
    if build is None:
        pages = pd.Categorical([place] * len(segments))
        return pd.Series(pages, index=segments.index)
    groups = segments["focus_group"].astype("str")
    sizes = segments["text"].map(lambda text: len(text.encode())) + BYTES_AROUND
    of_groups = sizes.groupby(groups).sum().sort_index()
    before = of_groups.cumsum() - of_groups
    number = (before // BYTES_A_PAGE).rank(method="dense").astype("int64")
    page = number.map(lambda number: segment_page(place, number))
    return groups.map(page).astype("category")


def segment_page(place: str, number: int) -> str:
    """Return the name of a further page of segments.

    Examples
    --------
    >>> segment_page("esa", 3)
    'esa.words-003'
    """
    return f"{place}{WORDS}{number:03}"


def place_of_page(page: str) -> str:
    """Return the place whose report a page belongs to.

    Examples
    --------
    >>> place_of_page("esa"), place_of_page("esa.words-003")
    ('esa', 'esa')
    """
    return page.partition(WORDS)[0]


def number_of_page(page: str) -> int:
    """Return the number of a further page of segments.

    Examples
    --------
    >>> number_of_page("esa.words-003")
    3
    """
    return int(page.partition(WORDS)[2])


def evidence_page(place: str, theme: str = "") -> str:
    """Return the name of the page with what the numbers of a theme, or all others, rest on.

    Examples
    --------
    >>> evidence_page("esa", "services"), evidence_page("esa")
    ('esa.evidence-services', 'esa.evidence')
    """
    return f"{place}{EVIDENCE}{f'-{theme}' if theme else ''}"


def link_code(study: OpenedStudy, code: str) -> Markup:
    """Return the name of a code or a theme, in a build as a link to its definition."""
    name = term(study.codebook.name(code))
    if build_folder(study) is None:
        return name
    return element("a", name, href=f"{CODEBOOK_PAGE}#{anchor_of_code(code)}", class_="code-name")


def anchor_of_code(code: str) -> str:
    """Return the id of a code's entry in the codebook."""
    return f"code-{code}"
