from __future__ import annotations

import pytest

from analysis.intake.sandbox import Sandbox


@pytest.fixture
def reading_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have imports read their files in this process, which takes less time."""
    monkeypatch.setattr(Sandbox, "read", lambda _, reader, path: reader(path))
