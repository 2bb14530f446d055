"""Codes in columns, and counts without words."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from analysis.errors import CodedDataError
from analysis.importing.coded.coded_import import CodedImport
from analysis.importing.coded.mapping_draft import write_draft
from analysis.publishing.coded_export import write_export
from analysis.study.opened_study import open_study
from analysis.synthesis.claims import Ledger
from analysis.synthesis.corpus_tables import open_region
from analysis.synthesis.excerpts import FairChoice, choose_excerpts, show_excerpts
from analysis.synthesis.prevalence import measure_prevalence
from importing.coded.coded_rows import FRESH, fresh_study, rows_of, take
from intake.coded.made_exports import workbook

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.importing.coded.coded_import import CodedResult

pytestmark = pytest.mark.usefixtures("reading_here")

FACTS = {"held_on": "2020-11-01", "scope": "country", "places": "KEN", "consent": "public"}
SAID = f"coder: ann\nfocus_groups: {json.dumps(FACTS)}\n"
GROUPS = "documents: {{talk 1: {{focus_group: one}}, talk 2: {{focus_group: two}}{more}}}\n"
TWO, THREE = GROUPS.format(more=""), GROUPS.format(more=", talk 3: {focus_group: three}")

PER_QUESTION = """\
Respondent,Group,Q1,Q1 Code 1,Q1 Code 2,Q1 Code 3,Q2 answer,Q2 Code 1,Q2 Code 2
1,talk 1,Fear.,Police,Stigma,,Yes.,Peers,
2,talk 1,Yes.,Police,Police,,Yes.,,
3,talk 2,,Stigma,,,,,
4,talk 2,Raids.,,,Police,,,
"""
COUNTS = """\
document,Police,Stigma,Peers,Total
talk 1,3,0,1,4
talk 2,,2,1,3
talk 3,0,0,0,0
Total,3,2,2,7
"""
MAXQDA = """\
Code System,talk 1,talk 2,talk 3,SUM
Police,3,0,0,3
Stigma,0,2,0,2
Peers,1,1,0,2
SUM,4,3,0,7
"""
ATLAS_TI = """\
Codes,"talk 1
Gr=4","talk 2
Gr=3",talk 3,Totals
Police,3,0,0,3
Stigma,0,2,0,2
Peers,1,1,0,2
"""
NVIVO = """\
,A : Police,B : Stigma,C : Peers
1 : talk 1,3,0,1
2 : talk 2,0,2,1
3 : talk 3,0,0,0
"""


def _account(result: CodedResult) -> dict[str, tuple[int, int, dict[str, int]]]:
    return {each.kind: (each.received, each.kept, dict(each.set_aside)) for each in result.account}


def _counted(root: Path) -> Counter[tuple[str, str]]:
    """Return how often each code was applied in each focus group, from the tables."""
    groups = {row["segment"]: row["focus_group"] for row in rows_of(root, "segments", FRESH)}
    return Counter(
        (groups[row["segment"]], row["code"])
        for row in rows_of(root, "code_applications", FRESH)
        if row["code"] != "none"
    )


def test_columns_of_code_names_are_read_for_each_question(root: Path) -> None:
    """Each answer is a segment in the cell of its question, with the codes in its own columns."""
    fresh_study(root)
    file = root / "answers.csv"
    file.write_text(PER_QUESTION, encoding="utf-8")
    said = f"{SAID}{TWO}columns: {{document: Group}}\ncells: {{Q1: context.situation}}\n"

    result = take(root, file, study=FRESH, said=said)

    expected: Counter[tuple[str, str]] = Counter()
    answers: list[tuple[str, str]] = []
    for row in csv.DictReader(io.StringIO(PER_QUESTION)):
        group = {"talk 1": "one", "talk 2": "two"}[row["Group"]]
        for question, text in (("Q1", row["Q1"]), ("Q2", row["Q2 answer"])):
            if text:
                cell = "situation" if question == "Q1" else "introduction"
                answers.append((cell, text))
                own = {row.get(f"{question} Code {n}") for n in (1, 2, 3)} - {"", None}
                expected.update((group, str(code).lower()) for code in own)
    assert _counted(root) == expected
    segments = rows_of(root, "segments", FRESH)
    assert Counter((row["question"], row["text"]) for row in segments) == Counter(answers)
    account = _account(result)
    assert account["codings"] == (
        7,
        5,
        {"it has no text": 1, "the same code is in another column of its row too": 1},
    )
    assert account["selections"] == (6, 5, {"it has no text": 1})
    assert account["columns"] == (9, 8, {"not read: nothing in the study matches it": 1})


def test_one_question_may_be_in_a_column_of_text(root: Path) -> None:
    """Then its columns of codes need no name before them, and a draft asks for no question."""
    fresh_study(root)
    file, draft = root / "answers.xlsx", root / "draft.yaml"
    file.write_bytes(
        workbook(
            ("Document", "Answer", "Code 1", "Code 2"),
            ("talk 1", "Fear.", "Violence > Police", "Stigma"),
            ("talk 2", "Hope.", None, None),
        )
    )
    write_draft(CodedImport(root, FRESH, (file,)), draft)

    result = take(root, file, study=FRESH, said=SAID + TWO)

    assert result.formats == ("code-columns",)
    assert _counted(root) == {("one", "violence.police"): 1, ("one", "stigma"): 1}
    assert "cells:" not in draft.read_text(encoding="utf-8")


def test_each_sheet_of_a_workbook_may_have_one_question(root: Path) -> None:
    """The names of the sheets are the questions, and equal answers to two are two segments."""
    fresh_study(root)
    book = Workbook()
    book.remove(book.active)
    for question, codes in (("Q1", ("Police", None)), ("Q2", ("Peers", "Hope"))):
        sheet = book.create_sheet(question)
        for row in (("Document", "Answer", "Code 1", "Code 2"), ("talk 1", "Yes.", *codes)):
            sheet.append(row)
    book.create_sheet("Notes").append(("a", "b"))
    file = root / "answers.xlsx"
    book.save(file)
    said = f"{SAID}cells: {{Q1: context.situation, Q2: context.hope}}\n"
    said += "documents: {talk 1: {focus_group: one}}\n"

    result = take(root, file, study=FRESH, said=said)

    assert [row["question"] for row in rows_of(root, "segments", FRESH)] == ["situation", "hope"]
    assert _counted(root) == Counter({("one", code): 1 for code in ("police", "peers", "hope")})
    assert _account(result)["sheets"][:2] == (3, 2)


def test_a_draft_asks_for_the_cell_of_each_question(root: Path) -> None:
    """Left blank, the answers are in the first cell."""
    fresh_study(root)
    file, draft = root / "answers.csv", root / "draft.yaml"
    file.write_text(PER_QUESTION, encoding="utf-8")
    mapping = root / "columns.yaml"
    mapping.write_text("columns: {document: Group}\n", encoding="utf-8")

    write_draft(CodedImport(root, FRESH, (file,), mapping=mapping), draft)

    assert 'cells:\n  "Q1": ""\n  "Q2": ""\n' in draft.read_text(encoding="utf-8")


def test_codes_without_the_answers_that_they_code_are_refused(root: Path) -> None:
    """The column is named by its number, since its name may be a person's."""
    fresh_study(root)
    file = root / "answers.csv"
    file.write_text("document,Q1,Q1 Code 1,Q2 Code 1\ntalk 1,Fear.,Police,Peers\n", "utf-8")

    with pytest.raises(CodedDataError, match="column D: no column has the name"):
        take(root, file, study=FRESH, said=SAID)


