from __future__ import annotations

import pytest

from analysis.errors import CodedDataError
from analysis.importing.coded.merging import merge_coded
from analysis.intake.coded.recognition import read_coded
from intake.coded.made_exports import aside


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("id,document,tag,content,more", "column 5"),
        ("tag,description,number of documents,more", "column 4"),
        ("Document,Quotation Content,Codes,Document,", "column 4, column 5"),
        ("Document name,Code,Segment,Color", "column 4"),
        ("File,Coder,Coded,Id,Codename,FileVar_mood", "column 6"),
        ("Media Title,Excerpt Copy,Code: F Applied,Code: F Range,Excerpt Date", "column 5"),
        ("document,text,code,,start", "column 4"),
    ],
    ids=["highlights", "codebook", "atlas-ti", "maxqda", "qualcoder", "dedoose", "long"],
)
def test_columns_that_are_not_read_are_told(header: str, expected: str):
    """Also those without a name, or with that of another; what is blank is not told."""
    cells = {"Id": "ctid:1", "Code: F Applied": "x", "start": "3"}
    row = ",".join(cells.get(name, "a") for name in header.split(","))

    data = read_coded("a.csv", f"{header},blank\n{row},\n".encode())

    assert data.notices[0] == f"columns not read: {expected}"


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        ("tag,description\nFear,x\n,y\n", "codes", "it has no name"),
        ("tag,description\nFear,x\nFear,y\n", "codes", "has a code of this name already"),
        ("File,Coder,Coded,Id,Codename\na,ann,Yes.,ctid:1,\n", "", ""),
    ],
    ids=["tag without a name", "tag that stands there twice", "coding without a name"],
)
def test_codes_without_names_or_of_one_name_are_accounted_for(content: str, kind: str, reason: str):
    """No row of a codebook goes without a reason, and what has no name makes no code."""
    data = read_coded("a.csv", content.encode())

    told = {each: reasons[0] for each, reasons in aside(data).items()}
    assert list(told) == ([kind] if kind else [])
    assert all(reason in found and number == 1 for found, number in told.values())
    assert all(code.name for code in data.codes)


def test_a_dedoose_code_is_applied_or_not():
    """What a cell says otherwise is refused, and told by its row."""
    content = b"Media Title,Excerpt Copy,Code: F Applied\na,Yes.,True\na,No.,perhaps\n"

    with pytest.raises(CodedDataError, match="row 3: column 3 is neither yes nor no"):
        read_coded("a.csv", content)


def test_positions_that_are_no_numbers_are_told():
    """A row with half a position, or words in its place, is taken without."""
    content = b"document,text,code,start,end\na,Yes.,F,1,5\na,No.,F,2,\na,So.,F,,\na,Oh.,F,x,y\n"

    data = read_coded("a.csv", content)

    assert [each.start for each in data.selections] == [1, None, None, None]
    assert data.notices[0].startswith("2 rows have positions that are no two whole numbers")


def test_codes_that_two_files_describe_otherwise_are_told():
    """One description stands, and the other does not go unseen."""
    books = [b"tag,description\nFear,Of police\nShame,Of all\n", b"tag,description\nFear,Other\n"]

    merged = merge_coded([("a", read_coded("a.csv", book)) for book in books])

    assert merged.codes[0].description == "Of police"
    assert [notice.partition(" in ")[0] for notice in merged.notices] == [
        "1 codes are described otherwise"
    ]
