"""Codings for segments that a study has already."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from analysis.errors import CodedDataError
from analysis.intake.coded.coded_data import ORIGIN, CodedData, Coding, Selection
from analysis.intake.coded.refi_writer import project_bytes
from analysis.publishing.coded_export import write_export
from analysis.study.opened_study import open_study
from analysis.study.writing import zip_of
from analysis.tables.registry import read_registry
from importing.coded.coded_rows import FRESH, KNOWN, fresh_study, rows_of, snapshot, take
from intake.coded.made_exports import read
from tiny_study import STUDY, drop_rows, put_value

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")

NO_ROWS = {"codebook": 0, "focus_groups": 0, "segments": 0}
PRIVATE = "Nobody may read this."


def bare(root: Path, *rows: str, name: str = "bot.csv") -> Path:
    """Write a table of segment, code and coder, and return its file."""
    path = root / name
    path.write_text("\n".join(["segment,code,coder", *rows, ""]), encoding="utf-8")
    return path


def exported(root: Path, to: str) -> Path:
    """Export the tiny study."""
    path = root / f"out.{to}"
    write_export(open_study(root, STUDY, may_lack_codebook=True), to, path)
    return path


def edit_csv(path: Path, edit: Callable[[list[dict[str, str]]], None]) -> None:
    """Change the rows of an export in CSV as a person would."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    edit(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def last_codings(root: Path, number: int, study: str = STUDY) -> list[tuple[str, ...]]:
    return [tuple(row.values()) for row in rows_of(root, "code_applications", study)[-number:]]


def test_a_table_of_segments_and_codes_is_added(root: Path) -> None:
    """The segments stay, each row is accounted for, and the file is listed for its groups."""
    before = rows_of(root, "segments")

    taken_in = take(root, bare(root, "ken.3,stigma,bot", "uga.1,Services,bot", "ken.3,stigma,bot"))

    assert taken_in.imported == {**NO_ROWS, "code_applications": 2}
    assert last_codings(root, 2) == [("ken.3", "stigma", "bot"), ("uga.1", "services", "bot")]
    assert rows_of(root, "segments") == before
    account = {line.kind: line.describe() for line in taken_in.account}
    assert account["codings"] == (
        "codings: 3 received = 2 kept + 1 set aside "
        "(1: the same code by the same coder on the same selection again)"
    )
    received = read_registry(root / "data" / STUDY)
    assert [(each.kind, each.focus_group) for each in received] == [
        ("segment-codings", "ken"),
        ("segment-codings", "uga"),
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("ken.33,stigma,bot", r"bot.csv row 3: segment 'ken.33' \(closest: ken.3"),
        ("ken.3,stgma,bot", r"bot.csv row 3: the code is not in .*'stgma' \(closest: stigma"),
        ("ken.3,rights,bot", "bot.csv row 3: the code: rights is a theme"),
        ("ken.3,stigma,bott", r"coder 'bott' \(closest: bot.* study.yaml \(bot.csv row 3\)"),
        ("ken.3,stigma,", r"names no coder \(bot.csv row 3\)"),
        ("ken.1,services,ann", "bot.csv row 3: ken.1, services, ann is in code_applications.csv"),
        ("ken.3,,bot", "bot.csv row 3: no code"),
        (",stigma,bot", "bot.csv row 3: no segment"),
    ],
)
def test_row_that_does_not_fit_is_named(root: Path, row: str, message: str) -> None:
    """File, row, value and the closest match are reported, and nothing is written."""
    file = bare(root, "ken.4,stigma,bot", row)
    before = snapshot(root)

    with pytest.raises(CodedDataError, match=message):
        take(root, file)

    assert before == snapshot(root)


