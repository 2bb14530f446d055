from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

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
