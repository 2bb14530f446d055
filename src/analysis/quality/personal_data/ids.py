"""Find ids that name somebody: ids are in every report, and an id may be made of a name."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.scan import scan_text

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

KIND = "name"
_KINDS = frozenset({KIND, "name-role"})
_BETWEEN_WORDS = re.compile("[-_.]")
_WORD = re.compile("[a-z]{2,24}")
_CODE_LENGTH = 3
"""Letters of the code of a country, which may be a name as well: ``sen``."""


def are_naming(ids: pd.Series) -> NDArray[np.bool_]:
    """Return which ids name somebody: two words next to each other are a full name.

    Examples
    --------
    >>> import pandas as pd
    >>> are_naming(pd.Series(["grace-wanjiru-2", "ken-uga-2020-09-26.context.hope.2"])).tolist()
    [True, False]
    """
    names = {id_: _names_somebody(id_) for id_ in ids.fillna("").unique()}
    return ids.fillna("").map(names).to_numpy(dtype=bool)


def find_naming(ids: pd.Series) -> list[int]:
    """Return the positions of the ids of focus groups that name somebody."""
    found: list[int] = np.flatnonzero(are_naming(ids)).tolist()
    return found


def find_naming_segments(ids: pd.Series, focus_groups: pd.Series) -> list[int]:
    """Return the positions of the ids of segments that name somebody.

    The id of the focus group at their start counts once, where the focus group is defined.
    """
    pairs = zip(ids.fillna(""), focus_groups.fillna(""), strict=True)
    added = ids.copy()
    added[:] = [id_.removeprefix(f"{group}.") for id_, group in pairs]
    return find_naming(added)


def _names_somebody(id_: str) -> bool:
    words = _BETWEEN_WORDS.split(id_.lower())
    return any(
        _is_name(one, other)
        for one, other in pairwise(words)
        if _WORD.fullmatch(one) and _WORD.fullmatch(other)
    )


@cache
def _is_name(first: str, second: str) -> bool:
    if min(len(first), len(second)) <= _CODE_LENGTH and not _are_both_listed(first, second):
        return False
    return not _KINDS.isdisjoint(scan_text(f"{first.capitalize()} {second.capitalize()}"))


def _are_both_listed(first: str, second: str) -> bool:
    is_code = max(len(first), len(second)) <= _CODE_LENGTH
    return not is_code and {first, second} <= lexicon.all_names()
