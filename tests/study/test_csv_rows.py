from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.errors import TableError
from analysis.study import csv_rows
from analysis.study.csv_faults import LONGEST_TEXT
from analysis.study.csv_rows import (
    IDENTIFIER,
    format_csv,
    iter_rows,
    read_optional_rows,
    read_rows,
    repeated,
    write_csv,
)

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


def test_optional_table_may_be_absent_or_empty_but_no_workbook(table: Path) -> None:
    """Without the file there are no rows; a workbook in its place holds what somebody filled in."""
    absent = read_optional_rows(table, COLUMNS)
    table.with_suffix(".xlsx").touch()
    with pytest.raises(TableError, match=r"is missing, but codebook\.xlsx is there"):
        read_optional_rows(table, COLUMNS)
    table.write_text("code,name\n", encoding="utf-8")

    assert (absent, read_optional_rows(table, COLUMNS)) == ([], [])


def test_keeps_text_that_looks_missing(table: Path) -> None:
    """NA, None and null are text, and blank is blank."""
    table.write_text("code,name\nNA,None\nnull,\n", encoding="utf-8")

    rows = read_rows(table, COLUMNS)

    assert [tuple(row.cells.values()) for row in rows] == [("NA", "None"), ("null", "")]


def test_names_the_folder_of_a_missing_file(table: Path) -> None:
    """A missing file is refused with its folder, which is the study's name."""
    with pytest.raises(TableError, match=f"{table.parent.name}/codebook.csv is missing"):
        read_rows(table, COLUMNS)


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


CELLS = [
    ["code", "name"],
    ["hope", 'Hope, "faith"'],
    ["a\rb", "a\nb"],
    ["c\r\nd", " é"],
    ["", "x"],
    ["NA", "\x00"],
]


def test_what_is_written_is_read_back(table: Path) -> None:
    """Commas, quotes and every kind of line end come back as they were."""
    write_csv(table, CELLS)

    assert [cells for _, cells in iter_rows(table, COLUMNS)] == CELLS


def test_same_bytes_on_every_python(table: Path) -> None:
    r"""A cell is quoted where it must be, also for a bare carriage return; ``\n`` ends a row."""
    write_csv(table, CELLS)

    assert table.read_bytes() == (
        b'code,name\nhope,"Hope, ""faith"""\n"a\rb","a\nb"\n"c\r\nd", \xc3\xa9\n,x\nNA,\x00\n'
    )
    assert format_csv([[""], ["a"]], line_end="\r\n") == '""\r\na\r\n'


def test_a_whole_transcript_is_read_back(table: Path) -> None:
    """A text of a million characters reads, whatever limit another library has set."""
    csv.field_size_limit(1_000)
    write_csv(table, [COLUMNS, ("all", "x" * LONGEST_TEXT)])

    assert [len(cells[1]) for _, cells in iter_rows(table, COLUMNS)][1:] == [LONGEST_TEXT]


VERSIONS = {"3.11", "3.12", "3.13"} - {f"{sys.version_info.major}.{sys.version_info.minor}"}
# Where several versions are installed, they are next to each other.
OTHER_PYTHONS = [
    python
    for version in sorted(VERSIONS)
    for python in Path(sys.base_prefix).parent.glob(f"*/bin/python{version}")
]
WRITE = """
from pathlib import Path
from analysis.study.csv_rows import iter_rows, write_csv
path = Path("codebook.csv")
write_csv(path, CELLS)
assert [cells for _, cells in iter_rows(path, CELLS[0])] == CELLS
"""


@pytest.mark.skipif(not OTHER_PYTHONS, reason="no other Python 3.11 to 3.13 is installed here")
@pytest.mark.parametrize("python", OTHER_PYTHONS, ids=lambda path: path.name)
def test_other_pythons_write_and_read_the_same(python: Path, table: Path) -> None:
    """The bytes of a table with every kind of line end don't depend on the version of Python."""
    source = Path(csv_rows.__file__).parents[2]
    done = subprocess.run(
        [python, "-c", f"CELLS = {CELLS!r}\n{WRITE}"],
        cwd=table.parent,
        env={"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    by_other = table.read_bytes()
    write_csv(table, CELLS)

    assert by_other == table.read_bytes()


def test_rows_come_with_the_header_and_their_numbers(table: Path) -> None:
    """A large table has its columns in any order; the header is row 1, and an empty line counts."""
    table.write_text("name,code\nHope,hope\n\nFear,fear\n", encoding="utf-8")

    assert [*iter_rows(table, COLUMNS)] == [
        (1, ["name", "code"]),
        (2, ["Hope", "hope"]),
        (4, ["Fear", "fear"]),
    ]


@pytest.mark.parametrize("content", [b"code,name,remark\n", b"code\n", b"code,code,name\n"])
def test_large_table_has_the_columns_expected_and_no_others(table: Path, content: bytes) -> None:
    """A column too many, one missing and one twice are each refused."""
    table.write_bytes(content)

    with pytest.raises(TableError, match="does not have the columns expected"):
        list(iter_rows(table, COLUMNS))


def test_every_uneven_row_is_an_offender(table: Path) -> None:
    """Each row of another length is named, to the last one, and no row after the first is used."""
    table.write_text("code,name\na,b\nc\nd,e\nf,g,h\n", encoding="utf-8")
    read = []
    with pytest.raises(TableError) as raised:
        read.extend(number for number, _ in iter_rows(table, COLUMNS))

    assert (read, raised.value.offenders) == (
        [1, 2],
        ("codebook.csv row 3: 1 values", "codebook.csv row 5: 3 values"),
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "codebook.csv is empty"),
        (b"\n\n", "codebook.csv is empty"),
        (b'code,name\na,"b\n', "row 2: a quote is misplaced"),
        (b'code,name\na,"b"c\n', "row 2: a quote is misplaced"),
        (b'code,name\n\na,"' + b"x" * 1_000_001 + b'"\n', "too long.\n  codebook.csv row 3"),
        (b"code,name\n\xc3\xa9,b\na,\xe9\n", "line 3: byte 17 is no UTF-8 character"),
        (b"c\x00o\x00d\x00e\x00\xff", "line 1: byte 8 is no UTF-8 character"),
    ],
    ids=["empty", "blank", "open", "inner", "long", "latin", "other"],
)
def test_file_that_is_no_table_is_refused(table: Path, content: bytes, fault: str) -> None:
    """What is wrong with a file is said, and where."""
    table.write_bytes(content)

    with pytest.raises(TableError, match=fault):
        list(iter_rows(table, COLUMNS))
