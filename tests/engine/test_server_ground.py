from __future__ import annotations

import os
import subprocess
import sys

import pytest

from analysis.engine.environment import SETTINGS
from analysis.engine.executors import can_fork

BROKEN = """
import importlib

def fail(name):
    print(name)
    raise SyntaxError("broken")

importlib.import_module = fail
import analysis.engine.{}
"""
GROUND = """
import builtins, sys
import analysis.engine.kernel_ground
print(sys.modules.get("debugpy", "left out"), hasattr(builtins, "get_ipython"))
print("pandas" in sys.modules, "ipykernel.kernelapp" in sys.modules)
"""
SERVER = """
import os, sys
import analysis.engine.server_ground
print(len(os.listdir("/proc/self/task")))
print("matplotlib.figure" in sys.modules, "matplotlib_inline.backend_inline" in sys.modules)
print(*(name in sys.modules for name in ("papermill.execute", "nbconvert.exporters", "urllib3")))
"""


def say(code: str, **settings: str) -> list[str]:
    """Return what a program prints, line by line."""
    program, settings = [sys.executable, "-c", code], {**os.environ, **settings}
    done = subprocess.run(program, capture_output=True, text=True, check=True, env=settings)
    return done.stdout.splitlines()


def test_what_is_broken_does_not_end_the_server() -> None:
    """A module that cannot be imported is passed over, and those after it are imported."""
    assert say(BROKEN.format("server_ground")) == [
        *("analysis.engine.kernel_ground", "analysis.synthesis.ready"),
        "analysis.engine.work_ground",
    ]
    assert say(BROKEN.format("study_ground")) == [
        *("analysis.engine.kernel_ground", "analysis.tables.parting"),
        "analysis.publishing.assembly",
    ]


def test_ground_of_kernels_leaves_no_trace() -> None:
    """What libraries were shown while they were imported is gone afterwards."""
    assert say(GROUND) == ["left out False", "True True"]


@pytest.mark.skipif(not can_fork(), reason="this machine has no fork server")
def test_server_can_be_forked_safely() -> None:
    """The server has one thread and has drawn; Jupyter's own way to show figures waits.

    It can run notebooks and make pages; what reads them from the web waits as well.
    """
    threads, drawn, imported = say(SERVER, **SETTINGS)

    assert (threads, drawn, imported) == ("1", "True False", "True True False")


def test_server_of_who_has_a_cluster_runs_no_notebooks() -> None:
    """What only notebooks and their pages need is not imported where other machines make them."""
    (told,) = say(
        "import sys, analysis.engine.study_ground;"
        "print([name for name in ('analysis.tables.parting', 'analysis.publishing.assembly',"
        " 'matplotlib', 'papermill') if name in sys.modules])"
    )

    assert told == "['analysis.tables.parting', 'analysis.publishing.assembly']"


@pytest.mark.parametrize("ground", ["server_ground", "study_ground"])
def test_whatever_shows_how_it_was_imported_is_as_in_a_kernel(ground: str) -> None:
    """Notebooks print tables alike, whichever server their kernel is forked from."""
    code = "import analysis.engine.{}, pandas; print(pandas.get_option('display.max_columns'))"
    told = say(code.format(ground))

    assert told != say("import pandas; print(pandas.get_option('display.max_columns'))")
    assert told == say(code.format("kernel_ground"))
