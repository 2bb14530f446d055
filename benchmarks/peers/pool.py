"""The notebooks of a study in a stock pool of processes, stage by stage."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import papermill
from nbconvert import HTMLExporter

from benchmarks.peers.checks import check_as_received, check_places

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Executor

STUDY = os.environ["STUDY"]
CLEANED = os.environ["CLEANED"].split()
REGIONS = os.environ["REGIONS"].split()
CONTINENTS = os.environ["CONTINENTS"].split()
EXECUTED = Path("build") / STUDY / "notebooks"
REPORTS = Path("reports") / STUDY

Task = tuple[str, str, str]


def run(task: Task) -> None:
    """Run one notebook, and render its page."""
    page, notebook, place = task
    executed = EXECUTED / f"{page}.ipynb"
    papermill.execute_notebook(
        f"notebooks/{notebook}.ipynb",
        str(executed),
        parameters={"study": STUDY, "place": place} if place else {"study": STUDY},
        progress_bar=False,
    )
    html, _ = HTMLExporter().from_filename(str(executed))
    (REPORTS / f"{page}.html").write_text(html, encoding="utf-8")


def run_stage(pool: Executor, tasks: Iterable[Task]) -> None:
    """Run the notebooks of a stage, and wait for all of them."""
    list(pool.map(run, tasks))


def main(processes: int) -> None:
    """Run all stages."""
    for folder in (EXECUTED, REPORTS):
        folder.mkdir(parents=True)
    check_as_received(STUDY)
    with ProcessPoolExecutor(processes) as pool:
        run_stage(pool, [(f"{place}-cleaning", "01-clean-coded-data", place) for place in CLEANED])
        check_places(STUDY, CLEANED)
        regions = [(place, "03-regional-synthesis", place) for place in REGIONS]
        run_stage(pool, [("coverage", "02-coverage-and-agreement", ""), *regions])
        run_stage(pool, [(place, "04-continental-synthesis", place) for place in CONTINENTS])


if __name__ == "__main__":
    main(int(sys.argv[1]))