@pytest.mark.parametrize(
    "content",
    [
        COUNTS,
        MAXQDA,
        NVIVO,
        ATLAS_TI,
    ],
    ids=["documents-in-rows", "maxqda", "nvivo", "atlas-ti"],
)
def test_counts_become_segments_without_words(root: Path, content: str) -> None:
    """Each count is as many codings; a document in which nothing was counted is there, too."""
    fresh_study(root)
    file = root / "matrix.csv"
    file.write_text(content, encoding="utf-8")

    result = take(root, file, study=FRESH, said=SAID + THREE)

    expected: Counter[tuple[str, str]] = Counter()
    for row in csv.DictReader(io.StringIO(COUNTS)):
        if row["document"] != "Total":
            group = {"1": "one", "2": "two", "3": "three"}[row["document"][-1]]
            expected.update(
                {(group, c.lower()): int(row[c] or 0) for c in ("Police", "Stigma", "Peers")}
            )
    assert _counted(root) == +expected
    none = [row for row in rows_of(root, "code_applications", FRESH) if row["code"] == "none"]
    assert [(row["segment"], row["coder"]) for row in none] == [("three.no-code-1", "ann")]
    segments = rows_of(root, "segments", FRESH)
    assert {(row["text"], row["text_kind"]) for row in segments} == {("", "counted")}
    assert Counter(row["focus_group"] for row in segments) == {"one": 4, "two": 3, "three": 1}
    assert _account(result)["counts of a matrix"] == (7, 7, {})
    assert any("8 segments counted in a matrix" in notice for notice in result.notices)


