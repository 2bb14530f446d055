from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.errors import CheckError, CodedDataError
from analysis.importing.coded.code_tree import parse_description
from analysis.importing.coded.coded_import import CodedImport, import_coded
from analysis.intake.account import Account
from analysis.intake.coded.coded_data import (
    ORIGIN,
    CodedCode,
    CodedData,
    Coding,
    Document,
    Selection,
    paths_of,
)
from analysis.intake.coded.refi_writer import project_bytes
from analysis.operations.export import export_study
from analysis.publishing.coded_export import FORMATS, NOT_SHOWN, ExportResult
from analysis.publishing.coded_export import write_export as write_opened
from analysis.study.opened_study import open_study
from analysis.study.writing import zip_of
from analysis.tables import focus_groups
from analysis.tables.received import COLUMNS
from intake.coded.made_exports import read
from tiny_study import CODEBOOK, STUDY, drop_rows, put_value, repeat_row, table_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")


def write_export(root: Path, study: str, to: str, out: Path) -> ExportResult:
    """Export a study without checks, which have tests of their own."""
    return write_opened(open_study(root, study), to, out)


def empty_twin(root: Path, name: str) -> Path:
    """Give a study with the settings of the tiny one, and empty tables."""
    folder = root / "data" / name
    folder.mkdir()
    for path in (root / "data" / STUDY).iterdir():
        text = path.read_text(encoding="utf-8")
        kept = text.splitlines()[0] + "\n" if path.suffix == ".csv" else text
        (folder / path.name).write_text(kept, encoding="utf-8")
    return folder


