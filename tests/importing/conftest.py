from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.intake.sandbox import Sandbox
from tiny_study import write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root with the tiny study."""
    return write_tiny_root(tmp_path / "root")


@pytest.fixture
def reading_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have imports read their files in this process, which takes less time."""
    monkeypatch.setattr(Sandbox, "read", lambda _, reader, file: reader(file))
