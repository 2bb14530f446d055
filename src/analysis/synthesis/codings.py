"""Codings that count: one code on one segment, with how many coders put it there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.tables.numbering import name_numbers, number_values, places_of

if TYPE_CHECKING:
    import pandas as pd

    from analysis.study.codebook import Codebook
    from analysis.tables.numbering import IntArray

COLUMNS = ("segment", "focus_group", "cell", "code", "theme", "coders", "of_coders")


def count_codings(
    segments: pd.DataFrame,
    code_applications: pd.DataFrame,
    codebook: Codebook,
    coding: Literal["any", "all"],
) -> pd.DataFrame:
    """Return the codings that count in a report.

    Parameters
    ----------
    segments : DataFrame
        Cleaned segments.
    code_applications : DataFrame
        Cleaned code applications.
    codebook : Codebook
        Gives the theme of each code.
    coding : {"any", "all"}
        Whether a code counts once any coder put it, so that no voice is lost, or only when all
        coders of the focus group did.

    Returns
    -------
    DataFrame
        One row for each code on each segment, in the order of the segments, then by code:
        ``segment, focus_group, cell, code, theme``, the number of ``coders`` who put it and the
        number ``of_coders`` who coded the focus group.
    """
    at = places_of(code_applications["segment"], segments["segment"])
    put, at = code_applications[at >= 0], at[at >= 0]
    code, codes = number_values(put["code"])
    coder, coders = number_values(put["coder"])
    group, groups = number_values(segments["focus_group"])
    by_coder = np.unique((at.astype(np.int64) * len(codes) + code) * len(coders) + coder)
    pairs, coders_of_pair = np.unique(by_coder // max(len(coders), 1), return_counts=True)
    row, code = np.divmod(pairs, max(len(codes), 1))
    coders_of_group = _count_coders(group[at], coder, groups=len(groups))
    located = segments[["segment", "focus_group", "cell"]].take(row)
    codings = located.assign(
        code=name_numbers(code, codes),
        theme=_themes(code, codes, codebook),
        coders=coders_of_pair.astype(np.int16),
        of_coders=coders_of_group[group[row]].astype(np.int16),
    )
    if coding == "all":
        codings = codings[codings["coders"] == codings["of_coders"]]
    return codings[list(COLUMNS)].reset_index(drop=True)


def _count_coders(group: IntArray, coder: IntArray, *, groups: int) -> IntArray:
    """Return how many coders put at least one code on each focus group."""
    width = int(coder.max(initial=0)) + 1
    pairs = np.unique(group * width + coder)
    return np.bincount(pairs // width, minlength=groups)


def _themes(code: IntArray, codes: list[str], codebook: Codebook) -> pd.Categorical:
    theme_of = [codebook.theme_of(name) for name in codes]
    themes = sorted(set(theme_of))
    number = np.array([themes.index(theme) for theme in theme_of], dtype=np.int64)
    return name_numbers(number[code], themes)