def test_all_faults_are_listed_at_once(root: Path) -> None:
    """Whoever corrects a table reads of every row that needs it."""
    with pytest.raises(CodedDataError) as raised:
        take(root, bare(root, "ken.33,stigma,bot", "uga.7,stgma,bot", "ken.3,stgma,Grace"))

    shown = str(raised.value)
    for each in ("row 2: segment", "row 3: segment", "row 3 and 1 more: the code"):
        assert each in shown
    assert "is no pseudonym of study.yaml (bot.csv row 4)" in shown


def test_ids_of_another_study_are_refused(root: Path) -> None:
    """Where no id is known, each is reported, and nothing else is asked."""
    with pytest.raises(CodedDataError) as raised:
        take(root, bare(root, "other.1,stigma,bot", "other.2,stigma,bot"))

    assert list(raised.value.offenders) == [
        "bot.csv row 2: segment 'other.1' is not in segments.csv",
        "bot.csv row 3: segment 'other.2' is not in segments.csv",
    ]


@pytest.mark.parametrize("to", ["csv", "xlsx"])
def test_an_export_comes_back_with_new_codings(root: Path, to: str) -> None:
    """A coder fills in codes: they are added, and those that were there are counted."""
    path = exported(root, to)
    if to == "csv":

        def code(rows: list[dict[str, str]]) -> None:
            for row in rows:
                if row["segment"] == "ken.3":
                    row.update(code="", code_name="Community", coder="bot")
            rows.append({**rows[0], "code": "stigma", "text": f" {rows[0]['text']}\r\n"})

        edit_csv(path, code)
    else:
        book = load_workbook(path)
        sheet = book["codings"]
        header = [cell.value for cell in sheet[1]]
        at = {name: header.index(name) for name in ("segment", "code", "coder")}
        for row in sheet.iter_rows(min_row=2):
            if row[at["segment"]].value == "ken.3":
                row[at["code"]].value, row[at["coder"]].value = "community", "bot"
        first = [cell.value for cell in sheet[2]]
        first[at["code"]] = "stigma"
        sheet.append(first)
        book.save(path)

    taken_in = take(root, path)

    assert taken_in.imported == {**NO_ROWS, "code_applications": 2}
    assert sorted(last_codings(root, 2)) == [
        ("ken.1", "stigma", "ann"),
        ("ken.3", "community", "bot"),
    ]
    (codings,) = (line for line in taken_in.account if line.kind == "codings")
    assert dict(codings.set_aside) == {"is in code_applications.csv already": 12}


def test_an_export_without_anything_new_is_refused(root: Path) -> None:
    """It was given back as it went out."""
    with pytest.raises(CodedDataError, match="has each of these codings already"):
        take(root, exported(root, "qdpx"))


def put_other_words(row: dict[str, str]) -> None:
    row["text"] = f"A lawyer. {PRIVATE}"


def put_other_id(row: dict[str, str]) -> None:
    row["segment"] = "ken.9"


def put_other_group(row: dict[str, str]) -> None:
    row["focus_group"] = "gha"


def put_no_id(row: dict[str, str]) -> None:
    row["segment"] = ""


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (put_other_words, "row 8: the words of segment 'ken.5' differ from .* at character 3"),
        (put_other_id, r"row 8: segment 'ken.9' \(closest: ken"),
        (put_other_group, "row 8: segment 'ken.5' is of focus group 'ken', and not of 'gha'"),
        (put_no_id, "row 8: no segment"),
    ],
)
def test_words_and_ids_of_an_export_are_verified(
    root: Path, damage: Callable[[dict[str, str]], None], message: str
) -> None:
    """A row that slipped is found, without printing words."""
    path = exported(root, "csv")

    def edit(rows: list[dict[str, str]]) -> None:
        of_group = {
            name: next(row[name] for row in rows if row["focus_group"] == "gha")
            for name in rows[0]
            if name.startswith("focus_group")
        }
        if damage is put_other_group:
            rows[6].update(of_group)
        damage(rows[6])

    edit_csv(path, edit)
    before = snapshot(root)

    with pytest.raises(CodedDataError, match=message) as raised:
        take(root, path)

    assert PRIVATE not in str(raised.value)
    assert before == snapshot(root)


