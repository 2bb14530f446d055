"""How time, memory and pages grow with a study, over synthetic studies of growing size."""

from __future__ import annotations

import shutil
from statistics import median
from typing import TYPE_CHECKING, Any

from analysis.publishing.rendering import PAGE_LIMIT
from benchmarks.bench import from_json, peak_bytes, processor, timed, to_json
from benchmarks.figures import MEBIBYTE, mebibytes, slope, spread, table, verdict
from benchmarks.roots import count_rows, fresh_root
from benchmarks.ways import PATTERN, compendium

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.bench import Bench
    from benchmarks.measuring import Command

MOST_POWER = 1.05
MOST_BYTES = 4 * 2**30
MOST_OF_WORDS = 2**20
PAGE = "largest page"
WORDS = "largest page of segments alone"
# Focus groups; each has some fifty segments.
SIZES = (19, 190, 1_900, 3_800, 19_000)


def run(bench: Bench) -> dict[str, Any]:
    """Return what a build takes at each size, and how large its study and largest page are."""
    roots = {f"s{size}": _make_study(bench, f"s{size}", size) for size in SIZES}

    def prepare(name: str, _: int) -> Command:
        for built in ("build", "reports"):
            shutil.rmtree(roots[name] / built, ignore_errors=True)
        return compendium(f"compendium build {name}", roots[name])

    runs = bench.side_by_side(list(roots), prepare, sampled=True)
    return {
        "runs": to_json(runs),
        "segments": {
            name: count_rows(root / "data" / name, "segments") for name, root in roots.items()
        },
        "pages": {name: _largest(root / "reports" / name) for name, root in roots.items()},
    }


def _make_study(bench: Bench, name: str, size: int) -> Path:
    root = fresh_root(bench.repository, bench.work / name, PATTERN)
    made = compendium(f"compendium new {name} --synthetic {size}", root)
    bench.measure(f"compendium new {name}", made)
    return root


def _largest(release: Path) -> dict[str, int]:
    """Return the bytes of the largest page, and of the largest that holds segments alone."""
    words = {path: path.stat().st_size for path in release.glob("*.words-*.html")}
    pages = [path.stat().st_size for path in release.glob("*.html") if path not in words]
    return {PAGE: max(pages), WORDS: max(words.values(), default=0)}


def format_results(results: Mapping[str, Any]) -> str:
    """Return the table of sizes, the powers of the number of segments that fit them, and limits."""
    runs, segments, pages = from_json(results["runs"]), results["segments"], results["pages"]
    grown: dict[str, list[float]] = {
        "time": [median(timed(taken)) for taken in runs.values()],
        "processor time": [median(processor(taken)) for taken in runs.values()],
        "most memory": [peak_bytes(taken) for taken in runs.values()],
        PAGE: [pages[name][PAGE] for name in runs],
    }
    rows = [
        (
            f"{segments[name]:,}",
            spread(timed(taken)),
            f"{median(processor(taken)):.1f} s",
            mebibytes(peak_bytes(taken)),
            mebibytes(pages[name][PAGE]),
        )
        for name, taken in runs.items()
    ]
    sizes = [segments[name] for name in runs]
    fitted = [
        (what, f"{slope(sizes, values):.2f}", f"{slope(sizes[-2:], values[-2:]):.2f}")
        for what, values in grown.items()
    ]
    peak, most = peak_bytes(runs[max(segments, key=segments.__getitem__)]), max(sizes)
    held = [
        *(_power(what, slope(sizes, grown[what])) for what in ("time", "most memory")),
        _size(f"memory at {most:,} segments", peak, MOST_BYTES),
        _size(PAGE, max(each[PAGE] for each in pages.values()), PAGE_LIMIT),
        _size(WORDS, max(each[WORDS] for each in pages.values()), MOST_OF_WORDS),
    ]
    return "\n".join(
        (
            table(("segments", *grown), rows),
            table(("grows with the power", "over all sizes", "over the last two"), fitted),
            table(("compared with what is asked for", "measured", "asked for"), held),
        )
    )


def _power(what: str, power: float) -> tuple[str, str, str]:
    return f"power of {what}", f"{power:.2f}", verdict(power, MOST_POWER)


def _size(what: str, size: int, most: int) -> tuple[str, str, str]:
    return what, mebibytes(size), f"≤ {most / MEBIBYTE:,.1f} MiB: {'yes' if size <= most else 'no'}"
