"""`compendium check` on synthetic studies of growing size, next to pandera and plain pandas."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.bench import from_json, peak_bytes, timed, to_json
from benchmarks.figures import excess, mebibytes, slope, spread, table, verdict
from benchmarks.roots import fresh_root
from benchmarks.ways import PATTERN, PROGRAMS, REPOSITORY, compendium

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.bench import Bench
    from benchmarks.measuring import Command

# Focus groups; each has some fifty-three segments.
SIZES = {"5,000": 95, "50,000": 950, "200,000": 3_800, "1,000,000": 19_000}
SEED = 7
OURS, PANDERA, PANDAS = "compendium check", "pandera", "plain pandas"
IMPORT = "import of great-expectations"
MOST_OVER_IMPORT = 1.5
# Seconds and MiB, by size.
LIMITS = {"200,000": (15.0, 1536), "1,000,000": (60.0, 4096)}
LINEAR = 1.05


def run(bench: Bench) -> dict[str, Any]:
    """Return what checking all tables of a study takes at each size, each way."""
    root = fresh_root(bench.repository, bench.work / "root", PATTERN)
    python = [str(PROGRAMS / "python"), "-c", "import great_expectations"]
    commands: dict[str, Command] = {IMPORT: replace(compendium("", root), words=python)}
    for size, groups in SIZES.items():
        name = f"s{groups}"
        made = f"compendium new {name} --synthetic {groups} --seed {SEED}"
        bench.measure(made, compendium(made, root))
        folder = root / "data" / name
        bench_python = REPOSITORY / ".venv-bench" / "bin" / "python"
        commands |= {
            _name(OURS, size): compendium(f"compendium check {name}", root),
            _name(PANDERA, size): compendium(
                f"{bench_python} -m benchmarks.peers.pandera_checks {folder}", root
            ),
            _name(PANDAS, size): compendium(
                f"{PROGRAMS / 'python'} -m benchmarks.peers.pandas_checks {folder}", root
            ),
        }
    runs = bench.side_by_side(list(commands), lambda name, _: commands[name], sampled=True)
    return {"runs": to_json(runs)}


def _name(way: str, size: str) -> str:
    return f"{way}, {size} segments"


def format_results(results: Mapping[str, Any]) -> str:
    """Return the table of ways and sizes, and what was found next to what is asked for."""
    runs = from_json(results["runs"])
    rows = [
        (name, spread(timed(taken)), mebibytes(peak_bytes(taken))) for name, taken in runs.items()
    ]
    ours = {size: runs[_name(OURS, size)] for size in SIZES}
    sizes = [float(size.replace(",", "")) for size in SIZES]
    small, *_ = SIZES
    over = excess(timed(ours[small]), timed(runs[IMPORT]))
    power = slope(sizes[-2:], [median(timed(ours[size])) for size in list(SIZES)[-2:]])
    asked = [
        (
            f"seconds over the import, {small} segments",
            f"{over:.2f}",
            verdict(over, MOST_OVER_IMPORT),
        ),
        ("grows with the power, over the last two", f"{power:.2f}", verdict(power, LINEAR)),
    ]
    for size, (most_seconds, most_mebibytes) in LIMITS.items():
        seconds, held = median(timed(ours[size])), peak_bytes(ours[size]) / 2**20
        asked += [
            (f"seconds, {size} segments", f"{seconds:.1f}", verdict(seconds, most_seconds)),
            (f"MiB, {size} segments", f"{held:,.0f}", verdict(held, most_mebibytes)),
        ]
    return "\n".join(
        (
            table(("all tables checked", "time", "most memory"), rows),
            table(("`compendium check`", "found", "asked for"), asked),
        )
    )