def given_back(root: Path, selections: list[tuple[str, int, int]], ending: str = "") -> Path:
    """Return a project that another tool made of our export, with new codings alone.

    A tool keeps texts and names of documents, and the codebook; ids of ours are lost.
    """
    data = read("out.qdpx", exported(root, "qdpx").read_bytes())
    keys = {document.name: document.key for document in data.documents}
    texts = {document.key: document.text or "" for document in data.documents}
    chosen = tuple(
        Selection(str(number), keys[name], texts[keys[name]][start:end], start, end)
        for number, (name, start, end) in enumerate(selections)
    )
    (stigma,) = (code.key for code in data.codes if code.name == "Stigma")
    theirs = replace(
        data,
        documents=tuple(
            each._replace(name=f"{each.name}{ending}", facts={}, text=texts[each.key])
            for each in data.documents
        ),
        selections=chosen,
        codings=tuple(Coding(each.key, stigma, "bot") for each in chosen),
    )
    return foreign(root / "theirs.qdpx", theirs)


def foreign(path: Path, data: CodedData) -> Path:
    """Write a project that does not say that we wrote it."""
    with zipfile.ZipFile(io.BytesIO(project_bytes(data, "Theirs"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    path.write_bytes(
        zip_of({name: held.replace(ORIGIN.encode(), b"A tool") for name, held in parts.items()})
    )
    return path


@pytest.mark.parametrize("ending", ["", ".txt"])
def test_a_project_that_another_tool_gives_back_is_matched_by_positions(
    root: Path, ending: str
) -> None:
    """A selection counts for each segment that it touches; parts and several are reported."""
    # ken: 0-29 is ken.1, 31-50 is ken.2, 52-70 is ken.3.
    path = given_back(root, [("ken", 31, 50), ("ken", 0, 7), ("ken", 24, 55)], ending)

    taken_in = take(root, path)

    assert taken_in.imported == {**NO_ROWS, "code_applications": 3}
    assert sorted(last_codings(root, 3)) == [
        (f"ken.{number}", "stigma", "bot") for number in (1, 2, 3)
    ]
    assert [notice for notice in taken_in.notices if "selections" in notice] == [
        "selections of a part of a segment, whose codes count for all of it: 1",
        "selections of several segments, whose codes count for each: 1",
    ]


def test_a_code_on_several_segments_counts_once_for_each(root: Path) -> None:
    """The account balances over the rows that one coding becomes."""
    taken_in = take(root, given_back(root, [("ken", 24, 55)]))

    assert taken_in.imported == {**NO_ROWS, "code_applications": 3}
    assert "codings: 3 received = 3 kept" in {line.describe() for line in taken_in.account}


def test_a_table_of_a_tool_is_matched_by_words(root: Path) -> None:
    """Documents named as focus groups, whose passages are all within their segments."""
    path = root / "maxqda.csv"
    path.write_text(
        "Document name,Code,Segment,Created by\nken,Stigma,Clinics close,bot\n"
        "gha.txt,Stigma,Fund what sex workers lead.,bot\n",
        encoding="utf-8",
    )

    taken_in = take(root, path)

    assert taken_in.imported == {**NO_ROWS, "code_applications": 2}
    assert last_codings(root, 2) == [("ken.1", "stigma", "bot"), ("gha.2", "stigma", "bot")]


SAID = "We ran from the boats. Nobody came. We sang all night."


def project(root: Path, name: str, coder: str, *places: tuple[int, int]) -> Path:
    """Return a project in which a coder selected some stretches of one document."""
    data = read("out.qdpx", exported(root, "qdpx").read_bytes())
    (stigma,) = (code.key for code in data.codes if code.name == "Stigma")
    document = data.documents[0]._replace(key="d", name="talk", text=SAID, facts={})
    chosen = tuple(
        Selection(str(at), "d", SAID[start:end], start, end)
        for at, (start, end) in enumerate(places)
    )
    codings = tuple(Coding(each.key, stigma, coder) for each in chosen)
    own = replace(data, documents=(document,), selections=chosen, codings=codings, coders=(coder,))
    return foreign(root / name, own)


FACTS = KNOWN.replace("{", "{consent: public, ")


@pytest.mark.parametrize("said", ["", "codes: {Stigma: criminalization}\n"])
def test_a_second_coder_of_a_document_is_an_ordinary_import(root: Path, said: str) -> None:
    """The same stretch is the same segment, another one is new, and no facts are asked again."""
    take(root, project(root, "a.qdpx", "ann", (0, 22), (36, 54)), said=FACTS)
    (group,) = {row["focus_group"] for row in rows_of(root, "segments")[12:]}

    taken_in = take(root, project(root, "b.qdpx", "bot", (0, 22), (23, 35)), said=said)

    assert taken_in.imported == {
        "codebook": 0,
        "focus_groups": 0,
        "segments": 1,
        "code_applications": 2,
    }
    code = "criminalization" if said else "stigma"
    assert last_codings(root, 2) == [
        (f"{group}.0-22", code, "bot"),
        (f"{group}.23-35", code, "bot"),
    ]
    added = rows_of(root, "segments")[12:]
    assert [row["position"] for row in added] == ["p1", "p2", "p3"]


def test_two_coders_may_have_a_file_each_in_one_import(root: Path) -> None:
    """One document in two files is one focus group, and the same stretch one segment."""
    files = (
        project(root, "a.qdpx", "ann", (0, 22), (36, 54)),
        project(root, "b.qdpx", "bot", (0, 22)),
    )

    taken_in = take(root, *files, said=FACTS)

    assert (taken_in.imported["focus_groups"], taken_in.imported["segments"]) == (1, 2)
    (first, _, last) = last_codings(root, 3)
    assert (first[0], first[2], last[2]) == (last[0], "ann", "bot")
    received = read_registry(root / "data" / STUDY)
    assert [each.focus_group for each in received] == [received[0].focus_group] * 2


def test_tables_of_two_sites_do_not_share_a_document(root: Path) -> None:
    """An interview 1 of each, without a word in common, are two, and one name is refused."""
    files = [root / name for name in ("north.csv", "south.csv")]
    for file, words in zip(files, ("Fear.", "Hope."), strict=True):
        file.write_text(f"document,text,code,coder\n1,{words},Stigma,ann\n", encoding="utf-8")

    with pytest.raises(CodedDataError, match=r"south.csv document 1 has the name of north.csv"):
        take(root, *files, said=FACTS)


def test_documents_of_one_name_and_other_words_are_refused(root: Path) -> None:
    """Two versions of a transcript cannot be compared."""
    first = project(root, "a.qdpx", "ann", (0, 22))
    path = root / "b.qdpx"
    with zipfile.ZipFile(io.BytesIO(first.read_bytes())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    path.write_bytes(
        zip_of({name: held.replace(b"Nobody", b"Nobody else") for name, held in parts.items()})
    )

    with pytest.raises(CodedDataError, match=r"b.qdpx document 1 has the name of a.qdpx document"):
        take(root, first, path, said=FACTS)


PLAIN = "document,text,code,coder\n"
TALKS = (f"{PLAIN}a,Fear.,Stigma,ann\na,Hope.,Stigma,ann\nb,Yes.,Stigma,ann\nb,No.,Stigma,ann\n",)


def test_a_table_of_a_second_coder_is_known_by_its_words(root: Path) -> None:
    """Most of the passages of a document are those of one focus group: it is that one."""
    first, second = root / "a.csv", root / "b.csv"
    first.write_text(TALKS[0], encoding="utf-8")
    second.write_text(f"{PLAIN}a,Fear.,Stigma,bot\na,Hope.,services,bot\na,Joy.,Stigma,bot\n")
    take(root, first, said=FACTS)

    taken_in = take(root, second)

    assert (taken_in.imported["focus_groups"], taken_in.imported["segments"]) == (0, 1)
    segments = {row["segment"]: row["text"] for row in rows_of(root, "segments")}
    assert [segments[segment] for segment, _, _ in last_codings(root, 3)] == [
        *("Fear.", "Hope.", "Joy.")
    ]
    assert any("recognised by the words" in notice for notice in taken_in.notices)


def test_an_id_that_another_focus_group_has_is_refused(root: Path) -> None:
    """A second file that counts its groups from one again doesn't join them to others."""
    path = root / "b.csv"
    path.write_text(
        "focus_group,text,code,coder\nken,Fear of the lake.,Stigma,bot\n", encoding="utf-8"
    )

    with pytest.raises(CodedDataError, match="'ken' has segments already, and none of these"):
        take(root, path)


@pytest.mark.parametrize(("column", "value"), [("consent", "none"), ("withdrawn", "2020-12-01")])
def test_codings_of_words_that_were_withheld_since_stay_out(
    root: Path, column: str, value: str
) -> None:
    """Consent decides at import too, whatever an export had when it went out."""
    path = exported(root, "csv")

    def code(rows: list[dict[str, str]]) -> None:
        new = [row for row in rows if row["segment"] in ("ken.3", "gha.1")]
        rows += [{**row, "code": "stigma", "coder": "bot"} for row in new]

    edit_csv(path, code)
    put_value(root, "focus_groups", (2, column), value)

    taken_in = take(root, path)

    assert taken_in.imported == {**NO_ROWS, "code_applications": 1}
    assert last_codings(root, 1) == [("gha.1", "stigma", "bot")]
    (codings,) = (line for line in taken_in.account if line.kind == "codings")
    assert codings.set_aside["its focus group gave no consent, or withdrew it"] == 8


def test_a_study_is_coded_before_it_has_a_codebook(root: Path) -> None:
    """The export has the segments; the codes that come back become the codebook."""
    for table in ("codebook", "code_applications"):
        drop_rows(root, table)
    path = exported(root, "csv")

    def code(rows: list[dict[str, str]]) -> None:
        for row, name in zip(rows, ("Care > Near by", "Law", "Care > Near by"), strict=False):
            row.update(code=name, coder="ann")

    edit_csv(path, code)
    taken_in = take(root, path)

    assert taken_in.imported["code_applications"] == 3
    assert [(row["code"], row["parent"]) for row in rows_of(root, "codebook")] == [
        *(("care", ""), ("care.near-by", "care"), ("all-codes", ""), ("law", "all-codes"))
    ]
    assert [code for _, code, _ in last_codings(root, 3)] == [*("care.near-by", "law") * 2][:3]


def test_a_project_without_codings_is_a_codebook(root: Path) -> None:
    """Its documents ask for no facts: they are set aside."""
    fresh_study(root)
    data = read("out.qdpx", exported(root, "qdpx").read_bytes())
    alone = foreign(root / "book.qdpx", replace(data, selections=(), codings=()))

    taken_in = take(root, alone, study=FRESH)

    assert taken_in.imported == {
        "codebook": 6,
        "focus_groups": 0,
        "segments": 0,
        "code_applications": 0,
    }
    assert rows_of(root, "codebook", FRESH) == rows_of(root, "codebook")
    (documents,) = (line for line in taken_in.account if line.kind == "documents")
    assert sum(documents.set_aside.values()) == 3


def test_a_codebook_of_a_study_comes_in_as_a_table(root: Path) -> None:
    """Ids, themes and definitions are as they were."""
    fresh_study(root)

    taken_in = take(root, root / "data" / STUDY / "codebook.csv", study=FRESH)

    assert taken_in.formats == ("codebook",)
    assert rows_of(root, "codebook", FRESH) == rows_of(root, "codebook")
