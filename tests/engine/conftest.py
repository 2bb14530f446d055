from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analysis.engine.execution import Execution, kernels_ready
from tiny_study import write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTEBOOKS = Path(__file__).parent / "notebooks"


@pytest.fixture
def defects() -> Path:
    """Give the folder of notebooks that are named by their defect."""
    return NOTEBOOKS


@pytest.fixture
def tiny_root(tmp_path: Path) -> Path:
    """Give a root with the tiny study."""
    return write_tiny_root(tmp_path / "root")


@pytest.fixture(params=["warm", "plain"])
def execution(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Execution]:
    """Give a place to run the notebooks named by their defect, with kernels of each kind."""
    shutil.copytree(NOTEBOOKS, tmp_path / "notebooks")
    (tmp_path / "data").mkdir()
    execution = Execution(tmp_path, tmp_path / "build", request.param)
    with kernels_ready(execution):
        yield execution
