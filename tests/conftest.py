from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from analysis.study.opened_study import OpenedStudy, open_study
from tiny_study import STUDY, write_tiny_root

# A machine under load is no failure of a property.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the folder with data/ and notebooks/."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of shared material next to the checkout, which is never committed."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"{folder.name}/ is not beside the checkout: it holds material we may not ship")
    return folder


@pytest.fixture
def tiny_root(tmp_path: Path) -> Path:
    """Give a root with the tiny study, to change."""
    return write_tiny_root(tmp_path / "root")


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> OpenedStudy:
    """Give the tiny study opened, for its codebook, places and instrument; it is never changed."""
    return open_study(write_tiny_root(tmp_path_factory.mktemp("opened") / "root"), STUDY)
