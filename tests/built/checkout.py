"""Copies of what a build reads, in which the program runs, so that the checkout stays as it is."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from built.odd_study import write_odd_root

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parents[2]
FOLDERS = ("data", "notebooks", "expectations")
VERSIONS = ("locks/run.txt", "pyproject.toml")
STUDIES = sorted(path.parent.name for path in (ROOT / "data").glob("*/study.yaml"))
# Half a minute of a processor builds it, and the slow tests alone look at it.
LARGE = "demo"


def copy_checkout(root: Path) -> Path:
    """Return a new root with all that a build of the shipped studies reads."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, root / name)
    return add_versions(root)


def copy_small_checkout(root: Path) -> Path:
    """Return a new root with all that a build of the shipped studies reads, but for the large."""
    shutil.rmtree(copy_checkout(root) / "data" / LARGE)
    return root


def write_odd_checkout(root: Path) -> Path:
    """Return a new root with all that a build of the odd tiny study reads."""
    return add_versions(write_odd_root(root))


def add_versions(root: Path) -> Path:
    for name in VERSIONS:
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, root / name)
    return root


ROOTS = {"shipped": copy_checkout, "small": copy_small_checkout, "odd": write_odd_checkout}


def run_compendium(
    root: Path,
    *arguments: str,
    variables: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the program on a root, and return how it ended and what it reported."""
    return subprocess.run(
        [sys.executable, "-m", "analysis.cli", *arguments, "--root", str(root)],
        env={**os.environ, **(variables or {})},
        cwd=cwd or root,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def build(
    root: Path,
    *arguments: str,
    variables: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Path:
    """Build studies of a root, which must succeed, and return the folder of all releases."""
    ended = run_compendium(root, "build", *arguments, variables=variables, cwd=cwd)
    if ended.returncode:
        pytest.fail(f"the build ended with {ended.returncode}:\n{ended.stderr}", pytrace=False)
    return root / "reports"


def built_root(request: pytest.FixtureRequest, which: str) -> Path:
    """Return a root in which the shipped studies, all or the small ones, or the odd was built."""
    return built_once(request, which, ROOTS[which])


def built_once(request: pytest.FixtureRequest, name: str, make: Callable[[Path], Path]) -> Path:
    """Return a root that was made and built once for all workers; no test runs anything in it."""

    def make_and_build(root: Path) -> None:
        build(make(root))

    return made_once(request, name, make_and_build)


def made_once(request: pytest.FixtureRequest, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that was made once for all workers; no test changes anything in it."""
    factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    is_worker = hasattr(request.config, "workerinput")
    shared = factory.getbasetemp().parent if is_worker else factory.getbasetemp()
    folder, made = shared / name / "root", shared / f"{name}.made"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder.parent, ignore_errors=True)
            make(folder)
            made.touch()
    return folder


def bytes_below(folder: Path) -> dict[str, bytes]:
    """Return the bytes of each file below a folder, by its path there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """Return the files that one of two folders lacks, or holds with other bytes."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
