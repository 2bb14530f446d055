from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrefiqda import RefiCodebook, RefiProject

from analysis.errors import CodedDataError, SourceError
from analysis.importing.coded.merging import merge_coded
from analysis.intake.account import Account
from analysis.intake.coded.coded_data import (
    CodedCode,
    CodedData,
    Coding,
    Document,
    Selection,
    paths_of,
)
from analysis.intake.coded.refi_writer import codebook_bytes, project_bytes
from analysis.study.writing import zip_of
from intake.coded.made_exports import read

GUID = "0000000{}-0000-4000-8000-000000000000"
HEAD = '<Project xmlns="urn:QDA-XML:project:1.0" name="p" basePath="/home/somebody/data">'
USERS = f'<Users><User guid="{GUID.format(1)}" name="ann"/></Users>'
CODES = (
    f'<CodeBook><Codes><Code guid="{{{GUID.format(2)}}}" name="Rights" isCodable="false">'
    f'<Code guid="{GUID.format(3).upper()}" name="Stigma" isCodable="true">'
    "<Description>Being looked down on.</Description></Code></Code></Codes></CodeBook>"
)


def coding(number: int, code: int = 3) -> str:
    return (
        f'<Coding guid="{GUID.format(number)}" creatingUser="{GUID.format(1)}">'
        f'<CodeRef targetGUID="{GUID.format(code)}"/></Coding>'
    )


def selection(start: int, end: int, *codings: str) -> str:
    return (
        f'<PlainTextSelection guid="{GUID.format(9)}" startPosition="{start}" '
        f'endPosition="{end}">{"".join(codings)}</PlainTextSelection>'
    )


def text_source(held: str, path: str) -> str:
    return f'<TextSource guid="{GUID.format(4)}" plainTextPath="{path}">{held}</TextSource>'


def project(sources: str, rest: str = "", **parts: str) -> CodedData:
    xml = f"{HEAD}{USERS}{CODES}<Sources>{sources}</Sources>{rest}</Project>"
    held = {"Some Name.QDE": xml.encode(), **{k: v.encode() for k, v in parts.items()}}
    return read("export.qdpx", zip_of(held))


def account_of(data: CodedData) -> list[str]:
    return [line.describe() for line in data.account.lines()]


def test_what_tools_write_otherwise_is_understood():
    """The inner file has another name, GUIDs are in braces and capitals, paths have a scheme."""
    source = text_source(selection(0, 4, coding(5)), "internal://a.TXT")

    data = project(source, **{"Sources/A.txt": "Fear of police."})

    assert data.codes == (
        CodedCode(GUID.format(2), "Rights", is_codable=False),
        CodedCode(GUID.format(3), "Stigma", GUID.format(2), "Being looked down on."),
    )
    assert data.documents[0].text == "Fear of police."
    assert (data.selections[0].text, data.codings) == (
        "Fear",
        (Coding("1", GUID.format(3), "ann"),),
    )


def test_no_path_of_the_writers_own_folders_is_kept():
    """A base path carries the name of somebody's folder."""
    data = project(f'<TextSource guid="{GUID.format(4)}" plainTextPath="/home/somebody/a.txt"/>')

    assert "somebody" not in repr(data)


def test_sources_of_one_name_are_documents_of_their_own():
    """A tool lets two documents have one name: the second gets its number."""
    source = '<TextSource guid="{}" name="Interview"><PlainTextContent>{}</PlainTextContent>'
    sources = "".join(
        f"{source.format(GUID.format(4), text)}{selection(0, 4)}</TextSource>"
        for text in ("Fear.", "Hope.")
    )

    data = merge_coded([("export.qdpx", project(sources))])

    assert [document.name for document in data.documents] == ["Interview", "Interview (2)"]
    assert [each.text for each in data.selections] == ["Fear", "Hope"]
    assert data.notices == ("export.qdpx: source 2 has the name of another: (2) is added",)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"old/a.txt": "Hope.", "Sources/a.txt": "Fear."}, "Fear."),
        ({"Sources/a.txt": "Fear.", "old/a.txt": "Hope."}, "Fear."),
        ({"old/a.txt": "Hope."}, "Hope."),
        ({"old/a.txt": "Hope.", "new/a.txt": "Fear."}, None),
    ],
)
def test_the_text_of_a_source_is_taken_where_it_belongs(
    parts: dict[str, str], expected: str | None
):
    """Among parts of one base name, none is guessed; the folder of sources comes first."""
    data = project(text_source("", "internal://a.txt"), **parts)

    assert (data.documents[0].text, len(data.notices)) == (expected, expected is None)


