"""Where and when focus groups met: as submissions say it, or a person in their place."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from analysis.importing.submissions import import_submissions
from analysis.tables.tombstones import Tombstone
from analysis.tables.withdrawal import carry_out, plan_withdrawal
from importing.sent_texts import last_group, refusal, sent
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")


def test_withdrawn_focus_group_does_not_come_back(root: Path, tmp_path: Path) -> None:
    """Neither its words, in whatever file, nor its id are imported again; its raw copy is gone."""
    first = sent(tmp_path)
    import_submissions(root, STUDY, [first])
    folder = root / "data" / STUDY
    tombstone = Tombstone("ken-2020-09-26", "2020-12-01", "host-request")
    carry_out(plan_withdrawal(folder, tombstone), folder)

    kept = sorted(path.name for path in (folder / "raw").iterdir())
    assert kept == ["registry.csv", "withdrawn_words.csv"]
    assert "was withdrawn for good" in refusal(root, first)
    again = sent(tmp_path, "again.txt", held_on="27 September 2020", theme="Another")
    assert "again.txt: its focus group was withdrawn for good" in refusal(root, again)
    assert "was withdrawn for good" in refusal(root, sent(tmp_path, "new.txt", words="Other."))


@pytest.mark.parametrize(
    ("left", "met"),
    [
        ("ken-2020-09-26-2", "Kenya"),
        ("uga-ken-2020-09-26", "Kenya, Uganda"),
        ("ken-tza-uga-2020-09-26-3", "Uganda, Rwanda, Tanzania, Kenya"),
    ],
)
def test_withdrawn_focus_group_is_reported_by_places_and_day(
    left: str, met: str, root: Path, tmp_path: Path
) -> None:
    """Whatever its number and the order of its places, until a person says that it is another."""
    (root / "data" / STUDY / "withdrawn.csv").write_text(
        f"focus_group,withdrawn_on,reason\n{left},2020-12-01,host-request\n", encoding="utf-8"
    )
    file, places = sent(tmp_path, place=met), tmp_path / "places.csv"
    places.write_text(f"submission,places,another\n{file.name},,yes\n", encoding="utf-8")

    assert "say yes under another in a table for --met" in refusal(root, file)
    assert len(import_submissions(root, STUDY, [file], places).submissions) == 1


@pytest.mark.parametrize("was_edited", [False, True], ids=["as sent", "edited"])
def test_focus_group_entered_by_hand_does_not_come_back(
    root: Path, tmp_path: Path, *, was_edited: bool
) -> None:
    """Its words as they were sent are known, and so is the source whose digest it names."""
    folder = root / "data" / STUDY
    import_submissions(root, STUDY, [first := sent(tmp_path)])
    shutil.rmtree(folder / "raw")
    for table in ("focus_groups", "segments"):
        path = folder / f"{table}.csv"
        path.write_text(path.read_text("utf-8").replace("ken-2020-09-26", "hand"), "utf-8")
    if was_edited:
        put_value(root, "segments", (14, "text"), "Restated.")
    carry_out(plan_withdrawal(folder, Tombstone("hand", "2020-12-01", "safety")), folder)
    again = sent(tmp_path, "again.txt", held_on="27 September 2020", theme="Another")

    assert "its focus group was withdrawn for good" in refusal(root, first)
    if not was_edited:
        assert "again.txt: its focus group was withdrawn for good" in refusal(root, again)


def test_table_of_places_says_where_and_when(root: Path, tmp_path: Path) -> None:
    """By the name of a file, or the country as written, a table gives what is not said."""
    files = [
        sent(tmp_path, "one.txt", place="The lake", words="One."),
        sent(tmp_path, "two.txt", held_on="soon", words="Two."),
    ]
    places = tmp_path / "places.csv"
    places.write_text(
        "submission,places,held_on\nthe lake,KEN;Uganda,\nTWO.txt,esa,2020-05-01\n",
        encoding="utf-8",
    )

    taken = import_submissions(root, STUDY, files, places).submissions

    assert [each.focus_group for each in taken] == ["ken-uga-2020-09-26", "esa-2020-05-01"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("one.txt,;", "one.txt: the table for --met names no place"),
        ("three.txt,KEN", "row 2 of the table for --met: no imported file has this submission"),
        (None, "places.csv does not exist"),
    ],
)
def test_table_of_places_that_says_nothing_of_what_is_sent_is_reported(
    row: str | None, expected: str, root: Path, tmp_path: Path
) -> None:
    """A row without a place, one for no submission, and a table that is not there are refused."""
    places = tmp_path / "places.csv"
    if row:
        row = row.replace("one.txt,;", "one.txt,;")
        places.write_text(f"submission,places\n{row}\n", encoding="utf-8")

    assert expected in refusal(root, sent(tmp_path, "one.txt"), places=places)


def test_study_with_places_of_its_own_is_asked_for_these(root: Path, tmp_path: Path) -> None:
    """The places of such a study are next to its tables; those of all studies are not its own."""
    folder = root / "data" / STUDY
    (folder / "places.csv").write_text(
        "country,name,region,continent\nNRT,Northern shore,land,all\n", encoding="utf-8"
    )
    (folder / "wider_places.csv").write_text(
        "place,scope,name\nland,region,The land\nall,continent,All\nglobal,global,Global\n",
        encoding="utf-8",
    )

    taken = import_submissions(root, STUDY, [sent(tmp_path, place="Northern shore")]).submissions

    assert last_group(root)["places"] == "NRT"
    assert [each.focus_group for each in taken] == ["nrt-2020-09-26"]
