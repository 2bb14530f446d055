from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError
from analysis.importing.submissions import import_submissions
from analysis.tables.withdrawal.group_removal import carry_out, plan_withdrawal
from analysis.tables.withdrawal.tombstones import Tombstone
from importing.coded.coded_rows import rows_of, take
from importing.sent_texts import refusal, sent
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")

SENT = "ken-2020-09-26"
WORDS = (
    "The boats come in late and the clinic by the lake has closed when the crews get there; "
    "whoever sells fish at night is told to come back on a day when nobody buys any, and those "
    "who have a radio of their own warn the others before the police is at the pier."
)
KNOWN = "focus_groups: {scope: country, places: KEN, consent: public}\n"
SAME = "words are of one that was withdrawn for good"
MOST = "most of its words are of one that was withdrawn for good"
DAY = "a focus group of this place and day was withdrawn for good"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a root with the tiny study, where chance does not choose what is kept of words."""
    monkeypatch.setattr("secrets.token_hex", lambda _: "5a17")
    return write_tiny_root(tmp_path / "root")


def withdraw(root: Path, group: str) -> None:
    """Withdraw a focus group."""
    folder = root / "data" / STUDY
    carry_out(plan_withdrawal(folder, Tombstone(group, "2026-05-04", "host-request")), folder)


def take_coded(root: Path, texts: list[str], **told: str) -> None:
    """Take in a document, each of its texts with a code, with what a mapping says of it."""
    path = root / "coded.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [["a", text, "stigma", "ann"] for text in texts]
        csv.writer(file).writerows([["document", "text", "code", "coder"], *rows])
    said = ", ".join(f"{name}: {held}" for name, held in told.items())
    take(root, path, said=f"documents: {{a: {{{said}}}}}\n{KNOWN}")


def texts_sent(root: Path, tmp_path: Path, words: str = WORDS) -> list[str]:
    """Take a submission in, and return the texts of its segments."""
    import_submissions(root, STUDY, [sent(tmp_path, words=words)])
    return [row["text"] for row in rows_of(root, "segments") if row["focus_group"] == SENT]


@pytest.mark.parametrize(
    ("edited", "told", "why"),
    [
        (WORDS, {"held_on": "2020-10-03", "focus_group": "other"}, SAME),
        (WORDS, {"held_on": "2020-10-03", "another": "yes"}, SAME),
        (WORDS.replace("late", "later"), {"held_on": "2020-10-03"}, MOST),
        ("Nets are dear.", {"held_on": "2020-09-26"}, DAY),
    ],
    ids=["under another id", "under none", "edited", "of the same day"],
)
def test_submission_that_was_withdrawn_does_not_come_back_coded(
    root: Path, tmp_path: Path, edited: str, told: dict[str, str], why: str
) -> None:
    """Neither its words, nor most of them, nor any of its place and day."""
    texts = [text.replace(WORDS, edited) for text in texts_sent(root, tmp_path)]
    withdraw(root, SENT)
    before = rows_of(root, "segments")

    with pytest.raises(CodedDataError, match=why):
        take_coded(root, texts, **told)

    assert before == rows_of(root, "segments")


def test_short_answers_that_were_withdrawn_do_not_come_back_coded(
    root: Path, tmp_path: Path
) -> None:
    """All of them together are known, where none by itself is."""
    texts = texts_sent(root, tmp_path, "Distance costs more than fear.")
    withdraw(root, SENT)

    with pytest.raises(CodedDataError, match=SAME):
        take_coded(root, texts, held_on="2020-10-03")


def test_coded_data_that_were_withdrawn_do_not_come_back_as_a_submission(
    root: Path, tmp_path: Path
) -> None:
    """All of its words, or most of them, are known in the template too."""
    coded = ["Crews trust crews.", "Closing at noon; call 0700 123 4567", WORDS]
    take_coded(root, coded, focus_group="lake", held_on="2020-09-26")
    withdraw(root, "lake")

    same = refusal(root, sent(tmp_path, words=WORDS))
    edited = refusal(root, sent(tmp_path, words=f"Indeed: {WORDS}"))

    assert "its focus group was withdrawn for good" in same
    assert "most of its words are of a focus group that was withdrawn for good" in edited


def test_other_focus_group_is_taken_in_once_a_person_says_that_it_is(
    root: Path, tmp_path: Path
) -> None:
    """In a mapping, or in a table for ``--met``, though much is as in one that was withdrawn."""
    texts = texts_sent(root, tmp_path)
    withdraw(root, SENT)
    file, places = sent(tmp_path, words=WORDS.replace("late", "later")), tmp_path / "places.csv"
    places.write_text(f"submission,places,another\n{file.name},,yes\n", encoding="utf-8")

    import_submissions(root, STUDY, [file], places)
    take_coded(root, [*texts, "Nets are dear."], held_on="2020-09-26", another="yes")

    ids = [row["focus_group"] for row in rows_of(root, "focus_groups")]
    assert ids[-2] == f"{SENT}-2"
    assert ids[-1].startswith("d-")


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("{others: yes}", r"unknown key others \(closest: another\)"),
        ("{another: [yes]}", "another is not one value"),
    ],
)
def test_another_is_said_of_a_document_in_one_word(root: Path, said: str, fault: str) -> None:
    """A misspelt key, or several values, are told."""
    path = root / "coded.csv"
    path.write_text("document,text,code,coder\na,Fear.,stigma,ann\n", encoding="utf-8")

    with pytest.raises(CodedDataError, match=f"documents, entry 1: {fault}"):
        take(root, path, said=f"documents: {{a: {said}}}\n{KNOWN}")
