from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tiny_root(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a root with the tiny study that notebooks find, outside of any build."""
    monkeypatch.setenv("COMPENDIUM_ROOT", str(tiny_root))
    monkeypatch.delenv("COMPENDIUM_BUILD", raising=False)
    return tiny_root
