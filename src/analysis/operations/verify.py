"""Verify a study: rebuild its reports from the inputs, and compare every published number."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from subprocess import CalledProcessError
from typing import TYPE_CHECKING

from analysis.engine.build import build_study
from analysis.engine.executors import create_scratch
from analysis.engine.failures import storage_errors
from analysis.engine.inputs import LOCK, PROJECT, python_version
from analysis.errors import PublishingError
from analysis.publishing.claim_diff import ABSENT, ENDING, read_claims
from analysis.publishing.manifest import MANIFEST, read_manifest
from analysis.publishing.release_diff import Verification, compare_releases
from analysis.study.digests import digest_bytes, digest_file
from analysis.study.git import run_git
from analysis.study.journal import complete_change
from analysis.study.keyed_digests import KEY_FILE, published_digest
from analysis.study.lock import hold_lock, lock_of
from analysis.study.root import require_study
from analysis.study.settings import read_study
from analysis.tables.table_files import files_of_study

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.engine.options import BuildOptions, Progress

FOLDERS = ("notebooks", "expectations")
COPY = "r"
"""The name of the clean root; short, for the paths of sockets below it."""


@storage_errors()
def verify_study(options: BuildOptions, study: str, progress: Progress) -> Verification:
    """Rebuild a study in a clean place, and compare it with its published reports.

    Parameters
    ----------
    options : BuildOptions
        Where the study and its reports are, and how these are built.
    study : str
        The study.
    progress : Progress
        Shows the progress.

    Raises
    ------
    CompendiumError
        When the study has no reports, these were changed since they were built, or the study can't
        be built.
    """
    require_study(options.root / "data", study)
    release = options.reports / study
    _require_as_released(release)
    scratch = Path(create_scratch(options.root / "build" / ".tmp"))
    try:
        root = scratch / COPY
        _copy_inputs(options.root, root, study)
        rebuilt = replace(options, root=root, reports=root / "reports", places=())
        build_study(rebuilt, study, progress)
        again = root / "reports" / study
        inputs = read_manifest(release)["inputs"]
        before = _keep_tables(options, study, inputs, scratch / "before")
        found = compare_releases(release, again, (before, root / "data" / study))
        manifest = read_manifest(again)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    published = len(read_claims(release))
    was_published = [each for each in found.moved if each.change.old != ABSENT]
    return Verification(
        study,
        published,
        published - len(was_published),
        found.moved,
        manifest["inputs"],
        manifest["code"],
        manifest["lock"],
        python_version(),
    )


def _require_as_released(release: Path) -> None:
    """Refuse published claims that aren't those that the build wrote."""
    outputs = read_manifest(release)["outputs"]
    listed = {name for name in outputs if name.endswith(ENDING)}
    there = {path.name for path in release.glob(f"*{ENDING}")}
    changed = [
        name
        for name in sorted(listed | there)
        if name not in there or outputs.get(name) != digest_file(release / name)
    ]
    if changed:
        raise PublishingError(
            "The published numbers aren't those that the build wrote.",
            offenders=[f"{release.name}/{name}" for name in changed],
            expected=f"the files whose SHA-256 are in {release.name}/{MANIFEST}",
            remedy="get the release again from its source, or build it: "
            f"compendium build {release.name}",
        )


def _copy_inputs(root: Path, clean: Path, study: str) -> None:
    """Copy all that the reports are made from, and nothing of an earlier build."""
    folder = root / "data" / study
    with hold_lock(lock_of(root, study), study):
        complete_change(folder)
        shared = [path for path in (root / "data").iterdir() if path.is_file()]
        names = [*shared, *files_of_study(folder), *folder.glob(KEY_FILE)]
        names += [root / LOCK, root / PROJECT]
        for path in names:
            target = clean / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
    for name in FOLDERS:
        shutil.copytree(root / name, clean / name)


def _keep_tables(options: BuildOptions, study: str, inputs: Mapping[str, str], to: Path) -> Path:
    """Write the tables that a release was built from into a folder, as far as they are kept.

    They are in the folder of the last build, or in the last commit; those with another digest than
    the release names are left out.
    """
    folder, kept = options.root / "data" / study, options.build_folder(study).seen
    settings = read_study(folder)
    to.mkdir()
    for name in (name for name in inputs if name.startswith(f"data/{study}/")):
        for content in (_read(kept / name), _committed(options.root, name)):
            digest = published_digest(settings, folder, digest_bytes(content))
            if content and digest == inputs[name]:
                (to / Path(name).name).write_bytes(content)
                break
    return to


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _committed(root: Path, name: str) -> bytes:
    try:
        return run_git(root, "show", f"HEAD:./{name}")
    except (OSError, CalledProcessError):
        return b""
