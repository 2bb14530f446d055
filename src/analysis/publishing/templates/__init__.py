"""Templates of pages, and their style: a package, so that they count for what uses them alone."""

from __future__ import annotations

from pathlib import Path

TEMPLATES = Path(__file__).parent
