from __future__ import annotations

import pytest

from analysis.errors import CodedDataError
from intake.coded.made_exports import aside, database, put_codes, read

TAGUETTE = (
    "CREATE TABLE documents (id INTEGER, name TEXT, contents TEXT, description TEXT)",
    "CREATE TABLE tags (id INTEGER, path TEXT, description TEXT)",
    (
        "CREATE TABLE highlights (id INTEGER, document_id INTEGER, start_offset INTEGER, "
        "end_offset INTEGER, snippet TEXT)"
    ),
    "CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER)",
    (
        "INSERT INTO documents VALUES "
        "(1, 'a.odt', '<p>Où est la <b>peur</b>?</p><p>Ici.</p>', 'Loud.')"
    ),
    "INSERT INTO tags VALUES (1, 'Fear', 'Of anything.')",
    (
        "INSERT INTO highlights VALUES (1, 1, 11, 15, '<p><b>peur</b></p>'), "
        "(2, 1, 0, 3, '<p>Ici.</p>'), (3, 9, 0, 3, 'x')"
    ),
    "INSERT INTO highlight_tags VALUES (1, 1), (2, 1), (3, 1), (2, 8)",
)
QUALCODER = (
    "CREATE TABLE project (databaseversion TEXT, memo TEXT)",
    "CREATE TABLE source (id INTEGER, name TEXT, fulltext TEXT, mediapath TEXT, memo TEXT)",
    "CREATE TABLE code_cat (catid INTEGER, name TEXT, supercatid INTEGER, memo TEXT)",
    "CREATE TABLE code_name (cid INTEGER, name TEXT, memo TEXT, catid INTEGER)",
    (
        "CREATE TABLE code_text (cid INTEGER, fid INTEGER, seltext TEXT, pos0 INTEGER, "
        "pos1 INTEGER, owner TEXT, memo TEXT)"
    ),
    "CREATE TABLE code_image (imid INTEGER, cid INTEGER)",
    "CREATE TABLE journal (jid INTEGER, jentry TEXT)",
    "CREATE TABLE cases (caseid INTEGER, name TEXT, memo TEXT)",
    "CREATE TABLE case_text (caseid INTEGER, fid INTEGER, pos0 INTEGER, pos1 INTEGER)",
    "CREATE TABLE attribute (name TEXT, attr_type TEXT, value TEXT, id INTEGER)",
    "CREATE TABLE coder_names (name TEXT)",
    "INSERT INTO project VALUES ('v11', ' ')",
    (
        "INSERT INTO source VALUES (1, 'a', 'Fear of police.', NULL, 'Loud.'), "
        "(2, 'b', NULL, '/images/b.png', NULL)"
    ),
    "INSERT INTO code_cat VALUES (1, 'Rights', NULL, NULL), (2, 'Law', 1, 'Wide.')",
    "INSERT INTO code_name VALUES (1, 'Police', 'What they do.', 2), (2, 'Fear', '', NULL)",
    (
        "INSERT INTO code_text VALUES (1, 1, 'police', 8, 14, 'ann', 'Why?'), "
        "(2, 1, 'Fear', 0, 4, 'ann', ''), (2, 1, 'Fear', 0, 4, 'bot', NULL), "
        "(7, 1, 'x', 0, 1, 'ann', NULL)"
    ),
    "INSERT INTO code_image VALUES (1, 1)",
    "INSERT INTO journal VALUES (1, 'Today.'), (2, '')",
    "INSERT INTO cases VALUES (1, 'One', 'Calm.')",
    "INSERT INTO case_text VALUES (1, 1, 0, 4)",
    (
        "INSERT INTO attribute VALUES ('places', 'file', 'KEN', 1), ('age', 'case', '31', 1), "
        "('mood', 'file', 'low', 1), ('places', 'file', 'UGA', 2), ('age', 'file', '', 1)"
    ),
    "INSERT INTO coder_names VALUES ('ann'), ('bot'), ('idle')",
)


def test_a_taguette_project_is_read_by_bytes_of_its_text():
    """Positions count bytes without tags; where the words differ, the words are believed."""
    data = read("p.sqlite3", database(*TAGUETTE))

    assert put_codes(data) == [("peur", "Fear", ""), ("Ici.", "Fear", "")]
    assert [(each.start, each.end) for each in data.selections] == [(10, 14), (None, None)]
    assert aside(data) == {
        "selections": (("its document is not there any more", 1),),
        "codings": (("its tag or its highlight is not there any more", 2),),
        "memos": (("a description of a project or document: the study has no table for it", 1),),
    }
    assert data.notices[0].startswith("1 highlight with other words")


def test_a_qualcoder_project_is_read_with_its_tree():
    """Categories are codes above; pictures, memos, cases and dangling codes are set aside."""
    data = read("data.qda", database(*QUALCODER))

    assert put_codes(data) == [
        ("police", "Rights > Law > Police", "ann"),
        ("Fear", "Fear", "ann"),
        ("Fear", "Fear", "bot"),
    ]
    assert (len(data.selections), data.coders) == (2, ("ann", "bot"))
    assert data.documents[0].facts == {"places": "KEN", "mood": "low"}
    assert aside(data) == {
        "documents": (("it has no text", 1),),
        "cases": (("a case: the study has no table for it", 1),),
        "cells on focus groups": (("no document with text has it", 2),),
        "codings": (
            ("it is a stretch of a picture, a page, a sound or a film", 1),
            ("its code is not in the codebook", 1),
        ),
        "coders": (("it applied no code to text", 1),),
        "memos": (("a memo: the study has no table for it", 5),),
        "other items": (("a stretch that belongs to a case", 1),),
    }


def test_words_that_a_qualcoder_project_has_twice_for_one_place_are_believed():
    """Where a text was changed between two coders, each keeps the words that were coded."""
    changed = "INSERT INTO code_text VALUES (2, 1, 'Fare', 0, 4, 'cat', NULL)"

    data = read("data.qda", database(*QUALCODER, changed))

    assert put_codes(data)[-1] == ("Fare", "Fear", "cat")
    assert data.notices[0].startswith("1 coding with other words")


@pytest.mark.parametrize("statements", [TAGUETTE, QUALCODER], ids=["taguette", "qualcoder"])
def test_a_damaged_database_is_refused(statements: tuple[str, ...]):
    """A database whose pages are gone has a message, and no traceback."""
    content = database(*statements)

    with pytest.raises(CodedDataError):
        read("p.sqlite3", content[:120] + b"\xff" * (len(content) - 120))


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
    data = read("p.sqlite3", database(*TAGUETTE, statement))

    assert sum(line.received for line in data.account.lines() if line.kind == "codings") == 4


def test_a_database_whose_tables_are_views_is_no_project():
    """A view could run what its author wrote."""
    views = [f"CREATE VIEW {name} AS SELECT 1" for name in ("highlights", "tags", "documents")]

    with pytest.raises(CodedDataError, match="no format"):
        read("p.sqlite3", database(*views, "CREATE TABLE highlight_tags (tag_id INTEGER)"))
