from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from analysis.errors import TableError
from analysis.tables import received
from analysis.tables.received import COLUMNS, read_received, read_table, table_path
from tiny_study import STUDY, write_tiny_root

DATA = Path(__file__).parent / "data"
WANTED = COLUMNS["code_applications"]
RENAME = "rename, add or remove these columns; a column may be empty but not absent"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    return folder / "code_applications.csv"


def _write(path: Path, rows: dict[str, list[str | None]]) -> Path:
    parquet = path.with_suffix(".parquet")
    pd.DataFrame(rows).to_parquet(parquet, index=False)
    return parquet


def _refusal(path: Path) -> str:
    with pytest.raises(TableError) as refusal:
        read_table(path, WANTED)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("defect", "what", "offenders"),
    [
        ("missing_file", "The table data/missing_file.csv is missing.", []),
        (
            "not_utf8",
            "data/not_utf8.csv is not UTF-8.",
            ["not_utf8.csv line 3: byte 52 is no UTF-8 character"],
        ),
        (
            "missing_column",
            "data/missing_column.csv does not have the columns expected.",
            ["missing: coder (closest: code)"],
        ),
        (
            "unknown_column",
            "data/unknown_column.csv does not have the columns expected.",
            ["unknown: column D 'remark'"],
        ),
        (
            "repeated_column",
            "data/repeated_column.csv does not have the columns expected.",
            ["2 times: code"],
        ),
        (
            "column_without_name",
            "data/column_without_name.csv does not have the columns expected.",
            ["unknown: column D, which has no name"],
        ),
    ],
)
def test_defect_of_a_file_is_reported(defect: str, what: str, offenders: list[str]) -> None:
    """A file with other columns, or none that is text, is refused with what is wrong, and where."""
    with pytest.raises(TableError) as refusal:
        read_table(DATA / f"{defect}.csv", WANTED)

    assert (refusal.value.what, list(refusal.value.offenders)) == (what, offenders)


def test_refusal_says_what_to_do() -> None:
    """A refusal renders with what was expected and what to do."""
    refusal = _refusal(DATA / "renamed_column.csv")

    assert refusal == (
        "data/renamed_column.csv does not have the columns expected.\n"
        "  missing: code (closest: codes)\n"
        "  unknown: column B, of 5 characters (closest: code)\n"
        "Expected: segment, code, coder\n"
        f"What to do: {RENAME}"
    )


def test_answers_in_place_of_a_header_stay_private() -> None:
    """A file without a header is refused without showing what people said in its first row."""
    refusal = _refusal(DATA / "no_header.csv")

    assert "unknown: column A, of 51 characters" in refusal
    assert "told to leave" not in refusal


def test_semicolons_are_recognised() -> None:
    """A table exported with semicolons is refused with that hint."""
    refusal = _refusal(DATA / "semicolons.csv")

    assert "semicolons.csv has semicolons between its values" in refusal


@pytest.mark.parametrize(
    "content",
    [
        b"segment,code,coder\nken.1,hope,ann\n",
        b"segment,code,coder\r\nken.1,hope,ann\r\n",
        b"\xef\xbb\xbfsegment,code,coder\nken.1,hope,ann",
        b'"segment","code","coder"\n"ken.1","hope","ann"\n',
        b"coder,segment,code\nann,ken.1,hope\n",
        b"\nsegment,code,coder\nken.1,hope,ann\n",
    ],
    ids=["unix", "windows", "byte-order-mark", "quoted", "other-order", "leading-line"],
)
def test_reads_what_spreadsheets_write(table: Path, content: bytes) -> None:
    """A table reads the same whatever program saved it."""
    table.write_bytes(content)

    read = read_table(table, WANTED)

    assert read.to_dict("records") == [{"segment": "ken.1", "code": "hope", "coder": "ann"}]
    assert list(read.columns) == list(WANTED)


def test_rows_are_those_of_the_file() -> None:
    """An empty line counts as a row, as in a spreadsheet."""
    read = read_table(DATA / "sound.csv", WANTED)

    assert (read.index.name, list(read.index)) == ("row", [2, 4])


def test_value_of_several_lines_is_one_row(table: Path) -> None:
    """A value that spans lines is kept with its line ends, and counts as one row."""
    table.write_bytes(b'segment,code,coder\n"ken\r\n1",hope,ann\nken.2,hope,ann\n')

    read = read_table(table, WANTED)

    assert read["segment"].to_dict() == {2: "ken\r\n1", 3: "ken.2"}


def test_header_alone_is_an_empty_table() -> None:
    """A header without rows reads as no rows of text; the guards refuse it later."""
    read = read_table(DATA / "header_only.csv", WANTED)

    assert (len(read), set(read.dtypes)) == (0, {pd.StringDtype(na_value=float("nan"))})


MISSING_LOOKALIKES = ["NA", "nan", "None", "null", "N/A", "#N/A", "-", "NaN", " "]


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_text_that_looks_missing_is_kept(table: Path, suffix: str) -> None:
    """NA is Namibia, and nan and None are words; only the empty text is missing."""
    texts = [*MISSING_LOOKALIKES, ""]
    rows = {"segment": texts, "code": texts, "coder": ["ann" for _ in texts]}
    _write(table, rows)
    pd.DataFrame(rows).to_csv(table, index=False)

    read = read_table(table.with_suffix(suffix), WANTED)

    assert read["segment"].tolist() == texts
    assert read["code"].tolist() == texts


