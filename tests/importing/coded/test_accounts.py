"""Nothing that came in is lost: words said twice, and what was not read or was merged."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from openpyxl import Workbook

from analysis.intake.account import Account
from analysis.intake.coded.coded_data import CodedCode, CodedData, Coding, Document, Selection
from analysis.intake.coded.refi_writer import project_bytes
from analysis.synthesis.claims import Ledger
from analysis.synthesis.cleaning_report import open_cleaning, show_balance
from importing.coded.coded_rows import FRESH, KENYA, fresh_study, rows_of, take, written
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.importing.coded.coded_import import CodedResult

pytestmark = pytest.mark.usefixtures("reading_here")

REFI = "{urn:QDA-XML:project:1.0}"
SAID = {
    "interview 1": ("Yes.", "They take our condoms.", "Yes.", "Yes.", "We hide."),
    "interview 2": ("We hide.", "Yes.", "Mm-hmm.", "Yes."),
}
FACTS = {"held_on": "2020-11-01", "scope": "country", "places": "KEN", "consent": "public"}
HEADINGS = ("focus_group", "held_on", "scope", "places", "consent")
MAPPING = f"coder: ann\nfocus_groups: {json.dumps(FACTS)}\n"


def _project_of_a_tool() -> bytes:
    """Return a REFI-QDA project: each line is a selection, and each is coded by two coders."""
    documents, selections, codings = [], [], []
    for name, lines in SAID.items():
        text = "\n".join(lines)
        documents.append(Document(name, name, text))
        start = 0
        for line in lines:
            for coder in ("ann", "bot"):  # each selects the words anew, as tools export it
                key = f"{name} {start} {coder}"
                selections.append(Selection(key, name, line, start, start + len(line)))
                codings.append(Coding(key, "fear", coder))
            start += len(line) + 1
    data = CodedData(
        file_format="made",
        codes=(CodedCode("fear", "Fear"),),
        documents=tuple(documents),
        selections=tuple(selections),
        codings=tuple(codings),
        coders=("ann", "bot"),
        account=Account(),
    )
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(project_bytes(data, "Theirs"))) as ours,
        zipfile.ZipFile(made, "w") as theirs,
    ):
        for each in ours.namelist():
            content = ours.read(each)
            if each.endswith(".qde"):
                content = re.sub(rb'origin="[^"]*"', b'origin="Another tool"', content)
            theirs.writestr(each, content)
    return made.getvalue()


def _codings_in(project: bytes) -> tuple[set[tuple[str, str, str]], int]:
    """Return each stretch coded by each user, and how many selections there are, from the XML."""
    with zipfile.ZipFile(io.BytesIO(project)) as archive:
        (inner,) = (name for name in archive.namelist() if name.endswith(".qde"))
        root = ElementTree.fromstring(archive.read(inner))  # noqa: S314 (made above)
    found, selections = set(), 0
    for source in root.iter(f"{REFI}TextSource"):
        for selection in source.iter(f"{REFI}PlainTextSelection"):
            selections += 1
            for coding in selection.iter(f"{REFI}Coding"):
                place = f"{source.get('guid')} {selection.get('startPosition')}"
                found.add((place, selection.get("endPosition", ""), coding.get("creatingUser", "")))
    return found, selections


def _line(result: CodedResult, kind: str) -> tuple[int, int, dict[str, int]]:
    """Return what the account has of a kind: received, kept, and set aside by reason."""
    line = next(each for each in result.account if each.kind == kind)
    return line.received, line.kept, dict(line.set_aside)


def _log_of(root: Path, study: str = STUDY) -> dict[str, Any]:
    """Return what the study keeps of its one import."""
    (path,) = (root / "data" / study / "raw").glob("*.import.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_equal_words_at_different_offsets_keep_every_coding(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many codings are counted after cleaning as the XML of the project has."""
    fresh_study(root)
    project = _project_of_a_tool()
    file = root / "theirs.qdpx"
    file.write_bytes(project)
    in_project, selections = _codings_in(project)

    result = take(root, file, study=FRESH, said=MAPPING)

    monkeypatch.setenv("COMPENDIUM_ROOT", str(root))
    shown = show_balance(open_cleaning(FRESH, "esa"), Ledger("esa"))
    told = {claim.id: claim.value for claim in shown.claims}
    places = {stretch[:2] for stretch in in_project}
    assert len(places) == sum(map(len, SAID.values())) == 9
    assert told == {
        "esa.balance.received": len(places),
        "esa.balance.kept": len(places),
        "esa.codings.received": len(in_project),
        "esa.codings.kept": len(in_project),
    }
    merged = "the same stretch of its document as another selection: they are one segment"
    assert _line(result, "selections") == (
        selections,
        len(places),
        {merged: selections - len(places)},
    )
    assert Counter(row["text"] for row in rows_of(root, "segments", FRESH)) == Counter(
        line for lines in SAID.values() for line in lines
    )


