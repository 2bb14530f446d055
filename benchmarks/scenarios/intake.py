"""How long importing codings takes, compared with pandas reading the same file."""

from __future__ import annotations

import csv
import shutil
import sys
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.bench import from_json, peak_bytes, processor, timed, to_json
from benchmarks.figures import mebibytes, ratio, slope, spread, table
from benchmarks.measuring import Command
from benchmarks.roots import fresh_root
from benchmarks.ways import PATTERN, compendium

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from benchmarks.bench import Bench

SIZES = (1_000, 10_000, 50_000)
IMPORT = "compendium import"
READ = "pandas.read_csv"
STUDY = "imported"

CODES = ("Fear", "Shame", "Hope", "Law > Police")
HEADER = ("focus_group", "held_on", "scope", "places", "consent", "text", "coder", *CODES)
CODERS_OF_A_SELECTION = 2
SELECTIONS_OF_A_GROUP = 50
# Every so many selections, one is of a focus group in which all say the same.
SAME_WORDS_EVERY = 5
CODERS = ("ann", "bot")
SETTINGS = """\
title: Imported codings
languages: [en]
continents: [africa]
as_of: 2020-12-31
synthetic: true
coders:
  - {coder: ann, kind: rule, description: The first of two.}
  - {coder: bot, kind: rule, description: The second of two.}
"""


def run(bench: Bench) -> dict[str, Any]:
    """Return what an import takes at each size, and what pandas takes to read the file."""
    root = fresh_root(bench.repository, bench.work / "intake", PATTERN)
    files = {size: _write_codings(bench.work / f"{size}.csv", size) for size in SIZES}
    names = [f"{way} {size}" for size in SIZES for way in (IMPORT, READ)]

    def prepare(name: str, _: int) -> Command:
        way, size = name.rsplit(" ", 1)
        file = files[int(size)]
        if way == READ:
            words = (sys.executable, "-c", f"import pandas; pandas.read_csv({str(file)!r})")
            return Command(words, root, compendium("", root).variables)
        _write_study(root / "data" / STUDY, root / "data" / PATTERN)
        return compendium(f"{IMPORT} {file} --study {STUDY}", root)

    return {"runs": to_json(bench.side_by_side(names, prepare, sampled=True))}


def _write_codings(path: Path, size: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *_codings(size)])
    return path


def _codings(size: int) -> Iterator[tuple[object, ...]]:
    for number in range(size):
        selection = number // CODERS_OF_A_SELECTION
        group, text = _said(selection)
        put = (selection + number) % len(CODES)
        facts = (group, "2020-11-01", "country", "KEN", "public")
        codes = (int(at == put) for at in range(len(CODES)))
        yield (*facts, text, CODERS[number % len(CODERS)], *codes)


def _said(selection: int) -> tuple[str, str]:
    """Return the focus group and the words of a selection."""
    if selection % SAME_WORDS_EVERY == 0:
        return "same", "Yes."
    group = f"g{selection // SELECTIONS_OF_A_GROUP}"
    return group, f"Statement {selection} is like no other, in words of its own."


def _write_study(folder: Path, pattern: Path) -> None:
    """Write a study whose tables have no rows."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "study.yaml").write_text(SETTINGS, encoding="utf-8")
    for path in pattern.glob("*.csv"):
        header, _, _ = path.read_text(encoding="utf-8").partition("\n")
        (folder / path.name).write_text(f"{header}\n", encoding="utf-8")


def format_results(results: Mapping[str, Any]) -> str:
    """Return the table of sizes, and the power of the number of codings that fits the time."""
    runs = from_json(results["runs"])
    ours = {size: runs[f"{IMPORT} {size}"] for size in SIZES}
    theirs = {size: runs[f"{READ} {size}"] for size in SIZES}
    rows = [
        (
            f"{size:,}",
            spread(timed(ours[size])),
            f"{median(processor(ours[size])):.2f} s",
            mebibytes(peak_bytes(ours[size])),
            spread(timed(theirs[size])),
            f"{ratio(timed(ours[size]), timed(theirs[size])):.1f}",
        )
        for size in SIZES
    ]
    header = ("codings", "import", "processor time", "most memory", f"`{READ}`", "ratio")
    grown = [median(processor(ours[size])) for size in SIZES[-2:]]
    power = f"{slope(SIZES[-2:], grown):.2f}"
    return "\n".join(
        (
            table(header, rows),
            f"Processor time grows with the power {power} over the last two sizes.\n",
        )
    )
