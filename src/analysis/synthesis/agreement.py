"""Agreement on codes, where one segment may carry several, or none."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, closest
from analysis.synthesis.coefficients import (
    Agreement,
    alpha_of_sets,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from analysis.synthesis.ratings import Tally, as_bits, tally_binary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.synthesis.ratings import Bits

COLUMNS = (
    "code",
    "units",
    "positive",
    "only_one",
    "two_or_more",
    "percent_agreement",
    "alpha",
    "ac1",
    "reason",
)


@dataclass(frozen=True, eq=False)
class SharedCoding:
    """The code applications on segments of focus groups that at least two coders coded.

    A coder has coded a focus group when they applied at least one code in it; on each of its
    segments where they applied none, that counts as "no code applies".

    Parameters
    ----------
    segments : DataFrame
        The segments compared: ``segment, focus_group, of_coders`` (how many coded its group).
    applications : DataFrame
        ``segment, code, coder``, each once, in the order of the segments.
    codes : sequence of str
        Every code that could be applied.
    present, comparing : int
        How many coders coded any segment, and how many one that another coded too.
    """

    segments: pd.DataFrame
    applications: pd.DataFrame
    codes: Sequence[str]
    present: int
    comparing: int

    @cached_property
    def applied(self) -> pd.DataFrame:
        """Each code on each segment, with how many of its coders applied it: ``coders``."""
        coders = self.applications.groupby(["segment", "code"], sort=False, observed=True).size()
        of_coders = self.segments[["segment", "focus_group", "of_coders"]]
        return coders.rename("coders").reset_index().merge(of_coders, on="segment", how="left")

    @cached_property
    def times(self) -> pd.DataFrame:
        """How many segments: by ``code``, ``of_coders`` and how many of them applied it."""
        keys = ["code", "of_coders", "coders"]
        applied = self.applied.astype({"code": "str"}).groupby(keys, as_index=False).size()
        in_all = self.segments.groupby("of_coders", as_index=False).size()
        every = pd.DataFrame({"code": pd.Series(list(self.codes), dtype="str")}).merge(
            in_all, how="cross"
        )
        by_any = applied.groupby(["code", "of_coders"], as_index=False)["size"].sum()
        both = every.merge(by_any, on=["code", "of_coders"], how="left", suffixes=("", "_any"))
        by_none = both.assign(coders=0, size=both["size"] - both["size_any"].fillna(0))
        times = pd.concat([by_none[[*keys, "size"]], applied]).rename(columns={"size": "units"})
        return times.astype({"units": "int64"}).sort_values(keys, ignore_index=True)


def compare_coders(
    segments: pd.DataFrame,
    applications: pd.DataFrame,
    *,
    codes: Sequence[str],
    coders: Sequence[str],
) -> SharedCoding:
    """Return what coders applied where at least two of them coded a focus group.

    Parameters
    ----------
    segments : DataFrame
        Segments that can bear codes: ``segment, focus_group``.
    applications : DataFrame
        ``segment, code, coder``; those on other segments and by other coders are left out.
    codes, coders : sequence of str
        Every code that can be applied, and the coders to compare.

    Raises
    ------
    ParameterError
        When one of the coders applied a code that is none of ``codes``.
    """
    named = applications.loc[applications["coder"].isin(coders), ["segment", "code", "coder"]]
    located = segments[["segment", "focus_group"]].merge(named.drop_duplicates(), on="segment")
    _refuse_unknown(located["code"], codes)
    coded_by = located[["focus_group", "coder"]].drop_duplicates()
    of_coders = coded_by["focus_group"].value_counts()
    shared = of_coders.index[of_coders >= 2]
    compared = segments.loc[segments["focus_group"].isin(shared), ["segment", "focus_group"]]
    comparing = coded_by.loc[coded_by["focus_group"].isin(shared), "coder"]
    return SharedCoding(
        compared.assign(of_coders=compared["focus_group"].map(of_coders).astype("int64")),
        located.loc[located["focus_group"].isin(shared), ["segment", "code", "coder"]],
        codes,
        present=coded_by["coder"].nunique(),
        comparing=comparing.nunique(),
    )


def _refuse_unknown(applied: pd.Series, codes: Sequence[str]) -> None:
    """Raise for every applied code that the codebook does not have."""
    if unknown := sorted(set(applied.unique()) - set(codes)):
        raise ParameterError(
            "Some applied codes are none of the codes to compare.",
            offenders=[f"{code}{closest(code, codes)}" for code in unknown],
            expected="every code of the codebook that can be applied",
            remedy="Correct the code applications, or add the codes.",
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


def code_agreement(shared: SharedCoding) -> pd.DataFrame:
    """Return how alike coders are on each code: applied to a segment, or not.

    Returns
    -------
    DataFrame
        One row a code, in the order of its codes: ``code``; ``units``, segments compared;
        ``positive``, segments to which anyone applied it, of which ``only_one`` coder did or
        ``two_or_more``; ``percent_agreement``; ``alpha`` (Krippendorff, nominal) and ``ac1``
        (Gwet), NaN where undefined; and ``reason``, why alpha is undefined, or empty.
    """
    by_code = dict(iter(shared.times.groupby("code")))
    none = shared.times.iloc[:0]
    rows = [_code_row(code, by_code.get(code, none), shared) for code in shared.codes]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def overall_agreement(shared: SharedCoding) -> OverallAgreement:
    """Return how alike coders are over all codes: pair by pair, and set by set."""
    tally = _tally(shared.times, shared)
    return OverallAgreement(
        percent=percent_agreement(tally),
        alpha=krippendorff_alpha(tally),
        ac1=gwet_ac1(tally),
        set_alpha=alpha_of_sets(*_tally_sets(shared)),
    )


def _tally(times: pd.DataFrame, shared: SharedCoding) -> Tally:
    return tally_binary(times, coders=shared.comparing, present=shared.present)


def _code_row(code: str, times: pd.DataFrame, shared: SharedCoding) -> dict[str, object]:
    tally = _tally(times, shared)
    alpha = krippendorff_alpha(tally)
    coders, units = times["coders"], times["units"]
    return {
        "code": code,
        "units": alpha.units,
        "positive": int(units[coders >= 1].sum()),
        "only_one": int(units[coders == 1].sum()),
        "two_or_more": int(units[coders >= 2].sum()),
        "percent_agreement": _or_nan(percent_agreement(tally)),
        "alpha": _or_nan(alpha),
        "ac1": _or_nan(gwet_ac1(tally)),
        "reason": alpha.reason,
    }


def _tally_sets(shared: SharedCoding) -> tuple[Tally, Bits]:
    """Return the tally of the sets of codes on each segment compared, and the sets."""
    codes_of: dict[tuple[str, str], list[str]] = defaultdict(list)
    columns = (shared.applications[name].tolist() for name in ("segment", "coder", "code"))
    for segment, coder, code in zip(*columns, strict=True):
        codes_of[segment, coder].append(code)
    chosen = Counter((segment, frozenset(codes)) for (segment, _), codes in codes_of.items())
    speaking = Counter(segment for segment, _ in codes_of)
    for segment, of_coders in zip(
        shared.segments["segment"], shared.segments["of_coders"], strict=True
    ):
        if silent := of_coders - speaking[segment]:
            chosen[segment, frozenset()] = silent
    unit, _ = pd.factorize(np.array([segment for segment, _ in chosen], dtype=object))
    number: dict[frozenset[str], int] = {}
    category = [number.setdefault(held, len(number)) for _, held in chosen]
    tally = Tally(
        unit=unit.astype(np.int64),
        category=np.array(category, dtype=np.int64),
        count=np.array(list(chosen.values()), dtype=np.int64),
        repeats=np.ones(len(shared.segments), dtype=np.int64),
        options=len(number),
        coders=shared.comparing,
        present=shared.present,
    )
    return tally, as_bits(list(number))


def _or_nan(agreement: Agreement) -> float:
    return np.nan if agreement.value is None else agreement.value
