from __future__ import annotations

import subprocess
import sys

BROKEN = """
import importlib

def fail(name):
    print(name)
    raise SyntaxError("broken")

importlib.import_module = fail
import analysis.engine.server_ground
"""
GROUND = """
import builtins, sys
import analysis.engine.kernel_ground
print(sys.modules.get("debugpy", "left out"), hasattr(builtins, "get_ipython"))
print("pandas" in sys.modules, "ipykernel.kernelapp" in sys.modules)
"""


def say(code: str) -> list[str]:
    """Return what a program prints, line by line."""
    program = [sys.executable, "-c", code]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_what_is_broken_does_not_end_the_server() -> None:
    """A module that cannot be imported is passed over, and those after it are imported."""
    assert say(BROKEN) == [
        *("analysis.engine.kernel_ground", "analysis.synthesis.ready"),
        "analysis.engine.work_ground",
    ]


def test_ground_of_kernels_leaves_no_trace() -> None:
    """What libraries were shown while they were imported is gone afterwards."""
    assert say(GROUND) == ["left out False", "True True"]
