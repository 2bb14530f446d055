"""Verify a study: rebuild its reports from the inputs, and compare every published number."""

from __future__ import annotations

import platform
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.engine.build import build_study
from analysis.engine.executors import create_scratch
from analysis.engine.failures import storage_errors
from analysis.engine.inputs import python_version
from analysis.engine.kept_inputs import keep_inputs
from analysis.engine.options import BuildOptions
from analysis.errors import CompendiumError, PublishingError
from analysis.operations.causes import Rebuilt, confirm_causes
from analysis.operations.opened_release import PUBLISHED, choose_release, unpack
from analysis.operations.published_claims import describe_publication
from analysis.operations.withheld import require_as_executed, require_as_packed, split_withheld
from analysis.publishing.claim_diff import ABSENT, read_claims
from analysis.publishing.claim_files import ENDING, EVIDENCE_ENDING
from analysis.publishing.manifest import LOCK, MANIFEST, PROJECT, read_manifest
from analysis.publishing.release_diff import Difference, compare_releases
from analysis.publishing.verification import Verification
from analysis.recount.prevalence import recount_prevalences
from analysis.study.digests import digest_file
from analysis.study.installed import installed_root, other_versions
from analysis.study.journal import complete_change
from analysis.study.keyed_digests import KEY_FILE, write_key
from analysis.study.lock import hold_lock, lock_of
from analysis.study.root import OWN_NOTEBOOKS, require_study
from analysis.study.settings import read_study
from analysis.tables.table_files import files_of_study

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.engine.options import Progress
    from analysis.publishing.claim_diff import Claims
    from analysis.publishing.release_diff import ReleaseDiff
    from analysis.study.settings import Study

FOLDERS = ("notebooks", "expectations")
COPY = "r"
"""The name of the clean root; short, for the paths of sockets below it."""


@dataclass(frozen=True)
class _Subject:
    """What is verified: published claims, and a clean root to rebuild them in.

    Parameters
    ----------
    study : str
        The study.
    published : Path
        The folder with the published claims and their manifest.
    published_as : str
        What a reader calls that.
    root : Path
        The clean root, with all inputs.
    before : Path
        A folder with the inputs of the published numbers, as far as they are kept.
    is_whole : bool
        Whether the root has the tables whole.
    """

    study: str
    published: Path
    published_as: str
    root: Path
    before: Path
    is_whole: bool = True


@storage_errors()
def verify_study(
    options: BuildOptions,
    study: str,
    progress: Progress,
    *,
    independent: bool = False,
    of_reports: bool = False,
) -> Verification:
    """Rebuild a study in a clean place, and compare it with its published numbers.

    These are the claims in ``data/<study>/published/``, or else those of its reports.

    Parameters
    ----------
    options : BuildOptions
        Where the study and its reports are, and how these are built.
    study : str
        The study.
    progress : Progress
        Shows the progress.
    independent : bool, optional
        Whether every prevalence is also recounted in plain Python.
    of_reports : bool, optional
        Whether the claims of its reports are compared, also where others are published.

    Raises
    ------
    CompendiumError
        When the study has no reports, these were changed since they were built, or the study can't
        be built.
    """
    require_study(options.root / "data", study)
    cited, release = options.root / "data" / study / PUBLISHED, options.reports / study
    published = cited if (cited / MANIFEST).is_file() and not of_reports else release
    require_as_released(published, study)
    with _scratch(options.root / "build" / ".tmp") as scratch:
        root, before = scratch / COPY, scratch / "before"
        _copy_inputs(options.root, root, study)
        manifest = read_manifest(published)
        keep_inputs(options, study, manifest["inputs"], before)
        named = describe_publication(cited) if published == cited else f"reports/{study}"
        subject = _Subject(study, published, named, root, before)
        return _verify(subject, options, progress, independent=independent)


@storage_errors()
def verify_zip(path: Path, progress: Progress, *, independent: bool = False) -> Verification:
    """Rebuild the study of a release zip with the installed code, and compare its numbers.

    Of the zip only tables and claims are used: none of its code or notebooks run.

    Parameters
    ----------
    path : Path
        The zip, as `compendium pack` writes it.
    progress : Progress
        Shows the progress.
    independent : bool, optional
        Whether every prevalence is also recounted in plain Python.

    Raises
    ------
    CompendiumError
        When the zip isn't as it was packed, or the study can't be built.
    """
    with _scratch(Path(tempfile.gettempdir()), "compendium-") as scratch:
        unpacked = scratch / "z"
        unpack(path, unpacked)
        opened = choose_release(unpacked, path.name)
        study = opened.release.name
        packed = opened.release.parent.parent
        require_as_packed(packed, path.name)
        require_as_released(opened.release, study)
        root = scratch / COPY
        _copy_tables(packed, root, study)
        _copy_code(installed_root(), root)
        settings = read_study(root / "data" / study)
        _require_no_own_notebooks(settings, path.name)
        is_whole = settings.publication.tables == "public"
        if not is_whole:
            # Digests of these tables are compared with none.
            write_key(root / "data" / study)
        subject = _Subject(study, opened.release, path.name, root, packed, is_whole)
        options = BuildOptions(root, root / "reports")
        return _verify(subject, options, progress, independent=independent)


