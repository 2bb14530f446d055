from __future__ import annotations

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from analysis.errors import CodedDataError
from analysis.intake.coded.table_writer import csv_bytes, defuse, restore, workbook_bytes


@pytest.mark.parametrize(
    "cell", ["=1+1", "+254 700 000", "-x", "@SUM(A1)", "\tx", "\n=1+1", "\uff1d1", "'=1"]
)
def test_formulas_are_defused(cell: str):
    """Whatever a spreadsheet might run begins with an apostrophe."""
    assert defuse(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["-5", "+3.5", "-1,000", "-1e5", "-2.5E-3", "12%", "", "Fear", "don't", "'quoted'"]
)
def test_numbers_and_words_stay(cell: str):
    """Numbers, and words with signs within, are no formulas."""
    assert defuse(cell) == cell


@given(st.text("='+-@1a \t", max_size=6))
def test_what_was_defused_is_restored(cell: str):
    """No cell is changed on the way out and in again."""
    assert restore(defuse(cell)) == cell


def test_a_csv_file_has_each_cell_as_text():
    """Commas, quotes and line breaks stay within their cell."""
    rows = [("a", "b"), ('say "no", twice', "x\ny")]

    assert list(csv.reader(io.StringIO(csv_bytes(rows).decode(), newline=""))) == [
        list(row) for row in rows
    ]


def test_a_workbook_holds_text_and_no_formula_and_no_date():
    """What looks like a formula is text, and the same rows are the same bytes."""
    sheets = {"codings": [("text",), ("=1+1",), ("-5",), ("#N/A",), ("bell \x07",)]}

    written = workbook_bytes(sheets)

    sheet = load_workbook(io.BytesIO(written))["codings"]
    cells = [(cell.value, cell.data_type) for (cell,) in sheet.iter_rows()]
    texts = ["text", "=1+1", "-5", "#N/A", "bell \ufffd"]
    assert cells == [(text, "s") for text in texts]
    assert written == workbook_bytes(sheets)


@pytest.mark.parametrize("text", ["a" * 32_768, "\U0001f600" * 16_384])
def test_a_text_that_no_cell_can_hold_is_refused(text: str):
    """A workbook, which counts some characters twice, would cut it short, unseen."""
    with pytest.raises(CodedDataError, match="nothing was written") as raised:
        workbook_bytes({"codings": [("text",), (text,)]})

    shown = str(raised.value)
    assert all(each in shown for each in ("row 2", "32,767 characters", "export to csv"))


def test_archives_have_no_dates():
    """A workbook is an archive, whose parts would say when they were written."""
    with zipfile.ZipFile(io.BytesIO(workbook_bytes({"codings": [("text",)]}))) as archive:
        dates = {entry.date_time for entry in archive.infolist()}
        core = archive.read("docProps/core.xml")

    assert (dates, b"dcterms:" in core) == ({(1980, 1, 1, 0, 0, 0)}, False)
