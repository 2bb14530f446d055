"""Words pages: where the segments of a report stand that one page cannot hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.tables.numbering import name_numbers, number_values

if TYPE_CHECKING:
    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.numbering import IntArray

# A page of so many segments opens at once on a phone too; the demonstration study has fewer.
LISTED_SEGMENTS = 4000
# About a megabyte of HTML.
SEGMENTS_A_PAGE = 2500
WORDS = ".words-"


def pages_of_words(build: BuildFolder | None, place: str, focus_groups: pd.Series) -> pd.Series:
    """Return the page on which each segment at home in a place stands.

    It is the report on the place; or, in a build, where these are more than `LISTED_SEGMENTS`, one
    of further pages. Each of them holds whole focus groups, in the order of their ids, and the
    next begins once it holds `SEGMENTS_A_PAGE`.

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
    if build is None or len(focus_groups) <= LISTED_SEGMENTS:
        pages = pd.Categorical([place] * len(focus_groups))
        return pd.Series(pages, index=focus_groups.index)
    group, groups = number_values(focus_groups)
    page = _number_pages(np.bincount(group, minlength=len(groups)))
    names = [words_page(place, number) for number in range(1, page.max() + 2)]
    return pd.Series(name_numbers(page[group], names), index=focus_groups.index)


def _number_pages(sizes: IntArray) -> IntArray:
    """Return the number of each focus group's page; a large one leaves no empty page behind."""
    page = np.zeros(len(sizes), dtype=np.int64)
    first = np.cumsum(sizes) - sizes
    _, page[sizes > 0] = np.unique(first[sizes > 0] // SEGMENTS_A_PAGE, return_inverse=True)
    return page


def words_page(place: str, number: int) -> str:
    """Return the name of a page of words.

    Examples
    --------
    >>> words_page("esa", 3)
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
    """Return the number of a page of words.

    Examples
    --------
    >>> number_of_page("esa.words-003")
    3
    """
    return int(page.partition(WORDS)[2])
