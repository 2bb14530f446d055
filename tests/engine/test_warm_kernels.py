from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from analysis.engine.execution import Execution, kernels_ready, run_step
from analysis.engine.plan import Step
from analysis.engine.warm_kernels import can_fork
from analysis.errors import NotebookError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE_SECONDS = 30
DRIVER = """
import sys
from pathlib import Path
from analysis.engine.execution import Execution, kernels_ready, run_step
from analysis.engine.plan import Step

root = Path(sys.argv[1])
execution = Execution(root, root / "build", "warm")
with kernels_ready(execution):
    run_step(execution, Step("esa", "waits", {"study": "tiny"}, "esa"), root / "runs" / "esa.ipynb")
"""

pytestmark = pytest.mark.skipif(not can_fork(), reason="this machine has no fork server")


def run(execution: Execution, notebook: str, name: str = "esa") -> bytes:
    step = Step(name, notebook, {"study": "tiny"}, "esa")
    return run_step(execution, step, execution.root / "runs" / f"{name}.ipynb").read_bytes()


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("execution", ["warm"], indirect=True)
def test_kernels_of_both_kinds_see_the_same(execution: Execution) -> None:
    """What a notebook sees around it does not tell how its kernel was started."""
    warm = run(execution, "tells-its-surroundings")
    plain_execution = Execution(execution.root, execution.build, "plain")
    with kernels_ready(plain_execution):
        plain = run(plain_execution, "tells-its-surroundings")

    assert plain == warm


@pytest.mark.parametrize("execution", ["warm"], indirect=True)
def test_kernels_draw_their_own_chances(execution: Execution) -> None:
    """Two kernels forked from one server draw different numbers."""
    drawn = [run(execution, "draws-by-chance") for _ in range(2)]

    assert drawn[0] != drawn[1]


@pytest.mark.parametrize("execution", ["warm"], indirect=True)
def test_kernel_that_ends_leaves_the_others_alone(execution: Execution) -> None:
    """A kernel that ends by itself fails its own notebook; those beside it run on."""
    with ThreadPoolExecutor(3) as pool:
        fallen = pool.submit(run, execution, "ends-its-interpreter", "esa")
        beside = [pool.submit(run, execution, "prints-to-stderr", name) for name in ("wca", "mena")]
        with pytest.raises(NotebookError, match="its interpreter ended by itself"):
            fallen.result()
        told = [future.result() for future in beside]

    assert all(told)


@pytest.mark.parametrize("execution", ["warm"], indirect=True)
def test_kernels_end_with_their_driver(execution: Execution) -> None:
    """A driver that is killed outright leaves no kernel behind."""
    driver = subprocess.Popen([sys.executable, "-c", DRIVER, str(execution.root)])
    waiting = execution.root / "waiting.txt"
    started = wait_until(lambda: waiting.is_file() and bool(waiting.read_text()))
    kernel = int(waiting.read_text())
    was_there = is_there(kernel)
    driver.send_signal(signal.SIGKILL)
    driver.wait()

    assert started
    assert was_there
    assert wait_until(lambda: not is_there(kernel))


def test_notebook_that_ends_itself_is_told(execution: Execution) -> None:
    """A notebook that a cell ends has failed, and the cells that have not run are named."""
    with pytest.raises(NotebookError, match="ended before its last cell") as failure:
        run(execution, "exits")

    assert failure.value.offenders == ("cell after has not run",)


def test_braces_in_a_path_are_no_parameters(tmp_path: Path, execution: Execution) -> None:
    """A folder with braces in its name is taken as it stands."""
    output = tmp_path / "{study}" / "esa.ipynb"
    run_step(execution, Step("esa", "prints-to-stderr", {"study": "tiny"}, "esa"), output)

    assert output.is_file()
