from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from made_tables import make_groups

from analysis.tables.consent import withhold_cells
from analysis.tables.withheld_text import WithheldWords, read_withheld_words
from tiny_study import STUDY, drop_column, put_value

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CELLS = {
    "title": "Peers of a host",
    "organiser": "A host",
    "theme": "Care",
    "participants": "4 peers (KEN); 2 nurses",
    "received_by": "a mail",
    "source": "a file",
}


@pytest.mark.parametrize(
    ("consent", "shown"),
    [
        ("public", {"title", "organiser", "theme", "participants"}),
        ("public-without-names", {"theme", "participants"}),
        ("aggregate-only", set()),
        ("none", set()),
        ("", set()),
    ],
)
def test_consent_decides_which_cells_are_shown(consent: str, shown: set[str]) -> None:
    """What consent does not let be shown is blank; of participants their number stays."""
    groups = make_groups([{"focus_group": "one", "places": "KEN", "consent": consent, **CELLS}])
    cells = withhold_cells(groups).iloc[0]
    expected = {name: text if name in shown else "" for name, text in CELLS.items()}
    if "participants" not in shown:
        expected["participants"] = "6 type of participant not published"

    assert {name: cells[name] for name in CELLS} == expected
    assert (cells["focus_group"], cells["places"]) == ("one", "KEN")


def test_participants_that_are_not_understood_are_not_shown() -> None:
    """Where their number cannot be read, nothing of them is left."""
    said = {"consent": "aggregate-only", "participants": "Somebody Named"}
    groups = withhold_cells(make_groups([{"focus_group": "one", **said}]))

    assert groups["participants"].tolist() == [""]


WORDS = WithheldWords(
    withheld=["Nurses whisper when we come in.", "No care", "In 2020 and 19 Zuvo"],
    shown=["We come in at night when others sleep. No. We care."],
    harmless=["def whisper(): ..."],
)


@pytest.mark.parametrize(
    ("text", "is_in"),
    [
        ("nurses", True),  # a word that is nowhere else
        ("['Nurses']\\n", True),
        ("\x1b[31mZuvo\x1b[39m", True),
        ("no   CARE!", True),  # a short text as a whole
        ("whisper when we come", True),  # four words in a row
        ("whisper", False),  # of the program
        ("when we come", False),
        ("we come in", False),
        ("nothing is known", False),
        ("row 19", False),  # short numbers identify nobody
        ("row 2020", True),
        ("", False),
    ],
)
def test_text_is_reported_by_its_words(text: str, is_in: bool) -> None:  # noqa: FBT001
    """A text holds what may not be shown by one word of its own, or by four in a row."""
    assert WORDS.are_in(text) is is_in


@pytest.mark.parametrize(
    ("text", "is_in"),
    [
        ("Nurses whisper when we come in.", True),  # for counts only
        ("Clinics close before we wake.", False),  # public
        ("A clinic", True),  # the host of one without names
        ("Fund what sex workers lead.", False),  # its words
        ("KeyError: 'criminalization'", False),  # a code
        ("ValueError: 8 network members (KEN)", True),  # how many of a kind took part
        ("9 network members were expected", True),
        ("network members (KEN)", False),  # the kinds of a public one
        ("participants 8", False),  # their number alone
        ("nurse", True),  # a kind where consent is for counts only
    ],
)
def test_words_of_a_study_are_known_by_consent(tiny_root: Path, text: str, is_in: bool) -> None:  # noqa: FBT001
    """What may be shown of a study may be repeated, and nothing else of it."""
    assert read_withheld_words(tiny_root / "data" / STUDY).are_in(text) is is_in


def test_label_is_withheld_as_its_words_are(tiny_root: Path) -> None:
    """What a segment is called may be repeated only where what it says may be."""
    put_value(tiny_root, "segments", (2, "label"), "Bells")
    put_value(tiny_root, "segments", (8, "label"), "Whistles")

    words = read_withheld_words(tiny_root / "data" / STUDY)

    assert [words.are_in(each) for each in ("Bells", "Whistles")] == [False, True]


@pytest.mark.parametrize(
    "harm",
    [
        lambda root: put_value(root, "focus_groups", (2, "consent"), "none"),
        lambda root: put_value(root, "focus_groups", (2, "withdrawn"), "2020-11-01"),
        lambda root: drop_column(root, "segments", "text"),
        lambda root: (root / "data" / STUDY / "focus_groups.csv").unlink(),
    ],
    ids=["no consent", "withdrawn", "tables not in order", "no table"],
)
def test_words_are_withheld_in_doubt(tiny_root: Path, harm: Callable[[Path], None]) -> None:
    """What was public is withheld once consent is gone, or once it cannot be known."""
    harm(tiny_root)

    assert read_withheld_words(tiny_root / "data" / STUDY).are_in("Clinics close before we wake.")
