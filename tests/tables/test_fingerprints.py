from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.tables.withdrawal.fingerprints import (
    Likeness,
    fingerprints_of,
    likeness_of,
    read_fingerprints,
    write_fingerprints,
)

if TYPE_CHECKING:
    from pathlib import Path

SALT = "5a17"
FIRST = "The boats come in late and the clinic by the lake has closed when the crews get there."
SECOND = "Whoever sells fish at night is told to come back on a day when nobody buys any."
THIRD = "Crews that have a radio of their own warn the others before the police is at the pier."
OTHER = (
    "A school for the children of the fishers would let the mothers go out with the boats, and "
    "the market women ask for a roof, a tap and a lamp at the landing before the rains begin."
)
KEPT = fingerprints_of("lake", (FIRST, SECOND, THIRD), SALT)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((THIRD, FIRST, SECOND), Likeness.ALL),
        ((f"{SECOND}\n\n{THIRD.upper()}\r\n- {FIRST}",), Likeness.ALL),
        ((FIRST, SECOND, THIRD, "Call 0700 123 4567."), Likeness.MOST),
        ((FIRST.replace("late", "later"), SECOND, THIRD), Likeness.MOST),
        ((FIRST[4:-20], SECOND[:-9]), Likeness.MOST),
        ((f"{OTHER} {FIRST} {SECOND} {OTHER[5:]} {THIRD}",), Likeness.MOST),
        ((OTHER, FIRST[:40]), Likeness.NONE),
        (("The clinic by the lake has closed.",), Likeness.NONE),
        ((), Likeness.NONE),
    ],
)
def test_words_are_known_again_whatever_they_are_cut_into(
    texts: tuple[str, ...], expected: Likeness
) -> None:
    """Order, case, ends of lines and a word edited do not hide them; a sentence is not enough."""
    assert likeness_of((KEPT,), texts) is expected


def test_short_answers_leave_nothing_to_guess() -> None:
    """What anybody could say is neither kept nor refused."""
    kept = fingerprints_of("lake", ("No.", "Fear of the police."), SALT)

    assert (kept.words_sha256, kept.fingerprints) == ("", frozenset())
    assert likeness_of((kept,), ("No.", "Fear of the police.")) is Likeness.NONE


def test_contacts_are_no_part_of_what_is_kept() -> None:
    """Numbers could be tried one after the other."""
    kept = {
        fingerprints_of("lake", (f"{FIRST} {end}",), SALT)
        for end in ("0700 123 4567", "a@b.example")
    }

    assert len(kept) == 1


def test_each_study_keeps_its_own(tmp_path: Path) -> None:
    """What is kept is read again as it was; under another salt, little of it is the same."""
    (tmp_path / "raw").mkdir()
    short = fingerprints_of("short", ("No.",), SALT)
    write_fingerprints(tmp_path / "raw" / "withdrawn_words.csv", (KEPT, short))
    elsewhere = fingerprints_of("lake", (FIRST, SECOND, THIRD), "another")

    assert read_fingerprints(tmp_path) == (KEPT, short)
    assert KEPT.likeness(elsewhere) is Likeness.NONE
