"""The machine that figures were taken on, without its name."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

PEERS = ("papermill", "nbconvert", "great-expectations", "pandas")
GIBIBYTE = 1024**3


def describe_machine() -> dict[str, str]:
    """Return what a reader must know of the machine, by what it tells."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": processor_in(Path("/proc/cpuinfo").read_text(encoding="utf-8")),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory / GIBIBYTE:.0f} GiB",
        "system": f"{_system()}, Linux {platform.release().partition('-')[0]}",
        "Python": platform.python_version(),
        **{name: version(name) for name in PEERS},
    }


def processor_in(cpuinfo: str) -> str:
    """Return the model from the text of ``/proc/cpuinfo``."""
    models = [
        line.partition(":")[2] for line in cpuinfo.splitlines() if line.startswith("model name")
    ]
    return models[0].strip() if models else platform.machine()


def _system() -> str:
    return platform.freedesktop_os_release()["PRETTY_NAME"]
