from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cleaned_texts import clean_text
from hypothesis import given
from hypothesis import strategies as st

from analysis.synthetic.chance import Chance
from analysis.synthetic.statements import read_sentences
from analysis.synthetic.wear import Wear
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
def test_cleaning_undoes_wear(spelling: dict[str, str], text: str, number: int) -> None:
    """Whatever is worn, cleaning gives the text as it was."""
    worn = Wear(spelling).wear(text, Chance("wear", number))

    assert worn != text
    assert clean_text(worn, steps_of_cleaning(spelling)) == text


def test_every_kind_of_wear_occurs(spelling: dict[str, str]) -> None:
    """A text with something to wear is worn in every way sooner or later."""
    wear = Wear(spelling)
    worn = "\n".join(wear.wear(TEXT, Chance("wear", number)) for number in range(200))

    assert [
        mark for mark in ("\u201cno\u201d", "\u2013", "\u00a0", "  ", " \n") if mark not in worn
    ] == []
    assert "COVID19" in worn


def test_text_without_variants_is_worn_without_spelling() -> None:
    """With no table of spellings, wear is of marks and blanks alone."""
    worn = [Wear({}).wear("Two words", Chance(number)) for number in range(50)]

    assert "Two words" not in worn
    assert {tuple(text.split()) for text in worn} == {("Two", "words")}
