"""The further pages of a report: the passages of its focus groups, and what numbers rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from analysis.tables.build_folder import BuildFolder

# About a megabyte of HTML.
SEGMENTS_A_PAGE = 2500
WORDS = ".words-"
EVIDENCE = ".evidence"


def pages_of_segments(build: BuildFolder | None, place: str, focus_groups: pd.Series) -> pd.Series:
    """Return the page that shows each segment at home in a place.

    In a build it is one of the further pages of the report on the place. Each of them holds whole
    focus groups, in the order of their ids, and the next starts once it holds `SEGMENTS_A_PAGE`.
    Outside a build it is the report itself.

    Parameters
    ----------
    build : BuildFolder or None
        The build that this is part of.
    place : str
        A region or a continent.
    focus_groups : Series
        The focus group of each segment that is at home in the place, in any order.

    Returns
    -------
    Series
        The page without its ending, on the index of the segments: ``esa``, ``esa.words-003``.
    """
    if build is None:
        pages = pd.Categorical([place] * len(focus_groups))
        return pd.Series(pages, index=focus_groups.index)
    sizes = focus_groups.astype("str").value_counts().sort_index()
    before = sizes.cumsum() - sizes
    number = (before // SEGMENTS_A_PAGE).rank(method="dense").astype("int64")
    page = number.map(lambda number: segment_page(place, number))
    return focus_groups.astype("str").map(page).astype("category")


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
