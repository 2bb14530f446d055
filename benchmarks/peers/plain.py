"""The cells of the notebooks in plain Python processes, with no kernels and no papermill."""

from __future__ import annotations

import argparse
import os
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

import nbformat
from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from analysis.publishing.report import make_report
from analysis.study.opened_study import open_study
from analysis.tables.build_folder import CLAIMS_MIME, BuildFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor

    from nbformat import NotebookNode

    from analysis.study.opened_study import OpenedStudy

STUDY = os.environ["STUDY"]
CLEANED = os.environ["CLEANED"].split()
REGIONS = os.environ["REGIONS"].split()
CONTINENTS = os.environ["CONTINENTS"].split()
BUILD = BuildFolder(Path("build") / STUDY)
NOTEBOOKS = sorted(Path("notebooks").glob("*.ipynb"))
CLEANING, COVERAGE, REGIONAL, CONTINENTAL = NOTEBOOKS

Task: TypeAlias = "tuple[str, Path, dict[str, str | int]]"


def import_analysis() -> None:
    """Import all that the notebooks import, as each process must."""
    import analysis.synthesis.ready  # noqa: F401, PLC0415 (the checking process needs none of it)


def run(task: Task) -> NotebookNode:
    """Run the cells of one notebook in this process, and return it with their outputs."""
    _, path, parameters = task
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    notebook.metadata["compendium"] = {"notebook": path.name, "parameters": parameters}
    _inject(notebook, parameters)
    shown: list[dict[str, Any]] = []
    shell = _make_shell(shown)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            shell.run_cell(cell.source).raise_error()
            cell.outputs = _outputs(shown, cell.id)
            shown.clear()
    return notebook


def _inject(notebook: NotebookNode, parameters: dict[str, str | int]) -> None:
    """Put the parameters after the cell that declares them."""
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    at = tags.index(["parameters"]) + 1
    source = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    injected = nbformat.v4.new_code_cell(
        source, id="injected-parameters", metadata={"tags": ["injected-parameters"]}
    )
    notebook.cells.insert(at, injected)


def _make_shell(shown: list[dict[str, Any]]) -> InteractiveShell:
    """Return a fresh interpreter of cells, which lists what they show."""
    module = ModuleType("notebook")
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(user_module=module, user_ns=vars(module))
    publisher = CapturingDisplayPublisher()
    publisher.outputs = shown
    shell.display_pub = publisher
    shell.display_trap.hook = CapturingDisplayHook(shell, shown)
    return shell


def _outputs(shown: list[dict[str, Any]], cell: str) -> list[NotebookNode]:
    """Return what a cell showed as its outputs; each claim knows its cell."""
    for output in shown:
        for claim in output["data"].get(CLAIMS_MIME, {}).get("claims", []):
            claim["cell"] = cell
    return [
        nbformat.v4.new_output(
            "display_data", data=output["data"], metadata=output["metadata"] or {}
        )
        for output in shown
    ]


def run_and_publish(opened: OpenedStudy, task: Task) -> None:
    """Run one notebook, and make its page."""
    name = task[0]
    nbformat.write(run(task), BUILD.notebook(name))
    make_report(opened, BUILD, name, data="not stated")


def run_only(task: Task) -> None:
    """Run one notebook, and publish no page."""
    run(task)


def run_each(work: Callable[[Task], None], tasks: Iterable[Task]) -> None:
    """Do one notebook after the other, in this process."""
    for task in tasks:
        work(task)


def share_out(pool: Executor, work: Callable[[Task], None], tasks: Iterable[Task]) -> None:
    """Have a pool of processes do the notebooks, and wait for all of them."""
    deque(pool.map(work, tasks), maxlen=0)


def work_on(*, pages: bool) -> Callable[[Task], None]:
    """Return what is to be done with each notebook."""
    if not pages:
        return run_only
    BUILD.notebook("").parent.mkdir(parents=True)
    return partial(run_and_publish, open_study(Path.cwd(), STUDY))


def run_stages(run_all: Callable[[Iterable[Task]], None]) -> None:
    """Check and run stage by stage, as a build does."""
    # Imported here, while other processes import theirs: it takes seconds.
    from benchmarks.peers.checks import check_as_received, check_places  # noqa: PLC0415

    check_as_received(STUDY)
    run_all((f"{place}-cleaning", CLEANING, _about(place)) for place in CLEANED)
    check_places(STUDY, CLEANED)
    regions = [(place, REGIONAL, _about(place, excerpts_per_theme=3)) for place in REGIONS]
    run_all([("coverage", COVERAGE, {"study": STUDY}), *regions])
    run_all((place, CONTINENTAL, _about(place, excerpts_per_theme=3)) for place in CONTINENTS)


def _about(place: str, **further: int) -> dict[str, str | int]:
    return {"study": STUDY, "place": place, **further}


def main(processes: int, *, pages: bool) -> None:
    """Run everything in this process, or in a pool of processes."""
    if processes == 1:
        work = work_on(pages=pages)
        run_stages(partial(run_each, work))
        return
    with ProcessPoolExecutor(processes) as pool:
        for _ in range(processes):
            pool.submit(import_analysis)
        work = work_on(pages=pages)
        run_stages(partial(share_out, pool, work))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("processes", type=int)
    parser.add_argument("--pages", action="store_true")
    given = parser.parse_args()
    main(given.processes, pages=given.pages)
