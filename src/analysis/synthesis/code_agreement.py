"""Agreement on codes, where one segment may carry several, or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.synthesis.agreement import (
    Agreement,
    alpha_of_sets,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from analysis.synthesis.tallies import Tally, tally_binary
from analysis.tables.code_applications import CODE

if TYPE_CHECKING:
    from analysis.synthesis.distances import Bits
    from analysis.synthesis.numbered_codes import NumberedCodes
    from analysis.synthesis.tallies import IntArray

CODE_AGREEMENT_COLUMNS = (
    CODE,
    "units",
    "positive",
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


def code_agreement(applied: NumberedCodes) -> pd.DataFrame:
    """Return how alike coders are on each code: applied to a segment, or not.

    Parameters
    ----------
    applied : NumberedCodes
        The code applications of the coders to compare.

    Returns
    -------
    DataFrame
        One row a code, in the order of its codes: ``code``; ``units``, segments compared;
        ``positive``, segments to which anyone applied it, of which ``only_one`` coder did or
        ``two_or_more``; ``percent_agreement``; ``alpha`` (Krippendorff, nominal) and ``ac1``
        (Gwet), NaN where undefined; and ``reason``, why alpha is undefined, or empty.
    """
    rows = [
        _code_row(code, times, applied)
        for code, times in zip(applied.codes, _count_units(applied), strict=True)
    ]
    return pd.DataFrame(rows, columns=list(CODE_AGREEMENT_COLUMNS))


def overall_agreement(applied: NumberedCodes) -> OverallAgreement:
    """Return how alike coders are over all codes: pair by pair, and set by set.

    Parameters
    ----------
    applied : NumberedCodes
        The code applications of the coders to compare.

    Returns
    -------
    OverallAgreement
        Percent agreement, alpha and AC1 of segment-code pairs, and alpha of sets.
    """
    tally = _tally(_count_units(applied), applied)
    return OverallAgreement(
        percent=percent_agreement(tally),
        alpha=krippendorff_alpha(tally),
        ac1=gwet_ac1(tally),
        set_alpha=alpha_of_sets(*_tally_sets(applied)),
    )


def _count_units(applied: NumberedCodes) -> IntArray:
    """Return for each code the segments that so many coders coded, and so many of them with it."""
    row, code, coders = applied.put
    width = applied.size.max(initial=0) + 1
    keys = (code * width + applied.size[row]) * width + coders
    times = np.bincount(keys, minlength=len(applied.codes) * width**2).reshape(-1, width, width)
    times[:, :, 0] = np.bincount(applied.size[applied.compared], minlength=width)
    times[:, :, 0] -= times[:, :, 1:].sum(axis=2)
    return times


def _tally(times: IntArray, applied: NumberedCodes) -> Tally:
    """Return the tally of applied or not."""
    return tally_binary(times, coders=applied.comparing, present=applied.present)


def _tally_sets(applied: NumberedCodes) -> tuple[Tally, Bits]:
    """Return the tally of the sets of codes on each segment compared, and the sets."""
    row, number, coders, sets = applied.sets()
    tally = Tally(
        unit=np.searchsorted(applied.compared, row),
        category=number,
        count=coders,
        repeats=np.ones(len(applied.compared), dtype=np.int64),
        options=len(sets),
        coders=applied.comparing,
        present=applied.present,
    )
    return tally, sets


def _code_row(code: str, times: IntArray, applied: NumberedCodes) -> dict[str, object]:
    """Return the row of one code."""
    tally = _tally(times[np.newaxis], applied)
    alpha = krippendorff_alpha(tally)
    return {
        CODE: code,
        "units": alpha.units,
        "positive": int(times[:, 1:].sum()),
        "only_one": int(times[:, 1:2].sum()),
        "two_or_more": int(times[:, 2:].sum()),
        "percent_agreement": _or_nan(percent_agreement(tally)),
        "alpha": _or_nan(alpha),
        "ac1": _or_nan(gwet_ac1(tally)),
        "reason": alpha.reason,
    }


def _or_nan(agreement: Agreement) -> float:
    """Return the value, NaN where undefined."""
    return np.nan if agreement.value is None else agreement.value
