"""Builds killed outright, at any moment: the last release stays, and the next build goes on."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from built.checkout import bytes_below, differing
from built.work import change_all, copy_root, do_build, replace_in
from tiny_study import STUDY

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 2020
# `make benchmark WHAT=kills` kills two hundred.
KILLS = 6
LATEST = 0.6
"""The latest moment, as a part of the time that a build takes: the next goes on from there."""
MARK = "COMPENDIUM_TEST"
PATIENCE = 120
"""Seconds to wait for processes to end, which takes them a moment."""
PROCESSES = Path("/proc")


def change_all_back(root: Path) -> None:
    """Undo what `change_all` does."""
    replace_in(root / "data" / "places.csv", "Republic of Uganda", "Uganda")


class Builds:
    """Builds of a root that differ from all other processes."""

    def __init__(self, root: Path, scratch: Path) -> None:
        self.root = root
        self.scratch = scratch
        self.mark = f"{MARK}={uuid.uuid4()}"

    def start(self) -> subprocess.Popen[bytes]:
        """Start a build, with the mark in its environment and in those of all that it starts."""
        name, _, value = self.mark.partition("=")
        return subprocess.Popen(
            [sys.executable, "-m", "analysis.cli", "build", STUDY, "--root", str(self.root)],
            env={**os.environ, name: value, "TMPDIR": str(self.scratch)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill_after(self, seconds: float) -> bool:
        """Start a build, and kill it after a while; show whether it had not ended before."""
        build = self.start()
        try:
            build.wait(seconds)
        except subprocess.TimeoutExpired:
            build.kill()
            build.wait()
            return True
        return False

    def left_over(self) -> list[str]:
        """Return the processes of builds that do not end of themselves."""
        until = time.monotonic() + PATIENCE
        while (left := list(self._at_work())) and time.monotonic() < until:
            time.sleep(0.1)
        return left

    def _at_work(self) -> Iterator[str]:
        for process in PROCESSES.glob("[0-9]*"):
            try:
                if self.mark.encode() in (process / "environ").read_bytes().split(b"\0"):
                    yield (process / "cmdline").read_text(encoding="utf-8")
            except (FileNotFoundError, PermissionError, ProcessLookupError):
                continue


def broken_files(release: Path) -> list[str]:
    """List what a release lacks, has too much, or holds otherwise than its manifest says."""
    outputs = json.loads((release / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    there = bytes_below(release)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in there.items()}
    return [
        name
        for name in sorted({*outputs, *digests} - {"manifest.json"})
        if outputs.get(name) != digests.get(name)
    ]


def records_of(root: Path) -> dict[str, bytes]:
    """Return what is kept of work done, by the names of the work."""
    folder = root / "build" / STUDY / "done"
    return {path.stem: path.read_bytes() for path in folder.glob("[!.]*.json")}


def leftovers(root: Path) -> list[str]:
    """List what a build makes on its way, and takes away."""
    hidden = (root / "reports").rglob(".*")
    unfinished = [
        path
        for pattern in (".*.unfinished", "*.next", "*-new", "failed/*", "release")
        for path in (root / "build" / STUDY).rglob(pattern)
    ]
    return [path.relative_to(root).as_posix() for path in (*hidden, *unfinished)]


@pytest.fixture
def scratch() -> Iterator[Path]:
    """Give a folder for temporary files; its name is short, for sockets."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.slow
@pytest.mark.skipif(not PROCESSES.is_dir(), reason="only /proc shows which processes are left")
def test_build_may_be_killed_at_any_moment(
    odd: Path, tmp_path: Path, scratch: Path, changed: dict[str, bytes]
):
    """After each kill a whole release is there; the next build does the rest, and no more.

    It makes the bytes of a build from nothing; no process and no folder of a killed build is left.
    """
    builds = Builds(copy_root(odd, tmp_path), scratch)
    root = builds.root
    change_all(root)
    started_at = time.monotonic()
    do_build(root)
    latest = LATEST * (time.monotonic() - started_at)
    moments = random.Random(SEED)  # noqa: S311 (the same moments at every run)
    releases = cycle([(change_all_back, bytes_below(odd / "reports")), (change_all, changed)])
    killed = 0
    while killed < KILLS:
        change, wanted = next(releases)
        before, records = bytes_below(root / "reports"), records_of(root)
        change(root)
        while killed < KILLS and builds.kill_after(moments.uniform(0, latest)):
            killed += 1

            assert builds.left_over() == []
            assert broken_files(root / "reports" / STUDY) == []
            stands = bytes_below(root / "reports" / STUDY)
            assert stands in (below(STUDY, before), below(STUDY, wanted))
        finished = {name for name, shown in records_of(root).items() if records.get(name) != shown}
        again = {name.replace(" ", ".") for name in do_build(root)} & finished

        assert again == set()
        assert differing(bytes_below(root / "reports"), wanted) == []
        assert (leftovers(root), list(scratch.glob("compendium-*"))) == ([], [])


def below(folder: str, files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files of a folder among those of another, by their path there."""
    inside = f"{folder}/"
    return {
        name.removeprefix(inside): content
        for name, content in files.items()
        if name.startswith(inside)
    }
