"""The machine that figures were taken on, without its name."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LIBRARIES = ("papermill", "nbconvert", "great-expectations", "pandas")
PEERS = Path(__file__).parents[1] / "locks" / "bench.txt"
GIBIBYTE = 1024**3


def describe_machine() -> dict[str, str]:
    """Return the facts about the machine that a reader of the figures needs."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": processor_in(Path("/proc/cpuinfo").read_text(encoding="utf-8")),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory / GIBIBYTE:.0f} GiB",
        "system": f"{_system()}, Linux {platform.release().partition('-')[0]}",
        "Python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "snakemake": pinned_in(PEERS.read_text(encoding="utf-8"), "snakemake"),
    }


def format_machine(machine: Mapping[str, str]) -> str:
    """Return the description of a machine as a sentence."""
    hardware = ("processor", "cores", "memory", "system")
    cores = f"{machine['cores']} cores"
    parts = [cores if name == "cores" else machine[name] for name in hardware]
    parts += [f"{name} {value}" for name, value in machine.items() if name not in hardware]
    return f"Measured on {', '.join(parts)}.\n"


def pinned_in(lock: str, name: str) -> str:
    """Return the version of a package from the text of a lock."""
    pins = re.findall(rf"^{name}==(\S+)", lock, re.MULTILINE)
    return str(pins[0])


def processor_in(cpuinfo: str) -> str:
    """Return the model from the text of ``/proc/cpuinfo``."""
    models = [
        line.partition(":")[2] for line in cpuinfo.splitlines() if line.startswith("model name")
    ]
    return models[0].strip() if models else platform.machine()


def _system() -> str:
    return platform.freedesktop_os_release()["PRETTY_NAME"]
