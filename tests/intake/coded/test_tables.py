from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError
from analysis.importing.coded.merging import compare_matrices, compare_versions, merge_coded
from analysis.intake.coded.plain_tables import ColumnRoles
from analysis.intake.coded.table_writer import csv_bytes, workbook_bytes
from intake.coded.made_exports import aside, put_codes, read, workbook

if TYPE_CHECKING:
    from analysis.intake.coded.coded_data import CodedData


def test_qualcoder_codings_have_their_categories_from_the_nearest_to_the_top():
    """Codings in pictures are set aside; a variable that is called like a fact is one."""
    content = (
        '"File","Coder","Coded","Id","Codename","Coded_Memo","Category","Category","FileVar_places"\n'
        '"a","ann","Fear.","ctid:1","Fear","","Law","Rights","KEN"\n'
        '"a","bot","Fear.","ctid:2","Shame","a note","","","KEN"\n'
        '"a","bot","image","imid:3","Shame","","","","KEN"\n'
    )

    data = read("report.csv", content.encode("utf-8-sig"))

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

    data = read("excerpts.xlsx", content)

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

    data = read("segments.xlsx", content)

    assert put_codes(data) == [("Fear.", "Rights > Fear", "ann"), ("Fear.", "Shame", "bot")]
    assert [document.name for document in data.documents] == ["North / a"]
    assert aside(data) == {
        "codings": (("it has no text", 1),),
        "weights": (("a study has no weights", 1),),
    }


def test_atlas_ti_quotations_have_a_code_in_each_line():
    """Codes of a quotation are in one cell; its comment is set aside."""
    content = workbook(
        ("ID", "Document", "Quotation Content", "Codes", "Comment", "Created by"),
        ("1:1", "D 1: a", "Fear.", "Fear\nShame, guilt", None, "ann"),
        ("1:2", "D 1: a", "Nothing.", None, "why?", "ann"),
        ("1:3", "D 1: a", None, "Fear", None, "ann"),
    )

    data = read("quotations.xlsx", content)

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
    data = read("codings.csv", LONG.encode())

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
    """Columns of yes and no are codes; others are reported, by name if close to a role."""
    content = "source;text;txt;Fear;Shame;Anna of Kisumu\na;One.;x;1;0;x y\na;Two.;y;;1.0;z\n"

    data = read("codings.csv", content.encode())

    assert put_codes(data) == [("One.", "Fear", ""), ("Two.", "Shame", "")]
    assert data.notices == ("columns not read: txt (closest: text), column F",)


