"""Builds killed at random moments: the last release is intact, and the next build completes."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.figures import table
from benchmarks.measuring import RunError, reap_all
from benchmarks.roots import change_definition, fresh_root
from benchmarks.ways import BUILD, PATTERN, compendium

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.bench import Bench

SEED = 2020
# A small study: replacing the release takes a larger share of the time of its build.
STUDY = PATTERN
WORDS = f"{BUILD} {STUDY}"
MANIFEST = "manifest.json"
LOG = "log.txt"
# The line that a build prints when a notebook has run: "12/21 esa".
TASK = re.compile(r"^\d+/\d+ (?P<task>\S+)$", re.MULTILINE)

Digests = dict[str, str]


@dataclass(frozen=True)
class Kill:
    """What became of one build that was killed, and of the next.

    Parameters
    ----------
    moment : float
        When it was killed, in seconds from its start.
    ended : bool
        Whether it had ended before.
    left : int
        How many of its processes were still there half a minute later.
    release : {"old", "new", "broken"}
        The release that was there then.
    finished : int
        How many notebooks had run.
    again : int
        How many of these the next build ran again.
    rebuilt : bool
        Whether the next build made the bytes of one from nothing.
    """

    moment: float
    ended: bool
    left: int
    release: str
    finished: int
    again: int
    rebuilt: bool


def run(bench: Bench) -> dict[str, Any]:
    """Return what became of builds that were killed at moments drawn by chance."""
    trial = _prepare(bench)
    moments = random.Random(SEED)  # noqa: S311 (the same moments at every run)
    kills = []
    for count in range(bench.kills):
        kills.append(trial.kill(moments.uniform(0, trial.seconds)))
        sys.stderr.write(f"  {count + 1}: {kills[-1]}\n")
    return {"seconds": trial.seconds, "kills": [asdict(kill) for kill in kills]}


def _prepare(bench: Bench) -> _Trial:
    """Build a release, change a table that all of it depends on, and build the next one."""
    started = fresh_root(bench.repository, bench.work / "started", STUDY)
    bench.measure("the old release", compendium(WORDS, started))
    shutil.rmtree(started / "build")
    old = digests_of(started / "reports" / STUDY)[MANIFEST]
    change_definition(started / "data" / STUDY, 0)
    root = bench.work / "root"
    taken = []
    for _ in range(bench.runs):
        _copy(started, root)
        taken.append(bench.measure("the new release", compendium(WORDS, root)).seconds)
    return _Trial(bench, started, root, old, digests_of(root / "reports"), median(taken))


def _copy(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)


@dataclass(frozen=True)
class _Trial:
    """A root with a release, of which the next build is killed."""

    bench: Bench
    started: Path
    root: Path
    old: str
    new: Digests
    seconds: float

    def kill(self, moment: float) -> Kill:
        """Kill a build at a moment, look at the release, and build again."""
        _copy(self.started, self.root)
        ended, left = self._build_until(moment)
        finished = tasks_in(self._printed())
        release = self._found_release()
        rebuilt = self._rebuild()
        again = finished & tasks_in(self._printed())
        return Kill(moment, ended, left, release, len(finished), len(again), rebuilt)

    def _build_until(self, moment: float) -> tuple[bool, int]:
        process = compendium(WORDS, self.root).start(self.bench.work / LOG)
        time.sleep(moment)
        ended = process.poll() is not None
        process.kill()
        process.wait()
        return ended, len(reap_all())

    def _printed(self) -> str:
        return (self.bench.work / LOG).read_text(encoding="utf-8")

    def _found_release(self) -> str:
        release = self.root / "reports" / STUDY
        if not is_whole(release):
            return "broken"
        found = digests_of(release)[MANIFEST]
        return {self.old: "old", self.new[f"{STUDY}/{MANIFEST}"]: "new"}.get(found, "broken")

    def _rebuild(self) -> bool:
        try:
            self.bench.measure("next", compendium(WORDS, self.root))
        except RunError as error:
            sys.stderr.write(f"{error}\n")
            return False
        return digests_of(self.root / "reports") == self.new


def tasks_in(printed: str) -> set[str]:
    """Return the notebooks that a build reported to have run."""
    return set(TASK.findall(printed))


def digests_of(folder: Path) -> Digests:
    """Return the SHA-256 of each file below a folder, but of hidden folders."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.relative_to(folder).parts[0].startswith(".")
    }


def is_whole(release: Path) -> bool:
    """Return whether a release holds each file of its manifest, with its digest, and no other.

    One that is not there, or whose manifest is not, or was cut short, is not whole.
    """
    try:
        outputs = json.loads((release / MANIFEST).read_text(encoding="utf-8"))["outputs"]
    except (OSError, ValueError, KeyError):
        return False
    found = digests_of(release)
    return bool(found.pop(MANIFEST) and outputs == found)


def format_results(results: Mapping[str, Any]) -> str:
    """Return the table of what became of the builds."""
    kills = [Kill(**each) for each in results["kills"]]
    releases = Counter(kill.release for kill in kills)
    rows = (
        ("builds killed", len(kills)),
        ("of a build of", f"{results['seconds']:.1f} s"),
        ("had ended before", sum(kill.ended for kill in kills)),
        ("left the last release whole", releases["old"]),
        ("left the next release whole", releases["new"]),
        ("left a broken release", releases["broken"]),
        ("left processes behind", sum(kill.left > 0 for kill in kills)),
        ("next build made the bytes of one from nothing", sum(kill.rebuilt for kill in kills)),
        ("notebooks that had run before the kills", sum(kill.finished for kill in kills)),
        ("of these, run again", sum(kill.again for kill in kills)),
    )
    return table(("what became of them", "count"), rows)
