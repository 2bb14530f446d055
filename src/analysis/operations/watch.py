"""Rebuild studies whenever something is saved, and serve their pages, which reload themselves."""

from __future__ import annotations

import subprocess
import sys
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from watchfiles import watch

from analysis.engine.build import build_study, require_arguments
from analysis.engine.executors import Processes, create_scratch
from analysis.engine.options import BuildResult, Silent
from analysis.engine.program_code import SOURCES
from analysis.engine.steps import prepare_checks
from analysis.errors import CompendiumError, InputsChangedError
from analysis.operations.preview_server import serve_pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from analysis.engine.options import BuildOptions, Progress
    from analysis.operations.preview_server import PreviewServer

INPUTS = ("data", "notebooks", "expectations")
# A save is over when nothing was written for this long; a longer one is taken in parts.
QUIET_MS = 30
LONGEST_MS = 300
# The first build starts when nothing was saved for this long.
FIRST_BUILD_MS = 200
# Imported to see whether changed code can run at all.
PROGRAM = "import analysis.cli, analysis.engine.rebuild, analysis.publishing.report"


class CodeChangedError(Exception):
    """Raised when the program itself was changed, and must be started again."""


class _Renewal(Silent):
    """Reloads the pages that are open as soon as a release is there."""

    def __init__(self, server: PreviewServer) -> None:
        self._server = server

    def end(self) -> None:
        """Reload the pages; the build goes on to compare the numbers with the last ones."""
        self._server.renew()


class Rebuilt(NamedTuple):
    """The result of a build or why it was refused, and its seconds."""

    outcome: BuildResult | CompendiumError
    seconds: float


def watch_studies(
    options: BuildOptions, studies: Sequence[str], port: int
) -> Iterator[str | Rebuilt]:
    """Build studies now and after each save, and serve their pages to this machine.

    Kernels and checks stay warm from build to build.

    Parameters
    ----------
    options : BuildOptions
        What to build, and how.
    studies : sequence of str
        The studies.
    port : int
        The port of the pages; if it is taken, the next that is free.

    Yields
    ------
    str or Rebuilt
        The address of the pages; then each build that had something to do.

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
                rebuilt = _rebuild(options, study, _Renewal(server), warm)
                if isinstance(rebuilt.outcome, CompendiumError) or rebuilt.outcome.done:
                    yield rebuilt


def _saves(root: Path) -> Iterator[bool]:
    """Yield at the start and after each save, and whether it was one of code."""
    folders = [folder for folder in (*map(root.joinpath, INPUTS), SOURCES) if folder.is_dir()]
    saves = watch(
        *folders,
        step=QUIET_MS,
        debounce=LONGEST_MS,
        rust_timeout=FIRST_BUILD_MS,
        yield_on_timeout=True,
    )
    for number, changes in enumerate(saves):
        if changes or number == 0:
            yield any(path.startswith(f"{SOURCES}/") for _, path in changes)


def _rebuild(options: BuildOptions, study: str, progress: Progress, warm: Processes) -> Rebuilt:
    started = monotonic()
    try:
        outcome: BuildResult | CompendiumError = build_study(options, study, progress, warm)
    except InputsChangedError:
        outcome = BuildResult(study)  # it was overtaken by a save, which is built next
    except CompendiumError as error:
        outcome = error
    except Exception as error:  # a mistake in the code that somebody is writing
        outcome = _failure(str(error))
    return Rebuilt(outcome, monotonic() - started)


def _fault_of_code() -> CompendiumError | None:
    """Return why the program can't be started again; None if it can."""
    tried = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    return _failure(tried.stderr) if tried.returncode else None


def _failure(error: str) -> CompendiumError:
    lines = error.strip().splitlines()
    return CompendiumError(
        "The program fails; the reports are unchanged.",
        offenders=lines[-1:],
        remedy="correct the code, and save it again; compendium build shows the whole error",
    )
