from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.study.opened_study import OpenedStudy, open_study
from built.checkout import add_versions
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tiny_root(tiny_root: Path) -> Path:
    """Give a root with the tiny study and the lock of versions."""
    return add_versions(tiny_root)


@pytest.fixture
def opened(tiny_root: Path) -> OpenedStudy:
    """Give the tiny study opened."""
    return open_study(tiny_root, STUDY)
