from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from made_tables import make_groups

from analysis.tables.consent import read_uncounted, withhold_cells
from tiny_study import STUDY, put_value, write_tiny_root

if TYPE_CHECKING:
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
    """Where their number cannot be told apart from words, nothing of them is left."""
    said = {"consent": "aggregate-only", "participants": "Somebody Named"}
    groups = withhold_cells(make_groups([{"focus_group": "one", **said}]))

    assert groups["participants"].tolist() == [""]


def test_groups_that_no_report_counts_are_known(tmp_path: Path) -> None:
    """Those without consent and those that are withdrawn are counted nowhere."""
    folder = write_tiny_root(tmp_path / "root") / "data" / STUDY
    put_value(folder.parents[1], "focus_groups", (2, "consent"), "none")
    put_value(folder.parents[1], "focus_groups", (4, "withdrawn"), "2020-11-02")

    assert read_uncounted(folder) == {"ken", "gha"}
