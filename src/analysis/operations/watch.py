"""Rebuild studies whenever something is saved, and serve their pages, which reload themselves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from watchfiles import DefaultFilter, watch

from analysis.engine.build import build_study, require_arguments
from analysis.engine.executors import Processes, create_scratch
from analysis.engine.options import BuildResult
from analysis.engine.sources import SOURCES
from analysis.engine.steps import prepare_checks
from analysis.errors import CompendiumError, InputsChangedError
from analysis.operations.preview_server import serve_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from watchfiles import Change

    from analysis.engine.options import BuildOptions, Progress

INPUTS = ("data", "notebooks", "expectations", "pyproject.toml", "locks/run.txt")
# A save is over when nothing was written for so long; one that goes on is cut.
QUIET_MS = 30
LONGEST_MS = 300
FIRST_LOOK_MS = 500
# What is imported to see whether changed code can run at all.
PROGRAM = "import analysis.cli, analysis.engine.rebuild, analysis.publishing.report"


class CodeChangedError(Exception):
    """Raised when the program itself was changed: it has to be started again."""


class Rebuilt(NamedTuple):
    """What came of a save: what a build did or why it was refused, and in how many seconds."""

    outcome: BuildResult | CompendiumError
    seconds: float


def watch_studies(
    options: BuildOptions, studies: Sequence[str], port: int, progress: Progress
) -> Iterator[str | Rebuilt]:
    """Build studies now and after each save, and serve their pages to this machine meanwhile.

    Kernels and checks stay warm from build to build.

    Parameters
    ----------
    options : BuildOptions
        What to build, and how.
    studies : sequence of str
        The studies.
    port : int
        Where pages are served; one of the next ports if it is taken.
    progress : Progress
        Shows the progress of builds.

    Yields
    ------
    str or Rebuilt
        The address of the pages; then the outcome of each build that had something to do.

    Raises
    ------
    CompendiumError
        When a study or a place does not exist, or no port is free.
    CodeChangedError
        When the program itself was changed, and can be started again.
    """
    require_arguments(options, studies)
    options.reports.mkdir(parents=True, exist_ok=True)
    scratch = create_scratch(options.scratch)
    with serve_pages(options.reports, port) as server, Processes(options.workers, scratch) as warm:
        yield server.address
        warm.submit_check(prepare_checks)
        for is_code in _saves(options.root):
            if is_code:
                if fault := _fault_of_code():
                    yield Rebuilt(fault, 0)
                    continue
                raise CodeChangedError
            for study in studies:
                rebuilt = _rebuild(options, study, progress, warm)
                if isinstance(rebuilt.outcome, CompendiumError) or rebuilt.outcome.done:
                    server.renew()
                    yield rebuilt


def _saves(root: Path) -> Iterator[bool]:
    """Yield now, and after each save; whether it was one of code."""
    yield False
    paths = [path for path in (*(root / name for name in INPUTS), SOURCES) if path.exists()]
    saves = watch(
        *paths,
        watch_filter=_filter_of(paths),
        step=QUIET_MS,
        debounce=LONGEST_MS,
        rust_timeout=FIRST_LOOK_MS,
        yield_on_timeout=True,
    )
    for number, changes in enumerate(saves):
        # The first look finds what was saved before the watching started.
        if changes or not number:
            yield any(Path(path).is_relative_to(SOURCES) for _, path in changes)


def _filter_of(paths: Sequence[Path]) -> Callable[[Change, str], bool]:
    """Return a filter that ignores files that programs hide, or write for a moment."""
    usual = DefaultFilter()

    def is_input(change: Change, path: str) -> bool:
        below = next((part for part in paths if Path(path).is_relative_to(part)), None)
        parts = Path(path).relative_to(below).parts if below else ()
        return usual(change, path) and not any(part.startswith(".") for part in parts)

    return is_input


def _rebuild(options: BuildOptions, study: str, progress: Progress, warm: Processes) -> Rebuilt:
    started = monotonic()
    try:
        outcome: BuildResult | CompendiumError = build_study(options, study, progress, warm)
    except InputsChangedError:
        outcome = BuildResult(study)  # the save that has overtaken it is the next one
    except CompendiumError as error:
        outcome = error
    except Exception as error:  # a mistake in the code that somebody is writing
        outcome = _failure(str(error))
    return Rebuilt(outcome, monotonic() - started)


def _fault_of_code() -> CompendiumError | None:
    """Return why the program could not be started again, if that is so."""
    tried = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    return _failure(tried.stderr) if tried.returncode else None


def _failure(error: str) -> CompendiumError:
    lines = error.strip().splitlines()
    return CompendiumError(
        "The program fails: the reports are as they were.",
        offenders=lines[-1:],
        remedy="correct the code, and save it again; compendium build shows the whole error",
    )