def held(folder: Path, table: str) -> list[list[str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def shown(folder: Path, table: str) -> list[list[str]]:
    """Return the rows of a table, without what nobody may see of focus groups."""
    header, *rows = held(folder, table)
    if table != "focus_groups":
        return [header, *rows]
    public = {row[header.index("consent")] == "public" for row in rows}
    assert public == {True, False}
    withheld = {"received_by", "source", "participants"}
    for row in rows:
        named = set() if row[header.index("consent")] == "public" else {"title", "organiser"}
        for name in withheld | named:
            row[header.index(name)] = ""
    return [header, *rows]


def test_a_study_comes_back_from_a_project_table_by_table(root: Path):
    """Ids, facts, cells, texts, codes and coders are the same in a study that takes it in."""
    put_value(root, "focus_groups", (3, "consent"), "public")
    put_value(root, "segments", (2, "text"), '=1+1, "x"\r\n\U0001f600 and\r=so on ')
    twin = empty_twin(root, "twin")
    write_export(root, STUDY, "qdpx", root / "out.qdpx")

    import_coded(CodedImport(root, "twin", (root / "out.qdpx",)))

    for table in COLUMNS:
        assert shown(root / "data" / STUDY, table) == held(twin, table)


@pytest.mark.parametrize("beside", [(), ("qdc",)], ids=["alone", "with the codebook"])
@pytest.mark.parametrize("to", ["csv", "xlsx"])
def test_a_study_comes_back_from_a_table(root: Path, to: str, beside: tuple[str, ...]):
    """Codebook, focus groups, segments and codings are the same, also those without the other."""
    put_value(root, "focus_groups", (3, "consent"), "public")
    put_value(root, "segments", (2, "text"), "=HYPERLINK(1)\r=1+1, too\r\n")
    put_value(root, "codebook", (4, "include"), "=looks, and words")
    repeat_row(root, "focus_groups", 5)
    put_value(root, "focus_groups", (6, "focus_group"), "silent")
    repeat_row(root, "codebook", 7)
    put_value(root, "codebook", (8, "code"), "support.never-applied")
    twin = empty_twin(root, "twin")
    for each in (to, *beside):
        write_export(root, STUDY, each, root / f"out.{each}")

    files = tuple(root / f"out.{each}" for each in (to, *beside))
    import_coded(CodedImport(root, "twin", files))

    for table in COLUMNS:
        assert shown(root / "data" / STUDY, table) == held(twin, table)


THEIR_CODES = (
    CodedCode("1", "Rights", "", "What the law does."),
    CodedCode("2", "Police", "1", "Raids."),
    CodedCode("3", "At night", "2", "After dark."),
    CodedCode("4", "Hope"),
)
SAID = "We ran. Nobody came. We sang."


def their_data() -> CodedData:
    """Give coded data of another tool: documents that hold more than was selected in them."""
    places = (("a", 0, 7), ("a", 8, 20), ("a", 0, 20), ("b", 21, 29))
    selections = tuple(
        Selection(str(number), document, SAID[start:end], start, end)
        for number, (document, start, end) in enumerate(places)
    )
    put = (("0", "2", "ann"), ("0", "3", "bot"), ("1", "1", "ann"), ("2", "3", "ann"))
    return CodedData(
        file_format="made",
        codes=THEIR_CODES,
        documents=tuple(Document(key, f"{key}.txt", SAID + key) for key in "ab"),
        selections=selections,
        codings=tuple(Coding(*each) for each in (*put, ("3", "4", "bot"))),
        coders=("ann", "bot"),
        account=Account(),
    )


def their_project(data: CodedData) -> bytes:
    """Give a project that does not say that we wrote it."""
    with zipfile.ZipFile(io.BytesIO(project_bytes(data, "Theirs"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zip_of({name: held.replace(ORIGIN.encode(), b"A tool") for name, held in parts.items()})


def kept_of(data: CodedData) -> tuple[object, ...]:
    """Return all of a project that stays as it is on the way through a study."""
    paths = paths_of(data.codes)
    words = {each.key: (each.document[-1:], each.text) for each in data.selections}
    return (
        sorted((paths[code.key], parse_description(code.description)[0]) for code in data.codes),
        sorted(words.values()),
        sorted((words[each.selection], paths[each.code], each.coder) for each in data.codings),
        data.coders,
    )


def test_a_project_of_another_tool_comes_back_from_a_study_that_took_it_in(root: Path):
    """Codes, tree, definitions, words, coders and codings stay; a source is its segments."""
    before = their_data()
    (root / "in.qdpx").write_bytes(their_project(before))
    (root / "mapping.yaml").write_text(
        "focus_groups: {held_on: 2020-11-01, scope: country, places: KEN, consent: public}\n"
        "documents: {a.txt: {focus_group: a}, b.txt: {focus_group: b}}\n",
        encoding="utf-8",
    )
    studies = [empty_twin(root, name) for name in ("first", "second")]
    order = CodedImport(root, "first", (root / "in.qdpx",), mapping=root / "mapping.yaml")
    import_coded(order)
    write_export(root, "first", "qdpx", root / "out.qdpx")

    import_coded(CodedImport(root, "second", (root / "out.qdpx",)))

    after = read("out.qdpx", (root / "out.qdpx").read_bytes())
    names = {document.key: document.name for document in after.documents}
    renamed = tuple(each._replace(document=names[each.document]) for each in after.selections)
    assert kept_of(before) == kept_of(replace(after, selections=renamed))
    assert [document.text for document in after.documents] == [
        "We ran.\n\nWe ran. Nobody came.\n\nNobody came.",
        "We sang.",
    ]
    for table in COLUMNS:
        first, second = (sorted(held(folder, table)) for folder in studies)
        assert len(first) > 2
        assert first == second


@pytest.mark.parametrize("to", FORMATS)
def test_the_same_study_is_the_same_bytes(root: Path, to: str):
    """Nothing of what is written depends on when or where it is."""
    for name in ("a", "b"):
        write_export(root, STUDY, to, root / name / "out")

    assert (root / "a" / "out").read_bytes() == (root / "b" / "out").read_bytes()


def test_nothing_is_left_next_to_an_export(root: Path):
    """The file that is written on the way is gone, also where one was replaced."""
    for _ in range(2):
        write_export(root, STUDY, "csv", root / "given" / "out.csv")

    assert [path.name for path in (root / "given").iterdir()] == ["out.csv"]


@pytest.mark.parametrize(
    ("consent", "withdrawn", "reason"),
    [
        ("aggregate-only", "", "consent is for counts only"),
        ("none", "", "its focus group gave no consent"),
        ("public", "2020-12-01", "its focus group withdrew"),
        ("maybe", "", "what its focus group consents to is not known"),
    ],
)
@pytest.mark.parametrize("to", ["qdpx", "csv"])
def test_consent_decides_what_leaves(
    root: Path, to: str, consent: str, withdrawn: str, reason: str
):
    """No text, no selection and no coding of such a focus group is written; all are counted."""
    put_value(root, "focus_groups", (3, "consent"), consent)
    put_value(root, "focus_groups", (3, "withdrawn"), withdrawn)

    exported = write_export(root, STUDY, to, root / "out")

    asides = {line.kind: dict(line.set_aside) for line in exported.account if line.set_aside}
    assert asides.pop("cells on focus groups") == {NOT_SHOWN: 8}
    assert asides == {"documents": {reason: 1}, "selections": {reason: 2}, "codings": {reason: 2}}
    written = (root / "out").read_bytes()
    assert b"Nurses whisper" not in written
    assert b"uga" not in written.lower().replace(b"uganda", b"")


@pytest.mark.parametrize(
    ("consents", "reason"),
    [
        (("none", "public"), "its focus group gave no consent"),
        (("public", "aggregate-only"), "consent is for counts only"),
        (("maybe", "aggregate-only"), "what its focus group consents to is not known"),
    ],
)
def test_strictest_row_of_a_focus_group_counts(
    root: Path, consents: tuple[str, str], reason: str
) -> None:
    """Where a focus group is listed twice, what one row withholds no other gives back."""
    repeat_row(root, "focus_groups", 2)
    for row, consent in zip((2, 6), consents, strict=True):
        put_value(root, "focus_groups", (row, "consent"), consent)

    exported = write_export(root, STUDY, "csv", root / "out")

    (of_groups,) = (line for line in exported.account if line.kind == "documents")
    assert dict(of_groups.set_aside)[reason] >= 1
    assert b"Clinics close" not in (root / "out").read_bytes()


NAMED = {"title", "organiser"}
KEPT = {
    "public": {"theme", *NAMED},
    "public-without-names": {"theme"},
    "aggregate-only": set(),
    "none": set(),
}


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("consent", KEPT)
def test_consent_decides_each_cell_that_leaves(root: Path, to: str, consent: str):
    """What reports do not show of a focus group is in no export, whatever its format."""
    marks = dict(zip(focus_groups.COLUMNS[6:9], ("Mark 6", "Mark 7", "71 marks"), strict=True))
    marks |= {"title": "Mark 1", "received_by": "Mark 11", "source": "Mark 12"}
    for name, mark in {**marks, "consent": consent}.items():
        put_value(root, "focus_groups", (3, name), mark)

    write_export(root, STUDY, to, root / "out")

    written = parts_of((root / "out").read_bytes())
    found = {name for name, mark in marks.items() if mark.encode() in written}
    assert (set() if to == "qdc" else KEPT[consent]) == found


def parts_of(content: bytes) -> bytes:
    """Return what a file holds, unpacked."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def test_coders_are_pseudonyms_and_their_kinds(root: Path):
    """A workbook describes coders as study.yaml does."""
    write_export(root, STUDY, "xlsx", root / "out.xlsx")

    data = read("out.xlsx", (root / "out.xlsx").read_bytes())

    assert data.coders == ("ann", "bot")
    assert (len(data.selections), len(data.codings)) == (10, 12)


def test_the_long_table_has_a_row_for_each_coding_and_uncoded_segment(root: Path):
    """Twelve segments, two withheld; ken.2 and ken.3 have no code, and have a row all the same."""
    write_export(root, STUDY, "csv", root / "out.csv")

    rows = list(
        csv.DictReader(io.StringIO((root / "out.csv").read_text(encoding="utf-8"), newline=""))
    )
    of_segments = [row for row in rows if row["segment"]]
    assert [row["segment"] for row in of_segments if not row["code"]] == ["ken.2", "ken.3"]
    first = rows[0]
    assert (len(of_segments), first["code_name"], first["focus_group_places"]) == (
        *(14, "Services", "KEN"),
    )
    assert [row["focus_group"] for row in rows[14:17]] == ["ken", "gha", "afr"]
    assert [row["code"] for row in rows[17:]] == [code for code, *_ in CODEBOOK]
    assert rows[19]["code_definition"] == "Being looked down on."


def test_unknown_codes_and_forms_are_refused(root: Path):
    """What is inconsistent is not exported, and nothing is written."""
    put_value(root, "code_applications", (2, "code"), "servicez")

    with pytest.raises(CodedDataError, match="row 2: unknown code 'servicez' \\(closest: services"):
        write_export(root, STUDY, "qdpx", root / "out")
    assert not (root / "out").exists()
    assert table_of(root, "codebook").is_file()


PHONE = "Call +254 712 345 678."


def put_phone_into_segment(root: Path) -> None:
    put_value(root, "segments", (2, "text"), PHONE)


def put_phone_into_codebook(root: Path) -> None:
    put_value(root, "codebook", (3, "definition"), PHONE)


def list_focus_group_twice(root: Path) -> None:
    repeat_row(root, "focus_groups", 2)
    put_value(root, "focus_groups", (2, "consent"), "none")


@pytest.mark.parametrize(
    ("damage", "to", "offender"),
    [
        (put_phone_into_segment, "csv", "segments.csv row 2 (segment ken.1): personal data"),
        (put_phone_into_segment, "qdpx", "segments.csv row 2 (segment ken.1): personal data"),
        (put_phone_into_codebook, "qdc", "codebook.csv row 3 (code criminalization): personal"),
        (list_focus_group_twice, "xlsx", "focus_groups.csv row 2 (focus group ken): "),
    ],
)
def test_what_stops_reports_stops_exports(
    root: Path, damage: Callable[[Path], None], to: str, offender: str
) -> None:
    """What is critical is listed by its rows, as a build lists it, and nothing is written."""
    damage(root)

    with pytest.raises(CheckError, match="nothing is exported from these tables") as refusal:
        export_study(root, STUDY, to, root / "out")

    assert offender in str(refusal.value)
    assert not (root / "out").exists()


@pytest.mark.parametrize(
    ("damage", "to"),
    [
        (put_phone_into_segment, "qdc"),
        (lambda root: drop_rows(root, "code_applications"), "qdpx"),
    ],
    ids=["in a table that the format lacks", "a table without rows"],
)
def test_what_is_not_exported_stops_no_export(
    root: Path, damage: Callable[[Path], None], to: str
) -> None:
    """A codebook, and segments that nobody coded yet, can be given to those who will code."""
    damage(root)

    export_study(root, STUDY, to, root / "out")

    assert (root / "out").is_file()


def test_unknown_form_is_refused_first(root: Path) -> None:
    """A misspelt format is refused before any check runs."""
    put_phone_into_segment(root)

    with pytest.raises(CodedDataError, match="closest: qdpx"):
        export_study(root, STUDY, "qpdx", root / "out")
