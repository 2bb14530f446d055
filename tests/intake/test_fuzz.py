"""Damages files in many ways and takes them in: each is taken in whole, or refused with a message.

Not collected by pytest, for it takes minutes. Run:

    PYTHONPATH=src:tests python tests/intake/fuzz.py [CASES] [SEED]
"""

from __future__ import annotations

import csv
import io
import random
import signal
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
from intake.test_html_submission import PAGE
from intake.test_survey_export import export_of

from analysis.errors import CompendiumError
from analysis.importing import detect, submissions
from analysis.importing.coded import coded_import
from analysis.importing.coded.coded_import import CodedImport, import_coded
from analysis.importing.detect import are_coded
from analysis.intake.coded.coded_data import CodedCode
from analysis.intake.coded.refi_writer import codebook_bytes
from analysis.intake.sandbox import Sandbox
from analysis.tables.received import read_received
from intake.filled_templates import Filling, fill_docx, fill_pdf
from sent_canaries import CODE, CODED, Sent, as_csv, mapping_of, table
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
FACTS = (b"fish", b"Kenya", b"2020")
"""What facts of the sound files say."""
LONG = (
    *(b"Aa Bb " * 300, b"Aa Bb " * 3000, b"A-" * 900, b"," * 1900, b"in " * 600 + b"("),
    *(b"1" * 1900 + b"(", b"1" * 900 + b"(" + b"1" * 900, b"9" * 5000 + b" (1)"),
    *(b".\n" * 900, b"and " * 450, b"1 to " * 380),
)
"""What may take a reader of facts too long."""


MORE_CODED = (
    Sent("codebook of REFI-QDA", ".qdc", lambda _: codebook_bytes([CodedCode("1", CODE)]), ()),
    Sent("codebook of Taguette", ".csv", as_csv(table(tag=CODE, description="Shame.")), ()),
    Sent("matrix of NVivo", ".csv", lambda _: f",A : {CODE}\n1 : a,2\n".encode(), ()),
    Sent("wide table", ".csv", as_csv(table(document="a", text="Words.", **{CODE: "1"})), ()),
)
FAULT = "a fault of the "
"""What a message says that no file may bring about."""


class KeptApart(Sandbox):
    """Reads in one process for all cases, as long as that lives."""

    def __exit__(self, *_: object) -> None:
        """Keep the process."""


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


def take_in(root: Path, path: Path, mapping: Path | None) -> None:
    """Take a file in as the command does."""
    if mapping or are_coded([path]):
        import_coded(CodedImport(root, STUDY, (path,), mapping=mapping))
        return
    taken = submissions.import_submissions(root, STUDY, [path])
    if not all(each.account.is_balanced for each in taken):
        raise AssertionError("an account is not balanced")


def stop(*_: object) -> None:
    """End a case that hangs."""
    raise AssertionError("it took too long")


def try_case(root: Path, path: Path, mapping: Path | None = None) -> str:
    """Take a file in, and return what came of it; raise when that is neither of the two."""
    folder = root / "data" / STUDY
    before = contents(folder)
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(MOST_SECONDS)
    try:
        take_in(root, path, mapping)
    except CompendiumError as error:
        if FAULT in str(error):
            raise AssertionError(f"an account is not balanced: {error}") from error
        if contents(folder) != before:
            raise AssertionError("refused, and written all the same") from error
        told = error.what.replace(path.name, "FILE")
    else:
        read_received(folder)
        told = "taken in"
        for name in set(contents(folder)) - set(before):
            name.unlink()
        for name, content in before.items():
            name.write_bytes(content)
    finally:
        signal.alarm(0)
    return told


def main(cases: int = 300, seed: int = 0) -> None:
    """Damage files and take them in, and print what came of them."""
    sound, outcomes = seeds(), Counter[str]()
    apart = KeptApart()
    for module in (submissions, coded_import, detect):
        module.Sandbox = lambda: apart  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        root = write_tiny_root(Path(folder) / "root")
        mapping = Path(folder) / "mapping.yaml"
        mapping.write_text(mapping_of(CODED), encoding="utf-8")
        told_of = {each.what: mapping for each in (*CODED, *MORE_CODED)}
        for name, content in sound.items():
            path = Path(folder) / name
            path.write_bytes(content)
            told = try_case(root, path, told_of.get(path.stem))
            if told != "taken in" and "matrix" not in name:  # it has no words
                raise AssertionError(f"{name}: {told}")
        for case in range(seed, seed + cases):
            chance = random.Random(case)  # noqa: S311 - nothing is secret here
            name = chance.choice(sorted(sound))
            in_parts = sound[name].startswith(b"PK") and chance.random() < 0.7
            content = (damage_parts if in_parts else damage)(sound[name], chance)
            ending = Path(chance.choice([name] * 9 + sorted(sound))).suffix
            path = Path(folder) / f"case{case}{ending}"
            path.write_bytes(content)
            said = told_of.get(Path(name).stem) if chance.random() < 0.7 else None
            try:
                outcomes[f"{name}: {try_case(root, path, said)}"] += 1
            except Exception:
                sys.stderr.write(f"case {case}, from a sound {name}, as {path.suffix}\n")
                raise
            path.unlink()
    for told, count in outcomes.most_common():
        sys.stdout.write(f"{count:5} {told}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
