from __future__ import annotations

import re
import sys
import unicodedata
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_tables import clean_and_tell, clean_text

from analysis.errors import TableError
from analysis.tables.text_cleaning import (
    DASHES,
    HYPHENS,
    INVISIBLE,
    OTHER_SPACES,
    QUOTES,
    SPELLING_COLUMNS,
    clean_texts,
    read_spelling,
    steps_of_cleaning,
)

if TYPE_CHECKING:
    from pathlib import Path

SPELLING = {
    "COVID19": "COVID-19",
    "COVID 19": "COVID-19",
    "Hiv": "HIV",
    "H.I.V.": "HIV",
    "HIV & AIDS": "HIV and AIDS",
    "sex-worker": "sex worker",
    "sex-workers": "sex workers",
}


STEPS = steps_of_cleaning(SPELLING)


FATHA = "\u064e"


ACUTE = "\u0301"


SEEN_IN_SUBMISSIONS = [
    *INVISIBLE,
    *QUOTES,
    *HYPHENS,
    *DASHES,
    *SPELLING,
    *" \t\n\r\u00a0\u202f\u2028\u000b",
    *["a", "e", "E", ".", "'", "-", "&", "1", "word", "AIDS", "(", "\u00e9", ACUTE, "\u0327"],
    *["\u0627", FATHA, "\u0915", "\U0001f469", "\u1112", "\u1161", "\u11ab", "\u212a"],
]


messy = st.lists(st.one_of(st.sampled_from(SEEN_IN_SUBMISSIONS), st.characters(codec="utf-8"))).map(
    "".join
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("crimi\u00adnalization", "criminalization"),
        ("no\u200bbreak", "nobreak"),
        ("\ufeffFirst", "First"),
        ("word\u2060joiner", "wordjoiner"),
        ("left\u200dover \u200cjoiners\u200d", "leftover joiners"),
        (f"caf{'e' + ACUTE}", "caf\u00e9"),
        (f"e\u200b{ACUTE}", "\u00e9"),
        ("\u212a = K", "K = K"),
        ("\u2018one\u2019 \u201ctwo\u201d \u201ethree\u201c", '\'one\' "two" "three"'),
        ("\u00ab\u00a0trois\u00a0\u00bb et \u00abquatro\u00bb", '"trois" et "quatro"'),
        ("\u2039five\u203a", "'five'"),
        ("2019\u20132020, long\u2011term", "2019-2020, long-term"),
        ("care\u2014and respect", "care - and respect"),
        ("care \u2014 and respect", "care - and respect"),
        ("\u2014 We wait", "- We wait"),
        (
            "  outer  and\u00a0inner\tspace\r\n\r\nand lines\u2028",
            "outer and inner space and lines",
        ),
        ("COVID19, Covid19 and COVID 19.", "COVID-19, Covid19 and COVID-19."),
        ("COVID19x, xCOVID19, COVID19-led", "COVID19x, xCOVID19, COVID19-led"),
        ("sex-workers and a sex-worker", "sex workers and a sex worker"),
        ("Hiv & AIDS", "HIV and AIDS"),
        ("H.I.V. &\u00a0AIDS", "HIV and AIDS"),
        ("\u201cCOVID19\u201d", '"COVID-19"'),
        ("", ""),
        (" \u00a0\t\n\u200b ", ""),
    ],
)
def test_cleans_what_submissions_bring(text: str, cleaned: str) -> None:
    """Each kind of wear is undone, and words that only look like a variant are left alone."""
    assert clean_text(text, STEPS) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, with 'quotes' and \"these\"; a semi-detached 5-10 %.",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "\U0001f469\u200d\U0001f3eb",
        "\u0639\u064e\u0645\u064e\u0644",
        "S\u00e3o Tom\u00e9, C\u00f4te d'Ivoire, \u1230\u120b\u121d",
        "1 < 2 & <b>bold</b> $x^2$ *not* a list",
    ],
    ids=["plain", "persian", "hindi", "emoji", "arabic", "accents", "markup"],
)
def test_leaves_clean_text_alone(text: str) -> None:
    """A clean text stays as it is, without a change in the log: a joiner within a word is kept."""
    assert clean_and_tell(text, STEPS) == (text, [])


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        (
            "\u201cOne\u201d, \u201ctwo\u201d",
            [("quotes", '\u201c \u2192 "', 2), ("quotes", '\u201d \u2192 "', 2)],
        ),
        ("so\u00adft", [("invisible characters", "U+00AD \u2192 nothing", 1)]),
        (f"e{ACUTE}", [("Unicode form", "decomposed characters \u2192 composed", 1)]),
        ("one\u2014two", [("dashes", "\u2014 \u2192 -", 1)]),
        (" one", [("white space", "space \u2192 nothing", 1)]),
        ("one\n", [("white space", "line end \u2192 nothing", 1)]),
        ("one  two", [("white space", "space (several) \u2192 space", 1)]),
        ("one\u00a0two\u202fthree", [("white space", "no-break space \u2192 space", 2)]),
        (
            "one \r\n\ttwo",
            [("white space", "line end and space and tab (several) \u2192 space", 1)],
        ),
        ("one\u2028two", [("white space", "other space \u2192 space", 1)]),
        (
            "Hiv & AIDS",
            [
                ("spelling", "HIV & AIDS \u2192 HIV and AIDS", 1),
                ("spelling", "Hiv \u2192 HIV", 1),
            ],
        ),
        ("Nothing to do.", []),
    ],
)
def test_reports_what_changed(text: str, changes: list[tuple[str, str, int]]) -> None:
    """The log names each step, the change in words that can be read, and how often it was made."""
    assert clean_and_tell(text, STEPS)[1] == changes


