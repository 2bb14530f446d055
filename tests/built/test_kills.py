from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tiny_study import ROOT, STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

MOMENTS = (0.7, 2.0, 3.5, 5.0, 6.5)
"""Seconds after which a build is killed: while it guards, cleans, writes reports, publishes."""


def start_build(root: Path) -> subprocess.Popen[bytes]:
    program = [sys.executable, "-m", "analysis.cli", "build", STUDY, "--root", str(root)]
    return subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def broken_files(release: Path) -> list[str]:
    """List what a release lacks or holds otherwise than its manifest says."""
    outputs = json.loads((release / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    return [
        name
        for name, digest in outputs.items()
        if not (release / name).is_file()
        or hashlib.sha256((release / name).read_bytes()).hexdigest() != digest
    ]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a root whose tiny study has a release."""
    root = write_tiny_root(tmp_path_factory.mktemp("killed") / "root")
    (root / "locks").mkdir()
    for name in ("locks/run.txt", "pyproject.toml"):
        shutil.copyfile(ROOT / name, root / name)
    assert start_build(root).wait() == 0
    return root


@pytest.mark.parametrize("seconds", MOMENTS)
def test_build_that_is_killed_leaves_a_whole_release(released: Path, seconds: float) -> None:
    """Whenever a build is killed outright, a whole release stands, and the next build succeeds."""
    build = start_build(released)
    time.sleep(seconds)
    build.send_signal(signal.SIGKILL)
    build.wait()
    broken = broken_files(released / "reports" / STUDY)
    again = start_build(released).wait()

    assert broken == []
    assert again == 0
    assert broken_files(released / "reports" / STUDY) == []
