from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from made_tables import make_received

from analysis.tables.build_folder import BuildFolder
from analysis.tables.changes import Change, changed_rows
from analysis.tables.table_files import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from made_parts import PartedStudy

    from analysis.tables.received import ReceivedTables

WORDS = "She told us where she lives"


def _make(texts: dict[str, str], codes: list[tuple[str, str]]) -> ReceivedTables:
    return make_received(
        groups=[{"focus_group": "ken", "places": "KEN"}],
        texts=[
            {"segment": segment, "focus_group": "ken", "text": text}
            for segment, text in texts.items()
        ],
        applications=[
            {"segment": segment, "code": code, "coder": "coder-a"} for segment, code in codes
        ],
    )


@pytest.fixture
def before(study: PartedStudy) -> Path:
    """Give the part of a place as it was."""
    study.part(_make({"s1": "a", "s2": "b", "s3": "c"}, [("s1", "stigma"), ("s2", "services")]))
    part = study.build.received("esa")
    study.build = BuildFolder(study.build.path.with_name("later"))
    return part


def _tell(study: PartedStudy, before: Path | None, after: ReceivedTables) -> list[str]:
    study.part(after)
    return _lines(study, before)


def _lines(study: PartedStudy, before: Path | None) -> list[str]:
    part = study.build.received("esa")
    return [line for table in TABLES for line in changed_rows(before, part, table).lines()]


def test_what_came_went_and_changed_is_told_by_row(study: PartedStudy, before: Path) -> None:
    """A change is told by its row in the file as it is now; what went, by where it stood."""
    after = _make({"s0": WORDS, "s1": "a", "s2": WORDS}, [("s1", "stigma"), ("s2", "community")])
    after.segments.loc[4, "role"] = "prose"

    told = _tell(study, before, after)

    assert told == [
        "segments.csv row 2: came: s0",
        "segments.csv row 4: s2: role, text changed",
        "segments.csv row 4 before: went: s3",
        "code_applications.csv row 3: came: s2, community, coder-a",
        "code_applications.csv row 3 before: went: s2, services, coder-a",
    ]


def test_rows_that_moved_are_no_change(study: PartedStudy, before: Path) -> None:
    """Rows that stand elsewhere in the file say what they said."""
    after = _make({"s1": "a", "s2": "b", "s3": "c"}, [("s1", "stigma"), ("s2", "services")])
    study.part(after)
    path = study.opened.folder / "segments.csv"
    header, rest = path.read_text().split("\n", 1)
    path.write_text(f"{header}\n\n\n{rest}")
    study.part_again()

    assert _lines(study, before) == []


def test_other_order_is_told(study: PartedStudy, before: Path) -> None:
    """Rows in another order are no change of any of them, and yet they can change a report."""
    after = _make({"s2": "b", "s1": "a", "s3": "c"}, [("s1", "stigma"), ("s2", "services")])

    assert _tell(study, before, after) == ["segments.csv: rows that stayed are in another order"]


def test_first_version_is_told_in_one_line(study: PartedStudy, tmp_path: Path) -> None:
    """Where nothing was before, how many rows came is told, and none of them."""
    after = _make({"s1": "a"}, [("s1", "stigma")])
    expected = [
        "focus_groups.csv: all its rows came (1)",
        "segments.csv: all its rows came (1)",
        "code_applications.csv: all its rows came (1)",
    ]

    assert _tell(study, None, after) == expected
    assert _tell(study, tmp_path / "nowhere", after) == expected


def test_few_of_many_changes_are_shown(study: PartedStudy, before: Path) -> None:
    """The first twenty changes are shown, and how many more there are of each kind."""
    after = _make({"s1": "z", **{f"new{at:02}": "x" for at in range(24)}}, [])
    study.part(after)

    changes = changed_rows(before, study.build.received("esa"), "segments")

    assert changes.counts == {"came": 24, "changed": 1, "went": 2}
    assert changes.shown[0] == Change("changed", 2, ("s1",), ("text",))
    assert list(changes.lines())[19:] == [
        "segments.csv row 21: came: new18",
        "segments.csv: 5 more rows came",
        "segments.csv: 2 more rows went",
    ]


def test_repeated_rows_are_told_one_by_one(study: PartedStudy, before: Path) -> None:
    """Of rows with the same ids, the first is the first, and what is more came."""
    codes = [("s1", "stigma"), ("s1", "stigma"), ("s2", "services")]

    told = _tell(study, before, _make({"s1": "a", "s2": "b", "s3": "c"}, codes))

    assert told == ["code_applications.csv row 3: came: s1, stigma, coder-a"]


def test_ids_that_are_none_are_not_told(study: PartedStudy, before: Path) -> None:
    """What stands in place of an id may be what somebody said, and is not shown."""
    texts = {"s1": "a", "s2": "b", "s3": "c", WORDS: "d", "": "e"}

    told = _tell(study, before, _make(texts, [("s1", "stigma"), ("s2", "services")]))

    assert told == [
        "segments.csv row 5: came: (no plain id)",
        "segments.csv row 6: came: (no plain id)",
    ]


def test_changed_focus_group_is_told_by_its_columns(study: PartedStudy, before: Path) -> None:
    """A focus group that says something else is told by what it says it in."""
    after = _make({"s1": "a", "s2": "b", "s3": "c"}, [("s1", "stigma"), ("s2", "services")])
    after.focus_groups.loc[2, ["title", "consent"]] = [WORDS, "aggregate-only"]

    assert _tell(study, before, after) == ["focus_groups.csv row 2: ken: title, consent changed"]
