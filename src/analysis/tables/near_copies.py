"""Copies between focus groups: how much of each text another focus group says too.

Texts are compared by their runs of five words, whatever their case, space and punctuation. A run
that many focus groups have is a phrase of the language and proves nothing; without it the cost is
linear in the number of words.
"""

from __future__ import annotations

import re
from array import array

import numpy as np
import pandas as pd

RUN = 5
MOST_GROUPS = 20
_WORD = re.compile(r"[^\W_]+")


def count_shared_runs(texts: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """Return how many of the runs of words of each text each other focus group has too.

    Parameters
    ----------
    texts, groups : Series of str
        Texts and their focus groups, on one index.

    Returns
    -------
    DataFrame
        ``group, other, shared`` on the index of the texts: a row for each text and each other focus
        group that shares a run with it.
    """
    hashes, counts = array("q"), array("q")
    for text in texts:
        found_in = _runs(text)
        hashes.extend(found_in)
        counts.append(len(found_in))
    at = np.repeat(np.arange(len(texts), dtype="int32"), np.array(counts, dtype="int64"))
    number_of, names = pd.factorize(groups)
    held_by = number_of.astype("int32")[at]
    runs = pd.DataFrame({"at": at, "group": held_by, "run": np.array(hashes, dtype="int64")})
    holders = runs[["run", "group"]].drop_duplicates()
    number = holders.groupby("run")["group"].transform("size")
    holders = holders[number.between(2, MOST_GROUPS)].rename(columns={"group": "other"})
    found = runs.merge(holders, on="run")
    found = found[found["group"] != found["other"]]
    shared = found.groupby(["at", "group", "other"]).size().rename("shared").reset_index()
    return pd.DataFrame(
        {
            "group": names[shared["group"]],
            "other": names[shared["other"]],
            "shared": shared["shared"].to_numpy(),
        },
        index=texts.index[shared["at"]],
    )


def count_runs(texts: pd.Series) -> pd.Series:
    """Return how many different runs of words each text has."""
    return texts.map(lambda text: len(_runs(text))).astype("int64")


def _runs(text: str) -> set[int]:
    words = _WORD.findall(text.casefold())
    return {hash(tuple(words[first : first + RUN])) for first in range(len(words) - RUN + 1)}
