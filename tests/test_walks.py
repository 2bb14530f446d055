"""The ways from what was sent to a report, as the page on own data shows them."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING

import pytest
import yaml
from openpyxl import load_workbook

from analysis import cli
from analysis.publishing.claim_files import read_claim_file
from analysis.tables.new_study import DESCRIPTION, TITLE
from built.checkout import ROOT as CHECKOUT
from built.checkout import add_versions, run_compendium
from canaries import Canary
from coded_project import STRATA, CodedProject
from intake.filled_templates import Filling, fill_docx, fill_pdf
from sent_canaries import csv_of, survey_rows
from tiny_study import write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

OWN_DATA = CHECKOUT / "docs" / "own-data.md"
IMPORTS = CHECKOUT / "docs" / "imports.md"
BLOCK = re.compile(r"^ *```(?P<kind>\w*)\n(?P<code>.*?)^ *```", re.MULTILINE | re.DOTALL)
FROM_PROJECT = "From a coded project to a report"
# What a person fills in of a draft: nothing else of it is touched.
FILLED_IN = ("places", "held_on", "consent")


def steps(page: Path, heading: str) -> list[tuple[str, str]]:
    """Return the blocks of a section of a page: what each is, and what is in it."""
    section = page.read_text(encoding="utf-8").partition(f"# {heading}\n")[2]
    return [
        (found["kind"], re.sub("^   ", "", found["code"], flags=re.MULTILINE))
        for found in BLOCK.finditer(re.split(r"\n##+ ", section)[0])
    ]


def blocks(page: Path, kind: str, heading: str) -> list[str]:
    """Return the blocks of a kind in a section of a page."""
    return [code for each, code in steps(page, heading) if each == kind]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root without a study, and next to it the folder of the page."""
    root = add_versions(write_tiny_root(tmp_path / "r"))
    shutil.rmtree(root / "data" / "tiny")
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


def walk(
    root: Path, project: CodedProject, monkeypatch: pytest.MonkeyPatch, *, last: str
) -> list[str]:
    """Take the steps from a coded project on, up to a command; return what each one printed."""
    monkeypatch.chdir(root)
    (root.parent / "sent" / "project.qdpx").write_bytes(project.qdpx())
    draft, printed = root.parent / "mapping.yaml", []
    for kind, code in steps(OWN_DATA, FROM_PROJECT):
        if kind == "yaml" and not draft.exists():
            (root / "data" / "my-study" / "study.yaml").write_text(code, encoding="utf-8")
        elif kind == "yaml":
            fill_in(draft, project, yaml.safe_load(code))
        else:
            program, *words = shlex.split(code)
            assert program == "compendium"
            if words[0] == "build" and last != "build":
                words[0] = last
            ended, shown = run(root, words, monkeypatch)
            assert ended == 0, (code, shown)
            printed.append(shown)
    return printed


def fill_in(draft: Path, project: CodedProject, shown: dict[str, dict[str, object]]) -> None:
    """Fill in what the page shows, and for each document its own day and stratum."""
    (example,) = shown["documents"].values()
    assert {*shown["focus_groups"], *example} == {*FILLED_IN}
    name = ""
    lines = []
    for line in draft.read_text(encoding="utf-8").splitlines():
        field, _, rest = line.strip().partition(":")
        if line.startswith('  "'):
            name = field.strip('"')
        known = {"places": project.stratum, "held_on": project.held_on}
        if "# required" not in rest:
            lines.append(line)
            continue
        value = known[field](name) if field in known else shown["focus_groups"][field]
        lines.append(f"{line.partition(':')[0]}: {value}")
    draft.write_text("\n".join(lines), encoding="utf-8")


def claims_of(root: Path, report: str) -> dict[str, dict[str, object]]:
    """Return the claims of a report, by their ids."""
    path = root / "reports" / "my-study" / f"{report}.claims.json"
    return {claim["id"]: claim for claim in read_claim_file(path)}


def test_the_page_takes_six_steps_and_asks_for_three_facts() -> None:
    """Each command and each edit of a file is a step."""
    kinds = [kind for kind, _ in steps(OWN_DATA, FROM_PROJECT)]

    assert kinds == ["", "yaml", "", "yaml", "", ""]


def test_a_small_project_passes_the_check(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page asks for is all that the check needs: no warning is left to look at."""
    *_, checked = walk(root, CodedProject(4, 20, 120, second=2), monkeypatch, last="check")

    assert "CRITICAL" not in checked
    assert "WARNING" not in checked


@pytest.mark.slow
def test_a_project_of_real_size_becomes_a_right_report(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """11 documents, 4,000 codings, two strata, a partial second coder and 60 codes."""
    project = CodedProject()

    *_, imported, _ = walk(root, project, monkeypatch, last="build")

    assert "codings: 4,000 received = 4,000 kept" in imported
    for stratum in ("", *STRATA):
        place = stratum.lower().replace(" ", "-") or "all-strata"
        claims, groups = claims_of(root, place), project.groups_of(stratum)
        assert claims[f"{place}.groups"]["value"] == len(groups)
        shown = {
            code: claims[f"{place}.prevalence.{theme}.{code}".lower().replace(" ", "-")]
            for theme, codes in project.code_names.items()
            for code in codes
        }
        assert {
            code: (claim["numerator"], claim["denominator"]) for code, claim in shown.items()
        } == {code: (len(project.raised(code) & groups), len(groups)) for code in shown}
        assert not [claim for claim in claims.values() if claim["caveats"]]
    coverage = claims_of(root, "coverage")
    for coder, name in (("coder-a", "Anna"), ("coder-b", "Ben")):
        assert coverage[f"study.coder.groups.{coder}"]["numerator"] == len(project.coded_by(name))
        assert coverage[f"study.coder.applications.{coder}"]["value"] == sum(
            by == name for *_, by in project.applied
        )
