from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from built.built_study import BuiltStudy
from built.checkout import STUDIES, built_root
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def built(request: pytest.FixtureRequest) -> Path:
    """Give a root in which all shipped studies were built."""
    return built_root(request, "shipped")


@pytest.fixture(scope="session")
def odd(request: pytest.FixtureRequest) -> Path:
    """Give a root in which the odd tiny study was built."""
    return built_root(request, "odd")


@pytest.fixture(scope="session", params=[*STUDIES, STUDY])
def study(request: pytest.FixtureRequest) -> BuiltStudy:
    """Give each shipped study, and the odd tiny one, as built."""
    root = request.getfixturevalue("odd" if request.param == STUDY else "built")
    return BuiltStudy(root, request.param)
