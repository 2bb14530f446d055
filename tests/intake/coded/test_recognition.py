from __future__ import annotations

import io
import re
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from analysis.errors import CodedDataError, SourceError
from analysis.intake.coded.plain_tables import ColumnRoles
from analysis.intake.coded.recognition import TABLES
from analysis.study.writing import zip_of
from intake.coded.made_exports import read

LONG = (("document", "text", "code"), ("a", "One", "F"))
COVER = (("Export of", ""), ("made", "by", "a", "tool"))


def workbook(*sheets: tuple[tuple[str, ...], ...]) -> bytes:
    """Return a workbook, to which a sheet is added that holds nothing but a format."""
    book, written = Workbook(), io.BytesIO()
    book.active["A1"].font = Font(bold=True)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    "file_format", [*sorted(TABLES.keys() - {"long", "wide"}), "nvivo-references"]
)
def test_a_format_is_not_forced_on_a_table_of_another(file_format: str):
    """Columns that are not there are none of the columns that are."""
    content = b"document,text,code\nGrace.docx,Fear.,Stigma\n"

    with pytest.raises(CodedDataError, match=f"has not the columns of {file_format}"):
        read("a.csv", content, file_format=file_format)


def test_the_sheet_with_coded_data_is_read_and_others_are_reported():
    """A cover sheet with longer lines, and an empty one with a format, spoil nothing."""
    data = read("a.xlsx", workbook(COVER, LONG))

    assert [each.text for each in data.selections] == ["One"]
    assert data.notices == ("1 other sheet of the workbook not read",)


def test_hidden_rows_columns_and_sheets_are_left_out_and_reported():
    """What somebody hid in a workbook is not coded data; it's counted, and its place reported."""
    content = workbook(COVER, (*LONG, ("a", "Never said", "F")), LONG)
    book, saved = load_workbook(io.BytesIO(content)), io.BytesIO()
    book.worksheets[2].row_dimensions[3].hidden = True
    book.worksheets[1].column_dimensions["A"].hidden = True
    book.worksheets[3].sheet_state = "veryHidden"
    book.save(saved)

    data = read("a.xlsx", saved.getvalue())

    assert [each.text for each in data.selections] == ["One"]
    assert data.notices[-1] == "hidden text left out: sheet 2 column 1, sheet 3 row 3, sheet 4"
    assert data.account.line("other items").set_aside == {"hidden text left out": 11}


def test_coded_data_in_several_sheets_are_refused():
    """None is chosen, so that none is lost."""
    with pytest.raises(CodedDataError, match=r"(?s)several sheets.*sheet 2.*sheet 3"):
        read("a.xlsx", workbook(COVER, LONG, LONG))


def test_a_column_that_a_person_named_is_looked_for_in_each_sheet():
    """It is missed only where no sheet has it."""
    content = workbook((("who", "note"), ("x", "y")), (("who", "words", "code"), ("a", "One", "F")))

    assert read("a.xlsx", content, roles=ColumnRoles({"text": "words"})).file_format == "long"
    with pytest.raises(CodedDataError, match="mapping names a column that is not there"):
        read("a.xlsx", content, roles=ColumnRoles({"text": "word"}))


@pytest.mark.parametrize("file_format", ["", "long"])
def test_an_encrypted_workbook_is_reported_as_such(file_format: str):
    """Whoever names a format or a mapping reads that a password must go."""
    with pytest.raises(SourceError, match="encrypted"):
        read("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), file_format=file_format)


def test_a_workbook_that_declares_entities_is_refused():
    """A part may not say what else to read, or fill the memory."""
    with zipfile.ZipFile(io.BytesIO(workbook(LONG))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet2.xml"
    declared = b'<!DOCTYPE w [<!ENTITY e "EXPANDED">]>'
    parts[name] = re.sub(rb"(<worksheet)", declared + rb"\1", parts[name]).replace(
        b">One<", b">&e;<"
    )

    with pytest.raises(SourceError, match="document type"):
        read("a.xlsx", zip_of(parts))
