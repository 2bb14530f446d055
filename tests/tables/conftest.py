from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from made_parts import PartedStudy

from analysis.intake.sandbox import Sandbox
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.study.places import read_places
from analysis.tables import taking_in
from analysis.tables.coded import taking_in as coded_taking_in
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Callable
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
def study(opened: OpenedStudy, tmp_path: Path) -> PartedStudy:
    """Give a study of Africa whose tables a test makes and parts."""
    return PartedStudy(opened, tmp_path)


class ReadingHere(Sandbox):
    """Reads in this process: that another one may fail is tested with `Sandbox` itself."""

    def read(self, reader: Callable[[Path], Any], path: Path) -> Any:  # noqa: ANN401, D102
        return reader(path)


@pytest.fixture
def reading_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have imports read their files in this process, which takes less time."""
    for module in (taking_in, coded_taking_in):
        monkeypatch.setattr(module, "Sandbox", ReadingHere)
