"""The table of code applications: its columns."""

from __future__ import annotations

SEGMENT = "segment"
CODE = "code"
CODER = "coder"

COLUMNS = (SEGMENT, CODE, CODER)
