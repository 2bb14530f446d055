"""The memory of tables that are no longer held, which their libraries keep for the next ones."""

from __future__ import annotations

import ctypes
from contextlib import suppress

import pyarrow as pa  # type: ignore[import-untyped]


def give_back() -> None:
    """Give it back to the system, for a process that goes on, beside others that need it."""
    pa.default_memory_pool().release_unused()
    # Only glibc keeps what was freed and has a word for it.
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