def test_columns_can_be_named_by_a_person():
    """A mapping names columns of other names; for a missing column, the closest is shown."""
    content = b"who,words,label\na,Fear.,Fear\n"
    roles = ColumnRoles({"document": "who", "text": "words", "code": "label"})

    assert put_codes(read("codings.csv", content, roles=roles)) == [("Fear.", "Fear", "")]
    with pytest.raises(CodedDataError, match="labels \\(closest: label\\)"):
        read(
            "c.csv",
            content,
            file_format="long",
            roles=ColumnRoles({"code": "labels", "text": "words"}),
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
    """Errors show row and column, without the words there."""
    with pytest.raises(Exception, match=said) as raised:
        read("file.csv", content)

    assert "Fear" not in str(raised.value)


REFERENCES = r"""
Name: Fear
Files\\north\\a - § 2 references coded [6.78% Coverage]
Reference 1 - 5.80% Coverage
Fear of
police.
Reference 2 - 0.98% Coverage
Shame.
Name: Hope
Files\\b - § 2 reference coded [1.0% Coverage]
Reference 1 - 1.0% Coverage
Fear of
police.
"""


def test_nvivo_references_are_read_node_by_node():
    """A reference goes on until the next; the node is named above."""
    for encoded in (REFERENCES.encode(), REFERENCES.encode("utf-16")):
        data = read("export.txt", encoded)

        assert put_codes(data) == [
            ("Fear of\npolice.", "Fear", ""),
            ("Shame.", "Fear", ""),
            ("Fear of\npolice.", "Hope", ""),
        ]
        assert data.notices == ("the file announces 4 references, and has 3",)


SOURCE = "Files\\\\a - § 1 reference coded [5.8% Coverage]\n\nReference 1 - 5.8% Coverage\n\n"
OTHER = SOURCE.replace("\\a", "\\b")


@pytest.mark.parametrize(
    ("content", "expected", "said"),
    [
        (f"{SOURCE}Hello.\nName: Jane Doe\nOh.\n", ["Hello.\nName: Jane Doe\nOh. Fear"], 1),
        (f"{SOURCE}Name: Jane Doe\n\n{OTHER}Yes.\n", ["Name: Jane Doe Fear", "Yes. Fear"], 1),
        (f"Name: Hope\n{SOURCE}Codes\\\\Law\nNo.\n", ["Codes\\\\Law\nNo. Hope"], 1),
        (f"Name: Hope\n{SOURCE}Yes.\n\nName: Law\n\n{OTHER}No.\n", ["Yes. Hope", "No. Law"], 0),
        (f"{SOURCE}Yes.\n\nNodes\\\\Law\n{OTHER}No.\n", ["Yes. Fear", "No. Law"], 0),
    ],
    ids=["amid words", "last words", "amid words of a named node", "named", "by its folder"],
)
def test_a_name_that_somebody_said_is_no_node(content: str, expected: list[str], said: int):
    """A line among words is one of them, so nobody's name becomes a code; it is counted."""
    data = read("Fear.txt", content.encode())

    found = [f"{words} {code}" for words, code, _ in put_codes(data)]
    assert (found, aside(data)) == (expected, {})
    assert [notice.partition(" line ")[0] for notice in data.notices] == ["1"] * said


def test_documents_of_one_name_in_two_folders_of_nvivo_stay_apart():
    """They are two focus groups, whatever their files are called."""
    north, south = (SOURCE.replace("\\a", f"\\{name}\\a") for name in ("north", "south"))

    data = read("Fear.txt", f"{north}Yes.\n{south}No.\n".encode())

    assert [each.name for each in data.documents] == ["a", "Files\\south\\a"]


def test_each_line_of_nvivo_in_no_reference_is_set_aside():
    """What is known or blank is not counted; a reference without a source has no document."""
    content = f"Fear of\n\nReference 1 - 5.8% Coverage\nLost.\n{SOURCE}Yes.\n"

    data = read("Fear.txt", content.encode())

    assert put_codes(data) == [("Yes.", "Fear", "")]
    assert aside(data) == {
        "codings": (("its document is not named", 1),),
        "other items": (("a line outside of any reference", 1),),
    }


def test_an_nvivo_matrix_is_compared_with_codings_that_came_with_it():
    """Totals and cells that count nothing are set aside."""
    content = workbook(
        ("", "A : Fear", "B : Shame"), ("1 : a", 2, "?"), ("2 : b", 1, 1), ("Total", 3, 1)
    )

    data = read("matrix.xlsx", content)

    assert aside(data) == {
        "other items": (("a cell that is no count of a code in a document", 1), ("a total", 2)),
    }
    codings = read("Fear.txt", REFERENCES.encode())
    compared, _ = compare_matrices([data, codings])
    assert (dict(compared.reported_counts), compared.codes) == ({"Fear": 3, "Shame": 1}, ())
    assert aside(compared)["counts of a matrix"] == (
        ("compared with the codings on words that came with it", 4),
    )
    assert compare_versions([("m", compared), ("c", codings)], ()) == [
        "m: it counts 2 of 2 codes otherwise than the codings do; it may be of another version"
    ]


def selected(data: CodedData) -> list[str]:
    """Return the words of each selection with the number of its codings."""
    put = [coding.selection for coding in data.codings]
    return [f"{each.text} {put.count(each.key)}" for each in data.selections]


MAXQDA = "Document name,Code,Segment,Created by\n"
QUALCODER = "File,Coder,Coded,Id,Codename\n"
TWO = "Files\\\\a - § 2 references coded [6.78% Coverage]\n"
REFERENCE = "Reference {} - 5.80% Coverage\nYes.\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("document,text,Fear\na,Yes.,1\na,Yes.,1\na,No.,0\n", ["Yes. 1", "Yes. 1", "No. 0"]),
        ("document,text,Fear,coder\na,Yes.,1,ann\na,Yes.,1,bot\n", ["Yes. 2"]),
        (TWO + REFERENCE.format(1) + REFERENCE.format(2), ["Yes. 1", "Yes. 1"]),
        (
            f"Name: Fear\n{TWO}{REFERENCE.format(1)}Name: Hope\n{TWO}{REFERENCE.format(1)}",
            ["Yes. 2"],
        ),
        (f"{MAXQDA}a,Fear,Yes.,ann\na,Fear,Yes.,ann\na,Fear,Yes.,bot\n", ["Yes. 2", "Yes. 1"]),
        (f"{QUALCODER}a,ann,Yes.,ctid:1,Fear\na,ann,Yes.,ctid:2,Fear\n", ["Yes. 1", "Yes. 1"]),
    ],
    ids=["wide", "wide of two coders", "nvivo", "nvivo at two nodes", "maxqda", "qualcoder"],
)
def test_words_that_were_said_twice_are_two_selections(content: str, expected: list[str]):
    """No passage is lost because another has the same words; another code or coder makes none."""
    assert selected(read("Fear.txt", content.encode())) == expected


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
    data = read("a.csv", content.encode())

    assert [each.name for each in data.documents] == ["a"]
    aside = {
        line.kind: tuple(line.set_aside.items()) for line in data.account.lines() if line.set_aside
    }
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
    data = read("a", content)

    assert (data.documents[0].name, data.selections[0].text) == ("-g", "'- boats and nets'")
    assert (data.selections[0].facts["segment"], data.codes[0].name) == ("-g.1", "-c")
    assert (data.coders, data.notices) == (("-ann",), ())


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("id,document,tag,content,more", "column E"),
        ("tag,description,number of documents,more", "column D"),
        ("Document,Quotation Content,Codes,Document,", "column D, column E"),
        ("Document name,Code,Segment,Color", "column D"),
        ("File,Coder,Coded,Id,Codename,FileVar_mood", "column F"),
        ("Media Title,Excerpt Copy,Code: F Applied,Code: F Range,Excerpt Date", "column E"),
        ("document,text,code,,start", "column D"),
    ],
    ids=["highlights", "codebook", "atlas-ti", "maxqda", "qualcoder", "dedoose", "long"],
)
def test_columns_that_are_not_read_are_reported(header: str, expected: str):
    """Also those without a name, or with that of another; blank ones are not reported."""
    cells = {"Id": "ctid:1", "Code: F Applied": "x", "start": "3"}
    row = ",".join(cells.get(name, "a") for name in header.split(","))

    data = read("a.csv", f"{header},blank\n{row},\n".encode())

    assert data.notices[0] == f"columns not read: {expected}"


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        ("tag,description\nFear,x\n,y\n", "codes", "it has no name"),
        ("tag,description\nFear,x\nFear,y\n", "codes", "has a code of this name already"),
        ("File,Coder,Coded,Id,Codename\na,ann,Yes.,ctid:1,\n", "", ""),
    ],
    ids=["tag without a name", "tag that is there twice", "coding without a name"],
)
def test_codes_without_names_or_of_one_name_are_accounted_for(content: str, kind: str, reason: str):
    """No row of a codebook goes without a reason, and what has no name makes no code."""
    data = read("a.csv", content.encode())

    found = {each: reasons[0] for each, reasons in aside(data).items()}
    assert list(found) == ([kind] if kind else [])
    assert all(reason in why and number == 1 for why, number in found.values())
    assert all(code.name for code in data.codes)


def test_a_dedoose_code_is_applied_or_not():
    """A cell with another value is refused, with its row."""
    content = b"Media Title,Excerpt Copy,Code: F Applied\na,Yes.,True\na,No.,perhaps\n"

    with pytest.raises(CodedDataError, match="row 3: column C is neither yes nor no"):
        read("a.csv", content)


def test_positions_that_are_no_numbers_are_reported():
    """A row with half a position, or words in its place, is taken without."""
    content = b"document,text,code,start,end\na,Yes.,F,1,5\na,No.,F,2,\na,So.,F,,\na,Oh.,F,x,y\n"

    data = read("a.csv", content)

    assert [each.start for each in data.selections] == [1, None, None, None]
    assert data.notices[0].startswith("2 rows with positions that aren't two whole numbers")


def test_codes_that_two_files_describe_otherwise_are_reported():
    """One description is kept, and the other is counted."""
    books = [b"tag,description\nFear,Of police\nShame,Of all\n", b"tag,description\nFear,Other\n"]

    merged = merge_coded([("a", read("a.csv", book)) for book in books])

    assert merged.codes[0].description == "Of police"
    assert [notice.partition(" in ")[0] for notice in merged.notices] == [
        "1 code with another description"
    ]
