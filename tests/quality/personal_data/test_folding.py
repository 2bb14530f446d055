from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.quality.personal_data import folding
from analysis.quality.personal_data.folding import fold

LATIN = st.text(
    st.characters(max_codepoint=0x17F) | st.sampled_from("\u2018\u2019\u201c\u2013\u2014")
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("\uff10\uff17\uff11\uff12", "0712"),
        ("\u0660\u0667\u0661\u0662", "0712"),
        ("\u06f0\u06f7\u06f1\u06f2", "0712"),
        ("a\u200b.na\u2060me\uff20exa\u00admple\u3002org", "a.name@example.org"),
        ("Jose\u0301 and Jos\u00e9", "Jose and Jose"),
        ("l\u2019\u00e9t\u00e9 \u2013 \u201cnow\u201d", 'l\'ete - "now"'),
        ("two\u00a0\u2003words\n and\tone", "two words and one"),
        ("\U0001d5d4\U0001d5fa\U0001d5f6\U0001d5fb\U0001d5ee", "Amina"),
        ("\u0410\u043d\u043d\u0430", "\u0410\u043d\u043d\u0430"),
    ],
    ids=[
        *("fullwidth digits", "Arabic-Indic digits", "Persian digits", "invisible signs"),
        *("accents apart", "quotes and dash", "spaces", "mathematical letters", "Cyrillic stays"),
    ],
)
def test_text_is_folded(text: str, folded: str) -> None:
    """Every way to write a digit or a Latin letter becomes the plain one."""
    assert fold(text) == folded


@given(LATIN)
def test_short_cut_for_latin_letters_folds_alike(text: str) -> None:
    """What is folded the fast way reads as if it were folded sign by sign."""
    assert fold(text) == " ".join(text.translate(folding._FOLDS).split())


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    """A folded text stays as it is."""
    assert fold(fold(text)) == fold(text)
