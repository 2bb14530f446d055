"""Processes that are started without the main module of this one, and end when it does."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from contextlib import contextmanager
from multiprocessing import connection
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from analysis.engine.scratch import clear_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

# multiprocessing keeps its list of processes for one thread alone.
_one_at_a_time = threading.Lock()


@contextmanager
def main_left_out() -> Iterator[None]:
    """Let processes started meanwhile not import the main module of this one again."""
    with _one_at_a_time:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def end_with_parent(scratch: str = "") -> None:
    """End this process, at once, when the one that started it ends, however that ends.

    Parameters
    ----------
    scratch : str, optional
        A folder of the one that started it, which may not have come to clear it away.
    """
    threading.Thread(target=_watch_parent, args=(scratch,), daemon=True).start()


def _watch_parent(scratch: str) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        if scratch:
            clear_folder(Path(scratch))
        os._exit(1)
