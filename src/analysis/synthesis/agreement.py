"""Agreement of two coders on the segments that both looked at, code by code and set by set.

A segment that one of them did not look at plays no part: silence counts as "no code applies" only
where it is stated that the coder looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, closest
from analysis.synthesis.agreement_characters import CutGroups, find_cut_groups, has_positions
from analysis.synthesis.coefficients import SetDistances, count_measures
from analysis.tables.code_applications import without_none
from analysis.tables.coded import looked_at

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from analysis.study.settings import Coder
    from analysis.synthesis.coefficients import FloatArray, IntArray

UNIT = ["segment", "focus_group"]
COUNTS = ["both", "only_one", "only_other"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """What two coders applied to the same segments.

    Parameters
    ----------
    codes : tuple of str
        Every code that both could apply, used or not.
    units : DataFrame
        The segments compared: ``segment, focus_group``.
    applied : DataFrame
        Each code that either applied to one of them: ``segment, focus_group, code``, and whether
        ``one`` and ``other`` did.
    """

    codes: tuple[str, ...]
    units: pd.DataFrame
    applied: pd.DataFrame

    @cached_property
    def groups(self) -> list[str]:
        """The focus groups of the segments, sorted."""
        return sorted(self.units["focus_group"].unique())

    @cached_property
    def units_by_group(self) -> IntArray:
        """How many segments each focus group has."""
        sizes = self.units["focus_group"].value_counts()
        return np.asarray(sizes.reindex(self.groups), dtype=np.int64)

    @cached_property
    def counts_by_group(self) -> IntArray:
        """Segments by count (both, only one, only the other), focus group and code."""
        one, other = self.applied["one"], self.applied["other"]
        at = pd.MultiIndex.from_product([self.groups, self.codes])
        keys = [self.applied["focus_group"], self.applied["code"]]
        tables = [
            chosen.groupby(keys).sum().reindex(at, fill_value=0).to_numpy(np.int64)
            for chosen in (one & other, one & ~other, other & ~one)
        ]
        return np.array(tables).reshape(3, len(self.groups), len(self.codes))

    @cached_property
    def set_distances(self) -> SetDistances:
        """The MASI distances of the sets of codes that the coders applied, by focus group."""
        sets = []
        for coder in ("one", "other"):
            chosen = self.applied[self.applied[coder]]
            held = chosen.groupby("segment")["code"].agg(frozenset).to_dict()
            sets.append([held.get(each, frozenset()) for each in self.units["segment"]])
        group = self.units["focus_group"].map({name: at for at, name in enumerate(self.groups)})
        return SetDistances.of(sets[0], sets[1], np.asarray(group, dtype=np.int64))

    def measure_codes(self) -> pd.DataFrame:
        """Return how alike the coders are on each code.

        Returns
        -------
        DataFrame
            One row a code: ``code``; ``units`` compared; how many of them ``both`` put it on,
            ``only_one`` and ``only_other``; ``positive_agreement``, ``alpha``, and
            ``percent_agreement``, ``kappa`` and ``ac1``, NaN where undefined.
        """
        counts = dict(zip(COUNTS, self.counts_by_group.sum(axis=1), strict=True))
        units = np.full(len(self.codes), len(self.units))
        return pd.DataFrame(
            {"code": list(self.codes), "units": units, **counts, **count_measures(units, **counts)}
        )

    def resampled_alphas(self, times: IntArray) -> FloatArray:
        """Return alpha of each code where focus groups occur so many times: draws x codes."""
        units = (times @ self.units_by_group)[:, np.newaxis]
        counts = dict(zip(COUNTS, (times @ each for each in self.counts_by_group), strict=True))
        return count_measures(units, **counts)["alpha"]


@dataclass(frozen=True, eq=False)
class CoderPair:
    """Two coders of a study, and what can be said of their agreement.

    Parameters
    ----------
    coders : tuple of str
        The two coders, in the order of `study.yaml`.
    looked_at : tuple of DataFrame
        The segments that each looked at, as stated: ``segment, focus_group``.
    stated : Comparison
        On the segments that both looked at, as stated.
    as_no, as_unseen : Comparison
        On focus groups that both coded, where one of them did not state what they looked at: every
        segment, a blank counting as "no code applies"; and only segments with a code of theirs.
    cut : CutGroups
        Focus groups in which coders cut passages of their own.
    left_out : tuple of str
        Codes that one of them did not have in their version of the codebook.
    """

    coders: tuple[str, str]
    looked_at: tuple[pd.DataFrame, pd.DataFrame]
    stated: Comparison
    as_no: Comparison
    as_unseen: Comparison
    cut: CutGroups
    left_out: tuple[str, ...]

    @property
    def is_selected(self) -> bool:
        """Whether some of the passages compared are selections that a coder made."""
        compared = pd.concat([self.stated.units["segment"], self.as_no.units["segment"]])
        return bool(has_positions(compared).any())


def compare_coders(
    segments: pd.DataFrame,
    applications: pd.DataFrame,
    coded: pd.DataFrame,
    *,
    codes: Sequence[str],
    coders: Sequence[Coder],
) -> list[CoderPair]:
    """Return each pair of coders who coded, or looked at, the same focus groups.

    Parameters
    ----------
    segments : DataFrame
        Segments that can carry codes: ``segment, focus_group, section, question, text``.
    applications : DataFrame
        ``segment, code, coder``, with ``none`` where no code applies; those on other segments and
        by other coders are left out.
    coded : DataFrame
        Who looked at what, from `read_coded`.

    Raises
    ------
    ParameterError
        When one of the coders applied a code that is none of ``codes``.
    """
    names = [coder.coder for coder in coders]
    applications = applications[applications["coder"].isin(names)]
    applications = applications[applications["segment"].isin(segments["segment"])]
    seen = looked_at(segments, applications, coded)
    applied = without_none(applications, codes)[["segment", "code", "coder"]].drop_duplicates()
    _refuse_unknown(applied["code"], codes)
    applied = applied.merge(segments[UNIT], on="segment")
    whole = _Coding(
        units=segments[UNIT],
        applied={name: applied[applied["coder"] == name] for name in names},
        seen={name: seen.loc[seen["coder"] == name, UNIT] for name in names},
        cut=find_cut_groups(segments, applied),
    )
    pairs = (_compare(whole, pair, codes) for pair in combinations(coders, 2))
    return [
        pair for pair in pairs if len(pair.stated.units) or len(pair.as_no.units) or pair.cut.groups
    ]


def _refuse_unknown(applied: pd.Series, codes: Sequence[str]) -> None:
    """Raise for every applied code that the codebook does not have."""
    if unknown := sorted(set(applied.unique()) - set(codes)):
        raise ParameterError(
            "Some applied codes are none of the codes to compare.",
            offenders=[f"{code}{closest(code, codes)}" for code in unknown],
            expected="every code of the codebook that can be applied",
            remedy="Correct the code applications, or add the codes.",
        )


@dataclass(frozen=True, eq=False)
class _Coding:
    """The segments that can carry codes, and what each coder applied and looked at."""

    units: pd.DataFrame
    applied: Mapping[str, pd.DataFrame]
    seen: Mapping[str, pd.DataFrame]
    cut: CutGroups

    def units_in(self, groups: Collection[str], *tables: pd.DataFrame) -> pd.DataFrame:
        """Return the segments of some focus groups that are in each of some tables."""
        chosen = self.units[self.units["focus_group"].isin(groups)]
        for table in tables:
            chosen = chosen[_are_in(chosen, table)]
        return chosen


def _compare(whole: _Coding, pair: tuple[Coder, Coder], codes: Sequence[str]) -> CoderPair:
    coders = pair[0].coder, pair[1].coder
    left_out = {code for coder in pair for code in coder.codes_not_in_version}
    shared = tuple(code for code in codes if code not in left_out)
    coded, seen = ([table[coder] for coder in coders] for table in (whole.applied, whole.seen))
    in_both = set(coded[0]["focus_group"]) & set(coded[1]["focus_group"])
    stated_of_both = set(seen[0]["focus_group"]) & set(seen[1]["focus_group"])
    whole_groups = set(whole.units["focus_group"]) - whole.cut.groups
    open_groups = (whole_groups & in_both) - stated_of_both

    def compare(groups: Collection[str], looked_at: Sequence[pd.DataFrame]) -> Comparison:
        units = whole.units_in(groups, *looked_at)
        return Comparison(shared, units, _side_by_side(coded, units, shared))

    # Where one of the two stated what they looked at, that holds under either reading.
    return CoderPair(
        coders=coders,
        looked_at=(seen[0], seen[1]),
        stated=compare(whole_groups, seen),
        as_no=compare(open_groups, [_known(table, whole.units) for table in seen]),
        as_unseen=compare(
            open_groups, [_known(*tables) for tables in zip(seen, coded, strict=True)]
        ),
        cut=whole.cut.within(in_both, coders=coders, codes=shared),
        left_out=tuple(code for code in codes if code in left_out),
    )


def _known(seen: pd.DataFrame, otherwise: pd.DataFrame) -> pd.DataFrame:
    """Return what a coder looked at where that is stated, and something else elsewhere."""
    is_stated = otherwise["focus_group"].isin(seen["focus_group"])
    return pd.concat([seen, otherwise.loc[~is_stated, UNIT]])


def _are_in(rows: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """Return which rows are of some segments; a Python set is much faster than `isin` here."""
    names = set(units["segment"].tolist())
    found = [segment in names for segment in rows["segment"].tolist()]
    return pd.Series(found, index=rows.index, dtype="bool")


def _side_by_side(
    coded: Sequence[pd.DataFrame], units: pd.DataFrame, codes: Sequence[str]
) -> pd.DataFrame:
    """Return each code on the units, and which of two coders applied it."""
    one, other = (
        table.loc[_are_in(table, units) & table["code"].isin(codes), [*UNIT, "code"]]
        for table in coded
    )
    both = one.merge(other, on=[*UNIT, "code"], how="outer", indicator="applied")
    sides = both.pop("applied")
    return both.assign(one=sides != "right_only", other=sides != "left_only")
