"""Files damaged in many ways: each is imported whole, or refused with a message."""

from __future__ import annotations

import csv
import io
import random
import signal
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from analysis import cli
from analysis.intake.coded.coded_data import CodedCode
from analysis.intake.coded.refi_writer import codebook_bytes
from analysis.intake.sandbox import Sandbox
from analysis.tables.received import read_received
from intake.filled_templates import Filling, fill_docx, fill_pdf
from intake.test_html import PAGE
from intake.test_survey import export_of
from sent_canaries import CODE, CODED, Sent, as_csv, mapping_of, table
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Iterator

CUT = 0.2
MOST_SECONDS = 60
BITS = (
    *(b"\n| ... | Fuel. |\n", b"\n?\t\n", b"\nTelephone: nobody has airtime here.\n"),
    *(b"\0", b"\xff\xfe", b"<", b"</w:p>", b"<w:tbl>", b"<!DOCTYPE a>", b"&a;", b"'", b'"', b"\n"),
    *(
        b",",
        b"<ul><li>",
        b"</td>",
        b"\t",
        b"|",
        b"stream\n",
        b"endobj",
        b"/Kids [1 0 R]",
        b"9" * 30,
    ),
)
FACTS = (b"fish", b"Kenya", b"2020")
"""Words in the facts of sound files."""
LONG = (
    *(b"Aa Bb " * 300, b"Aa Bb " * 3000, b"A-" * 900, b"," * 1900, b"in " * 600 + b"("),
    *(b"1" * 1900 + b"(", b"1" * 900 + b"(" + b"1" * 900, b"9" * 5000 + b" (1)"),
    *(b".\n" * 900, b"and " * 450, b"1 to " * 380),
)
"""Texts that may take a reader of facts too long."""

MORE_CODED = (
    Sent("codebook of REFI-QDA", ".qdc", lambda _: codebook_bytes([CodedCode("1", CODE)]), ()),
    Sent("codebook of Taguette", ".csv", as_csv(table(tag=CODE, description="Shame.")), ()),
    Sent("matrix of NVivo", ".csv", lambda _: f",A : {CODE}\n1 : a,2\n".encode(), ()),
    Sent("wide table", ".csv", as_csv(table(document="a", text="Words.", **{CODE: "1"})), ()),
)
FAULT = "a fault of the "
"""Part of a message that no file may cause."""


def seeds() -> dict[str, bytes]:
    """Return a sound file of each format, by a name that ends as its own does."""
    return sound_submissions() | {
        f"{each.what}{each.ending}": each.content for each in (*CODED, *MORE_CODED)
    }


def sound_submissions() -> dict[str, bytes]:
    """Return a sound submission of each format."""
    cells = ("theme.introduction", "structures.hope", "context.hope", "recommendations.key")
    items = [
        ("prose", "We need:"),
        ("point", "Boats."),
        ("subpoint", "By day."),
        ("point", "Nets."),
    ]
    filling = Filling(dict.fromkeys(cells, items * 4), contact="jane@lake.example")
    rows, written, workbook = export_of(), io.StringIO(), openpyxl.Workbook()
    csv.writer(written).writerows(rows)
    saved = io.BytesIO()
    for row in rows:
        workbook.active.append(row)
    workbook.save(saved)
    text = (Path(__file__).parent / "data" / "whole.txt").read_text(encoding="utf-8")
    text = text.replace("Two lake districts", "Kenya")
    page = PAGE.format(answer="<p>Peers.</p><ul><li>Boats</li></ul>", cut="and nets")
    return {
        "submission.docx": fill_docx(filling),
        "submission.pdf": fill_pdf(filling),
        "submission.html": page.replace("<h2>", "<p>Date: 2020-05-01</p><h2>", 1).encode(),
        "submission.txt": text.replace("Two lake districts", "Kenya")
        .replace("2021", "2020")
        .encode(),
        "survey.csv": written.getvalue().encode(),
        "survey.xlsx": saved.getvalue(),
    }


