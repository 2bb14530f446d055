from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.study.opened_study import OpenedStudy, open_study
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> OpenedStudy:
    """Give the tiny study opened, for its codebook, places and instrument; it is never changed."""
    return open_study(write_tiny_root(tmp_path_factory.mktemp("opened") / "root"), STUDY)


@pytest.fixture
def tiny_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a root with the tiny study that notebooks find, outside of any build."""
    root = write_tiny_root(tmp_path / "root")
    monkeypatch.setenv("COMPENDIUM_ROOT", str(root))
    monkeypatch.delenv("COMPENDIUM_BUILD", raising=False)
    return root
