from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from pyrefiqda import RefiCodebook, RefiProject

from analysis.intake.coded.account import Account
from analysis.intake.coded.coded_data import (
    CodedCode,
    CodedData,
    Coding,
    Document,
    Selection,
    paths_of,
)
from analysis.intake.coded.recognition import read_coded
from analysis.intake.coded.refi_writer import codebook_bytes, project_bytes

if TYPE_CHECKING:
    import pytest

CODES = (
    CodedCode("r", "Rights & duties", "", "What the law\r\ndoes.", is_codable=False),
    CodedCode("s", "Stigma", "r", "", colour="#ff0000"),
    CodedCode("s2", "Stigma", "r"),
    CodedCode("t", "Éclair 😀"),
)
TEXT = "\r\n😀 fear\u2028of police \n"
DATA = CodedData(
    form="made",
    codes=CODES,
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
    again = read_coded("a.qdpx", project_bytes(DATA, "A title"))

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
    Path("a.qdc").write_bytes(codebook_bytes(CODES))

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

    again = read_coded("a.qdc", codebook_bytes(codes)).codes

    expected = sorted(
        zip(paths_of(tuple(codes)).values(), (code[3] for code in codes), strict=True)
    )
    assert expected == sorted(
        zip(paths_of(again).values(), (code[3] for code in again), strict=True)
    )
