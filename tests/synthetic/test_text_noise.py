from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_tables import clean_text

from analysis.synthetic.seeded_random import SeededRandom
from analysis.synthetic.sentences import read_sentences
from analysis.synthetic.text_noise import TextNoise
from analysis.tables.text_cleaning import read_spelling, steps_of_cleaning

if TYPE_CHECKING:
    from pathlib import Path

TEXT = 'Sex workers said "no" at the drop-in during COVID-19.'
ALL_TEXTS = [entry.text for entry in read_sentences().sentences]


@pytest.fixture(scope="module")
def spelling(root: Path) -> dict[str, str]:
    """Give the preferred spelling of each variant."""
    return read_spelling(root / "data" / "spelling.csv")


@given(text=st.sampled_from(ALL_TEXTS), number=st.integers(0, 10_000))
def test_cleaning_removes_noise(spelling: dict[str, str], text: str, number: int) -> None:
    """Whatever noise is added, cleaning gives the text as it was."""
    noisy = TextNoise(spelling).add(text, SeededRandom("noise", number))

    assert noisy != text
    assert clean_text(noisy, steps_of_cleaning(spelling)) == text


def test_every_kind_of_noise_occurs(spelling: dict[str, str]) -> None:
    """A text with something to change gets every kind of noise sooner or later."""
    noise = TextNoise(spelling)
    noisy = "\n".join(noise.add(TEXT, SeededRandom("noise", number)) for number in range(200))

    assert [
        mark for mark in ("\u201cno\u201d", "\u2013", "\u00a0", "  ", " \n") if mark not in noisy
    ] == []
    assert "COVID19" in noisy


def test_noise_needs_no_table_of_spellings() -> None:
    """Without variants of spelling, noise is of marks and blanks alone."""
    noisy = [TextNoise({}).add("Two words", SeededRandom(number)) for number in range(50)]

    assert "Two words" not in noisy
    assert {tuple(text.split()) for text in noisy} == {("Two", "words")}