def test_selections_of_a_source_that_is_absent_are_set_aside():
    """The source stays as a document, and its selections and codings are counted."""
    source = text_source(selection(0, 4, coding(5), coding(6)), "gone.txt")

    data = project(source)

    assert account_of(data)[1:4] == [
        "documents: 1 received = 1 kept",
        "selections: 1 received = 0 kept + 1 set aside (1: the text of its source is missing)",
        "codings: 2 received = 0 kept + 2 set aside (2: the text of its source is missing)",
    ]


def test_all_that_has_no_place_in_a_study_is_counted_with_its_reason():
    """Media, memos, codes on whole sources, dangling codes and positions outside are counted."""
    media = (
        f'<PictureSource guid="{GUID.format(4)}"><PictureSelection guid="{GUID.format(5)}" '
        f'firstX="0" firstY="0" secondX="1" secondY="1">{coding(6)}</PictureSelection>'
        "</PictureSource>"
    )
    text = (
        f'<TextSource guid="{GUID.format(7)}" name="a"><PlainTextContent>Fear.</PlainTextContent>'
        f"{selection(0, 4, coding(5), coding(6), coding(7, code=8))}{selection(0, 99, coding(8))}"
        f"{coding(9)}</TextSource>"
    )
    notes = f'<Notes><Note guid="{GUID.format(8)}"/></Notes>'

    assert account_of(project(media + text, notes))[1:] == [
        (
            "documents: 2 received = 1 kept + 1 set aside "
            "(1: a picture, a page, a sound or a film without text)"
        ),
        (
            "selections: 3 received = 1 kept + 2 set aside "
            "(1: it is a stretch of a picture, a page, a sound or a film; "
            "1: its positions lead out of the text)"
        ),
        (
            "codings: 6 received = 1 kept + 5 set aside "
            "(1: it is a stretch of a picture, a page, a sound or a film; "
            "1: it lies on a whole source; 1: its code is not in the codebook; "
            "1: its positions lead out of the text; "
            "1: the same code by the same coder on the same selection again)"
        ),
        "coders: 1 received = 1 kept",
        "memos: 1 received = 0 kept + 1 set aside (1: a memo: the study has no table for it)",
    ]


def test_cases_describe_their_sources():
    """Variables of a case become facts of the document that the case names."""
    variable, case, source_guid = (GUID.format(number) for number in (5, 6, 4))
    rest = (
        f'<Variables><Variable guid="{variable}" name="places" typeOfVariable="Text"/></Variables>'
        f'<Cases><Case guid="{case}"><VariableValue><VariableRef targetGUID="{variable}"/>'
        "<TextValue>KEN</TextValue></VariableValue>"
        f'<SourceRef targetGUID="{source_guid}"/></Case></Cases>'
    )
    source = text_source("<PlainTextContent>Fear.</PlainTextContent>", "")

    assert project(source, rest).documents[0].facts == {"places": "KEN"}


VARIABLES = (
    f'<Variables><Variable guid="{GUID.format(5)}" name="places" typeOfVariable="Text"/>'
    f'<Variable guid="{GUID.format(6)}" name="age" typeOfVariable="Integer"/></Variables>'
)
HEARD = text_source("<PlainTextContent>Fear.</PlainTextContent>", "")


def value(held: str, variable: int = 5) -> str:
    return (
        f'<VariableValue><VariableRef targetGUID="{GUID.format(variable)}"/>'
        f"<TextValue>{held}</TextValue></VariableValue>"
    )


def cases(*held: str) -> str:
    return f"<Cases>{''.join(f'<Case>{each}</Case>' for each in held)}</Cases>"


