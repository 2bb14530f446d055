from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from partitioned_study import PartitionedStudy

from analysis.study.opened_study import OpenedStudy, open_study
from analysis.study.places import read_places
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.places import Places


@pytest.fixture(scope="session")
def places(root: Path) -> Places:
    """Give the places that ship."""
    return read_places(root / "data")


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> OpenedStudy:
    """Give the tiny study opened, for its settings and codebook; it is never changed."""
    return open_study(write_tiny_root(tmp_path_factory.mktemp("opened") / "root"), STUDY)


@pytest.fixture
def partitioned(opened: OpenedStudy, tmp_path: Path) -> PartitionedStudy:
    """Give a study of Africa whose tables a test makes and partitions."""
    return PartitionedStudy(opened, tmp_path)
