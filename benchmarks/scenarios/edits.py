"""Small changes, each made after the last one, compared with a build from nothing."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.bench import from_json, processor, timed, to_json
from benchmarks.figures import ratio, spread, table, verdict
from benchmarks.roots import (
    change_coding,
    change_definition,
    change_template,
    change_text,
    fresh_root,
)
from benchmarks.ways import BUILD, STUDY, compendium

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from benchmarks.bench import Bench
    from benchmarks.measuring import Command

WORDS = f"{BUILD} {STUDY}"
COLD = "everything, from nothing"
# Two continents count its region; the coverage counts all.
CODING = "one coding: a region, two continents, the coverage"
WIDER_CODING = "one coding: a continent, the coverage"
OF_PLACE = "one coding: a region's two notebooks, with --place"
PLACE_WORDS = f"{WORDS} --place eeca"
EDITS: dict[str, Callable[[Path, int], None]] = {
    CODING: partial(change_coding, places="UKR"),
    WIDER_CODING: partial(change_coding, places="africa"),
    "the text of one segment": change_text,
    "the definition of one code": change_definition,
}
TEMPLATE = "the template of all pages"
MOST = {CODING: 0.6, WIDER_CODING: 0.4, OF_PLACE: 0.4}


def run(bench: Bench) -> dict[str, Any]:
    """Return what a build takes after each kind of change, and from nothing."""
    # A copy of the program, for its template to be changed.
    package = bench.work / "package"
    shutil.copytree(bench.repository / "src" / "analysis", package / "analysis", dirs_exist_ok=True)
    root = fresh_root(bench.repository, bench.work / "edited", STUDY)
    bench.measure("first", compendium(WORDS, root, package))
    # Reports of other places would be left out of date here.
    place = fresh_root(bench.repository, bench.work / "edited-place", STUDY)
    bench.measure("first of a place", compendium(PLACE_WORDS, place, package))

    def prepare(name: str, turn: int) -> Command:
        if name == COLD:
            cold = fresh_root(bench.repository, bench.work / "cold", STUDY)
            return compendium(WORDS, cold, package)
        if name == OF_PLACE:
            change_coding(place / "data" / STUDY, turn, places="UKR")
            return compendium(PLACE_WORDS, place, package)
        if name == TEMPLATE:
            change_template(package / "analysis", turn)
        else:
            EDITS[name](root / "data" / STUDY, turn)
        return compendium(WORDS, root, package)

    return {"runs": to_json(bench.side_by_side([COLD, OF_PLACE, *EDITS, TEMPLATE], prepare))}


def format_results(results: Mapping[str, Any]) -> str:
    """Return the table of changes."""
    runs = from_json(results["runs"])
    cold = timed(runs[COLD])
    rows = []
    for name, taken in runs.items():
        of_cold = ratio(timed(taken), cold)
        cpu_of_cold = ratio(processor(taken), processor(runs[COLD]))
        met = verdict(of_cold, MOST.get(name))
        rows.append((name, spread(timed(taken)), f"{of_cold:.2f}", f"{cpu_of_cold:.2f}", met))
    header = ("what changed", "time", "of a build from nothing", "its processor time", "asked for")
    return table(header, rows)
