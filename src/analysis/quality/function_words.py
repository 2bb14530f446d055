"""The small words by which English, French, Portuguese and Spanish are told apart."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# Words that some of these share stand with each of them, and none that are common in English
# stand with another. None begins or ends with an accent.
FUNCTION_WORDS = {
    "en": "and are because been for from had has have her his is not of our that the their them "
    "there they this was we were when which who with without would",
    "fr": "aux avec cette ces dans de des du elle elles en est et ils les leur leurs mais nos nous "
    "ont pas pour qui que sans se ses sont une vous",
    "pt": "ao aos com como da das de dos ela elas em essa esta isso mas muito nas nem nos os "
    "para pela pelo por quando que se sem seu seus sua suas uma",
    "es": "al como con cuando de del desde el ella ellas ellos en esa eso esta las les los muy nos "
    "nosotras para pero por que se sus una unas unos",
}
# What costs little to look for is looked for in all texts, and the exact words in what is left.
FEW = 2


def count_foreign_words(texts: pd.Series, language: str) -> NDArray[np.int64]:
    """Return how many small words of each text are of another of the languages, and not of its own.

    Parameters
    ----------
    texts : Series of str
        One text a row.
    language : str
        The language that the texts are said to be in.

    Returns
    -------
    array of int
        Words; 0 for each text where the language is none of those that can be told apart.
    """
    counts = np.zeros(len(texts), dtype=np.int64)
    if language not in FUNCTION_WORDS:
        return counts
    words = _foreign(language)
    # Much faster than `re`, and with other notions of where a word ends beside an accent.
    found = pc.count_substring_regex(
        pa.array(texts, pa.large_string()), pattern=rf"(?i)\b(?:{words})\b"
    )
    likely = np.flatnonzero(found.to_numpy() > FEW)
    exact = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    counts[likely] = [len(exact.findall(text)) for text in texts.iloc[likely]]
    return counts


@cache
def _foreign(language: str) -> str:
    own = set(FUNCTION_WORDS[language].split())
    return "|".join(
        sorted({word for words in FUNCTION_WORDS.values() for word in words.split()} - own)
    )
