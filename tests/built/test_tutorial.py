from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from built.checkout import ROOT

PAGE = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(?P<kind>\w*)\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL)
# What the checkout of a test has done already.
SET_UP = {"make reports", ". .venv/bin/activate"}


@pytest.mark.slow
def test_each_command_of_the_tutorial_does_what_it_says(built: Path, tmp_path: Path) -> None:
    """The commands run as written, one after the other, and leave the shipped reports as is."""
    root = clone(built, tmp_path / "checkout")
    printed = {command: run(root, command) for command in commands()}

    assert "published numbers hold" in printed["compendium verify africa-2020 --html receipt.html"]
    assert "numbers changed" in printed["compendium diff HEAD . --study demo --html changes.html"]
    assert printed["git status --short reports"] == ""
    assert printed["grep -c ',recommendations,stop,' data/africa-2020/segments.csv"] == "7\n"
    assert "my-study" in printed["compendium remove my-study --yes"]
    assert not (root / "reports" / "my-study").exists()


def commands() -> list[str]:
    lines = [
        line
        for block in BLOCK.finditer(PAGE.read_text())
        for line in block["code"].split("\n")
        if not block["kind"]
    ]
    return [line for line in lines if line and line not in SET_UP]


def clone(built: Path, root: Path) -> Path:
    """Return a checkout of git with what was built, so that nothing is built twice."""
    shutil.copytree(built, root)
    shutil.copy(ROOT / ".gitignore", root)
    for command in ("init -q", "add .", "-c user.name=t -c user.email=t@example.org commit -qm t"):
        subprocess.run(["/usr/bin/env", "git", *command.split()], cwd=root, check=True)
    return root


def run(root: Path, command: str) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=root,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout
