"""What is quickly found of a text spares no look that would have found something."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.quality.personal_data import local_places
from analysis.quality.personal_data.kinds import KINDS, Kind
from analysis.quality.personal_data.reading import Reading, first_tokens

LABELLED = Path(__file__).parents[3] / "benchmarks" / "personal_data"
PIECES = (
    *(
        "Marie ",
        "Dr. ",
        "27",
        " ans",
        " aged ",
        "born ",
        "3/4/1990",
        "passport ",
        "AB123456",
        "+254 ",
    ),
    *(
        "0700 555 014",
        "a.name",
        "@",
        " at ",
        "(at)",
        "example",
        ".org",
        " dot ",
        " chez ",
        " point ",
    ),
    *("Facebook", "Tik Tok", "Jack'd", ": ", "amina_27", "fb.com/", "corner of ", "Esquina de "),
    *("rue ", "Rue ", "calle 7", "Mango ", "Guest House", "St", ".", " bar", "village ", "l'"),
    *("É", "ACHIENG", "-", "_", "/", "\n", " arroba ", "Arobase ", "DATE OF BIRTH "),
)


class ThoroughReading(Reading):
    """A text in which everything is looked for, whatever is quickly found of it."""

    small = "@"  # type: ignore[assignment]
    has_digits = True  # type: ignore[assignment]
    tokens = frozenset({"Facebook"})  # type: ignore[assignment]
    small_tokens = frozenset[str]().union(*(each.tokens for each in local_places._patterns()))  # type: ignore[assignment]


def labelled() -> list[str]:
    """Return every sentence that was written to try the scan."""
    texts: list[str] = []
    for path in sorted(LABELLED.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            texts += [row["text"] for row in csv.DictReader(file)]
    return texts


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_quick_look_spares_nothing_in_labelled_sentences(kind: Kind) -> None:
    """Each kind is found in each sentence just where it is found with all patterns."""
    texts = labelled()

    assert len(texts) > 600
    for text in (*texts, *map(str.upper, texts), *map(str.lower, texts)):
        assert list(kind.find(Reading(text))) == list(kind.find(ThoroughReading(text)))


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_quick_look_spares_nothing(text: str) -> None:
    """So it is whatever stands beside what."""
    for kind in KINDS:
        assert list(kind.find(Reading(text))) == list(kind.find(ThoroughReading(text)))


def test_first_tokens_are_those_of_a_text() -> None:
    """A word of several, or with a sign in it, is told by its first token."""
    assert first_tokens(["Tik Tok", "Jack'd", "St."]) == {"Tik", "Jack", "St"}
    assert Reading("On Tik Tok, Jack'd").tokens >= {"Tik", "Jack"}