def test_a_matrix_of_yes_and_no_is_one_of_counts(root: Path) -> None:
    """1 and 0, x and blank."""
    fresh_study(root)
    file = root / "matrix.xlsx"
    file.write_bytes(workbook(("File", "Police", "Peers"), ("talk 1", 1, 0), ("talk 2", "x", True)))

    take(root, file, study=FRESH, said=SAID + TWO)

    assert _counted(root) == {("one", "police"): 1, ("two", "police"): 1, ("two", "peers"): 1}


def test_a_matrix_that_comes_with_codings_is_compared_with_them(root: Path) -> None:
    """Codings on words are imported alone, so that nothing counts twice."""
    fresh_study(root)
    words, matrix = root / "codings.csv", root / "matrix.csv"
    words.write_text("document,text,code\ntalk 1,Fear.,Police\ntalk 2,Hope.,Peers\n", "utf-8")
    matrix.write_text(COUNTS, encoding="utf-8")

    result = take(root, words, matrix, study=FRESH, said=SAID + TWO)

    assert _counted(root) == {("one", "police"): 1, ("two", "peers"): 1}
    compared = {"compared with the codings on words that came with it": 7}
    assert _account(result)["counts of a matrix"] == (7, 0, compared)
    assert "matrix.csv: it counts 3 of 3 codes otherwise" in "".join(result.notices)


@pytest.mark.parametrize(
    ("name", "header", "is_shown"),
    [
        ("talk 1.csv", "Code,talk 2", True),
        ("talk 1.csv", "Code,talk 1", False),
        ("Matrix of talk 1.csv", "Code,talk 1", False),
        ("talk-1.csv", "Code,Talk_1", False),
        ("talk 1.csv", "Code,talk 1,talk 2", False),
    ],
)
def test_a_header_that_names_another_document_is_reported(
    root: Path,
    name: str,
    header: str,
    is_shown: bool,  # noqa: FBT001
) -> None:
    """A matrix of one document is compared with the name of its file."""
    fresh_study(root)
    file = root / name
    file.write_text(f"{header}\nPolice{',2' * header.count(',')}\n", encoding="utf-8")

    result = take(root, file, study=FRESH, said=SAID)

    is_reported = any(
        "names another document than the name of the file" in n for n in result.notices
    )
    assert is_reported == is_shown


