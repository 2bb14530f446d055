from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from partitioned_study import PartitionedStudy

from analysis.study.places import read_places

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy
    from analysis.study.places import Places


@pytest.fixture(scope="session")
def places(root: Path) -> Places:
    """Give the places that ship."""
    return read_places(root / "data")


@pytest.fixture
def partitioned(study: OpenedStudy, tmp_path: Path) -> PartitionedStudy:
    """Give a study of Africa whose tables a test makes and partitions."""
    return PartitionedStudy(study, tmp_path)
