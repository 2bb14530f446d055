from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError
from importing.coded.coded_rows import HEADER, KNOWN, ROWS, rows_of, take, written
from tiny_study import write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root with the tiny study."""
    return write_tiny_root(tmp_path / "root")


@pytest.mark.parametrize(
    ("column", "told", "fault"),
    [
        ("text_kind", "spoken", "segment 1: text_kind is none of synthetic"),
        ("language", "xx", "segment 1: language is none of en"),
        ("role", "verse", "segment 1: role is none of point"),
    ],
)
def test_what_segments_cannot_be_is_refused(root: Path, column: str, told: str, fault: str):
    """Kinds of text, languages and roles are checked before anything is written."""
    file = root / "codings.csv"
    file.write_text(f"{HEADER},{column}\n{ROWS[0]},{told}\n", encoding="utf-8")

    with pytest.raises(CodedDataError, match=fault):
        take(root, file)


def test_ids_of_segments_begin_with_that_of_their_focus_group(root: Path):
    """A column of another tool that is called segment does not name them; its values help to."""
    file = root / "codings.csv"
    rows = (ROWS[0].replace(",1,", f",{told},") for told in ("A 1", "new.7", "ken.9"))
    header = HEADER.replace(",id,", ",segment,")
    file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")

    take(root, file)

    assert [row["segment"] for row in rows_of(root, "segments")[-3:]] == [
        *("new.a-1", "new.7", "new.ken-9")
    ]


def test_words_that_were_said_twice_are_two_segments(root: Path):
    """Their ids are told apart by a number."""
    file = root / "wide.csv"
    file.write_text("document,text,Stigma\na,Yes.,1\na,Yes.,1\n", encoding="utf-8")

    taken_in = take(root, file, said=KNOWN.replace("{", "{consent: public, ") + "coder: ann\n")

    first, second = (row["segment"] for row in rows_of(root, "segments")[-2:])
    assert (second, taken_in.code_applications) == (f"{first}-2", 2)


def test_contacts_in_the_words_are_counted(root: Path):
    """The words are kept as they were coded; who imports is told what to do about them."""
    taken_in = take(root, written(root, ROWS[0].replace("Fear", "Write to jo@lake.example")))

    assert taken_in.notices[-1].startswith("1 e-mail addresses and telephone numbers stand in")
