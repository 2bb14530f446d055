from __future__ import annotations

import pytest
from made_tables import codes_of, make_received, set_aside_by

from analysis.tables.cleaning import DUPLICATE, LEAD_IN, clean
from analysis.tables.text_cleaning import steps_of_cleaning

STEPS = steps_of_cleaning({"COVID19": "COVID-19"})
ONE = [{"focus_group": "one"}]


def test_duplicates_are_merged_and_their_codes_moved() -> None:
    """Texts that are the same once cleaned count once, with the codes of all, each coder once."""
    received = make_received(
        groups=ONE,
        texts=[
            {"segment": "a", "position": "1", "text": "Raids on our homes."},
            {"segment": "b", "position": "2", "text": "Fear."},
            {"segment": "c", "position": "3", "text": "Raids on\u00a0our homes. "},
            {"segment": "d", "position": "4", "text": "Raids  on our homes."},
        ],
        applications=[
            {"segment": "a", "code": "law", "coder": "ann"},
            {"segment": "c", "code": "law", "coder": "ann"},
            {"segment": "c", "code": "law", "coder": "bot"},
            {"segment": "d", "code": "fear", "coder": "ann"},
        ],
    )

    cleaned = clean(received, STEPS)

    assert set_aside_by(cleaned) == {"c": (DUPLICATE, "a"), "d": (DUPLICATE, "a")}
    assert codes_of(cleaned) == [("a", "law", "ann"), ("a", "law", "bot"), ("a", "fear", "ann")]


@pytest.mark.parametrize(
    "other",
    [
        {"focus_group": "two"},
        {"section": "structures", "question": "hope"},
        {"text": "raids."},
    ],
    ids=["other-group", "other-cell", "other-case"],
)
def test_same_words_elsewhere_are_no_duplicate(other: dict[str, str]) -> None:
    """Words said by another focus group, or to another question, are a voice of their own."""
    received = make_received(
        groups=[*ONE, {"focus_group": "two"}],
        texts=[
            {"segment": "a", "text": "Raids."},
            {"segment": "b", "position": "2", "text": "Raids.", **other},
        ],
    )

    assert set_aside_by(clean(received, STEPS)) == {}


def test_blank_texts_are_no_duplicates() -> None:
    """Texts of white space only are emptied and kept, for the guards to name each."""
    received = make_received(
        groups=ONE,
        texts=[
            {"segment": "a", "text": " \u00a0"},
            {"segment": "b", "position": "2", "text": "\u200b\n"},
        ],
    )

    cleaned = clean(received, STEPS)

    assert (cleaned.segments["text"].tolist(), len(cleaned.set_aside)) == (["", ""], 0)


def test_point_survives_a_lead_in_of_the_same_words() -> None:
    """A point that repeats the words of a lead-in is no duplicate of it, and keeps its codes."""
    received = make_received(
        groups=ONE,
        texts=[
            {"segment": "a", "position": "p1", "role": "lead_in", "text": "Police violence"},
            {"segment": "b", "text": "Police violence"},
        ],
        applications=[{"segment": "b", "code": "law", "coder": "ann"}],
    )

    cleaned = clean(received, STEPS)

    assert set_aside_by(cleaned) == {"a": (LEAD_IN, "")}
    assert codes_of(cleaned) == [("b", "law", "ann")]


def test_point_pasted_twice_is_merged_whole() -> None:
    """A point repeated with its sub-points leaves neither a heading nor a sub-point behind."""
    block = [("1", "Fund"), ("1a", "shelters"), ("1b", "clinics")]
    again = [("4", "Fund"), ("4a", "shelters"), ("4b", "clinics")]
    received = make_received(
        groups=ONE,
        texts=[{"segment": at, "position": at, "text": text} for at, text in [*block, *again]],
    )

    cleaned = clean(received, STEPS)

    assert set_aside_by(cleaned) == {
        "4": (DUPLICATE, "1"),
        "4a": (DUPLICATE, "1a"),
        "4b": (DUPLICATE, "1b"),
    }


def test_same_words_under_other_points_are_no_duplicate() -> None:
    """More money for shelters is not more money for clinics, and both points keep sub-points."""
    received = make_received(
        groups=ONE,
        texts=[
            {"segment": "a", "position": "1", "text": "Shelters"},
            {"segment": "b", "position": "1a", "text": "more money"},
            {"segment": "c", "position": "1b", "text": "more money"},
            {"segment": "d", "position": "2", "text": "Clinics"},
            {"segment": "e", "position": "2a", "text": "more money"},
            {"segment": "f", "position": "3", "text": "more money"},
        ],
    )

    assert set_aside_by(clean(received, STEPS)) == {"c": (DUPLICATE, "b")}
