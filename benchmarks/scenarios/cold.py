"""A study built from nothing, compared with other ways to the same pages."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.bench import from_json, peak_bytes, processor, timed, to_json
from benchmarks.figures import mebibytes, ratio, spread, table, verdict
from benchmarks.roots import fresh_root
from benchmarks.ways import BUILD, STUDY, WAYS, places_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.bench import Bench
    from benchmarks.measuring import Command


def run(bench: Bench) -> dict[str, Any]:
    """Return what each way takes in roots in which nothing was built."""
    ways = {way.name: way for way in WAYS}
    root = bench.work / "cold"
    places = places_of(bench.repository, STUDY)

    def prepare(name: str, _: int) -> Command:
        return ways[name].command(fresh_root(bench.repository, root, STUDY), places)

    return {"runs": to_json(bench.side_by_side(list(ways), prepare, sampled=True))}


def format_results(results: Mapping[str, Any]) -> str:
    """Return the table of ways."""
    runs = from_json(results["runs"])
    ours = timed(runs[BUILD])
    most = {way.name: way.most for way in WAYS}
    rows = []
    for name, taken in runs.items():
        of_it = ratio(ours, timed(taken))
        rows.append(
            (
                name,
                spread(timed(taken)),
                f"{median(processor(taken)):.1f} s",
                mebibytes(peak_bytes(taken)),
                "" if name == BUILD else f"{of_it:.2f}",
                "" if name == BUILD else verdict(of_it, most[name]),
            )
        )
    header = (
        "way",
        "time",
        "processor time",
        "most memory",
        "`compendium build` takes",
        "asked for",
    )
    return table(header, rows)
