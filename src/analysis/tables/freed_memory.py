"""The memory that tables no longer take: given back to the system, or kept for the next ones."""

from __future__ import annotations

import ctypes
from contextlib import suppress

import pyarrow as pa  # type: ignore[import-untyped]

# What glibc calls its settings, in malloc.h: what is freed at the end of the heap stays there, and
# large tables come from the heap, of which there is one, as small ones do.
KEEPING = {"M_TRIM_THRESHOLD": (-1, 2**31 - 1), "M_MMAP_MAX": (-4, 0), "M_ARENA_MAX": (-8, 1)}


def give_back() -> None:
    """Give it back to the system, for a process that goes on, beside others that need it."""
    pa.default_memory_pool().release_unused()
    # Only glibc keeps what was freed and has a word for it.
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def keep_freed() -> None:
    """Keep it from now on, for a process that makes one large table after the other, and ends.

    Otherwise each is made of pages that the system must clear first, which takes a quarter of the
    time. Where the system's library knows no such settings, nothing changes.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    with suppress(OSError, AttributeError, TypeError):
        for setting, value in KEEPING.values():
            ctypes.CDLL(None).mallopt(setting, value)
