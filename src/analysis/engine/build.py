"""Build a study: run the tasks that are out of date, and publish all reports or none."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.engine.failures import require_writable, storage_errors
from analysis.engine.inputs import Inputs, keep_inputs
from analysis.engine.keys import DONE
from analysis.engine.options import BuildResult
from analysis.errors import CompendiumError, PublishingError
from analysis.publishing.claim_diff import changed_claims, read_claims, read_last_claims
from analysis.publishing.claim_files import ENDING, EVIDENCE_ENDING
from analysis.publishing.manifest import MANIFEST, read_manifest
from analysis.publishing.release import recover_release, require_release
from analysis.study.journal import complete_change
from analysis.study.lock import hold_lock, lock_of
from analysis.study.root import require_study, study_names
from analysis.study.writing import remove_unfinished
from analysis.tables.build_folder import BuildFolder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from analysis.engine.executors import Processes
    from analysis.engine.options import BuildOptions, Progress
    from analysis.publishing.claim_diff import ClaimChange

COMPARED = (MANIFEST, ENDING, EVIDENCE_ENDING)
"""The files of a release that are compared with the next one."""


def build_study(
    options: BuildOptions, study: str, progress: Progress, processes: Processes | None = None
) -> BuildResult:
    """Bring the release of one study up to date, and return the tasks that ran.

    Parameters
    ----------
    options : BuildOptions
        What to build, and how.
    study : str
        The study.
    progress : Progress
        Shows the progress.
    processes : Processes, optional
        Processes that stay from build to build; new ones, if not given.

    Raises
    ------
    CompendiumError
        When something is refused or fails; the last release is unchanged.
    """
    require_study(options.root / "data", study)
    with _held(options, study):
        _require_places(options, study)
        if options.force:
            shutil.rmtree(BuildFolder.of(options.root, study).path, ignore_errors=True)
        inputs = Inputs(options.root, study)
        try:
            if not inputs.differences(options.reports / study, options.places):
                return BuildResult(study)
            require_writable(options.reports)
            require_release(options.reports / study)
            return _rebuild(options, study, inputs, progress, processes)
        finally:
            # They only save time: a full disk must not hide why a build failed.
            with suppress(OSError):
                inputs.digests.save()


def require_arguments(options: BuildOptions, studies: Sequence[str]) -> None:
    """Refuse studies or places that can't be used; nothing is built.

    Parameters
    ----------
    options : BuildOptions
        What to build, and how.
    studies : sequence of str
        The studies.

    Raises
    ------
    StudyError
        When a study does not exist, or a build of it is running.
    PlaceError
        When a place is unknown, or a study has no report on it.
    """
    for study in studies:
        require_study(options.root / "data", study)
    if options.places:
        for study in studies:
            with _held(options, study):
                _require_places(options, study)


@contextmanager
def _held(options: BuildOptions, study: str) -> Iterator[None]:
    """Hold the lock of a study, and complete what a command that was killed left unfinished."""
    with storage_errors(), hold_lock(options.root, study):
        complete_change(options.root / "data" / study)
        recover_release(options.reports / study)
        yield


def _require_places(options: BuildOptions, study: str) -> None:
    if options.places:
        # Only then: it imports libraries, which a build with nothing to do doesn't need.
        from analysis.engine.plan import require_places  # noqa: PLC0415

        require_places(options.root, study, options.places)


def _rebuild(
    options: BuildOptions,
    study: str,
    inputs: Inputs,
    progress: Progress,
    kept: Processes | None,
) -> BuildResult:
    progress.message(f"building {study}")
    from analysis.engine.executors import Processes, create_scratch  # noqa: PLC0415 (see above)

    for folder in (inputs.build.path, inputs.build.path / DONE):
        remove_unfinished(folder)
    inputs.hold()
    with ExitStack() as entered:
        processes = kept or entered.enter_context(
            Processes(options.workers, create_scratch(options.scratch))
        )
        # Imported while the fork server imports what tasks need.
        from analysis.engine.rebuild import rebuild_release  # noqa: PLC0415

        release = options.reports / study
        with _keep_last(options, study) as last:
            try:
                result = rebuild_release(options, study, inputs, processes, progress)
            except BaseException:
                # What still runs would write while the next build does.
                if kept:
                    kept.kill_running()
                raise
            # In a process that has imported pandas already.
            given = last, release, options.root / "data" / study
            return replace(result, changes=processes.submit(_changes, *given).result())


@contextmanager
def _keep_last(options: BuildOptions, study: str) -> Iterator[Path]:
    """Give a folder with the claims of the last release, and with the tables behind them."""
    release = options.reports / study
    from analysis.engine.executors import scratch_folder  # noqa: PLC0415 (as above)

    with scratch_folder(options.scratch) as last:
        for path in release.iterdir() if release.is_dir() else ():
            if path.name.endswith(COMPARED):
                shutil.copyfile(path, last / path.name)
        with suppress(PublishingError):
            inputs = read_manifest(last)["inputs"]
            tables = {name: inputs[name] for name in inputs if name.startswith(f"data/{study}/")}
            keep_inputs(options.root, study, tables, last)
        yield last


def _changes(last: Path, release: Path, tables: Path) -> tuple[ClaimChange, ...] | None:
    """Return the claims that changed since the last release, and why; None if there was none."""
    before = read_last_claims(last)
    if not before:
        return None
    claims = before, read_claims(release)
    changes = changed_claims(*claims)
    if not changes:
        return changes
    from analysis.publishing.release_diff import compare_releases  # noqa: PLC0415 (pandas)

    try:
        both = last / "data" / tables.name, tables
        return compare_releases(last, release, both, claims=claims).moved
    except (CompendiumError, LookupError):
        # The release was built, whatever is wrong with what was there before.
        return changes


def remove_old_builds(root: Path) -> None:
    """Remove the build folders of studies that are no longer in ``data/``.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    """
    build = root / "build"
    built = {record.parent.name for record in build.glob(f"*/{DONE}")}
    # A build that was killed early left no record, but its lock.
    built |= {lock.stem for lock in build.glob("*.lock")}
    for study in built.difference(study_names(root)):
        shutil.rmtree(build / study, ignore_errors=True)
        lock_of(root, study).unlink(missing_ok=True)