def _require_no_own_notebooks(settings: Study, named: str) -> None:
    if settings.notebooks:
        raise PublishingError(
            f"{named} has notebooks of its own, which aren't run: they are code.",
            offenders=[f"notebooks/{OWN_NOTEBOOKS}/{name}.ipynb" for name in settings.notebooks],
            expected="a study that the installed notebooks build",
            remedy="unpack it, read these notebooks, and then run in its folder: "
            f"compendium verify {settings.name}",
        )


@contextmanager
def _scratch(folder: Path, prefix: str = "") -> Iterator[Path]:
    scratch = Path(create_scratch(folder, prefix))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _verify(
    subject: _Subject, options: BuildOptions, progress: Progress, *, independent: bool
) -> Verification:
    study, root = subject.study, subject.root
    rebuilt = replace(options, root=root, reports=root / "reports", places=())

    def build() -> None:
        build_study(rebuilt, study, progress)

    try:
        build()
    except CompendiumError:
        if subject.is_whole:
            raise
        return _only_compared(subject)
    again = root / "reports" / study
    published = read_claims(subject.published)
    tables = (subject.before / "data" / study, root / "data" / study)
    found = _compare(subject, again, tables if subject.is_whole else (None, None))
    manifest = read_manifest(again)
    within = _within_tolerance(published, read_claims(again))
    inputs = read_manifest(subject.published)["inputs"]
    clean = Rebuilt(root, subject.before, inputs, again, build)
    moved = confirm_causes(found, published, clean)
    compared = 0
    if not subject.is_whole:
        compared, moved = split_withheld(subject.published, published, moved)
    recount = None
    if independent:
        recount = recount_prevalences(root, study, _by_report(published))
    gone = sum(each.old != ABSENT for each in moved)
    return Verification(
        study=study,
        published_as=subject.published_as,
        published=len(published),
        identical=len(published) - gone - compared - within,
        within_tolerance=within,
        only_compared=compared,
        differing=moved,
        differences=tuple(each.text for each in found.differences),
        inputs=manifest["inputs"] if subject.is_whole else {},
        code=manifest["code"],
        lock=manifest["lock"],
        python=python_version(),
        platform=_platform(),
        recount=recount,
    )


def _only_compared(subject: _Subject) -> Verification:
    """Return the result where too few rows are there to build any report."""
    published, manifest = read_claims(subject.published), read_manifest(subject.published)
    require_as_executed(subject.published, published, published)
    return Verification(
        study=subject.study,
        published_as=subject.published_as,
        published=len(published),
        identical=0,
        within_tolerance=0,
        only_compared=len(published),
        differing=(),
        differences=(),
        inputs=manifest["inputs"],
        code=manifest["code"],
        lock=manifest["lock"],
        python=python_version(),
        platform=_platform(),
    )


def _platform() -> str:
    return f"{platform.system()} {platform.machine()}"


def _compare(
    subject: _Subject, again: Path, tables: tuple[Path | None, Path | None]
) -> ReleaseDiff:
    locked = read_manifest(subject.published).get("versions", {})
    versions = tuple(Difference(each) for each in other_versions(locked))
    return compare_releases(subject.published, again, tables, also=versions)


def _within_tolerance(published: Claims, again: Claims) -> int:
    pairs = [(claim, again[name]) for name, claim in published.items() if name in again]
    return sum(
        was["value"] != now["value"]
        and None not in (was["value"], now["value"])
        and abs(was["value"] - now["value"]) <= was.get("tolerance", 0)
        for was, now in pairs
    )


def _by_report(claims: Claims) -> dict[str, list[dict[str, object]]]:
    by_report: dict[str, list[dict[str, object]]] = {}
    for (report, _), claim in claims.items():
        by_report.setdefault(report, []).append(claim)
    return by_report


def require_as_released(release: Path, study: str) -> None:
    """Refuse published claims that aren't those that the build wrote.

    Parameters
    ----------
    release : Path
        The folder with the claims and their manifest.
    study : str
        The study, for the message.

    Raises
    ------
    PublishingError
        Naming each file that differs, is missing, or isn't in the manifest.
    """
    outputs = read_manifest(release)["outputs"]
    endings = (ENDING,) if release.name == PUBLISHED else (ENDING, EVIDENCE_ENDING)
    listed = {name for name in outputs if name.endswith(endings)}
    there = {path.name for path in release.iterdir() if path.name.endswith(endings)}
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
            remedy=f"get the release again from its source, or build it: compendium build {study}",
        )


def _copy_inputs(root: Path, clean: Path, study: str) -> None:
    """Copy all that the reports are made from, and nothing of an earlier build."""
    with hold_lock(lock_of(root, study), study):
        complete_change(root / "data" / study)
        _copy_tables(root, clean, study)
    _copy_code(root, clean)


def _copy_tables(root: Path, clean: Path, study: str) -> None:
    folder = root / "data" / study
    shared = [path for path in (root / "data").iterdir() if path.is_file()]
    for path in (*shared, *files_of_study(folder), *folder.glob(KEY_FILE)):
        target = clean / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)


def _copy_code(root: Path, clean: Path) -> None:
    for name in FOLDERS:
        shutil.copytree(root / name, clean / name)
    for name in (LOCK, PROJECT):
        (clean / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, clean / name)
