from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.intake.sandbox import Sandbox
from analysis.tables.evidence import COLUMNS as EVIDENCE
from built.checkout import add_versions, built_once
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path


REVIEWED = {
    "segments.csv": "gha.3,gha,structures,hope,1,set_aside,,,synthetic,en,\n",
    "code_applications.csv": "gha.3,services,ann\nuga.2,none,bot\n",
    "evidence.csv": f"{','.join(EVIDENCE)}\nservices,wca,gha.2,,,,,,,A. Reader,2020-12-01\n",
}
"""Rows of a segment that a review set aside, of a coder who found no code, and a counter-voice."""


def write_reviewed_root(folder: Path) -> Path:
    """Return a root with the tiny study, these rows in it, and no spelling."""
    root = add_versions(write_tiny_root(folder))
    for name, rows in REVIEWED.items():
        with (root / "data" / STUDY / name).open("a", encoding="utf-8") as table:
            table.write(rows)
    (root / "data" / "spelling.csv").write_text("variant,preferred\n", encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def reviewed(request: pytest.FixtureRequest) -> Path:
    """Give that root, in which the study was built; it is never changed."""
    return built_once(request, "reviewed", write_reviewed_root)


@pytest.fixture
def reading_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have imports read their files in this process, which takes less time."""
    monkeypatch.setattr(Sandbox, "read", lambda _, reader, file: reader(file))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root with the tiny study."""
    return write_tiny_root(tmp_path / "root")
