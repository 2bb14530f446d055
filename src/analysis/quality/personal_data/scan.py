"""The scan of many texts at once: only those that may hold something are looked at closely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from analysis.quality.distinct_values import in_one_piece
from analysis.quality.personal_data.folding import fold
from analysis.quality.personal_data.kinds import find_all
from analysis.quality.personal_data.triggers import ODD, patterns

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    # The kinds that are found in a text, in their own order.
    Kinds = tuple[str, ...]


def scan_text(text: str) -> Kinds:
    """Return the kinds of personal data that are found in a text, each once.

    Parameters
    ----------
    text : str
        Any text.

    Examples
    --------
    >>> scan_text("Amina, 27: a.name@example.org")
    ('email', 'name-age')
    >>> scan_text("12 participants, 15 aged 18-24")
    ()
    """
    return tuple(dict.fromkeys(found.kind for found in find_all(text)))


def scan_texts(texts: pd.Series) -> dict[int, Kinds]:
    """Return the kinds of personal data that are found in texts, by the position of the text.

    Parameters
    ----------
    texts : Series
        Distinct texts; a missing one holds nothing.

    Returns
    -------
    dict of int to tuple of str
        Only of texts in which something is found.
    """
    folded = _fold_each(texts)
    found = {int(at): scan_text(folded[at].as_py()) for at in np.flatnonzero(_are_likely(folded))}
    return {at: kinds for at, kinds in found.items() if kinds}


def _fold_each(texts: pd.Series) -> pa.Array:
    """Fold the texts, as far as they are not plain anyway."""
    array = in_one_piece(texts)
    is_odd = pa.array(_matches(array, ODD))
    folded = [fold(text) for text in array.filter(is_odd).to_pylist()]
    return pc.replace_with_mask(array, is_odd, pa.array(folded, type=pa.large_string()))


def _are_likely(folded: pa.Array) -> NDArray[np.bool_]:
    likely = np.zeros(len(folded), dtype=bool)
    for pattern in patterns():
        likely |= _matches(folded, pattern)
    return likely


def _matches(texts: pa.Array, pattern: str) -> NDArray[np.bool_]:
    found = pc.fill_null(pc.match_substring_regex(texts, pattern), False)  # noqa: FBT003
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)