def damage(content: bytes, chance: random.Random) -> bytes:
    """Return content with some bytes changed, taken away, repeated or put in."""
    damaged = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 5, 40])):
        at, size = chance.randrange(len(damaged) + 1), chance.choice([1, 4, 100, 5000])
        way = chance.randrange(10)
        if way < 2:
            damaged[at : at + 1] = bytes([chance.randrange(256)])
        elif way < 4:
            del damaged[at : at + size]
        elif way < 6:
            damaged[at:at] = damaged[at : at + size] * 3
        elif way < 8:
            damaged[at:at] = chance.choice(BITS)
        elif way < 9:
            at = max(0, damaged.find(chance.choice(FACTS)))
            damaged[at:at] = chance.choice(LONG)
        elif chance.random() < CUT:
            del damaged[at:]
    return bytes(damaged)


def damage_parts(content: bytes, chance: random.Random) -> bytes:
    """Return an archive of which one part is damaged, and the others are sound."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(written, "w") as archive:
        names = parts.namelist()
        aim = chance.choice([*names, "word/document.xml", "xl/worksheets/sheet1.xml", names[0]])
        for name in names:
            part = parts.read(name)
            archive.writestr(name, damage(part, chance) if name == aim else part)
    return written.getvalue()


def contents(folder: Path) -> dict[Path, bytes]:
    """Return every file of a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def stop(*_: object) -> None:
    """End a case that hangs."""
    raise AssertionError("it took too long")


def import_file(root: Path, path: Path, mapping: Path | None) -> int:
    """Import a file by the command, and return its exit code; any fault of the program raises."""
    given = ["--mapping", mapping] if mapping else []
    arguments = ["compendium", "import", path, "--study", STUDY, "--root", root, *given]
    sys.argv = list(map(str, arguments))
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(MOST_SECONDS)
    try:
        cli.main()
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        signal.alarm(0)
    return 0


def require_whole_or_refused(
    root: Path, path: Path, mapping: Path | None, capsys: pytest.CaptureFixture[str]
) -> bool:
    """Return whether a file was imported; what was written is taken away again."""
    folder = root / "data" / STUDY
    before = contents(folder)
    code = import_file(root, path, mapping)
    message = "".join(capsys.readouterr())
    assert code in (0, 1), message
    assert FAULT not in message
    if code == 1:
        assert contents(folder) == before
        return False
    read_received(folder)
    for name in set(contents(folder)) - set(before):
        name.unlink()
    for name, content in before.items():
        name.write_bytes(content)
    return True


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a root with a small study, for which one process reads all files while it lives."""
    kept = Sandbox()
    with kept, monkeypatch.context() as patch:
        patch.setattr(sys, "argv", sys.argv)
        patch.setattr(Sandbox, "__enter__", lambda _: kept)
        patch.setattr(Sandbox, "__exit__", lambda *_: None)
        yield write_tiny_root(tmp_path / "root")


@pytest.fixture
def mappings(tmp_path: Path) -> dict[str, Path]:
    """Give the mapping that each kind of coded data needs."""
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(mapping_of(CODED), encoding="utf-8")
    return {each.what: mapping for each in (*CODED, *MORE_CODED)}


@pytest.mark.slow
def test_sound_files_are_imported(
    root: Path, tmp_path: Path, mappings: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Every file that is damaged elsewhere is sound."""
    refused = []
    for name, content in seeds().items():
        path = tmp_path / name
        path.write_bytes(content)
        if not require_whole_or_refused(root, path, mappings.get(path.stem), capsys):
            refused.append(path.stem)

    assert refused == []


@pytest.mark.parametrize("cases", [range(10), pytest.param(range(10, 310), marks=pytest.mark.slow)])
def test_damaged_files_are_imported_whole_or_refused(
    cases: range,
    root: Path,
    tmp_path: Path,
    mappings: dict[str, Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Bytes are changed, cut, repeated and put in: nothing half read is ever written."""
    sound = seeds()
    for case in cases:
        chance = random.Random(case)  # noqa: S311 - nothing is secret here
        name = chance.choice(sorted(sound))
        in_parts = sound[name].startswith(b"PK") and chance.random() < 0.7
        content = (damage_parts if in_parts else damage)(sound[name], chance)
        ending = Path(chance.choice([name] * 9 + sorted(sound))).suffix
        path = tmp_path / f"case{case}{ending}"
        path.write_bytes(content)
        mapping = mappings.get(Path(name).stem) if chance.random() < 0.7 else None
        require_whole_or_refused(root, path, mapping, capsys)
        path.unlink()
