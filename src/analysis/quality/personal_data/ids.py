"""Ids that name somebody: they stand in every report, and an id may be made of a name."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.scan import scan_text

if TYPE_CHECKING:
    import pandas as pd

KIND = "name"
_KINDS = frozenset({KIND, "name-role"})
_BETWEEN_WORDS = re.compile("[-_.]")
_WORD = re.compile("[a-z]{2,24}")
_CODE_LENGTH = 3
"""Letters of the code of a country, which may be a name as well: ``sen``."""


def names_somebody(id_: str) -> bool:
    """Return whether two words that stand beside each other in an id are a full name.

    Parameters
    ----------
    id_ : str
        An id; what is between its words is read as a space.

    Examples
    --------
    >>> names_somebody("grace-wanjiru-2")
    True
    >>> names_somebody("ken-uga-2020-09-26.context.hope.2")
    False
    """
    words = _BETWEEN_WORDS.split(id_.lower())
    return any(_is_name(*pair) for pair in pairwise(words))


@cache
def _is_name(first: str, second: str) -> bool:
    if not (_WORD.fullmatch(first) and _WORD.fullmatch(second)):
        return False
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
    return [at for at, id_ in enumerate(ids) if names_somebody(id_)]


def find_naming_segments(ids: pd.Series, focus_groups: pd.Series) -> list[int]:
    """Return the positions of the ids of segments that name somebody.

    Parameters
    ----------
    ids : Series
        Ids of segments: most are those of a focus group, a dot, and what many others have too.
    focus_groups : Series
        The focus group of each, whose id is told by itself.
    """
    return [
        at
        for at in _likely_segments(ids)
        if names_somebody(ids.iloc[at].removeprefix(f"{focus_groups.iloc[at]}."))
    ]


def _likely_segments(ids: pd.Series) -> list[int]:
    """Return the positions of ids of which a part, before or behind the first dot, is a name."""
    array = pa.array(ids, type=pa.large_string())
    pieces = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
    parts = pc.split_pattern(pa.concat_arrays(pieces), ".", max_splits=1)
    each = parts.flatten()
    naming = [part for part in each.unique().to_pylist() if names_somebody(part)]
    is_naming = pc.is_in(each, value_set=pa.array(naming, type=each.type))
    found: list[int] = pc.list_parent_indices(parts).filter(is_naming).unique().to_pylist()
    return found