def test_nothing_becomes_a_number(table: Path) -> None:
    """Digits stay the text they are: leading zeros, decimals and large numbers."""
    table.write_text("segment,code,coder\n007,1.0,12345678901234567890\n")

    read = read_table(table, WANTED)

    assert read.loc[2].tolist() == ["007", "1.0", "12345678901234567890"]


def test_parquet_equals_csv(tmp_path: Path) -> None:
    """The tables of a study read the same from Parquet as from CSV."""
    folder = write_tiny_root(tmp_path / "root") / "data" / STUDY
    from_csv = read_received(folder).by_name()
    for name, rows in from_csv.items():
        rows.to_parquet(folder / f"{name}.parquet", index=False)
        (folder / f"{name}.csv").unlink()

    from_parquet = read_received(folder).by_name()

    for name, rows in from_csv.items():
        pd.testing.assert_frame_equal(from_parquet[name], rows, check_index_type=False)


def test_missing_values_of_parquet_are_empty_text(table: Path) -> None:
    """A missing value, a column of nothing else and a column of categories read as text."""
    parquet = _write(table, {"segment": ["ken.1", None], "code": [None, None], "coder": ["a", "a"]})
    pd.read_parquet(parquet).astype({"coder": "category"}).to_parquet(parquet)

    read = read_table(parquet, WANTED)

    assert read.to_dict("list") == {"segment": ["ken.1", ""], "code": ["", ""], "coder": ["a", "a"]}


def test_parquet_of_other_than_text_is_refused(table: Path) -> None:
    """A number in Parquet is refused: as text it might read 1.0 in place of 1."""
    rows = {"segment": [1.0, None], "code": ["hope", "hope"], "coder": ["ann", "ann"]}
    parquet = table.with_suffix(".parquet")
    pd.DataFrame(rows).to_parquet(parquet)

    refusal = _refusal(parquet)

    assert "study/code_applications.parquet has columns that are not text." in refusal
    assert "segment: float64" in refusal


def test_file_that_is_no_parquet_is_refused(table: Path) -> None:
    """A file that only ends like Parquet is refused by name."""
    parquet = table.with_suffix(".parquet")
    parquet.write_text("segment,code,coder\n")

    refusal = _refusal(parquet)

    assert "study/code_applications.parquet cannot be read as Parquet." in refusal


def test_parquet_with_other_columns_is_refused(table: Path) -> None:
    """The columns of Parquet are held to the same names as those of CSV."""
    parquet = _write(table, {"segment": ["ken.1"], "codes": ["hope"], "coder": ["ann"]})

    refusal = _refusal(parquet)

    assert "missing: code (closest: codes)" in refusal


def test_table_in_two_files_is_refused(tmp_path: Path) -> None:
    """Where a table is there as CSV and as Parquet, nobody guesses which one counts."""
    folder = write_tiny_root(tmp_path / "root") / "data" / STUDY
    read_received(folder).segments.to_parquet(folder / "segments.parquet")

    with pytest.raises(TableError) as refusal:
        read_received(folder)

    assert refusal.value.offenders == ("segments.csv and segments.parquet",)


def test_file_of_a_table_is_parquet_where_there_is_one(table: Path) -> None:
    """CSV is the file of a table until there is Parquet."""
    folder = table.parent
    before = table_path(folder, "code_applications").name
    _write(table, {"segment": ["ken.1"]})

    after = table_path(folder, "code_applications").name

    assert (before, after) == ("code_applications.csv", "code_applications.parquet")


@pytest.mark.parametrize("chunk_rows", [1, 2, 1000])
def test_rows_are_counted_in_chunks_of_any_size(
    table: Path, monkeypatch: pytest.MonkeyPatch, chunk_rows: int
) -> None:
    """Empty lines and values of several lines count as they do in a spreadsheet, wherever read."""
    monkeypatch.setattr(received, "CHUNK_ROWS", chunk_rows)
    table.write_text('\nsegment,code,coder\na,b,c\n\n\n"d\n\ne",f,g\n\nh,i,j\n')

    read = read_table(table, WANTED)

    assert read["segment"].to_dict() == {3: "a", 6: "d\n\ne", 8: "h"}


def test_parquet_that_holds_other_than_characters_is_refused(table: Path) -> None:
    """Text in Parquet that is no UTF-8 is refused before anything is made of it."""
    latin = pa.array([b"caf\xe9"]).view(pa.string())
    path = table.with_suffix(".parquet")
    pq.write_table(pa.table({"segment": latin, "code": ["hope"], "coder": ["ann"]}), path)

    assert "cannot be read as Parquet" in _refusal(path)


def test_parquet_with_a_column_twice_is_refused(table: Path) -> None:
    """Of two columns of one name nobody guesses which one counts."""
    path = table.with_suffix(".parquet")
    values = pa.array(["a"])
    pq.write_table(pa.Table.from_arrays([values] * 4, names=[*WANTED, "code"]), path)

    assert "cannot be read as Parquet" in _refusal(path)


def test_index_of_pandas_is_no_column(table: Path) -> None:
    """What pandas wrote beside the columns to number the rows is left out."""
    path = table.with_suffix(".parquet")
    rows = pd.DataFrame({name: ["a", "b"] for name in WANTED}, pd.Index([7, 9], name="row"))
    rows.to_parquet(path)

    read = read_table(path, WANTED)

    assert (list(read.index), list(read.columns)) == ([2, 3], list(WANTED))
