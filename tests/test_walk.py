from __future__ import annotations

import re
import shlex
import sys
from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from analysis import cli
from analysis.tables.new_study import DESCRIPTION, TITLE
from built.checkout import ROOT as CHECKOUT
from built.checkout import VERSIONS, run_compendium
from canaries import Canary
from intake.filled_templates import Filling, fill_docx, fill_pdf
from sent_canaries import csv_of, survey_rows
from tiny_study import write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

OWN_DATA = CHECKOUT / "docs" / "own-data.md"
IMPORTS = CHECKOUT / "docs" / "imports.md"
BLOCK = re.compile(r"^ *```(?P<kind>\w*)\n(?P<code>.*?)^ *```", re.MULTILINE | re.DOTALL)


def blocks(page: Path, kind: str, heading: str) -> list[str]:
    """Return the blocks of a kind in a section of a page, without what they are indented by."""
    section = page.read_text(encoding="utf-8").partition(f"# {heading}\n")[2]
    return [
        re.sub("^   ", "", found["code"], flags=re.MULTILINE)
        for found in BLOCK.finditer(re.split(r"\n##+ ", section)[0])
        if found["kind"] == kind
    ]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root without a study, and next to it the folder of the page."""
    root = write_tiny_root(tmp_path / "r")
    for path in sorted((root / "data" / "tiny").iterdir()):
        path.unlink()
    (root / "data" / "tiny").rmdir()
    for name in VERSIONS:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes((CHECKOUT / name).read_bytes())
    write_sent(tmp_path / "sent")
    return root


def write_sent(folder: Path) -> None:
    """Write the files that the page names."""
    folder.mkdir()
    facts = {"place": "Kenya", "scope": "Country", "organiser": "A network", "theme": "Care"}
    people = {"participants": "8 network members from Kenya"}
    made = {
        "kisumu.docx": fill_docx(filling("Clinics close early.", **facts, held_on="2020-10-01")),
        "mombasa.docx": fill_docx(filling("Peers help.", **facts, **people, held_on="2020-10-02")),
        "nakuru.pdf": fill_pdf(filling("Night clinics.", **facts, held_on="2020-10-03")),
        "survey.csv": csv_of(survey_rows(4, Canary)),
    }
    for name, content in made.items():
        (folder / name).write_bytes(content)


def filling(answer: str, **facts: str) -> Filling:
    """Return what a host fills in."""
    return Filling({"reaching_person.situation": [("point", answer)]}, facts)


def edit_settings(path: Path) -> None:
    """Write a title and what the coder is, as the page asks."""
    text = path.read_text(encoding="utf-8")
    text = text.replace(TITLE, "Voices of one folder").replace(DESCRIPTION, "A researcher.")
    path.write_text(text, encoding="utf-8")


def expand(command: str, root: Path) -> list[str]:
    """Return the words of a command as a shell gives them to a program."""
    program, *words = shlex.split(command)
    assert program == "compendium"
    found = [
        sorted(path.relative_to(root).as_posix() for path in root.glob(word)) if "*" in word else ""
        for word in words
    ]
    return [each for word, files in zip(words, found, strict=True) for each in files or [word]]


def test_the_page_leads_from_submissions_to_a_report(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Import, export, coding in a spreadsheet, import, build: each command, as the page says."""
    monkeypatch.chdir(root)
    section = "From submissions to a report"
    commands = [line for block in blocks(OWN_DATA, "", section) for line in block.splitlines()]
    new, received, export, coded, *_ = commands
    files = " ".join(blocks(OWN_DATA, "text", section)).split()
    table = root / "data" / "my-study" / "segments.csv"
    shown, segments = {}, b""

    assert {f"../sent/{path.name}" for path in (root.parent / "sent").iterdir()} == set(files)
    for command in commands:
        code, shown[command] = run(root, expand(command, root), monkeypatch)
        assert code == 0, (command, shown[command])
        if command == new:
            edit_settings(root / "data" / "my-study" / "study.yaml")
        if command == export:
            code_workbook(root.parent / "to-code.xlsx", root.parent / "coded.xlsx")
            segments = table.read_bytes()

    assert [command.split()[1] for command in commands] == [
        *("new", "import", "export", "import", "check", "build")
    ]
    assert "my-study now has 4 focus groups" in shown[received]
    assert "Imported 0 focus groups, 0 segments" in shown[coded]
    assert segments == table.read_bytes()
    page = (root / "reports" / "my-study" / "esa.html").read_text(encoding="utf-8")
    assert "Clinics close early." in page
    assert "Near by" in page


def code_workbook(sent: Path, coded: Path) -> None:
    """Code each segment of a workbook as a person does, and the first one twice."""
    book = load_workbook(sent)
    sheet = book["codings"]
    header = [cell.value for cell in sheet[1]]
    at = {name: header.index(name) for name in ("segment", "code", "coder")}
    rows = [row for row in sheet.iter_rows(min_row=2) if row[at["segment"]].value]
    for row in rows:
        row[at["code"]].value, row[at["coder"]].value = "Care > Near by", "coder-a"
    second = [cell.value for cell in rows[0]]
    second[at["code"]] = "Care > Hours"
    sheet.append(second)
    book.save(coded)


def test_the_other_commands_of_the_page_do_what_it_says(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The template is written, and a table says where and when focus groups met."""
    monkeypatch.chdir(root)
    (template,) = blocks(OWN_DATA, "", "The template")
    (met,) = blocks(IMPORTS, "", "Where and when a group met")
    rows = "submission,places,held_on\nkisumu.docx,Uganda,2020-10-09\nmombasa.docx,KEN;UGA,\n"
    (root.parent / "places.csv").write_text(rows, encoding="utf-8")

    shown = [
        run(root, expand(command.strip(), root), monkeypatch)
        for command in ("compendium new my-study", template, met)
    ]

    assert [code for code, _ in shown] == [0, 0, 0]
    assert (root / "template-fr.docx").is_file()
    groups = (root / "data" / "my-study" / "focus_groups.csv").read_text(encoding="utf-8")
    assert [line.split(",")[0] for line in groups.splitlines()[1:]] == [
        "uga-2020-10-09",
        "ken-uga-2020-10-02",
    ]


def run(root: Path, words: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Run a command: a build in a process of its own, all others in this one."""
    if words[0] == "build":
        ended = run_compendium(root, *words)
        return ended.returncode, ended.stdout + ended.stderr
    in_root = [] if words[0] == "template" else ["--root", str(root)]
    monkeypatch.setattr(sys, "argv", ["compendium", *words, *in_root])
    shown = StringIO()
    with redirect_stdout(shown), pytest.raises(SystemExit) as stopped:
        cli.main()
    return int(stopped.value.code or 0), shown.getvalue()