def test_a_count_that_no_study_can_hold_is_refused(root: Path) -> None:
    """It is more likely a number of characters."""
    fresh_study(root)
    file = root / "matrix.csv"
    file.write_text("document,Police\ntalk 1,9999999\n", encoding="utf-8")

    with pytest.raises(CodedDataError, match="counts more than a study can hold"):
        take(root, file, study=FRESH, said=SAID)


def test_two_matrices_without_ids_are_two_sets_of_focus_groups(root: Path) -> None:
    """Without words an id is a number, which no focus group of the study has yet."""
    fresh_study(root)
    for number in (1, 2):
        file = root / f"matrix {number}.csv"
        file.write_text(f"document,Police\nx {number},1\ny {number},2\n", encoding="utf-8")
        take(root, file, study=FRESH, said=SAID)

    ids = [row["focus_group"] for row in rows_of(root, "focus_groups", FRESH)]
    assert ids == ["d-1", "d-2", "d-3", "d-4"]


@pytest.fixture
def counted(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a root with a new study whose focus groups a matrix counts."""
    fresh_study(root)
    file = root / "matrix.csv"
    file.write_text(COUNTS, encoding="utf-8")
    take(root, file, study=FRESH, said=SAID + THREE)
    monkeypatch.setenv("COMPENDIUM_ROOT", str(root))
    return root


@pytest.mark.usefixtures("counted")
def test_pages_count_what_a_matrix_counts_and_show_no_passage() -> None:
    """Focus groups and segments of each code are those of the matrix; excerpts say why none are."""
    corpus, ledger = open_region(FRESH, "esa"), Ledger("esa")

    measured = measure_prevalence(corpus, ledger)

    rows = [row for row in csv.DictReader(io.StringIO(COUNTS)) if row["document"] != "Total"]
    for code in ("Police", "Stigma", "Peers"):
        numbers = [int(row[code] or 0) for row in rows]
        found = next(each for each in measured if each.code == code.lower())
        assert found.claim.numerator == sum(map(bool, numbers))
        assert found.segments.value == sum(numbers)
    text = show_excerpts(corpus, ledger, choose_excerpts(corpus, FairChoice(corpus), 3)).text
    assert "there is no passage to show" in text
    assert "consent" not in text


@pytest.mark.parametrize("to", ["qdpx", "csv"])
def test_counts_come_back_from_an_export(counted: Path, to: str) -> None:
    """They are counted again, and still have no words."""
    before = _counted(counted)
    out = counted / f"out.{to}"
    write_export(open_study(counted, FRESH), to, out)
    fresh = counted / "data" / FRESH
    for path in [*fresh.glob("*.csv"), fresh / "raw" / "registry.csv"]:
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")

    take(counted, out, study=FRESH)

    assert _counted(counted) == before
    segments = rows_of(counted, "segments", FRESH)
    assert {(row["text"], row["text_kind"]) for row in segments} == {("", "counted")}
    assert len(segments) == 8


def test_a_matrix_may_name_coders_and_facts_of_documents(root: Path) -> None:
    """Columns that are known are not codes, totals are set aside, and two coders share segments."""
    fresh_study(root)
    file = root / "matrix.csv"
    rows = (
        "coder,document,held_on,scope,places,consent,Police,N,Total",
        "ann,talk 1,2020-11-01,country,KEN,public,1,2,3",
        "bot,talk 1,2020-11-01,country,KEN,public,1,0,1",
        ",N = Documents,,,,,1,1,2",
    )
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")

    result = take(root, file, study=FRESH, said="documents: {talk 1: {focus_group: one}}\n")

    assert _counted(root) == {("one", "police"): 2, ("one", "n"): 2}
    coders = Counter(row["coder"] for row in rows_of(root, "code_applications", FRESH))
    assert coders == {"ann": 3, "bot": 1}
    assert [row["segment"] for row in rows_of(root, "segments", FRESH)] == [
        *("one.police-1", "one.n-1", "one.n-2")
    ]
    assert _account(result)["other items"] == (5, 0, {"a total": 5})
