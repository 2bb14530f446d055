from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.study.opened_study import open_study
from analysis.tables.build_folder import BuildFolder
from analysis.tables.cleaning import CleanedTables, clean, write_cleaned
from analysis.tables.parting import ROW_OF_PART, part_tables, read_part, without_numbers
from analysis.tables.settled_codes import read_settled_codes
from tiny_study import STUDY, table_of, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

COLUMNS = ["segment", "code", "coder"]


MORE = {
    "segments": [
        "ken.7,ken,recommendations,stop,2,point,,Raids on the places where we work.,x,en,"
    ],
    "code_applications": [
        *("ken.7,stigma,ann", "ken.7,criminalization,ann"),
        "ken.2,stigma,ann",
    ],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the tiny study with a repeat that was coded, and a code on a lead-in."""
    root = write_tiny_root(tmp_path / "root")
    for table, rows in MORE.items():
        with table_of(root, table).open("a", encoding="utf-8") as file:
            file.writelines(f"{row}\n" for row in rows)
    return root


def cleaned_in(root: Path) -> tuple[CleanedTables, BuildFolder]:
    """Return the cleaned tables of a region, which are written to a build as well."""
    opened, build = open_study(root, STUDY), BuildFolder(root / "build" / STUDY)
    part_tables(opened, build)
    cleaned = clean(without_numbers(read_part(opened, build, "esa")), ())
    write_cleaned(cleaned, build.cleaned("esa"))
    return cleaned, build


def rows_of(codes: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(codes[COLUMNS].itertuples(index=False, name=None))


def test_codes_are_settled_as_cleaning_settles_them(root: Path) -> None:
    """The codes of a repeat are with what stands for it, each once; those on a lead-in are none."""
    cleaned, build = cleaned_in(root)

    settled = read_settled_codes(root / "data" / STUDY, build, "esa")

    assert rows_of(settled) == rows_of(cleaned.code_applications)
    assert settled.index.equals(cleaned.code_applications.index)
    assert settled.index.name == ROW_OF_PART
    assert [row for row in rows_of(settled) if row[0] == "ken.6"] == [
        ("ken.6", "criminalization", "ann"),
        ("ken.6", "stigma", "bot"),
        ("ken.6", "stigma", "ann"),
    ]
    assert not {"ken.2", "ken.7"} & set(settled["segment"])


def test_codes_are_no_part_of_what_cleaning_leaves(root: Path) -> None:
    """Cleaned tables are written without codes, so that another code leaves their bytes."""
    _, build = cleaned_in(root)

    left = {path.stem for path in build.cleaned("esa").iterdir()}
    assert left == {"focus_groups", "segments", "set_aside", "log"}


def test_codes_come_from_the_study_where_it_was_not_parted(root: Path) -> None:
    """Where a notebook runs on whole tables, the study's own table has the codes."""
    cleaned, build = cleaned_in(root)
    for path in build.received("esa").iterdir():
        path.unlink()

    settled = read_settled_codes(root / "data" / STUDY, build, "esa")

    assert rows_of(settled) == rows_of(cleaned.code_applications)