def test_each_case_and_value_is_taken_or_set_aside():
    """What is said of no text, of no variable, or otherwise of the same, has its reason."""
    of_source = f'<SourceRef targetGUID="{GUID.format(4)}"/>'
    said = (
        f"{value('KEN')}{value('31', 6)}{value(' ')}{of_source}",
        f"{value('UGA')}{of_source}",
        f"{value('UGA')}{value('x', 9)}",
        f'<SelectionRef targetGUID="{GUID.format(9)}"/>',
    )

    data = project(HEARD, VARIABLES + cases(*said))

    assert data.documents[0].facts == {"places": "KEN", "age": "31"}
    assert account_of(data)[2:4] + account_of(data)[5:] == [
        (
            "cases: 4 received = 1 kept + 3 set aside "
            "(3: a case without facts about a document with text)"
        ),
        (
            "cells on focus groups: 5 received = 2 kept + 3 set aside "
            "(1: its variable has no name; 1: no document with text has it; "
            "1: the same document has it already)"
        ),
        ("other items: 1 received = 0 kept + 1 set aside (1: a selection that belongs to a case)"),
    ]


@pytest.mark.parametrize(
    ("source", "rest", "expected"),
    [
        ("", f"<Notes><Note>{selection(0, 1, coding(5))}</Note></Notes>", {"memo": 3}),
        ("", "<Description>Old.</Description><Sets/>", {"description": 1}),
        (text_source("<Description>Loud.</Description>", ""), "", {"description": 1}),
        (text_source(f'<NoteRef targetGUID="{GUID.format(9)}"/>', ""), "", {"memo hangs": 1}),
        ("", "<Dates><Date/></Dates>", {"part that the standard": 1}),
        (
            f"<PDFSource><PDFSelection>{selection(0, 1, coding(5))}</PDFSelection></PDFSource>",
            "",
            {"stretch of": 3, "without text": 1},
        ),
    ],
    ids=["note", "description", "of a source", "reference", "stranger", "selection in a page"],
)
def test_what_lies_elsewhere_is_set_aside(source: str, rest: str, expected: dict[str, int]):
    """Everything with words or codes that is left out has a reason, wherever it is."""
    data = project(source, rest)

    reasons = [each for line in data.account.lines() for each in line.set_aside.items()]
    assert {
        part: sum(number for reason, number in reasons if part in reason) for part in expected
    } == expected
    assert sum(number for _, number in reasons) == sum(expected.values())


def test_the_text_of_a_picture_is_read():
    """What was coded in the description of a picture is words as any others are."""
    described = (
        f'<PictureSource guid="{GUID.format(4)}"><TextDescription guid="{GUID.format(7)}">'
        f"<PlainTextContent>Fear.</PlainTextContent>{selection(0, 4, coding(5))}"
        "</TextDescription></PictureSource>"
    )

    data = project(described)

    assert [each.text for each in data.selections] == ["Fear"]
    assert len(data.codings) == 1


def test_codings_by_users_who_are_not_listed_are_reported():
    """They would be taken as if the file named nobody, and a mapping could name somebody."""
    stranger = coding(5).replace(f'creatingUser="{GUID.format(1)}"', 'creatingUser="x"')

    data = project(
        text_source(f"<PlainTextContent>Fear.</PlainTextContent>{selection(0, 4, stranger)}", "")
    )

    assert data.codings[0].coder == ""
    assert data.notices == ("1 coding by users whom the file does not list: without a coder",)


def test_a_codebook_with_an_empty_set_is_read():
    """Taguette writes ``<Sets/>``, which the schema forbids."""
    xml = (
        '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Taguette 1.4"><Codes>'
        f'<Code guid="{GUID.format(2)}" name="Fear" isCodable="true"/></Codes><Sets/></CodeBook>'
    )

    data = read("book.qdc", xml.encode())

    assert ([code.name for code in data.codes], account_of(data)) == (
        ["Fear"],
        ["codes: 1 received = 1 kept"],
    )


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (zip_of({"readme.txt": b"x"}), CodedDataError),
        (zip_of({"a.qde": b"<Project/>", "b.qde": b"<Project/>"}), CodedDataError),
        (zip_of({"a.qde": b"<Project>"}), SourceError),
        (zip_of({"a.qde": b'<!DOCTYPE p [<!ENTITY e "x">]><Project/>'}), SourceError),
        (zip_of({"a.qde": b"<Project/>"})[:60], SourceError),
        (b"<CodeBook><Codes/></CodeBook>", CodedDataError),
        (b"<html></html>", CodedDataError),
    ],
)
def test_what_is_no_project_is_refused(content: bytes, error: type[Exception]):
    """Other archives, broken XML, declared entities and cut files each get their message."""
    with pytest.raises(error):
        read("export.qdpx", content)


