"""Copies between focus groups: how much of each text, and of each group, another one says too.

Texts are compared by their runs of five words, whatever their case, space and punctuation. A run
that many focus groups have is a phrase of the language and proves nothing; without it the cost is
linear in the number of words. Of a large study a sample of the runs is compared, the same sample
whatever else the study holds: a copy shares the runs in the sample as it shares all others.

Two focus groups are alike from half of the runs of the shorter one on. They are copies from four
fifths on, where these are at least 20: one passage that both have is not the whole focus group.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

RUN = 5
MOST_GROUPS = 20
MOST_RUNS = 2_000_000
"""Of more runs than these, one in two is compared, or one in four, and so on."""

TEXTS_AT_ONCE = 20_000

ALIKE, FEWEST_ALIKE = 0.5, 5
COPIED, FEWEST_COPIED = 0.8, 20
# An odd number of 64 bits: runs with the same words in another order differ.
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class _Letters(dict[int, str]):
    """What each character is in folded text: itself, or a space."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = character if character.isalnum() else " "
        return self[code]


_LETTERS = _Letters()


def fold_words(text: str) -> str:
    """Return the words of a text in lower case, without punctuation.

    Examples
    --------
    >>> fold_words("Peer-led  CARE.")
    'peer led care'
    """
    return " ".join(text.casefold().translate(_LETTERS).split())


def find_runs(texts: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """Return the different runs of words of each text, or a sample of them where they are many.

    Parameters
    ----------
    texts, groups : Series of str
        Texts as `fold_words` returns them, and their focus groups, on one index.

    Returns
    -------
    DataFrame
        ``group, run`` on the index of the texts, ``run`` as a digest.
    """
    number = count_words(texts).sub(RUN - 1).clip(lower=0).sum()
    step = 1
    while number > MOST_RUNS * step:
        step *= 2
    starts = range(0, len(texts), TEXTS_AT_ONCE)
    chunks = [_sample_runs(texts.iloc[start : start + TEXTS_AT_ONCE], step) for start in starts]
    at = np.concatenate([*(start + at for start, (at, _) in zip(starts, chunks, strict=True)), []])
    run = np.concatenate([*(run for _, run in chunks), np.array([], "uint64")])
    at = at.astype("intp")
    return pd.DataFrame({"group": pd.Categorical(groups).take(at), "run": run}, texts.index[at])


def count_words(texts: pd.Series) -> pd.Series:
    """Return how many words each text has, folded as `fold_words` does."""
    counts = [text.count(" ") + (text != "") for text in texts.tolist()]
    return pd.Series(counts, texts.index, dtype="int64")


def _sample_runs(texts: pd.Series, step: int) -> tuple[np.ndarray, np.ndarray]:
    """Return one in so many of the different runs of each text: its position, and digests."""
    words = pc.split_pattern(pa.array(texts, pa.large_string()), " ")
    at = np.repeat(np.arange(len(texts)), pc.list_value_length(words).to_numpy())
    each = words.flatten().dictionary_encode()
    digests = [crc32(word.encode()) for word in each.dictionary.to_pylist()]
    word = np.array(digests, dtype="uint64")[each.indices.to_numpy()]
    last = max(len(word) - RUN + 1, 0)
    run = np.zeros(last, dtype="uint64")
    for place in range(RUN):
        run = run * _FACTOR + word[place : place + last]
    is_whole = at[:last] == at[RUN - 1 :]
    is_chosen = is_whole & ((run >> np.uint64(40)) % np.uint64(step) == 0)
    at, run = at[:last][is_chosen], run[is_chosen]
    is_first = ~pd.Series(run * _FACTOR + at.astype("uint64")).duplicated().to_numpy()
    return at[is_first], run[is_first]


def count_runs(runs: pd.DataFrame, texts: pd.Series) -> pd.Series:
    """Return how many different runs of words each text has."""
    return runs.groupby(level=0).size().reindex(texts.index, fill_value=0)


def count_shared_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """Return how many of the runs of words of each text each other focus group has too.

    Returns
    -------
    DataFrame
        ``group, other, shared`` on the index of the texts: a row for each text and each other focus
        group that shares a run with it.
    """
    at = runs.index.name or "index"
    shared = runs[runs.duplicated("run", keep=False)]
    holders = shared.drop_duplicates()
    number = holders.groupby("run")["group"].transform("size")
    holders = holders[number.between(2, MOST_GROUPS)].rename(columns={"group": "other"})
    found = shared.reset_index(names=at).merge(holders, on="run")
    found = found[found["group"] != found["other"]]
    counts = found.groupby([at, "group", "other"], observed=True).size().rename("shared")
    return counts.reset_index(["group", "other"])


def find_alike(runs: pd.DataFrame, shared: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of focus groups that are alike.

    Parameters
    ----------
    runs, shared : DataFrame
        What `find_runs` and `count_shared_runs` return.

    Returns
    -------
    DataFrame
        ``group, other, share, is_copy``: two rows for each pair, so that each is a ``group`` once.
        The share, from 0 to 1, is that of the runs of one which the other has too, whichever is
        larger.
    """
    pairs = shared.groupby(["group", "other"], observed=True)["shared"].sum().reset_index()
    pairs["share"] = pairs["shared"] / pairs["group"].map(runs["group"].value_counts()).astype(int)
    turned = pairs.rename(columns={"group": "other", "other": "group"})
    both = pairs.merge(turned, on=["group", "other"], suffixes=("", "_turned"))
    share = both[["share", "share_turned"]].max(axis=1)
    number = both[["shared", "shared_turned"]].min(axis=1)
    is_copy = (share >= COPIED) & (number >= FEWEST_COPIED)
    found = both[["group", "other"]].assign(share=share, is_copy=is_copy)
    return found[(share >= ALIKE) & (number >= FEWEST_ALIKE)].reset_index(drop=True)
