from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from analysis.engine.execution import Execution, settle
from tiny_study import write_tiny_root

NOTEBOOKS = Path(__file__).parent / "notebooks"


@pytest.fixture
def defects() -> Path:
    """Give the folder of notebooks that are named by their defect."""
    return NOTEBOOKS


@pytest.fixture
def tiny_root(tmp_path: Path) -> Path:
    """Give a root with the tiny study."""
    return write_tiny_root(tmp_path / "root")


@pytest.fixture
def execution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Execution:
    """Give a place to run the notebooks that are named by their defect, in this process."""
    shutil.copytree(NOTEBOOKS, tmp_path / "notebooks")
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(os, "environ", os.environ.copy())
    execution = Execution(tmp_path, tmp_path / "build")
    settle(execution)
    return execution
