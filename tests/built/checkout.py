"""Copies of what a build reads, in which the program runs, so that the checkout stays as it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from built.odd_study import write_odd_root

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
FOLDERS = ("data", "notebooks", "expectations")
VERSIONS = ("locks/run.txt", "pyproject.toml")
STUDIES = sorted(path.parent.name for path in (ROOT / "data").glob("*/study.yaml"))

_BUILT: dict[str, pytest.StashKey[Path]] = {"shipped": pytest.StashKey(), "odd": pytest.StashKey()}


def copy_checkout(root: Path) -> Path:
    """Return a new root with all that a build of the shipped studies reads."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, root / name)
    return _add_versions(root)


def write_odd_checkout(root: Path) -> Path:
    """Return a new root with all that a build of the odd tiny study reads."""
    return _add_versions(write_odd_root(root))


def _add_versions(root: Path) -> Path:
    for name in VERSIONS:
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, root / name)
    return root


def run_compendium(
    root: Path,
    *arguments: str,
    surroundings: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the program on a root, and return how it ended and what it told."""
    return subprocess.run(
        [sys.executable, "-m", "analysis.cli", *arguments, "--root", str(root)],
        env={**os.environ, **(surroundings or {})},
        cwd=cwd or root,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def build(
    root: Path,
    *arguments: str,
    surroundings: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Path:
    """Build studies of a root, which must succeed, and return the folder of all releases."""
    ended = run_compendium(root, "build", *arguments, surroundings=surroundings, cwd=cwd)
    if ended.returncode:
        pytest.fail(f"the build ended with {ended.returncode}:\n{ended.stderr}", pytrace=False)
    return root / "reports"


def built_root(request: pytest.FixtureRequest, which: str) -> Path:
    """Return a root in which the shipped studies, or the odd one, were built; once a session."""
    stash, key = request.session.stash, _BUILT[which]
    if key not in stash:
        factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
        make = copy_checkout if which == "shipped" else write_odd_checkout
        root = make(factory.mktemp(which) / "root")
        build(root)
        stash[key] = root
    return stash[key]


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
