from __future__ import annotations

import io
import sqlite3
from contextlib import closing

import pytest
from openpyxl import Workbook

from analysis.errors import CodedDataError
from analysis.intake.coded.coded_data import CodedData, paths_of
from analysis.intake.coded.column_roles import ColumnRoles
from analysis.intake.coded.merging import notices_of_versions
from analysis.intake.coded.recognition import read_coded


def put_codes(data: CodedData) -> list[tuple[str, str, str]]:
    """Return the words, the code as a path, and the coder, of each coding."""
    paths, texts = paths_of(data.codes), {each.key: each.text for each in data.selections}
    return [(texts[c.selection], " > ".join(paths[c.code]), c.coder) for c in data.codings]


def aside(data: CodedData) -> dict[str, tuple[tuple[str, int], ...]]:
    return {line.kind: line.set_aside for line in data.account.lines() if line.set_aside}


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, written = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(written)
    return written.getvalue()


def database(*statements: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as made:
        for statement in statements:
            made.execute(statement)
        made.commit()
        return made.serialize()


TAGUETTE = (
    "CREATE TABLE documents (id INTEGER, name TEXT, contents TEXT)",
    "CREATE TABLE tags (id INTEGER, path TEXT, description TEXT)",
    (
        "CREATE TABLE highlights (id INTEGER, document_id INTEGER, start_offset INTEGER, "
        "end_offset INTEGER, snippet TEXT)"
    ),
    "CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER)",
    "INSERT INTO documents VALUES (1, 'a.odt', '<p>Où est la <b>peur</b>?</p><p>Ici.</p>')",
    "INSERT INTO tags VALUES (1, 'Fear', 'Of anything.')",
    (
        "INSERT INTO highlights VALUES (1, 1, 11, 15, '<p><b>peur</b></p>'), "
        "(2, 1, 0, 3, '<p>Ici.</p>'), (3, 9, 0, 3, 'x')"
    ),
    "INSERT INTO highlight_tags VALUES (1, 1), (2, 1), (3, 1), (2, 8)",
)
QUALCODER = (
    "CREATE TABLE source (id INTEGER, name TEXT, fulltext TEXT, mediapath TEXT)",
    "CREATE TABLE code_cat (catid INTEGER, name TEXT, supercatid INTEGER)",
    "CREATE TABLE code_name (cid INTEGER, name TEXT, memo TEXT, catid INTEGER)",
    (
        "CREATE TABLE code_text (cid INTEGER, fid INTEGER, seltext TEXT, pos0 INTEGER, "
        "pos1 INTEGER, owner TEXT)"
    ),
    "CREATE TABLE code_image (imid INTEGER, cid INTEGER)",
    "CREATE TABLE journal (jid INTEGER, date TEXT)",
    (
        "INSERT INTO source VALUES (1, 'a', 'Fear of police.', NULL), "
        "(2, 'b', NULL, '/images/b.png')"
    ),
    "INSERT INTO code_cat VALUES (1, 'Rights', NULL), (2, 'Law', 1)",
    "INSERT INTO code_name VALUES (1, 'Police', 'What they do.', 2), (2, 'Fear', '', NULL)",
    (
        "INSERT INTO code_text VALUES (1, 1, 'police', 8, 14, 'ann'), (2, 1, 'Fear', 0, 4, 'ann'), "
        "(2, 1, 'Fear', 0, 4, 'bot'), (7, 1, 'x', 0, 1, 'ann')"
    ),
    "INSERT INTO code_image VALUES (1, 1)",
    "INSERT INTO journal VALUES (1, '2020')",
)


def test_a_taguette_project_is_read_by_bytes_of_its_text():
    """Positions count bytes without tags; where the words differ, the words are believed."""
    data = read_coded("p.sqlite3", database(*TAGUETTE))

    assert put_codes(data) == [("peur", "Fear", ""), ("Ici.", "Fear", "")]
    assert [(each.start, each.end) for each in data.selections] == [(10, 14), (None, None)]
    assert aside(data) == {
        "selections": (("its document is not there any more", 1),),
        "codings": (("its tag or its highlight is not there any more", 2),),
    }
    assert data.notices[0].startswith("1 highlights have other words")


def test_a_qualcoder_project_is_read_with_its_tree():
    """Categories are codes above; pictures, journals and dangling codes are set aside."""
    data = read_coded("data.qda", database(*QUALCODER))

    assert put_codes(data) == [
        ("police", "Rights > Law > Police", "ann"),
        ("Fear", "Fear", "ann"),
        ("Fear", "Fear", "bot"),
    ]
    assert len(data.selections) == 2
    assert aside(data) == {
        "documents": (("it has no text", 1),),
        "codings": (
            ("it is a stretch of a picture, a page, a sound or a film", 1),
            ("its code is not in the codebook", 1),
        ),
        "memos": (("a memo: the study has no table for it", 1),),
    }


@pytest.mark.parametrize("statements", [TAGUETTE, QUALCODER], ids=["taguette", "qualcoder"])
def test_a_damaged_database_is_refused(statements: tuple[str, ...]):
    """A database whose pages are gone has a message, and no traceback."""
    content = database(*statements)

    with pytest.raises(CodedDataError):
        read_coded("p.sqlite3", content[:120] + b"\xff" * (len(content) - 120))


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


REFERENCES = r"""
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
    """A reference goes on until the next; the node is told above, or by the name of the file."""
    for encoded in (REFERENCES.encode(), REFERENCES.encode("utf-16")):
        data = read_coded("Fear.txt", encoded)

        assert put_codes(data) == [
            ("Fear of\npolice.", "Fear", ""),
            ("Shame.", "Fear", ""),
            ("Fear of\npolice.", "Hope", ""),
        ]
        assert data.notices == ("the file tells of 4 references, and has 3",)


def test_an_nvivo_matrix_tells_counts_and_no_words():
    """Its counts are set aside, and kept to be compared with codings beside it."""
    content = workbook(("", "A : Fear", "B : Shame"), ("1 : a", 2, 0), ("2 : b", 1, 1))

    data = read_coded("matrix.xlsx", content)

    assert aside(data) == {"counts of a matrix": (("a count tells no words", 4),)}
    codings = read_coded("Fear.txt", REFERENCES.encode())
    assert (dict(data.told_counts), data.codes) == ({"Fear": 3, "Shame": 1}, ())
    assert notices_of_versions([("m", data), ("c", codings)], ()) == [
        "m: it counts 2 of 2 codes otherwise than the codings do; it may be of another version"
    ]


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


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents SET name = NULL, contents = 7",
        "UPDATE highlights SET start_offset = 'x', end_offset = -1, snippet = x'ff'",
        "UPDATE tags SET path = NULL, id = 'x'",
        "UPDATE highlight_tags SET tag_id = NULL",
    ],
)
def test_a_database_of_odd_values_is_accounted_for(statement: str):
    """Columns hold whatever somebody put there: each row is taken or set aside all the same."""
    data = read_coded("p.sqlite3", database(*TAGUETTE, statement))

    assert sum(line.received for line in data.account.lines() if line.kind == "codings") == 4


def test_a_database_whose_tables_are_views_is_no_project():
    """A view could run what its author wrote."""
    views = [f"CREATE VIEW {name} AS SELECT 1" for name in ("highlights", "tags", "documents")]

    with pytest.raises(CodedDataError, match="no format"):
        read_coded("p.sqlite3", database(*views, "CREATE TABLE highlight_tags (tag_id INTEGER)"))
