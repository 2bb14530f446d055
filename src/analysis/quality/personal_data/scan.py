"""The scan of many texts at once: only those that may hold something are looked at closely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from analysis.quality.personal_data.folding import fold
from analysis.quality.personal_data.kinds import find_all
from analysis.quality.personal_data.triggers import patterns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    # The kinds that are found in a text.
    Kinds = frozenset[str]

NOTHING: Kinds = frozenset()


def scan_text(text: str) -> Kinds:
    """Return the kinds of personal data that are found in a text.

    Parameters
    ----------
    text : str
        Any text.

    Examples
    --------
    >>> sorted(scan_text("Write to a.name@example.org."))
    ['email']
    >>> sorted(scan_text("12 participants, 15 aged 18-24"))
    []
    """
    return frozenset(found.kind for found in find_all(text))


def scan_texts(texts: pd.Series) -> dict[int, Kinds]:
    """Return the kinds of personal data that are found in texts, by the position of the text.

    Parameters
    ----------
    texts : Series
        Distinct texts; a missing one holds nothing.

    Returns
    -------
    dict of int to frozenset of str
        Only of texts in which something is found.
    """
    folded = _fold_each(texts)
    found = {int(at): scan_text(folded[at].as_py()) for at in np.flatnonzero(_are_likely(folded))}
    return {at: kinds for at, kinds in found.items() if kinds}


def _fold_each(texts: pd.Series) -> pa.Array:
    """Fold the texts; those of ASCII are left as they are, which the patterns bear."""
    array = pa.array(texts, type=pa.large_string())
    if pc.all(pc.string_is_ascii(array)).as_py() in {True, None}:
        return array
    plain = [text if text is None or text.isascii() else fold(text) for text in array.to_pylist()]
    return pa.array(plain, type=pa.large_string())


def _are_likely(folded: pa.Array) -> NDArray[np.bool_]:
    likely = np.zeros(len(folded), dtype=bool)
    for pattern in patterns():
        found = pc.fill_null(pc.match_substring_regex(folded, pattern), False)  # noqa: FBT003
        likely |= found.to_numpy(zero_copy_only=False)
    return likely

