"""The build of a study: what is not up to date is done, and published all or nothing."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.engine.digests import Fingerprints, clear_unfinished
from analysis.engine.inputs import KNOWN, Freshness
from analysis.engine.keys import DONE
from analysis.engine.storage import require_writable, storage_told
from analysis.publishing.release import require_release
from analysis.study.journal import complete_change
from analysis.study.lock import hold_lock, lock_of
from analysis.study.root import require_study
from analysis.study.writing import restore_folder
from analysis.tables.build_folder import BuildFolder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.engine.environment import Kernels
    from analysis.engine.progress import Progress


@dataclass(frozen=True)
class BuildOrder:
    """What to build, and how.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    reports : Path
        The folder of all releases.
    places : sequence of str
        Regions and continents to report on; all when empty.
    jobs : int
        How many notebooks run at once; 0 for one more than there are processors, as far as there
        is memory.
    kernels : {"warm", "plain"}
        Whether kernels are forked from a process that has all imported, or started one by one.
    cell_seconds : int
        How long a cell may take.
    scheduler : str
        The address of a Dask scheduler whose workers run notebooks and make pages; ``""`` for
        processes of this machine.
    force : bool
        Whether all is done anew, up to date or not.
    """

    root: Path
    reports: Path
    places: Sequence[str] = ()
    jobs: int = 0
    kernels: Kernels = "warm"
    cell_seconds: int = 3600
    scheduler: str = ""
    force: bool = False

    @property
    def workers(self) -> int:
        """How many notebooks run at once: one waits for its messages while the others compute."""
        return self.jobs or processors() + 1

    def build_folder(self, study: str) -> BuildFolder:
        """Return the folder of a study's build."""
        return BuildFolder(self.root / "build" / study)


def processors() -> int:
    """Return how many processors this process may use, which may be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Built:
    """What a build has done.

    Parameters
    ----------
    study : str
        The study.
    done : tuple of str
        The work that was not up to date and is now, in the order in which it was done.
    """

    study: str
    done: tuple[str, ...] = field(default=())

    @property
    def was_fresh(self) -> bool:
        """Whether there was nothing to do."""
        return not self.done


def build_study(order: BuildOrder, study: str, progress: Progress) -> Built:
    """Bring the release of one study up to date, and return what was done for that.

    Parameters
    ----------
    order : BuildOrder
        What to build, and how.
    study : str
        The study.
    progress : Progress
        Is told what happens.

    Raises
    ------
    CompendiumError
        When something is refused or fails; the last release stands untouched.
    """
    require_study(order.root / "data", study)
    build = order.build_folder(study)
    with storage_told(), hold_lock(lock_of(order.root, study), study):
        complete_change(order.root / "data" / study)
        restore_folder(order.reports / study)
        if order.force:
            shutil.rmtree(build.path, ignore_errors=True)
        fingerprints = Fingerprints(build.path / KNOWN)
        freshness = Freshness(order.root, study, build, fingerprints)
        try:
            if freshness.is_fresh(order.reports / study, order.places):
                return Built(study)
            require_writable(order.reports)
            require_release(order.reports / study)
            return _renew(order, study, freshness, progress)
        finally:
            # They only spare reading: what really stops a build must not be hidden by a full disk.
            with suppress(OSError):
                fingerprints.save()


def _renew(order: BuildOrder, study: str, freshness: Freshness, progress: Progress) -> Built:
    """Renew a release; what that imports, a build with nothing to do has no use for."""
    from analysis.engine.executors import Processes  # noqa: PLC0415
    from analysis.engine.held_inputs import HeldInputs  # noqa: PLC0415

    build = order.build_folder(study)
    for folder in (build.path, build.path / DONE):
        clear_unfinished(folder)
    inputs = HeldInputs(freshness)
    with Processes(order.workers, run_notebooks=not order.scheduler) as processes:
        # Imported while the server of these processes imports what they need.
        from analysis.engine.renewal import renew_release  # noqa: PLC0415

        return renew_release(order, study, inputs, processes, progress)
