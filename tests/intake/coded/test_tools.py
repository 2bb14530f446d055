from __future__ import annotations

import pytest

from analysis.errors import CodedDataError
from analysis.intake.coded.plain_tables import ColumnRoles
from analysis.intake.coded.recognition import read_coded
from intake.coded.made_exports import aside, put_codes, workbook


def test_qualcoder_codings_have_their_categories_from_the_nearest_to_the_top():
    """Codings in pictures are set aside; a variable that is called like a fact is one."""
    content = (
        '"File","Coder","Coded","Id","Codename","Coded_Memo","Category","Category","FileVar_places"\n'
        '"a","ann","Fear.","ctid:1","Fear","","Law","Rights","KEN"\n'
        '"a","bot","Fear.","ctid:2","Shame","a note","","","KEN"\n'
        '"a","bot","image","imid:3","Shame","","","","KEN"\n'
    )

    data = read_coded("report.csv", content.encode("utf-8-sig"))

    assert put_codes(data) == [("Fear.", "Rights > Law > Fear", "ann"), ("Fear.", "Shame", "bot")]
    assert data.documents[0].facts == {"places": "KEN"}
    assert set(aside(data)) == {"codings", "memos"}


def test_dedoose_codes_are_paths_and_excerpts_stay_apart():
    r"""``parent\child`` is a tree; the same words in two documents are two selections."""
    header = ("Media Title", "Excerpt Range", "Excerpt Creator", "Excerpt Copy")
    content = workbook(
        (*header, r"Code: Rights\Fear Applied", r"Code: Rights\Fear Weight"),
        ("a", "1-5", "ann", "Fear.", "True", 2),
        ("b", "1-5", "ann", "Fear.", "True", None),
        ("b", "6-9", "bot", "Shame.", "False", None),
    )

    data = read_coded("excerpts.xlsx", content)

    assert put_codes(data) == [("Fear.", "Rights > Fear", "ann")] * 2
    assert (len(data.selections), data.coders) == (3, ("ann", "bot"))
    assert aside(data) == {"weights": (("a study has no weights", 1),)}


@pytest.mark.parametrize(
    "header",
    [
        ("Document group", "Document name", "Code", "Segment", "Created by", "Weight score"),
        ("Dokumentgruppe", "Dokumentname", "Code", "Segment", "Autor", "Gewicht"),
    ],
)
def test_maxqda_segments_are_read_in_both_languages(header: tuple[str, ...]):
    """A row for each code; the same words of a document are one selection."""
    content = workbook(
        header,
        ("North", "a", "Rights > Fear", "Fear.", "ann", 0),
        ("North", "a", "Shame", "Fear.", "bot", 5),
        ("North", "a", "Shame", None, "bot", 0),
    )

    data = read_coded("segments.xlsx", content)

    assert put_codes(data) == [("Fear.", "Rights > Fear", "ann"), ("Fear.", "Shame", "bot")]
    assert [document.name for document in data.documents] == ["North / a"]
    assert aside(data) == {
        "codings": (("it has no text", 1),),
        "weights": (("a study has no weights", 1),),
    }


def test_atlas_ti_quotations_have_a_code_in_each_line():
    """Codes of a quotation stand in one cell; its comment is set aside."""
    content = workbook(
        ("ID", "Document", "Quotation Content", "Codes", "Comment", "Created by"),
        ("1:1", "D 1: a", "Fear.", "Fear\nShame, guilt", None, "ann"),
        ("1:2", "D 1: a", "Nothing.", None, "why?", "ann"),
        ("1:3", "D 1: a", None, "Fear", None, "ann"),
    )

    data = read_coded("quotations.xlsx", content)

    assert put_codes(data) == [("Fear.", "Fear", "ann"), ("Fear.", "Shame, guilt", "ann")]
    assert len(data.selections) == 2
    assert set(aside(data)) == {"selections", "codings", "memos"}


LONG = """\
document,text,code,coder
a,Fear.,Fear,ann
a,Fear.,Shame,bot
a,Fear.,Fear,ann
b,Calm.,,
b,,Fear,ann
"""


def test_a_long_table_has_a_row_for_each_coding():
    """Rows without a code are uncoded passages; repeated and empty ones are set aside."""
    data = read_coded("codings.csv", LONG.encode())

    assert put_codes(data) == [("Fear.", "Fear", "ann"), ("Fear.", "Shame", "bot")]
    assert [each.text for each in data.selections] == ["Fear.", "Calm."]
    assert aside(data) == {
        "selections": (("it has no text", 1),),
        "codings": (
            ("it has no text", 1),
            ("the same code by the same coder on the same selection again", 1),
        ),
    }


def test_a_wide_table_has_a_column_for_each_code():
    """Columns that say only yes and no are codes; others are told, by name if close to a role."""
    content = "source;text;txt;Fear;Shame;Anna of Kisumu\na;One.;x;1;0;x y\na;Two.;y;;1.0;z\n"

    data = read_coded("codings.csv", content.encode())

    assert put_codes(data) == [("One.", "Fear", ""), ("Two.", "Shame", "")]
    assert data.notices == ("columns not read: txt (closest: text), column 6",)


def test_columns_can_be_named_by_a_person():
    """What no name tells, a mapping does; a column that is not there has its closest told."""
    content = b"who,words,label\na,Fear.,Fear\n"
    roles = ColumnRoles({"document": "who", "text": "words", "code": "label"})

    assert put_codes(read_coded("codings.csv", content, roles=roles)) == [("Fear.", "Fear", "")]
    with pytest.raises(CodedDataError, match="labels \\(closest: label\\)"):
        read_coded(
            "c.csv", content, form="long", roles=ColumnRoles({"code": "labels", "text": "words"})
        )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n1,2\n", "no format"),
        (b"document,text,code\na,b,c,d\n", "row 2: more values"),
        (b'document,text,code\na,"b,c\n', "not a table"),
        (b"document,id,text,code\na,1,Fear.,x\na,1,Shame.,x\n", "different words"),
        (b"document,places,text,code\na,KEN,Fear.,x\na,UGA,Shame.,x\n", "document 1: places"),
        (b"PK\x03\x04broken", "damaged"),
        (b"SQLite format 3\0broken", "damaged"),
    ],
)
def test_bad_tables_have_a_message_of_their_own(content: bytes, said: str):
    """What is wrong is told by row and column, without the words that stand there."""
    with pytest.raises(Exception, match=said) as raised:
        read_coded("file.csv", content)

    assert "Fear" not in str(raised.value)
