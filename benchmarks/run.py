"""Measure, print tables, and keep the figures: ``python -m benchmarks.run``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bench import Bench
from benchmarks.machine import describe_machine, format_machine
from benchmarks.measuring import adopt_orphans
from benchmarks.report import write_into_pages
from benchmarks.scenarios import (
    checking,
    cluster,
    cold,
    edits,
    idle,
    intake,
    kills,
    privacy,
    scaling,
    watch,
)
from benchmarks.ways import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Sequence

SCENARIOS = {
    "cold": cold,
    "idle": idle,
    "edits": edits,
    "checking": checking,
    "cluster": cluster,
    "scaling": scaling,
    "kills": kills,
    "intake": intake,
    "privacy": privacy,
    "watch": watch,
}
DEFAULT = ("cold", "idle", "edits")
RESULTS = REPOSITORY / "build" / "benchmarks"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program."""
    given = _parser().parse_args(arguments)
    if given.write:
        write_into_pages(RESULTS, {name: SCENARIOS[name].format_results for name in SCENARIOS})
        return
    adopt_orphans()
    RESULTS.mkdir(parents=True, exist_ok=True)
    for name in given.what or DEFAULT:
        scenario = SCENARIOS[name]
        with tempfile.TemporaryDirectory(prefix="benchmark-") as work:
            results = scenario.run(Bench(REPOSITORY, Path(work), given.runs, given.kills))
        kept = {"machine": describe_machine(), **results}
        text = json.dumps(kept, indent=1) + "\n"
        (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")
        sys.stdout.write(f"{format_machine(kept['machine'])}\n{scenario.format_results(kept)}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("what", nargs="*", choices=[*SCENARIOS, []], help="the scenarios to run")
    parser.add_argument("--runs", type=int, default=5, help="how many rounds to run")
    parser.add_argument("--kills", type=int, default=200, help="how many builds to kill")
    parser.add_argument("--write", action="store_true", help="write what was kept into the pages")
    return parser


if __name__ == "__main__":
    main()
