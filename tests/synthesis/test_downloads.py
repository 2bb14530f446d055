from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from analysis.synthesis.claims import Ledger
from analysis.synthesis.coverage import open_coverage
from analysis.synthesis.downloads import make_downloads, show_downloads
from analysis.tables.download_files import DOWNLOAD_FILES
from tiny_study import STUDY, put_value, repeat_row

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def rows_of(table: pd.DataFrame, **chosen: str) -> list[tuple[object, ...]]:
    """Return the last four columns of the rows with some values."""
    for name, value in chosen.items():
        table = table[table[name] == value]
    return [tuple(row) for row in table.iloc[:, -4:].to_numpy(object).tolist()]


@pytest.fixture
def built(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of the downloads that a build of the tiny study writes."""
    put_value(tiny_root, "segments", (2, "label"), "=Peer educators")
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")
    show_downloads(open_coverage(STUDY), Ledger("study"))
    return tiny_root / "build" / STUDY / "downloads" / "coverage"


@pytest.mark.usefixtures("tiny_root")
def test_prevalence_is_by_place_question_and_answer() -> None:
    """A row counts who raised a topic, of those who answered; zero is listed for all topics."""
    table = make_downloads(open_coverage(STUDY))["prevalence"]
    anywhere = rows_of(table, place="africa", question="any", topic="criminalization")
    under = rows_of(table, place="esa", section="any", question="situation", topic="services")
    never = rows_of(table, place="esa", section="any", question="hope", topic="services")
    answer = rows_of(table, place="esa", section="recommendations", topic="stigma")

    assert anywhere == [("code", 3, 4, 5)]
    assert under == [("code", 1, 2, 1)]
    assert never == [("code", 0, 1, 0)]
    assert answer == [("code", 1, 2, 1)]


def test_prevalence_anywhere_is_of_groups_with_a_coded_passage(tiny_root: Path) -> None:
    """Anywhere, a group that answered and has no code is not in the denominator."""
    for row in (11, 12):
        put_value(tiny_root, "code_applications", (row, "code"), "none")
    table = make_downloads(open_coverage(STUDY))["prevalence"]
    anywhere = rows_of(table, place="africa", question="any", topic="criminalization")

    assert anywhere == [("code", 3, 3, 5)]
    assert set(table.loc[table["section"] != "any", "level"]) == {"code"}


@pytest.mark.usefixtures("tiny_root")
def test_place_of_one_group_has_no_prevalence() -> None:
    """Of a place with one focus group, as in its report, there is no prevalence."""
    table = make_downloads(open_coverage(STUDY))["prevalence"]

    assert set(table["place"]) == {"esa", "africa"}


@pytest.mark.usefixtures("tiny_root")
def test_framework_matrix_leaves_out_groups_for_counts_only() -> None:
    """A row for each focus group whose words may be shown; passages without label by their id."""
    matrix = make_downloads(open_coverage(STUDY))["framework-matrix"]

    assert matrix.set_index("focus_group")["support"].to_dict() == {
        "afr": "",
        "ken": "ken.1; ken.4",
        "gha": "gha.1; gha.2",
    }


def test_theme_called_like_a_column_has_its_own(tiny_root: Path) -> None:
    """A theme with the id of another column of the matrix does not replace it."""
    put_value(tiny_root, "codebook", (2, "code"), "place")
    for row in (3, 4):
        put_value(tiny_root, "codebook", (row, "parent"), "place")
    matrix = make_downloads(open_coverage(STUDY))["framework-matrix"].set_index("focus_group")

    assert matrix["place"].to_dict() == {"afr": "africa", "ken": "esa", "gha": "wca"}
    assert matrix["theme place"].tolist() == ["afr.1; afr.2", "ken.5; ken.6", ""]


@pytest.mark.usefixtures("tiny_root")
def test_co_occurrence_counts_codes_on_one_passage() -> None:
    """Two codes of different coders on one passage are together, each pair once."""
    pairs = make_downloads(open_coverage(STUDY))["co-occurrence"]

    assert pairs.to_numpy(object).tolist() == [
        ["esa", "criminalization", "stigma", 1, 2, 1],
        ["africa", "criminalization", "stigma", 1, 4, 1],
    ]


@pytest.mark.usefixtures("tiny_root")
def test_participants_are_counted_in_groups_that_report_them() -> None:
    """Kinds of people are counted in focus groups; those for counts only are in neither number."""
    table = make_downloads(open_coverage(STUDY))["participants"]

    assert ["esa", "network members", 1, 1] in table.to_numpy(object).tolist()
    assert "nurse" not in set(table["kind"])


def test_workbooks_have_numbers_and_notes(built: Path) -> None:
    """Numbers are numbers, the header stays in sight, and a second sheet says what columns are."""
    book = load_workbook(built / "prevalence.xlsx")
    notes = {str(row[0]): str(row[1]) for row in book["notes"].iter_rows(values_only=True)}
    with (built / "prevalence.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    sheet = list(book["prevalence"].iter_rows(values_only=True))

    assert book["prevalence"].freeze_panes == "A2"
    assert [[str(cell) for cell in row] for row in sheet] == [header, *rows]
    assert all(isinstance(row[header.index("focus_groups")], int) for row in sheet[1:])
    assert {f"column {name}" for name in header} <= notes.keys()
    assert notes["synthetic"].startswith("yes")
    assert notes["data as of"] == "2020-12-31"


def test_dates_in_workbooks_are_dates(built: Path) -> None:
    """The day on which a group met is a date in the workbook, and as ISO 8601 writes it in CSV."""
    sheet = load_workbook(built / "framework-matrix.xlsx")["framework-matrix"]
    with (built / "framework-matrix.csv").open(encoding="utf-8", newline="") as file:
        days = [row["held_on"] for row in csv.DictReader(file)]

    assert [cell.value.date().isoformat() for cell in sheet["C"][1:]] == days
    assert {cell.is_date for cell in sheet["C"][1:]} == {True}


def test_each_table_is_noted_for_csv_too(built: Path) -> None:
    """Who opens a CSV file alone finds the meaning of its columns in one more."""
    with (built / "notes.csv").open(encoding="utf-8", newline="") as file:
        noted = {row["table"] for row in csv.DictReader(file)}

    assert noted == {"", *DOWNLOAD_FILES}


def test_no_label_is_a_formula(built: Path) -> None:
    """A label that starts like a formula is text in either format."""
    matrix = (built / "framework-matrix.csv").read_text(encoding="utf-8")
    cells = load_workbook(built / "framework-matrix.xlsx")["framework-matrix"].iter_rows()

    assert "'=Peer educators" in matrix
    assert "f" not in {cell.data_type for row in cells for cell in row}


def test_withheld_labels_are_in_no_download(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The label of a focus group whose consent is for counts only is not published."""
    put_value(tiny_root, "segments", (8, "label"), "Whispering")
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")
    coverage = open_coverage(STUDY)
    matrix = make_downloads(coverage)["framework-matrix"]

    assert "Whispering" not in matrix.to_csv()
    assert "uga" not in set(matrix["focus_group"])


def test_downloads_are_the_same_each_time(
    built: Path, tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same tables give the same bytes."""
    before = {path.name: path.read_bytes() for path in built.iterdir()}
    monkeypatch.setenv("COMPENDIUM_BUILD", "again")
    show_downloads(open_coverage(STUDY), Ledger("study"))
    again = tiny_root / "again" / STUDY / "downloads" / "coverage"

    assert {path.name: path.read_bytes() for path in again.iterdir()} == before


def test_copies_are_counted_once(tiny_root: Path) -> None:
    """A code application that is there twice changes no count."""
    before = make_downloads(open_coverage(STUDY))
    repeat_row(tiny_root, "code_applications", 2)
    after = make_downloads(open_coverage(STUDY))

    assert all(before[name].equals(after[name]) for name in before)
