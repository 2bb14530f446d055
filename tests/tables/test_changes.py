from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from made_tables import make_received

from analysis.tables.build_folder import BuildFolder
from analysis.tables.changes import describe_changes
from analysis.tables.table_files import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from partitioned_study import PartitionedStudy

    from analysis.tables.received import ReceivedTables

WORDS = "She told us where she lives"
TEXTS = {"s1": "a", "s2": "b", "s3": "c"}
CODES = [("s1", "stigma"), ("s2", "services")]


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
def before(partitioned: PartitionedStudy) -> Path:
    """Give the tables of a place as they were."""
    partitioned.partition(_make(TEXTS, CODES))
    folder = partitioned.build.received("esa")
    partitioned.build = BuildFolder(partitioned.build.path.with_name("later"))
    return folder


def _describe(partitioned: PartitionedStudy, before: Path, after: ReceivedTables) -> list[str]:
    partitioned.partition(after)
    folder = partitioned.build.received("esa")
    return [line for table in TABLES for line in describe_changes(before, folder, table)]


def test_rows_added_changed_and_removed_are_named_by_their_ids(
    partitioned: PartitionedStudy, before: Path
) -> None:
    """Each row that differs is named, with the columns that changed, and without its text."""
    after = _make({"s0": WORDS, "s1": "a", "s2": WORDS}, [("s1", "stigma"), ("s2", "community")])
    after.segments.loc[4, "role"] = "prose"

    assert _describe(partitioned, before, after) == [
        "segments.csv: added: s0",
        "segments.csv: changed: s2 (role, text)",
        "segments.csv: removed: s3",
        "code_applications.csv: added: s2, community, coder-a",
        "code_applications.csv: removed: s2, services, coder-a",
    ]


def test_changed_focus_group_is_named_with_its_columns(
    partitioned: PartitionedStudy, before: Path
) -> None:
    """A focus group of which other things are known is named with the columns that differ."""
    after = _make(TEXTS, CODES)
    after.focus_groups.loc[2, ["title", "consent"]] = [WORDS, "aggregate-only"]

    assert _describe(partitioned, before, after) == [
        "focus_groups.csv: changed: ken (title, consent)"
    ]


def test_other_order_is_reported(partitioned: PartitionedStudy, before: Path) -> None:
    """Rows in another order are no change of any of them, and yet they can change a report."""
    after = _make({"s2": "b", "s1": "a", "s3": "c"}, CODES)

    assert _describe(partitioned, before, after) == ["segments.csv: rows are in another order"]


def test_removed_row_is_no_other_order(partitioned: PartitionedStudy, before: Path) -> None:
    """The rows that are left are in the order in which they were."""
    after = _make({"s2": "b", "s3": "c"}, CODES)

    assert _describe(partitioned, before, after) == [
        "segments.csv: removed: s1",
        "code_applications.csv: removed: s1, stigma, coder-a",
    ]


def test_same_rows_are_no_change(partitioned: PartitionedStudy, before: Path) -> None:
    """Without a difference there is nothing to report."""
    assert _describe(partitioned, before, _make(TEXTS, CODES)) == []


def test_first_version_is_reported_in_one_line(
    partitioned: PartitionedStudy, tmp_path: Path
) -> None:
    """Without an earlier version, only the number of rows is reported."""
    after = _make({"s1": "a"}, [("s1", "stigma")])

    assert _describe(partitioned, tmp_path / "nowhere", after) == [
        "focus_groups.csv: all rows are new (1)",
        "segments.csv: all rows are new (1)",
        "code_applications.csv: all rows are new (1)",
    ]


def test_few_of_many_changes_are_listed(partitioned: PartitionedStudy, before: Path) -> None:
    """The first twenty changes are listed, and how many more there are of each kind."""
    after = _make({"s1": "z", **{f"new{at:02}": "x" for at in range(24)}}, [])

    lines = [line for line in _describe(partitioned, before, after) if line.startswith("seg")]

    assert (lines[0], len(lines)) == ("segments.csv: changed: s1 (text)", 22)
    assert lines[19:] == [
        "segments.csv: added: new18",
        "segments.csv: added: 5 more rows",
        "segments.csv: removed: 2 more rows",
    ]


def test_repeated_rows_are_compared_one_by_one(partitioned: PartitionedStudy, before: Path) -> None:
    """Of rows with the same ids, the first is the first, and one more was added."""
    after = _make(TEXTS, [("s1", "stigma"), *CODES])

    assert _describe(partitioned, before, after) == [
        "code_applications.csv: added: s1, stigma, coder-a"
    ]


def test_text_in_place_of_an_id_stays_private(partitioned: PartitionedStudy, before: Path) -> None:
    """What has not the form of an id may be what somebody said, and is not shown."""
    after = _make({**TEXTS, WORDS: "d", "": "e"}, CODES)

    assert _describe(partitioned, before, after) == ["segments.csv: added: (not an id)"] * 2
