"""Ids that name somebody: they stand in every report, and an id may be made of a name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from analysis.quality.distinct_values import in_one_piece, say_of_each
from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.scan import scan_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

KIND = "name"
_KINDS = frozenset({KIND, "name-role"})
_BETWEEN_WORDS = "[-_.]"
_WORD = "^[a-z]{2,24}$"
_CODE_LENGTH = 3
"""Letters of the code of a country, which may be a name as well: ``sen``."""


def are_naming(ids: pd.Series) -> NDArray[np.bool_]:
    """Return which ids name somebody: two words that stand beside each other are a full name.

    Parameters
    ----------
    ids : Series of str
        Ids; what is between their words is read as a space.

    Examples
    --------
    >>> are_naming(pd.Series(["grace-wanjiru-2", "ken-uga-2020-09-26.context.hope.2"])).tolist()
    [True, False]
    """
    words = pc.split_pattern_regex(pc.utf8_lower(in_one_piece(ids)), pattern=_BETWEEN_WORDS)
    each, of_id = words.flatten(), pc.list_parent_indices(words).to_numpy()
    is_word = pc.match_substring_regex(each, _WORD).to_numpy(zero_copy_only=False)
    first = np.flatnonzero(is_word[:-1] & is_word[1:] & (of_id[:-1] == of_id[1:]))
    one, other = (each.take(pa.array(at)).to_pandas() for at in (first, first + 1))
    is_name = say_of_each(one + " " + other, lambda pair: _is_name(*pair.split(" ")))
    naming = np.zeros(len(ids), dtype=bool)
    naming[of_id[first[is_name.to_numpy(dtype=bool)]]] = True
    return naming


@cache
def _is_name(first: str, second: str) -> bool:
    if min(len(first), len(second)) <= _CODE_LENGTH and not _are_both_listed(first, second):
        return False
    return not _KINDS.isdisjoint(scan_text(f"{first.capitalize()} {second.capitalize()}"))


def _are_both_listed(first: str, second: str) -> bool:
    is_code = max(len(first), len(second)) <= _CODE_LENGTH
    return not is_code and {first, second} <= lexicon.all_names()


def find_naming(ids: pd.Series) -> list[int]:
    """Return the positions of the ids that name somebody.

    Parameters
    ----------
    ids : Series
        Ids of focus groups.
    """
    found: list[int] = np.flatnonzero(are_naming(ids)).tolist()
    return found


def find_naming_segments(ids: pd.Series, focus_groups: pd.Series) -> list[int]:
    """Return the positions of the ids of segments that name somebody.

    Parameters
    ----------
    ids : Series
        Ids of segments: most are those of a focus group, a dot, and what many others have too.
    focus_groups : Series
        The focus group of each, whose id is told by itself.
    """
    likely = _likely_segments(ids)
    told = zip(ids.iloc[likely], focus_groups.iloc[likely], strict=True)
    added = pd.Series([id_.removeprefix(f"{group}.") for id_, group in told], dtype="str")
    found: list[int] = likely[are_naming(added)].tolist()
    return found


def _likely_segments(ids: pd.Series) -> NDArray[np.intp]:
    """Return the positions of ids of which a part, before or behind the first dot, is a name."""
    parts = pc.split_pattern(in_one_piece(ids), ".", max_splits=1)
    each = parts.flatten()
    distinct = each.unique()
    naming = distinct.filter(pa.array(are_naming(distinct.to_pandas())))
    is_naming = pc.is_in(each, value_set=naming)
    found: NDArray[np.intp] = pc.list_parent_indices(parts).filter(is_naming).unique().to_numpy()
    return found
