"""Agreement on codes, where one segment may carry several, or none.

Compared are the segments of focus groups that at least two coders coded. A coder has coded a
focus group when they applied at least one code in it; on each of its segments where they applied
none, they are taken to have said that no code applies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, closest
from analysis.synthesis.agreement import (
    Agreement,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from analysis.synthesis.tallies import Tally, tally_binary
from analysis.tables.code_applications import CODE, CODER, SEGMENT, coders_of_focus_groups
from analysis.tables.segments import FOCUS_GROUP

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZE = "size"
POSITIVE = "positive"
REPEATS = "repeats"

CODE_AGREEMENT_COLUMNS = (
    CODE,
    "units",
    POSITIVE,
    "only_one",
    "two_or_more",
    "percent_agreement",
    "alpha",
    "ac1",
    "reason",
)


@dataclass(frozen=True)
class OverallAgreement:
    """How alike coders are over all codes.

    Parameters
    ----------
    percent, alpha, ac1 : Agreement
        Of the pairs of segment and code, each applied or not. Their units are these pairs.
    set_alpha : Agreement
        Krippendorff's alpha of the sets of codes on each segment, by MASI distance. Its units are
        segments.
    """

    percent: Agreement
    alpha: Agreement
    ac1: Agreement
    set_alpha: Agreement


def compared_segments(
    segments: pd.DataFrame, code_applications: pd.DataFrame, *, coders: Sequence[str]
) -> pd.DataFrame:
    """Return the segments on which coders can be compared.

    Parameters
    ----------
    segments : DataFrame
        Codable segments, with columns ``segment`` and ``focus_group``.
    code_applications : DataFrame
        With columns ``segment``, ``code`` and ``coder``; those on other segments play no part.
    coders : sequence of str
        The coders to compare; others play no part.

    Returns
    -------
    DataFrame
        Columns ``segment``, ``focus_group`` and ``size`` (how many of the coders coded the focus
        group, at least two), in the order of ``segments``.
    """
    sizes = _coding(segments, code_applications, coders).groupby(FOCUS_GROUP).size()
    compared = segments[[SEGMENT, FOCUS_GROUP]].copy()
    compared[SIZE] = compared[FOCUS_GROUP].map(sizes).fillna(0).astype("int64")
    return compared[compared[SIZE] >= 2].reset_index(drop=True)


def code_sets(
    segments: pd.DataFrame, code_applications: pd.DataFrame, *, coders: Sequence[str]
) -> pd.DataFrame:
    """Return the set of codes that each coder put on each segment.

    Parameters
    ----------
    segments : DataFrame
        Codable segments, with columns ``segment`` and ``focus_group``.
    code_applications : DataFrame
        With columns ``segment``, ``code`` and ``coder``.
    coders : sequence of str
        The coders to compare.

    Returns
    -------
    DataFrame
        Segments x coders, of frozensets: empty where a coder applied none, NaN where the coder
        has not coded the focus group. These are ratings for alpha of level ``set``.
    """
    coding = _coding(segments, code_applications, coders)
    names = zip(*(code_applications[column] for column in (SEGMENT, CODE, CODER)), strict=True)
    held: dict[tuple[str, str], set[str]] = {}
    for segment, code, coder in names:
        held.setdefault((segment, coder), set()).add(code)
    sets = {}
    for coder in coders:
        coded = segments[FOCUS_GROUP].isin(coding.loc[coding[CODER] == coder, FOCUS_GROUP])
        sets[coder] = [
            frozenset(held.get((segment, coder), ())) if has_coded else np.nan
            for segment, has_coded in zip(segments[SEGMENT], coded, strict=True)
        ]
    return pd.DataFrame(sets, index=pd.Index(segments[SEGMENT], name=SEGMENT), dtype=object)


def code_agreement(
    segments: pd.DataFrame,
    code_applications: pd.DataFrame,
    *,
    codes: Sequence[str],
    coders: Sequence[str],
) -> pd.DataFrame:
    """Return how alike coders are on each code: applied to a segment, or not.

    Parameters
    ----------
    segments : DataFrame
        Codable segments, with columns ``segment`` and ``focus_group``.
    code_applications : DataFrame
        With columns ``segment``, ``code`` and ``coder``; those on other segments play no part.
    codes : sequence of str
        Every code of the codebook that can be applied, in the order to report.
    coders : sequence of str
        The coders to compare; others play no part.

    Returns
    -------
    DataFrame
        One row a code: ``code``; ``units``, segments compared; ``positive``, segments to which
        anyone applied it, of which ``only_one`` coder did or ``two_or_more``;
        ``percent_agreement``; ``alpha`` (Krippendorff, nominal) and ``ac1`` (Gwet), NaN where
        undefined; and ``reason``, why alpha is undefined, or empty.

    Raises
    ------
    ParameterError
        When an applied code is none of ``codes``.
    """
    coding = _coding(segments, code_applications, coders)
    outcomes = _outcomes(segments, code_applications, codes=codes, coders=coders)
    rows = [_code_row(code, outcomes[outcomes[CODE] == code], coding) for code in codes]
    return pd.DataFrame(rows, columns=list(CODE_AGREEMENT_COLUMNS))


def overall_agreement(
    segments: pd.DataFrame,
    code_applications: pd.DataFrame,
    *,
    codes: Sequence[str],
    coders: Sequence[str],
) -> OverallAgreement:
    """Return how alike coders are over all codes: pair by pair, and set by set.

    Parameters
    ----------
    segments : DataFrame
        Codable segments, with columns ``segment`` and ``focus_group``.
    code_applications : DataFrame
        With columns ``segment``, ``code`` and ``coder``; those on other segments play no part.
    codes : sequence of str
        Every code of the codebook that can be applied.
    coders : sequence of str
        The coders to compare; others play no part.

    Returns
    -------
    OverallAgreement
        Percent agreement, alpha and AC1 of segment-code pairs, and alpha of sets.

    Raises
    ------
    ParameterError
        When an applied code is none of ``codes``.
    """
    outcomes = _outcomes(segments, code_applications, codes=codes, coders=coders)
    tally = _tally(outcomes, _coding(segments, code_applications, coders))
    sets = code_sets(segments, code_applications, coders=coders)
    return OverallAgreement(
        percent=percent_agreement(tally),
        alpha=krippendorff_alpha(tally),
        ac1=gwet_ac1(tally),
        set_alpha=krippendorff_alpha(sets, level="set"),
    )


def _coding(
    segments: pd.DataFrame, code_applications: pd.DataFrame, coders: Sequence[str]
) -> pd.DataFrame:
    """Return which of the coders coded which focus group."""
    theirs = code_applications[code_applications[CODER].isin(coders)]
    return coders_of_focus_groups(segments, theirs)


def _outcomes(
    segments: pd.DataFrame,
    code_applications: pd.DataFrame,
    *,
    codes: Sequence[str],
    coders: Sequence[str],
) -> pd.DataFrame:
    """Return how many segments (repeats) of so many coders have so many applying each code."""
    compared = compared_segments(segments, code_applications, coders=coders)
    theirs = code_applications[code_applications[CODER].isin(coders)]
    applied = theirs[[SEGMENT, CODE, CODER]].drop_duplicates().merge(compared, on=SEGMENT)
    _refuse_unknown(applied, codes)
    positive = applied.groupby([CODE, SEGMENT, SIZE]).size().rename(POSITIVE).reset_index()
    some = positive.groupby([CODE, SIZE, POSITIVE]).size().rename(REPEATS).reset_index()
    pairs = pd.MultiIndex.from_product([codes, compared[SIZE].unique()], names=[CODE, SIZE])
    segments_of_size = compared.groupby(SIZE).size()
    none = pairs.to_frame(index=False)
    none[POSITIVE] = 0
    touched = some.groupby([CODE, SIZE])[REPEATS].sum().reindex(pairs, fill_value=0)
    none[REPEATS] = none[SIZE].map(segments_of_size).to_numpy() - touched.to_numpy()
    return pd.concat([none, some], ignore_index=True)


def _tally(outcomes: pd.DataFrame, coding: pd.DataFrame) -> Tally:
    """Return the tally of applied or not."""
    shared = coding.groupby(FOCUS_GROUP)[CODER].transform("size") >= 2
    return tally_binary(
        outcomes,
        coders=coding.loc[shared, CODER].nunique(),
        present=coding[CODER].nunique(),
    )


def _code_row(code: str, outcomes: pd.DataFrame, coding: pd.DataFrame) -> dict[str, object]:
    """Return the row of one code."""
    tally = _tally(outcomes, coding)
    alpha = krippendorff_alpha(tally)
    repeats = outcomes[REPEATS]
    return {
        CODE: code,
        "units": alpha.units,
        POSITIVE: int(repeats[outcomes[POSITIVE] >= 1].sum()),
        "only_one": int(repeats[outcomes[POSITIVE] == 1].sum()),
        "two_or_more": int(repeats[outcomes[POSITIVE] >= 2].sum()),
        "percent_agreement": _or_nan(percent_agreement(tally)),
        "alpha": _or_nan(alpha),
        "ac1": _or_nan(gwet_ac1(tally)),
        "reason": alpha.reason,
    }


def _or_nan(agreement: Agreement) -> float:
    """Return the value, NaN where undefined."""
    return np.nan if agreement.value is None else agreement.value


def _refuse_unknown(applied: pd.DataFrame, codes: Sequence[str]) -> None:
    """Raise for every applied code that is not in the codebook."""
    unknown = sorted(set(applied[CODE]) - set(codes))
    if unknown:
        raise ParameterError(
            "Some applied codes are none of the codes to compare.",
            offenders=[f"{code}{closest(code, codes)}" for code in unknown],
            expected="every code of the codebook that can be applied",
            remedy="Correct the code applications, or add the codes.",
        )
