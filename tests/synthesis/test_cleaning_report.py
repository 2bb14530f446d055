from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.errors import PlaceError
from analysis.study.opened_study import open_study
from analysis.synthesis import cleaning_report
from analysis.synthesis.claims import Ledger
from analysis.synthesis.cleaning_report import clean_place, keep_cleaned
from analysis.synthesis.cleaning_tables import show_balance
from analysis.tables.build_folder import BuildFolder
from analysis.tables.parting import part_tables
from tiny_study import STUDY, table_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.usefixtures("tiny_root")
def test_kept_segments_are_linked_to_their_report() -> None:
    """What was kept stands in the report of the place; what was set aside stands nowhere."""
    cleaning, ledger = clean_place(STUDY, "esa"), Ledger("esa")
    show_balance(cleaning, ledger)

    addresses = cleaning.addresses(ledger)

    assert addresses["ken.1"] == "esa.html#segment-ken.1"
    assert "ken.2" not in addresses


@pytest.mark.parametrize("place", ["asia", "KEN"])
@pytest.mark.usefixtures("tiny_root")
def test_place_that_nobody_calls_home_is_refused(place: str) -> None:
    """A place at which nobody is at home has nothing to clean, and is refused."""
    with pytest.raises(PlaceError, match="Expected: africa, esa, wca"):
        clean_place(STUDY, place)


def test_cleaned_tables_are_kept_only_in_a_build(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a build the cleaned tables are left for later steps; elsewhere nothing is written."""
    cleaning = clean_place(STUDY, "wca")
    outside = keep_cleaned(cleaning)
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")

    inside = keep_cleaned(cleaning)

    assert outside.startswith("Not part of a build")
    assert inside.startswith("The cleaned tables are kept")
    kept = tiny_root / "build" / STUDY / "cleaned" / "wca"
    assert list(pd.read_parquet(kept / "segments.parquet")["segment"]) == ["gha.1", "gha.2"]


@pytest.mark.parametrize("place", ["africa", "esa", "wca"])
def test_part_is_cleaned_as_the_place_is(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """In a build a place is cleaned from its part, to the same tables, and nothing else is read."""
    outside = clean_place(STUDY, place).cleaned
    part_tables(open_study(tiny_root, STUDY), BuildFolder(tiny_root / "build" / STUDY))
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")
    for table in ("focus_groups", "segments", "code_applications"):
        table_of(tiny_root, table).unlink()

    inside = clean_place(STUDY, place).cleaned

    for name, table in inside.by_name().items():
        expected = outside.by_name()[name]
        pd.testing.assert_frame_equal(table.set_axis(expected.index), expected)


def test_place_without_a_part_is_refused_in_a_build(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A place that is parted nowhere is refused in a build as it is outside of one."""
    part_tables(open_study(tiny_root, STUDY), BuildFolder(tiny_root / "build" / STUDY))
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")

    with pytest.raises(PlaceError, match="Expected: africa, esa, wca"):
        clean_place(STUDY, "asia")


def test_rows_that_move_leave_the_cleaned_tables(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a build keeps of a place is the same bytes wherever its rows stand in the files."""
    build = BuildFolder(tiny_root / "build" / STUDY)
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")
    kept = []
    for lines in ("", "\n\n"):
        path = table_of(tiny_root, "segments")
        path.write_text(lines + path.read_text(encoding="utf-8"), encoding="utf-8")
        part_tables(open_study(tiny_root, STUDY), build)
        keep_cleaned(clean_place(STUDY, "esa"))
        kept.append({each.name: each.read_bytes() for each in build.cleaned("esa").iterdir()})

    assert kept[0] == kept[1]


def test_what_bears_the_claims_of_a_large_place_is_listed_apart(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a build a place with more segments than are listed has a file for what bears claims."""
    few = clean_place(STUDY, "esa").bearings
    monkeypatch.setattr(cleaning_report, "LISTED_SEGMENTS", 7)
    outside = clean_place(STUDY, "esa").bearings
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")

    inside = clean_place(STUDY, "esa").bearings

    assert (few, outside) == (None, None)
    assert inside == tiny_root / "build" / STUDY / "bearings" / "esa-cleaning.parquet"