WRITTEN_CODES = (
    CodedCode("r", "Rights & duties", "", "What the law\r\ndoes.", is_codable=False),
    CodedCode("s", "Stigma", "r", "", colour="#ff0000"),
    CodedCode("s2", "Stigma", "r"),
    CodedCode("t", "Éclair 😀"),
)
TEXT = "\r\n😀 fear\u2028of police \n"
DATA = CodedData(
    file_format="made",
    codes=WRITTEN_CODES,
    documents=(
        Document("d", "First <group>", TEXT, {"places": "KEN;UGA"}),
        Document("e", "no words", None),
        Document("f", "nothing said", ""),
    ),
    selections=(
        Selection("1", "d", TEXT[2:8], 2, 8, {"segment": "d.1", "label": 'a "b"\nc'}),
        Selection("2", "d", TEXT[0:3], 0, 3),
    ),
    codings=(Coding("1", "s", "ann"), Coding("1", "s", "bot"), Coding("2", "t", "ann")),
    coders=("ann", "bot", "idle"),
    account=Account(),
)


def test_a_project_comes_back_as_it_went():
    """Line ends, signs beyond the BMP, quotes, empty texts and idle coders survive."""
    again = read("a.qdpx", project_bytes(DATA, "A title"))

    assert sorted(paths_of(DATA.codes).values()) == sorted(paths_of(again.codes).values())
    assert [each[1:] for each in DATA.documents] == [each[1:] for each in again.documents]
    assert [each[2:] for each in DATA.selections] == [each[2:] for each in again.selections]
    assert [each[3:] for each in DATA.codes] == [each[3:] for each in again.codes]
    assert DATA.coders == again.coders
    assert [each.coder for each in DATA.codings] == [each.coder for each in again.codings]


def test_another_reader_of_the_standard_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """pyrefiqda, which was made from the official schemas, reads what we write."""
    monkeypatch.chdir(tmp_path)
    Path("a.qdpx").write_bytes(project_bytes(DATA, "A title"))
    Path("a.qdc").write_bytes(codebook_bytes(WRITTEN_CODES))

    project, codebook = RefiProject.load("a.qdpx"), RefiCodebook.load("a.qdc")

    source = project.sources.text_source[0]
    assert [user.name for user in project.users.user] == ["ann", "bot", "idle"]
    assert [(each.start_position, each.end_position) for each in source.plain_text_selection] == [
        (2, 8),
        (0, 3),
    ]
    assert [code.name for code in codebook.codes.code[0].code] == ["Stigma", "Stigma"]
    assert RefiProject.resolve_source_path(source.plain_text_path, "extracted_qdpx").is_file()


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).map(
    lambda name: name.strip() or "x"
)
trees = st.lists(
    st.tuples(names, st.integers(0, 9), st.text("a <&\n", max_size=5)), min_size=1, max_size=8
)


@settings(max_examples=40)
@given(trees)
def test_any_tree_of_codes_comes_back(tree: list[tuple[str, int, str]]):
    """Names, what is above, and descriptions are the same, for trees of any form."""
    codes: list[CodedCode] = []
    for number, (name, above, described) in enumerate(tree):
        parent = codes[above % number].key if number and above else ""
        codes.append(CodedCode(str(number), name, parent, described))

    again = read("a.qdc", codebook_bytes(codes)).codes

    expected = sorted(
        zip(paths_of(tuple(codes)).values(), (code[3] for code in codes), strict=True)
    )
    assert expected == sorted(
        zip(paths_of(again).values(), (code[3] for code in again), strict=True)
    )