@pytest.mark.parametrize(
    ("columns", "rows", "said_twice"),
    [
        ("start,end,text", ("0,4,Yes.", "9,13,Yes.", "9,13,Yes."), 2),
        ("timestamp,text", ("00:01,Yes.", "00:07,Yes.", "00:07,Yes."), 2),
        ("id,text", ("1,Yes.", "2,Yes.", "2,Yes."), 2),
        ("question,text", ("Q1,Yes.", "Q2,Yes.", "Q2,Yes."), 2),
        ("text", ("Yes.", "Yes.", "Yes."), 1),
    ],
    ids=["offsets", "times", "ids", "questions", "nothing"],
)
def test_offsets_ids_and_times_distinguish_equal_words(
    root: Path, columns: str, rows: tuple[str, ...], said_twice: int
) -> None:
    """A repeat is one with the first words only where nothing tells the two apart."""
    file = root / "long.csv"
    lines = [f"{KENYA},{row},stigma,ann" for row in rows]
    header = f"focus_group,held_on,scope,places,consent,{columns},code,coder"
    file.write_text("\n".join([header, *lines, ""]), encoding="utf-8")

    result = take(root, file)

    assert result.imported["segments"] == result.imported["code_applications"] == said_twice
    again = "the same code by the same coder on the same selection again"
    assert _line(result, "codings") == (3, said_twice, {again: 3 - said_twice})


def test_excerpts_without_a_range_are_listed_by_their_rows(root: Path) -> None:
    """Each row of Dedoose's export is an excerpt."""
    fresh_study(root)
    file = root / "excerpts.csv"
    header = "Media Title,Excerpt Range,Excerpt Creator,Excerpt Copy,Code: Fear Applied"
    rows = ("a,,x,Yes.,True", "a,,x,Yes.,True", "a,1-5,x,Yes.,True", "a,9-13,x,Yes.,False")
    file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")

    result = take(root, file, study=FRESH, said=MAPPING + "coders: {x: ann}\n")

    imported = result.imported
    assert (imported["segments"], imported["code_applications"]) == (4, 3)


def test_columns_and_sheets_that_nobody_read_are_in_the_account(root: Path) -> None:
    """They are kept with the import, by letter and number, since a name may be a person's."""
    book = Workbook()
    for cells in (
        [*HEADINGS, "text", "code", "coder", "Anna", "blank"],
        [*KENYA.split(","), "Fear.", "stigma", "ann", "a note", None],
    ):
        book.active.append(cells)
    book.create_sheet("Anna's notes").append(["who", "what"])
    file = root / "codings.xlsx"
    book.save(file)

    result = take(root, file)

    reasons = {"not read: nothing in the study matches it": 1, "it holds nothing": 1}
    assert _line(result, "columns") == (10, 8, reasons)
    other = "not read: another sheet has the coded data"
    assert _line(result, "sheets") == (2, 1, {other: 1})
    log = _log_of(root)
    assert log["not_read"] == ["column I", "sheet 2"]
    kept = {line["kind"]: line["set_aside"] for line in log["account"]}
    assert (kept["columns"], kept["sheets"]) == (reasons, {other: 1})
    assert "Anna" not in json.dumps(log)


def test_merged_selections_and_codings_are_kept_with_the_import(root: Path) -> None:
    """Two codes that a mapping makes one are one coding, and both are in the account."""
    file = written(
        root,
        f"{KENYA},1,Fear.,Stigma,ann",
        f"{KENYA},1,Fear.,Shame,ann",
        f"{KENYA},2,Hope.,Shame,ann",
    )

    take(root, file, said="codes: {Shame: stigma}\n")

    lines = {line["kind"]: line for line in _log_of(root)["account"]}
    merged = "the same code by the same coder on the same selection again"
    assert lines["codings"] == {
        "kind": "codings",
        "received": 3,
        "kept": 2,
        "set_aside": {merged: 1},
    }
