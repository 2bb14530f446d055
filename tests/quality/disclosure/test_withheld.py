from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.quality.disclosure.people import GroupOfPeople
from analysis.quality.disclosure.published_table import add_release
from analysis.quality.disclosure.withheld import leave_withheld
from analysis.study.opened_study import open_study
from analysis.tables.build_folder import BuildFolder
from analysis.tables.published_people import write_published
from tiny_study import STUDY, put_value, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

# Ghana, as its row in the table is, and Mali, of which no row is there.
BEFORE = [
    GroupOfPeople("gha", "wca", "africa", {"network members": 5}),
    GroupOfPeople("mli", "wca", "africa", {"nuns": 6}),
]


def publish_again(root: Path) -> str:
    """Return what the next release tells of people, and keep it as its author would."""
    build = BuildFolder(root / "build" / STUDY)
    leave_withheld(open_study(root, STUDY), build)
    told = build.participants.read_text("utf-8")
    (root / "data" / STUDY / "published" / "participants.csv").write_text(told, "utf-8")
    return told


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the root of the tiny study, which was released before."""
    root = write_tiny_root(tmp_path / "root")
    path = root / "data" / STUDY / "published" / "participants.csv"
    path.parent.mkdir()
    write_published(add_release([], BEFORE, set()), path)
    return root


def test_release_names_nobody_who_left(root: Path) -> None:
    """Earlier releases name those who are counted as they were, and no kind of others alone."""
    told = publish_again(root)

    assert "1,group,gha,wca,africa,network members,withheld" in told
    assert "1,group,(left 1),wca,africa,(left 1),withheld" in told
    assert not any(word in told for word in ("mli", "nuns"))


@pytest.mark.parametrize(
    ("column", "value", "is_named"),
    [
        ("consent", "aggregate-only", True),
        ("consent", "none", False),
        ("withdrawn", "2020-11-01", False),
    ],
)
def test_release_names_what_consent_lets(
    root: Path, column: str, value: str, *, is_named: bool
) -> None:
    """Of a stricter consent, no release tells the kinds, or none tells anything."""
    put_value(root, "focus_groups", (4, "participants"), "3 oddfellows; 2 nurses")
    publish_again(root)
    put_value(root, "focus_groups", (4, column), value)
    told = publish_again(root)

    assert "oddfellows" not in told
    assert [line for line in told.splitlines() if "gha" in line] == (
        [
            "3,group,gha,wca,africa,,withheld",
            "3,group,gha,wca,africa,participants of kinds not told,withheld",
        ]
        if is_named
        else []
    )
    assert publish_again(root) == told
