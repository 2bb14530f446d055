"""Runs of the program on roots in which canaries are planted, with all that they leave."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from analysis import cli
from built.checkout import ROOT as CHECKOUT
from built.checkout import VERSIONS, run_compendium
from canaries import Canary, write_planted_root

if TYPE_CHECKING:
    from pathlib import Path

# What a build that failed, and a release that was cut short, left before a withdrawal.
LEFT = Canary("what a build left")
HOME = "home"
# Kernels have their sockets there, whose paths must be short.
TEMPORARY = "t"


@dataclass(frozen=True)
class Run:
    """How a command ended, and what it reported."""

    code: int
    reported: str


def write_planted_checkout(root: Path) -> Path:
    """Return a root with canaries, and with a home and a temporary folder of its own."""
    return add_environment(write_planted_root(root))


def add_environment(root: Path) -> Path:
    """Return a root to which the locks, a home and a temporary folder of its own were added."""
    for name in VERSIONS:
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(CHECKOUT / name, root / name)
    for name in (HOME, TEMPORARY):
        (root / name).mkdir()
    return root


def run(root: Path, *arguments: str) -> Run:
    """Run the program on a root; all that it leaves anywhere is below that."""
    left = {"HOME": HOME, "TMPDIR": TEMPORARY, "XDG_RUNTIME_DIR": TEMPORARY}
    variables = {name: str(root / folder) for name, folder in left.items()}
    ended = run_compendium(root, *arguments, variables=variables)
    return Run(ended.returncode, ended.stdout + ended.stderr)


def run_here(root: Path, *arguments: object) -> Run:
    """Run a command in this process, which spares its start; its temporary folder is in the root.

    What it starts in other processes is not reported.
    """
    reported = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(root / TEMPORARY))
        patch.setattr(sys, "argv", ["compendium", *map(str, arguments), "--root", str(root)])
        with (
            redirect_stdout(reported),
            redirect_stderr(reported),
            pytest.raises(SystemExit) as ended,
        ):
            cli.main()
    return Run(int(ended.value.code or 0), reported.getvalue())
