from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import StudyError
from analysis.study.csv_rows import IDENTIFIER, read_rows, repeated

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("code", "name")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "codebook.csv"


@pytest.mark.parametrize(
    "content",
    [
        b"code,name\nhope,Hope\n",
        b"code,name\r\nhope,Hope\r\n",
        b"\xef\xbb\xbfcode,name\nhope,Hope",
        b'"code","name"\n"hope","Hope"\n',
        b"name,code,remark\nHope,hope,\n",
    ],
    ids=["unix", "windows", "spreadsheet", "quoted", "other-order"],
)
def test_reads_what_spreadsheets_write(table: Path, content: bytes) -> None:
    """A table reads the same whatever program saved it."""
    table.write_bytes(content)

    rows = read_rows(table, COLUMNS)

    assert [(row["code"], row["name"]) for row in rows] == [("hope", "Hope")]


def test_numbers_rows_as_a_spreadsheet_does(table: Path) -> None:
    """An empty line counts as a row, and a cell of two lines does not count twice."""
    table.write_text('code,name\nhope,"Hope\nand faith"\n\nfear,Fear\n', encoding="utf-8")

    rows = read_rows(table, COLUMNS)

    assert [(row.number, row["code"]) for row in rows] == [(2, "hope"), (4, "fear")]


def test_keeps_text_that_looks_missing(table: Path) -> None:
    """NA, None and null are text, and blank is blank."""
    table.write_text("code,name\nNA,None\nnull,\n", encoding="utf-8")

    rows = read_rows(table, COLUMNS)

    assert [tuple(row.cells.values()) for row in rows] == [("NA", "None"), ("null", "")]


def test_names_the_folder_of_a_missing_file(table: Path) -> None:
    """A missing file is refused with its folder, which is the study's name."""
    with pytest.raises(StudyError) as raised:
        read_rows(table, COLUMNS)

    assert raised.value.offenders == (f"{table.parent.name}/codebook.csv",)


def test_finds_cells_repeated_in_another_case(table: Path) -> None:
    """A repeated cell is an offender with both of its rows, and blank cells are no repetition."""
    table.write_text("code,name\nhope,\nfear,\nHope,\n", encoding="utf-8")
    rows = read_rows(table, COLUMNS)

    offenders = [*repeated(rows, "code"), *repeated(rows, "name")]

    assert offenders == ["codebook.csv row 4: code 'Hope' is also in row 2"]


@pytest.mark.parametrize(
    ("text", "well_formed"),
    [
        ("legal-environment", True),
        ("theme.introduction.1", True),
        ("covid_19", True),
        ("Hope", False),
        ("a..b", False),
        (".a", False),
        ("hope ", False),
        ("hope\n", False),
        ("", False),
        ("é", False),
    ],
)
def test_identifiers(text: str, well_formed: bool) -> None:  # noqa: FBT001 - a table of cases
    """An id has lower-case ASCII parts joined by single dots."""
    assert bool(IDENTIFIER.fullmatch(text)) == well_formed
