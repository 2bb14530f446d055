"""Texts in which a long sentence stands twice, as when a part of them was pasted again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
from numpy.lib.stride_tricks import sliding_window_view

from analysis.quality.distinct_values import in_one_piece

if TYPE_CHECKING:
    from numpy.typing import NDArray

SENTENCE_END = r"[.!?;:\n\r\x{2028}\x{2029}]+\s*"
# Shorter sentences may well be said twice: "We were afraid."
LONG_SENTENCE = 40
# Bytes by which the long sentences of a text are compared first.
TAIL = 16
BLOCK = 2**18
_WIDE = 0xE2
# Which bytes end a sentence; the widest of these signs, U+2028 and U+2029, are three bytes.
_ENDS = bytes(byte in (*b".!?;:\n\r", _WIDE) for byte in range(256))


def say_a_sentence_twice(texts: pd.Series) -> NDArray[np.bool_]:
    """Say of each text whether a sentence of 40 or more characters stands in it twice.

    To part texts into sentences takes time: only those are parted in which two sentences at least
    end alike.

    Parameters
    ----------
    texts : Series of str
        Texts; none is missing.

    Examples
    --------
    >>> said = "The clinic is too far away for most of us. "
    >>> say_a_sentence_twice(pd.Series([said, said + "We walk. " + said])).tolist()
    [False, True]
    """
    whole = in_one_piece(texts)
    found = np.zeros(len(texts), dtype=bool)
    likely = _with_like_endings(whole)
    found[likely[_with_same_sentences(whole.take(pa.array(likely)))]] = True
    return found


def _with_same_sentences(texts: pa.Array) -> NDArray[np.int64]:
    """Return the positions of the texts in which a long sentence stands twice."""
    sentences = pc.split_pattern_regex(texts, pattern=SENTENCE_END)
    said = pd.DataFrame(
        {
            "text": pc.list_parent_indices(sentences).to_numpy(),
            "sentence": pc.list_flatten(sentences).to_pandas(),
        }
    )
    long = said[said["sentence"].str.len() >= LONG_SENTENCE]
    found: NDArray[np.int64] = long.loc[long.duplicated(), "text"].unique()
    return found


def _with_like_endings(texts: pa.Array) -> NDArray[np.int64]:
    """Return the positions of the texts of which two long sentences end with the same bytes."""
    starts, signs = _bytes_of(texts)
    ends = np.sort(np.concatenate([_ends_of_sentences(signs), starts[1:]]), kind="stable")
    # A sentence has at least as many bytes as characters, and none reaches into the next text.
    long = ends[np.diff(ends, prepend=0) >= LONG_SENTENCE]
    if not len(long):
        return long
    of_text = np.searchsorted(starts, long) - 1
    tails = sliding_window_view(signs, TAIL)[long - TAIL].view("uint64")
    # Sums of odd multiples: others that have the same are told apart when they are parted.
    keys = tails @ np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], "uint64")
    keys += of_text.astype("uint64") * np.uint64(0x165667B19E3779F9)
    return np.unique(of_text[pd.Series(keys).duplicated().to_numpy()])


def _bytes_of(texts: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return where each text starts, and the last one ends, in the bytes of all."""
    _, places, content = texts.buffers()
    starts = np.frombuffer(places, np.int64, len(texts) + 1, 8 * texts.offset)
    signs = np.frombuffer(content or b"", np.uint8)[starts[0] : starts[-1]]
    return starts - starts[0], signs


def _ends_of_sentences(signs: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return where signs stand that end a sentence."""
    blocks = (_ends_in(signs[at : at + BLOCK]) + at for at in range(0, len(signs), BLOCK))
    ends: NDArray[np.int64] = np.concatenate([np.array([], dtype=np.int64), *blocks])
    is_end: NDArray[np.bool_] = signs[ends] != _WIDE
    wide = ends[~is_end]
    is_end[~is_end] = (signs[wide + 1] == 0x80) & np.isin(signs[wide + 2], (0xA8, 0xA9))
    return ends[is_end]


def _ends_in(signs: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return where bytes stand that may end a sentence, looked up faster than numpy does."""
    return np.flatnonzero(np.frombuffer(signs.tobytes().translate(_ENDS), dtype=np.bool_))
