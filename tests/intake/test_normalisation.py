from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.intake.normalisation import digest_normalised, normalise

MARKUP = st.sampled_from(
    [
        *("<p>", "</p>", '<ul style="x">', "<b>", "</i>", "<", ">", "&amp;", "&lt;", "&#42;", ";"),
        *("*", "**", "- ", "\n", "\t", " ", "&", "a", "é"),
        *("\u2022", "\u2014", "\u2019", "\u00ad", "\ufb01"),
    ]
)
WORDS = st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>One</p><p>two</p>", "One two"),
        ("<b>One</b>, <i>two</i>", "One, two"),
        ('<ul style="list-style-type: none"> one', "one"),
        ("one &amp; two&nbsp;three &#8211; four", "one & two three - four"),
        ("&amp;amp;", "&"),
        ("\u201cone\u201d \u2018two\u2019 \u00abthree\u00bb", '"one" \'two\' "three"'),
        ("2020\u20132030 \u2014 \u22125", "2020-2030 - -5"),
        ("wa\u00adter\u200b", "water"),
        ("\ufb01ve\u00a0\u2026", "five ..."),
        ("\u2022 one \u25cb two \u2043 three", "one two three"),
        ("- one\n  * two\n+ three", "one two three"),
        ("one\n-\ntwo", "one two"),
        ("*one* **two** ***three***", "one two three"),
        ("  one \t\r\n two\u2003three ", "one two three"),
    ],
)
def test_takes_away_what_a_conversion_may_change(text: str, expected: str):
    """Mark-up, typographic forms, bullets and white space go."""
    assert normalise(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "CD4 < 200 and > 100",
        "R&D, AT&T; &c",
        "5 * 3 = 15 * 1",
        "non-biased (e.g. -this-)",
        "<script>alert(1)</script>",
        "a<b and c>d",
        "<img src=x onerror=alert(1)>",
        "Stop and STOP",
        "one, two; three: four!",
    ],
)
def test_keeps_characters_that_are_no_markup(text: str):
    """What only looks like mark-up is kept, and so are case and punctuation."""
    assert normalise(text) == text


@given(st.one_of(st.text(), st.lists(MARKUP, max_size=20).map("".join)))
def test_normalising_twice_is_normalising_once(text: str):
    """A normalised text is its own normal form."""
    once = normalise(text)

    assert normalise(once) == once


@given(st.text())
def test_gives_one_line_in_unicode_form_nfkc(text: str):
    """The normal form has single spaces only, and its Unicode form is NFKC."""
    normal = normalise(text)

    assert normal == " ".join(normal.split())
    assert unicodedata.is_normalized("NFKC", normal)


@given(
    words=WORDS, at=st.integers(min_value=0), other=st.from_regex(r"[A-Z]\w{0,5}", fullmatch=True)
)
def test_changed_word_changes_the_digest(words: list[str], at: int, other: str):
    """A text in which one word was replaced has another digest."""
    at = at % len(words)
    changed = [*words[:at], other, *words[at + 1 :]]

    assert digest_normalised(" ".join(changed)) != digest_normalised(" ".join(words))


@given(words=WORDS, at=st.integers(min_value=0))
def test_removed_word_changes_the_digest(words: list[str], at: int):
    """A text that lost a word has another digest."""
    at = at % len(words)
    shorter = words[:at] + words[at + 1 :]

    assert digest_normalised(" ".join(shorter)) != digest_normalised(" ".join(words))


def test_digest_is_sha256_of_the_normal_form_in_utf8():
    """Anyone can compute a digest with a standard tool."""
    expected = hashlib.sha256("Où ? - là".encode()).hexdigest()

    assert digest_normalised("<p>Où&nbsp;?  \u2013 là</p>") == expected
