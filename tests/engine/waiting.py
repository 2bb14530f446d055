"""Waiting for what other processes do, and checking whether they are still running."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_SECONDS = 60
PROCESSES = Path("/proc")


def wait_until(condition: Callable[[], bool]) -> bool:
    """Wait until something is so, and return whether it came to be."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def is_at_work(process: int) -> bool:
    """Return whether a process is there, and not merely waiting to be taken notice of."""
    try:
        os.kill(process, 0)
        shown = (PROCESSES / str(process) / "stat").read_text(encoding="utf-8")
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not PROCESSES.is_dir()
    return shown.rpartition(")")[2].split()[0] != "Z"
