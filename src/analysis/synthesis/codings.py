"""Codings that count: one code on one segment, with how many coders put it there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from analysis.tables.code_applications import coders_of_focus_groups

if TYPE_CHECKING:
    import pandas as pd

    from analysis.study.codebook import Codebook

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
        One row for each code on each segment: ``segment, focus_group, cell, code, theme``, the
        number of ``coders`` who put it and the number ``of_coders`` who coded the focus group.
    """
    put = code_applications.groupby(["segment", "code"], as_index=False).agg(
        coders=("coder", "nunique")
    )
    coded_by = coders_of_focus_groups(segments, code_applications)
    of_coders = coded_by.groupby("focus_group")["coder"].size()
    located = segments[["segment", "focus_group", "cell"]].merge(put, on="segment")
    codings = located.assign(
        theme=located["code"].map(codebook.theme_of),
        of_coders=located["focus_group"].map(of_coders).astype("int64"),
    )
    if coding == "all":
        codings = codings[codings["coders"] == codings["of_coders"]]
    return codings[list(COLUMNS)].reset_index(drop=True)
