from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.intake.coded.recognition import read_coded
from analysis.intake.coded.table_writer import csv_bytes, workbook_bytes

if TYPE_CHECKING:
    from analysis.intake.coded.coded_data import CodedData


def selected(data: CodedData) -> list[str]:
    """Return the words of each selection with the number of its codings."""
    put = [coding.selection for coding in data.codings]
    return [f"{each.text} {put.count(each.key)}" for each in data.selections]


MAXQDA = "Document name,Code,Segment,Created by\n"
QUALCODER = "File,Coder,Coded,Id,Codename\n"
SOURCE = "Files\\\\a - § 2 references coded [6.78% Coverage]\n"
REFERENCE = "Reference {} - 5.80% Coverage\nYes.\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("document,text,Fear\na,Yes.,1\na,Yes.,1\na,No.,0\n", ["Yes. 1", "Yes. 1", "No. 0"]),
        ("document,text,Fear,coder\na,Yes.,1,ann\na,Yes.,1,bot\n", ["Yes. 2"]),
        (SOURCE + REFERENCE.format(1) + REFERENCE.format(2), ["Yes. 1", "Yes. 1"]),
        (
            f"Name: Fear\n{SOURCE}{REFERENCE.format(1)}Name: Hope\n{SOURCE}{REFERENCE.format(1)}",
            ["Yes. 2"],
        ),
        (f"{MAXQDA}a,Fear,Yes.,ann\na,Fear,Yes.,ann\na,Fear,Yes.,bot\n", ["Yes. 2", "Yes. 1"]),
        (f"{QUALCODER}a,ann,Yes.,ctid:1,Fear\na,ann,Yes.,ctid:2,Fear\n", ["Yes. 1", "Yes. 1"]),
    ],
    ids=["wide", "wide of two coders", "nvivo", "nvivo at two nodes", "maxqda", "qualcoder"],
)
def test_words_that_were_said_twice_are_two_selections(content: str, expected: list[str]):
    """No passage is lost because another has the same words; another code or coder makes none."""
    assert selected(read_coded("Fear.txt", content.encode())) == expected


@pytest.mark.parametrize(
    "content",
    [
        "document,text,code\na,One.,F\n,Two.,F\n",
        "document,text,F\na,One.,1\n,Two.,1\n",
        "id,document,tag,content\n1,a,F,One.\n2,,F,Two.\n",
        f"{MAXQDA}a,F,One.,ann\n,F,Two.,ann\n",
        f"{QUALCODER}a,ann,One.,ctid:1,F\n,ann,Two.,ctid:2,F\n",
        "ID,Document,Quotation Content,Codes\n1:1,a,One.,F\n1:2,,Two.,F\n",
        "Media Title,Excerpt Copy,Code: F Applied\na,One.,True\n,Two.,True\n",
    ],
    ids=["long", "wide", "taguette", "maxqda", "qualcoder", "atlas-ti", "dedoose"],
)
def test_a_row_that_names_no_document_is_set_aside(content: str):
    """It belongs to no focus group, and makes none of its own."""
    data = read_coded("a.csv", content.encode())

    assert [each.name for each in data.documents] == ["a"]
    aside = {line.kind: line.set_aside for line in data.account.lines() if line.set_aside}
    assert aside["codings"] == (("its document is not named", 1),)


OURS = (
    *("segment", "focus_group", "section", "question", "text"),
    *("code", "code_name", "coder"),
)
ROW = ("-g.1", "-g", "theme", "introduction", "'- boats and nets'", "-c", "C", "-ann")


@pytest.mark.parametrize(
    "content", [csv_bytes([OURS, ROW]), workbook_bytes({"codings": [OURS, ROW]})]
)
def test_no_apostrophe_comes_or_goes_on_the_way(content: bytes):
    """What we write and read again is the same, in the text, and in each id and name."""
    data = read_coded("a", content)

    assert (data.documents[0].name, data.selections[0].text) == ("-g", "'- boats and nets'")
    assert (data.selections[0].facts["segment"], data.codes[0].name) == ("-g.1", "-c")
    assert (data.coders, data.notices) == (("-ann",), ())
