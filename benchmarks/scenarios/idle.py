"""Nothing to do: everything is up to date, and is built again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.bench import from_json, timed, to_json
from benchmarks.figures import excess, spread, table, verdict
from benchmarks.roots import fresh_root
from benchmarks.ways import (
    BUILD,
    MAKE_WAY,
    NOTHING,
    ONLY_PYTHON,
    OURS,
    PATTERN,
    SNAKEMAKE_WAY,
    STUDY,
    compendium,
    places_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.bench import Bench
    from benchmarks.measuring import Command

LARGE = 10_000
LARGE_BUILD = f"{BUILD}, {LARGE:,} focus groups"
MOST = {BUILD: 0.20, LARGE_BUILD: 1.0}


def run(bench: Bench) -> dict[str, Any]:
    """Return what it takes to find that there is nothing to do."""
    commands = {
        ONLY_PYTHON: NOTHING.command(bench.work, {}),
        **_small(bench),
        LARGE_BUILD: _large(bench),
    }
    first = {name: [bench.measure(f"{name}, first", each)] for name, each in commands.items()}
    runs = bench.side_by_side(list(commands), lambda name, _: commands[name])
    return {"first": to_json(first), "runs": to_json(runs)}


def _small(bench: Bench) -> dict[str, Command]:
    places = places_of(bench.repository, STUDY)
    roots = bench.work / "idle"
    return {
        way.name: way.command(fresh_root(bench.repository, roots / str(at), STUDY), places)
        for at, way in enumerate((OURS, SNAKEMAKE_WAY, MAKE_WAY))
    }


def _large(bench: Bench) -> Command:
    """Return our build of a large synthetic study, which is made first."""
    root = fresh_root(bench.repository, bench.work / "large", PATTERN)
    bench.measure("compendium new", compendium(f"compendium new large --synthetic {LARGE}", root))
    return compendium("compendium build large", root)


def format_results(results: Mapping[str, Any]) -> str:
    """Return the table of what finds nothing to do, and what everything took before."""
    first, runs = from_json(results["first"]), from_json(results["runs"])
    least = timed(runs[ONLY_PYTHON])
    rows = []
    for name, taken in runs.items():
        over = excess(timed(taken), least)
        met = verdict(over, MOST.get(name))
        rows.append((name, spread(timed(taken)), f"{over:.3f} s", met, spread(timed(first[name]))))
    header = ("nothing to do", "time", f"over `{ONLY_PYTHON}`", "asked for", "everything, once")
    return table(header, rows)
