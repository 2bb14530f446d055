from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from analysis.study.opened_study import OpenedStudy, open_study
from tiny_study import ROOT, STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tiny_root(tmp_path: Path) -> Path:
    """Give a root with the tiny study and the lock of versions."""
    root = write_tiny_root(tmp_path / "root")
    (root / "locks").mkdir()
    for name in ("locks/run.txt", "pyproject.toml"):
        shutil.copyfile(ROOT / name, root / name)
    return root


@pytest.fixture
def opened(tiny_root: Path) -> OpenedStudy:
    """Give the tiny study opened."""
    return open_study(tiny_root, STUDY)
