"""Copies of focus groups are not imported until a person says that they are others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError
from analysis.importing.submissions import import_submissions
from importing.coded.coded_rows import KNOWN, rows_of, take
from importing.sent_texts import refusal, sent
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")

WORDS = (
    "The boats come in before dawn and nobody at the landing has time for a queue, so those who "
    "test at night are the only ones who are ever tested on this side of the lake."
)
FIRST = "ken-2020-09-26"


def change(words: str) -> str:
    """Return the words in other case, without full stops, and without the last ones."""
    return words.upper().replace(".", "").rpartition(" OF ")[0]


def take_coded(root: Path, text: str, **said: str) -> None:
    """Import a document of coded data, with what a mapping says of it."""
    path = root / "coded.csv"
    path.write_text(f'document,text,code,coder\na,"{text}",stigma,ann\n', encoding="utf-8")
    stated = ", ".join(f"{name}: {value}" for name, value in said.items())
    facts = "focus_groups: {scope: country, places: KEN, consent: public}\n"
    take(root, path, said=f"documents: {{a: {{{stated}}}}}\n{facts}")


def test_submission_that_is_a_copy_is_refused_until_confirmed(root: Path, tmp_path: Path) -> None:
    """Another place, day, case and end do not hide it; both ids and the share are named."""
    import_submissions(root, STUDY, [sent(tmp_path, words=WORDS)])
    copy = sent(tmp_path, "copy.txt", words=change(WORDS), place="Uganda", held_on="1 October 2020")
    places = tmp_path / "places.csv"
    places.write_text("submission,places,another\ncopy.txt,,yes\n", encoding="utf-8")

    refused = refusal(root, copy)
    import_submissions(root, STUDY, [copy], places)

    assert "copy.txt: 100 % of the words of the shorter of focus groups uga-2020-10-01" in refused
    assert f"and {FIRST} are in the other: where this is another one, say yes" in refused
    assert "landing" not in refused.casefold()
    assert rows_of(root, "focus_groups")[-1]["focus_group"] == "uga-2020-10-01"


def test_copies_in_one_import_are_refused(root: Path, tmp_path: Path) -> None:
    """Of submissions that come together, the later one is named as the copy."""
    files = [
        sent(tmp_path, "one.txt", words=WORDS),
        sent(tmp_path, "two.txt", words=change(WORDS), held_on="1 October 2020"),
    ]
    places = tmp_path / "places.csv"
    places.write_text("submission,places,another\ntwo.txt,,yes\n", encoding="utf-8")

    refused = refusal(root, *files)

    assert "two.txt: 100 %" in refused
    assert "one.txt" not in refused
    assert len(import_submissions(root, STUDY, files, places).submissions) == 2


def test_passage_that_two_focus_groups_have_is_no_copy(root: Path, tmp_path: Path) -> None:
    """A long passage among other words, as when one host quotes another, is imported."""
    nights = " ".join(f"On night {each} the nets of crew {each} were torn." for each in range(9))
    days = " ".join(f"By day {each} the market was closed to crew {each}." for each in range(9))
    files = [
        sent(tmp_path, words=f"{WORDS} {nights}"),
        sent(tmp_path, "quotes.txt", words=f"{days} {WORDS}", held_on="1 October 2020"),
    ]

    assert len(import_submissions(root, STUDY, files).submissions) == 2


def test_coded_data_of_a_known_focus_group_are_refused_until_confirmed(
    root: Path, tmp_path: Path
) -> None:
    """What came as a template, coded in another tool under another day, is recognised."""
    import_submissions(root, STUDY, [sent(tmp_path, words=WORDS)])
    before = rows_of(root, "segments")
    said = {"held_on": "2020-10-03", "focus_group": "coded"}

    with pytest.raises(CodedDataError, match=r"document 1: 100 % .* focus groups coded and ken-"):
        take_coded(root, change(WORDS), **said)

    assert rows_of(root, "segments") == before
    take_coded(root, change(WORDS), **said, another="yes")
    assert rows_of(root, "segments")[-1]["focus_group"] == "coded"


def test_words_of_a_document_without_consent_are_not_compared(root: Path, tmp_path: Path) -> None:
    """None of its words is imported, so it can be no copy."""
    import_submissions(root, STUDY, [sent(tmp_path, words=WORDS)])

    path = root / "coded.csv"
    rows = (f'a,"{change(WORDS)}",stigma,ann', "b,The nets are dear.,stigma,ann")
    path.write_text("\n".join(["document,text,code,coder", *rows, ""]), encoding="utf-8")
    take(root, path, said=f"documents: {{a: {{consent: none}}, b: {{consent: public}}}}\n{KNOWN}")

    consents = [row["consent"] for row in rows_of(root, "focus_groups")[-2:]]
    assert consents == ["none", "public"]
