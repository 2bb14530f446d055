from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.study.places import read_places

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.places import Places


@pytest.fixture(scope="session")
def places(root: Path) -> Places:
    """Give the places that ship."""
    return read_places(root / "data")
