"""What spreadsheet programs make of a table: one message each, with its fix."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from tiny_study import STUDY, put_value, table_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.conftest import Run

Rows = list[list[str]]
TABLE = "focus_groups"


def delimited(rows: Rows, mark: str) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=mark).writerows(rows)
    return f"\ufeff{written.getvalue()}".encode()


def workbook(rows: Rows) -> bytes:
    book, written = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(written)
    return written.getvalue()


def widened(rows: Rows, header: str) -> Rows:
    return [[*row, header if at == 0 else "a note"] for at, row in enumerate(rows)]


SAVED: dict[str, tuple[Callable[[Rows], bytes], tuple[str, ...]]] = {
    "semicolons": (
        lambda rows: delimited(rows, ";"),
        ("tiny/focus_groups.csv has semicolons between its values", "save it with commas"),
    ),
    "tabs": (lambda rows: delimited(rows, "\t"), ("has tabs between its values",)),
    "title": (
        lambda rows: delimited([["Focus groups of 2020", *[""] * 14], [""] * 15, *rows], ","),
        ("has its header in row 3", "What to do: delete rows 1 to 2"),
    ),
    "title in one row": (
        lambda rows: delimited([["Focus groups of 2020", *[""] * 14], *rows], ","),
        ("has its header in row 2", "What to do: delete row 1"),
    ),
    "title and semicolons": (
        lambda rows: delimited([["sep="], *rows], ";"),
        ("has semicolons between its values",),
    ),
    "blank rows": (
        lambda rows: delimited([*rows, *[[""] * 15] * 40], ","),
        ("has rows without any value", "focus_groups.csv rows 6 to 45", "delete these rows"),
    ),
    "extra column": (
        lambda rows: delimited(widened(rows, "notes"), ","),
        ("unknown: column P 'notes'", "delete these columns"),
    ),
    "column without a name": (
        lambda rows: delimited(widened(rows, ""), ","),
        ("unknown: column P, which has no name",),
    ),
    "workbook under its name": (
        workbook,
        ("is a workbook, whatever its name says", 'save it as "CSV UTF-8"'),
    ),
}


@pytest.fixture
def rows(tiny_root: Path) -> Rows:
    """Give the rows of the focus groups, with their header."""
    with table_of(tiny_root, TABLE).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("how", SAVED)
def test_what_a_spreadsheet_saved_is_one_message(
    run: Run, tiny_root: Path, rows: Rows, how: str
) -> None:
    """It names the file, what is wrong and the fix, and none of the consequences."""
    save, said = SAVED[how]
    table_of(tiny_root, TABLE).write_bytes(save(rows))

    code, _, complained = run("check", STUDY)

    assert code == 1
    assert [each for each in said if each not in complained] == []
    assert len(complained.splitlines()) <= 5


CODED: Rows = [
    ["document", "text", "code", "coder", *("held_on", "places", "consent")],
    ["Talk", "Fear of raids.", "stigma", "ann", *("03/04/2020", "Kenya", "public")],
]
TITLE: Rows = [["My codings of 2020", *[""] * 6], [""] * 7]
SENT: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "title.csv": (
        delimited([*TITLE, *CODED], ","),
        ("title.csv has a title above its header", "row 3: the names of the columns are here"),
    ),
    "title.xlsx": (workbook([*TITLE, *CODED]), ("sheet Sheet, row 3: the names of the columns",)),
    "stated.csv": (
        b"sep=;\r\n" + delimited(CODED, ";").removeprefix(b"\xef\xbb\xbf"),
        ("document 1: held_on '03/04/2020' is no date like 2020-10-12",),
    ),
    "blank rows.csv": (
        delimited([*CODED, *[[""] * 7] * 9], ","),
        ("(write 2020-03-04 or 2020-04-03)",),
    ),
    "workbook.csv": (workbook(CODED), ("(write 2020-03-04 or 2020-04-03)",)),
}


@pytest.mark.parametrize("name", SENT)
def test_coded_data_from_a_spreadsheet_is_read_or_refused_in_one_message(
    run: Run, tmp_path: Path, name: str
) -> None:
    """A title is refused with its row; separators, blank rows and workbooks are read."""
    content, said = SENT[name]
    (tmp_path / name).write_bytes(content)

    code, _, complained = run("import", str(tmp_path / name), "--study", STUDY)

    assert code == 1
    assert [each for each in said if each not in complained] == []
    assert len(complained.splitlines()) <= 4


@pytest.mark.parametrize("rest", ["gone", "header"])
def test_a_workbook_next_to_an_empty_table_is_named(
    run: Run, tiny_root: Path, rows: Rows, rest: str
) -> None:
    """Whoever filled in focus_groups.xlsx learns that the CSV file is what is read."""
    path = table_of(tiny_root, TABLE)
    path.with_suffix(".xlsx").write_bytes(workbook(rows))
    if rest == "gone":
        path.unlink()
    else:
        path.write_bytes(delimited(rows[:1], ","))

    code, _, complained = run("check", STUDY)

    assert (code, "focus_groups.xlsx is" in complained) == (1, True)
    assert 'save it as "CSV UTF-8" under the name focus_groups.csv' in complained


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (
            "held_on",
            {
                "03/04/2020": "date '03/04/2020' (2020-03-04 or 2020-04-03)",
                "26/09/2020": "date '26/09/2020' (2020-09-26)",
                "1 October 2020": "date '1 October 2020' (2020-10-01)",
            },
        ),
        (
            "places",
            {
                "Kenya": "unknown place 'Kenya' (write KEN)",
                "Tanzania": "(closest: United Republic of Tanzania, which is TZA)",
                "Kenia": "unknown place 'Kenia' (closest: Kenya, which is KEN)",
            },
        ),
    ],
    ids=["dates", "places"],
)
def test_a_value_is_shown_with_what_it_can_mean(
    run: Run, tiny_root: Path, column: str, said: dict[str, str]
) -> None:
    """A date has the days that it can be, and a place by its name the id; nobody guesses."""
    for row, value in enumerate(said, start=2):
        put_value(tiny_root, TABLE, (row, column), value)

    code, printed, _ = run("check", STUDY, "--json")

    assert (code, [each for each in said.values() if each not in printed]) == (1, [])


def test_a_continent_by_its_name_is_shown_with_its_id(run: Run, tiny_root: Path) -> None:
    """One message says which id to write in study.yaml."""
    settings = tiny_root / "data" / STUDY / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[africa]", "[Africa]"), encoding="utf-8")

    code, _, complained = run("check", STUDY)

    assert (code, "study.yaml: continents: 'Africa' (write africa)" in complained) == (1, True)
