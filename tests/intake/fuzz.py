"""Damages files in many ways and takes them in: each is taken in whole, or refused with a message.

Not collected by pytest, for it takes minutes. Run:

    PYTHONPATH=src:tests python tests/intake/fuzz.py [CASES] [SEED]
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl

from analysis.errors import CompendiumError
from analysis.intake.apart import ReadingApart
from analysis.tables import taking_in
from analysis.tables.received import read_received
from intake.filled_templates import Filling, fill_docx, fill_pdf
from intake.test_html_submission import PAGE
from intake.test_survey_export import export_of
from tiny_study import STUDY, write_tiny_root

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


class KeptApart(ReadingApart):
    """Reads in one process for all cases, as long as that lives."""

    def __exit__(self, *_: object) -> None:
        """Keep the process."""


def seeds() -> dict[str, bytes]:
    """Return a sound file of each format."""
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
    page = PAGE.format(answer="<p>Peers.</p><ul><li>Boats</li></ul>", cut="and nets")
    return {
        "docx": fill_docx(filling),
        "pdf": fill_pdf(filling),
        "html": page.replace("<h2>", "<p>Date: 2020-05-01</p><h2>", 1).encode(),
        "txt": text.replace("Two lake districts", "Kenya").replace("2021", "2020").encode(),
        "csv": written.getvalue().encode(),
        "xlsx": saved.getvalue(),
    }


def damage(content: bytes, chance: random.Random) -> bytes:
    """Return content with some bytes changed, taken away, repeated or put in."""
    damaged = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 5, 40])):
        at, size = chance.randrange(len(damaged) + 1), chance.choice([1, 4, 100, 5000])
        way = chance.randrange(9)
        if way < 2:
            damaged[at : at + 1] = bytes([chance.randrange(256)])
        elif way < 4:
            del damaged[at : at + size]
        elif way < 6:
            damaged[at:at] = damaged[at : at + size] * 3
        elif way < 8:
            damaged[at:at] = chance.choice(BITS)
        elif chance.random() < CUT:
            del damaged[at:]
    return bytes(damaged)


def damage_parts(content: bytes, chance: random.Random) -> bytes:
    """Return an archive of which one part is damaged, and the others are sound."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(written, "w") as archive:
        names = parts.namelist()
        aim = chance.choice([*names, "word/document.xml", "xl/worksheets/sheet1.xml"])
        for name in names:
            part = parts.read(name)
            archive.writestr(name, damage(part, chance) if name == aim else part)
    return written.getvalue()


def contents(folder: Path) -> dict[Path, bytes]:
    """Return every file of a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def try_case(root: Path, path: Path) -> str:
    """Take a file in, and return what came of it; raise when that is neither of the two."""
    folder = root / "data" / STUDY
    before, begun = contents(folder), time.monotonic()
    try:
        taken = taking_in.import_submissions(root, STUDY, [path])
    except CompendiumError as error:
        if contents(folder) != before:
            raise AssertionError("refused, and written all the same") from error
        if "fault of the reader" in str(error):
            raise AssertionError(f"an account is not balanced: {error}") from error
        told = error.what.replace(path.name, "FILE")
    else:
        read_received(folder)
        if not all(each.account.is_balanced for each in taken):
            raise AssertionError("an account is not balanced")
        told = "taken in"
        for name in set(contents(folder)) - set(before):
            name.unlink()
        for name, content in before.items():
            name.write_bytes(content)
    if time.monotonic() - begun > MOST_SECONDS:
        raise AssertionError("it took too long")
    return told


def main(cases: int = 300, seed: int = 0) -> None:
    """Damage files and take them in, and print what came of them."""
    sound, outcomes = seeds(), Counter[str]()
    apart = KeptApart()
    taking_in.ReadingApart = lambda: apart  # type: ignore[assignment, misc]
    with tempfile.TemporaryDirectory() as folder:
        root = write_tiny_root(Path(folder) / "root")
        for name, content in sound.items():
            path = Path(folder) / f"sound.{name}"
            path.write_bytes(content)
            if (told := try_case(root, path)) != "taken in":
                raise AssertionError(f"{path.name}: {told}")
        for case in range(seed, seed + cases):
            chance = random.Random(case)  # noqa: S311 - nothing is secret here
            name = chance.choice(sorted(sound))
            in_parts = name in ("docx", "xlsx") and chance.random() < 0.7
            content = (damage_parts if in_parts else damage)(sound[name], chance)
            path = Path(folder) / f"case{case}.{chance.choice([name] * 9 + sorted(sound))}"
            path.write_bytes(content)
            try:
                outcomes[f"{name}: {try_case(root, path)}"] += 1
            except Exception:
                sys.stderr.write(f"case {case}, from a sound {name}, as {path.suffix}\n")
                raise
            path.unlink()
    for told, count in outcomes.most_common():
        sys.stdout.write(f"{count:5} {told}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
