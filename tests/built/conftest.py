from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from built.checkout import built_root
from built.recount.corpus import open_whole
from built.recount.study import read_study

if TYPE_CHECKING:
    from pathlib import Path

    from built.recount.corpus import Whole


@pytest.fixture(scope="session")
def built(request: pytest.FixtureRequest) -> Path:
    """Give a root in which all shipped studies were built."""
    return built_root(request)


@pytest.fixture(scope="session")
def wholes(built: Path) -> dict[str, Whole]:
    """Give each study, read from its CSV files and cleaned without the program."""
    return {
        path.parent.name: open_whole(read_study(built, path.parent.name))
        for path in (built / "data").glob("*/study.yaml")
    }