@given(messy)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """Cleaning a cleaned text changes nothing."""
    cleaned = clean_text(text, STEPS)

    assert clean_and_tell(cleaned, STEPS) == (cleaned, [])


@given(messy)
def test_reports_every_change_and_no_other(text: str) -> None:
    """The log has a change exactly where the text is no longer the same."""
    cleaned, changes = clean_and_tell(text, STEPS)

    assert bool(changes) == (cleaned != text)


@given(messy)
def test_cleaned_text_is_composed_and_trimmed(text: str) -> None:
    """A cleaned text is in Unicode form C, and has single inner spaces only."""
    cleaned = clean_text(text, STEPS)

    assert unicodedata.normalize("NFC", cleaned) == cleaned
    assert " ".join(cleaned.split()) == cleaned


@given(st.text())
def test_no_letter_or_digit_is_lost(text: str) -> None:
    """Without spellings, cleaning leaves every letter and digit, in the order they came."""
    cleaned = clean_text(text, steps_of_cleaning({}))

    assert _letters_and_digits(cleaned) == _letters_and_digits(text)


def _letters_and_digits(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFD", text)))


def test_spellings_that_feed_each_other_are_refused() -> None:
    """Steps that never come to rest are refused, naming the spellings and no text."""
    steps = steps_of_cleaning({"cats": "dogs", "dogs": "cats"})

    with pytest.raises(TableError) as refusal:
        clean_text("private words about dogs", steps)

    assert refusal.value.offenders == ("spelling: cats \u2192 dogs",)
    assert "private" not in str(refusal.value)


@given(st.lists(messy, max_size=5))
def test_column_is_cleaned_text_by_text(texts: list[str]) -> None:
    """A column is cleaned as its texts are, one by one, each change logged at its text."""
    cleaned, changes = clean_texts(pd.Series(texts, dtype="str"), STEPS)

    alone = [clean_and_tell(text, STEPS) for text in texts]
    assert cleaned.tolist() == [text for text, _ in alone]
    assert [*changes.itertuples(index=False, name=None)] == [
        (at, *change) for at, (_, each) in enumerate(alone) for change in each
    ]


@given(messy)
def test_hint_finds_each_text_that_its_step_changes(text: str) -> None:
    """What a column is searched for is in every text that the step would change."""
    missed = [step.name for step in STEPS if step.apply(text)[1] and not re.search(step.hint, text)]

    assert missed == []


def test_what_is_never_looked_at_composes_with_nothing() -> None:
    """What the hint of the Unicode form leaves out is composed, and combines with nothing."""
    (form,) = [step for step in STEPS if step.name == "Unicode form"]
    left_out = [char for char in map(chr, range(0x3000)) if not re.search(form.hint, char)]

    assert len(left_out) == 0x300 + 0x18
    assert all(unicodedata.is_normalized("NFC", char) for char in left_out)
    assert {unicodedata.combining(char) for char in left_out} == {0}


def test_other_spaces_are_all_that_python_knows() -> None:
    """Every white space but the plain one is among those that a column is searched for."""
    spaces = [char for char in map(chr, range(sys.maxunicode + 1)) if char.isspace()]

    found = [char for char in spaces if re.search(f"[{OTHER_SPACES}]", char)]
    assert found == [char for char in spaces if char != " "]


@pytest.fixture
def spelling(tmp_path: Path) -> Path:
    return tmp_path / "spelling.csv"


def _write_spellings(path: Path, *rows: str) -> None:
    path.write_text("\n".join([",".join(SPELLING_COLUMNS), *rows]), encoding="utf-8")


def test_reads_spellings_as_experts_save_them(spelling: Path) -> None:
    """Spellings read the same with the mark that spreadsheets put before a file."""
    spelling.write_bytes(b"\xef\xbb\xbfvariant,preferred\r\nCOVID19,COVID-19\r\n")

    assert read_spelling(spelling) == {"COVID19": "COVID-19"}


def test_table_without_spellings_is_fine(spelling: Path) -> None:
    """A table of spellings may be empty."""
    _write_spellings(spelling)

    assert clean_text("COVID19", steps_of_cleaning(read_spelling(spelling))) == "COVID19"


@pytest.mark.parametrize(
    ("rows", "offenders"),
    [
        (
            ["Hiv,HIV", "Hiv,hiv"],
            [
                "spelling.csv row 2: variant 'Hiv' is there 2 times",
                "spelling.csv row 3: variant 'Hiv' is there 2 times",
            ],
        ),
        (["Hiv,HIV", "HIV,hiv"], ["spelling.csv row 2: preferred 'HIV' holds the variant 'HIV'"]),
        (["HIV,HIV"], ["spelling.csv row 2: preferred 'HIV' holds the variant 'HIV'"]),
        (
            ["SW,sex worker", "worker,labourer"],
            ["spelling.csv row 2: preferred 'sex worker' holds the variant 'worker'"],
        ),
        ([",HIV"], ["spelling.csv row 2: no variant"]),
        (["Hiv, "], ["spelling.csv row 2: no preferred"]),
        (
            ["NGO\u2019s,NGOs"],
            ["spelling.csv row 2: variant 'NGO\u2019s' is cleaned to \"NGO's\" before"],
        ),
        (["Hiv,HIV "], ["spelling.csv row 2: preferred 'HIV ' is cleaned to 'HIV' before"]),
    ],
    ids=[
        "twice",
        "preferred-elsewhere",
        "itself",
        "within-preferred",
        "no-variant",
        "no-preferred",
        "never-met",
        "never-rests",
    ],
)
def test_spellings_that_contradict_are_refused(
    spelling: Path, rows: list[str], offenders: list[str]
) -> None:
    """A table of spellings that could change a text for ever, or never, is refused by its rows."""
    _write_spellings(spelling, *rows)

    with pytest.raises(TableError) as refusal:
        read_spelling(spelling)

    assert list(refusal.value.offenders) == offenders


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "spelling.csv is missing"),
        (b"variant;preferred\nHiv;HIV\n", "semicolons"),
        (b"variant,preferred\nHiv\n", "row 2: 1 values"),
        (b"variant,preferred\nH\xefv,HIV\n", "not UTF-8"),
    ],
    ids=["missing", "semicolons", "short-row", "latin-1"],
)
def test_file_of_spellings_is_a_table(spelling: Path, content: bytes | None, message: str) -> None:
    """The file of spellings is held to what every table is."""
    if content is not None:
        spelling.write_bytes(content)

    with pytest.raises(TableError) as refusal:
        read_spelling(spelling)

    assert message in str(refusal.value)


def test_shipped_spellings_can_be_used(root: Path) -> None:
    """The spellings that ship contradict nothing, and each variant is found and replaced."""
    shipped = read_spelling(root / "data" / "spelling.csv")
    steps = steps_of_cleaning(shipped)

    cleaned = {variant: clean_text(variant, steps) for variant in shipped}

    assert cleaned == shipped
