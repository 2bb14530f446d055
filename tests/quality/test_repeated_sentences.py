from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.quality.repeated_sentences import say_a_sentence_twice

ENDS = re.compile("[.!?;:\n\r\u2028\u2029]+[\t\n\f\r ]*")
SAID = "The clinic is too far away for most of us"
ASKED = "Est-ce que la clinique est ouverte \u00e0 toutes, m\u00eame la nuit\u2009"
PIECES = (
    *(SAID, SAID + " ", " " + SAID, SAID[1:], SAID[:39], SAID[:40], SAID[:16], SAID[-16:]),
    *(ASKED, ASKED.upper(), "\u2019" + ASKED, "No", "", "\u2028" * 2, "\u4e2d" * 40, "\u4e2d" * 39),
    *(".", ". ", "...", "!", "? ", ";", ": ", "\n", "\r\n", "\u2028", "\u2029", "\u2019", "\u20a8"),
)


def say_twice(text: str) -> bool:
    """Part a text into sentences, as anybody would."""
    return any(
        times > 1 and len(sentence) >= 40 for sentence, times in Counter(ENDS.split(text)).items()
    )


def some_text() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@given(st.lists(some_text(), max_size=4))
def test_sentences_are_found_that_stand_twice(texts: list[str]) -> None:
    """Whatever ends them and whatever stands beside them, in this text and not in another."""
    found = say_a_sentence_twice(pd.Series(texts, dtype="str"))

    assert found.tolist() == [say_twice(text) for text in texts]


@pytest.mark.parametrize("mark", [".", "!", "?", ";", ":", "\n", "\r", "\u2028", "\u2029"])
def test_every_mark_ends_a_sentence(mark: str) -> None:
    """A sentence that stands twice is told from one that goes on, after each of the marks."""
    texts = [f"{SAID}{mark} {SAID}", f"{SAID}{mark}{SAID} today", f"{SAID}, {SAID}"]

    assert say_a_sentence_twice(pd.Series(texts, dtype="str")).tolist() == [True, False, False]


@pytest.mark.parametrize("letter", ["a", "\u00e9", "\u4e2d"])
def test_sentences_of_forty_characters_are_long(letter: str) -> None:
    """Characters count, and not the bytes that they take."""
    texts = [f"{letter * size}. {letter * size}" for size in (39, 40)]

    assert say_a_sentence_twice(pd.Series(texts, dtype="str")).tolist() == [False, True]


def test_texts_that_stand_in_part_of_a_column_are_told_by_themselves() -> None:
    """What stands before and behind them in memory has no part in it."""
    column = pd.Series(pa.array([SAID + ". ", SAID, SAID + "." + SAID, SAID]), dtype="str")

    assert say_a_sentence_twice(column.iloc[1:]).tolist() == [False, True, False]
    assert say_a_sentence_twice(column.iloc[1:2]).tolist() == [False]
    assert (
        say_a_sentence_twice(pd.concat([column, column])).tolist()
        == [False, False, True, False] * 2
    )


def test_long_texts_are_read_to_their_end() -> None:
    """Sentences are found wherever they stand in many texts."""
    drawn = np.random.default_rng(0).integers(10**15, size=(9_000, 3)).astype(str)
    texts = [f"We said {one}{other}. We heard {third} {one}{other}." for one, other, third in drawn]
    texts[8_000] += texts[8_000]

    assert np.flatnonzero(say_a_sentence_twice(pd.Series(texts, dtype="str"))).tolist() == [8_000]
