"""Verify a study: rebuild its reports from the inputs, and compare every published number."""

from __future__ import annotations

import platform
import re
import shutil
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from analysis.engine.build import build_study
from analysis.engine.executors import scratch_folder
from analysis.engine.failures import storage_errors
from analysis.engine.inputs import keep_inputs, python_version
from analysis.engine.options import BuildOptions
from analysis.errors import CheckError, PlaceError, PublishingError
from analysis.operations.causes import CleanRoot, confirm_causes
from analysis.operations.packed_release import unpack_release
from analysis.operations.publication import PUBLISHED, list_uncited, read_publication
from analysis.publishing.claim_diff import Name, are_same, read_claims
from analysis.publishing.claim_files import ENDING, EVIDENCE_ENDING
from analysis.publishing.manifest import LOCK, MANIFEST, PROJECT, read_manifest, require_as_built
from analysis.publishing.notebook_files import read_notebook
from analysis.publishing.release_diff import Difference, compare_releases
from analysis.publishing.report import collect_claims
from analysis.publishing.verification import Verification
from analysis.recount.claims import recount_claims
from analysis.study.checkout import installed_root, other_versions
from analysis.study.csv_rows import write_csv
from analysis.study.digests import KEY_FILE, write_key
from analysis.study.journal import complete_change
from analysis.study.lock import hold_lock
from analysis.study.root import OWN_NOTEBOOKS, require_study
from analysis.study.settings import read_study
from analysis.tables.focus_groups import CONSENT_TO_SHOW
from analysis.tables.received import COLUMNS, read_text_table
from analysis.tables.table_files import files_of_study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from analysis.engine.options import Progress
    from analysis.publishing.claim_diff import Claims
    from analysis.publishing.release_diff import ReleaseDiff
    from analysis.recount.claims import Recount
    from analysis.study.settings import Study

FOLDERS = ("notebooks", "expectations")
COPY = "r"
"""The name of the clean root; short, for the paths of sockets below it."""

WHOLE_STUDY = re.compile(r"coverage|.*-cleaning")
"""Reports that count what no report on a place counts: who coded, what was set aside."""

NOT_IN_TABLES = re.compile(
    r"[^.]+\.((group\.)?(participants|kinds|finding)|counter_voices"
    r"|accounted\.(received|personal_data))(\..+)?"
)
"""Claims about participants, findings, and segments that a review set aside: no zip has these."""


@dataclass(frozen=True)
class _Subject:
    """Published claims with their manifest, and a clean root to rebuild them in."""

    study: str
    published: Path
    published_as: str
    root: Path
    # The inputs of the published numbers, as far as they are kept. A zip may have code among them,
    # which must not run.
    before: Path | None
    # Whether the root has the tables whole.
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
        Whether the numbers are also recounted in plain Python.
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
    is_cited = (cited / MANIFEST).is_file() and not of_reports
    published = cited if is_cited else release
    # What is cited is kept without its evidence.
    require_as_built(published, (ENDING,) if is_cited else (ENDING, EVIDENCE_ENDING))
    with scratch_folder(options.scratch) as scratch:
        root, before = scratch / COPY, scratch / "before"
        _copy_inputs(options.root, root, study)
        named, revisions = f"reports/{study}", ["HEAD"]
        if is_cited:
            publication = read_publication(cited)
            named, revisions = publication.name, ["HEAD", publication.tag]
        keep_inputs(options.root, study, read_manifest(published)["inputs"], before, revisions)
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
        Whether the numbers are also recounted in plain Python.

    Raises
    ------
    CompendiumError
        When the zip isn't as it was packed, or the study can't be built.
    """
    with scratch_folder() as scratch:
        release = unpack_release(path, scratch / "z")
        study, packed, root = release.name, release.parents[1], scratch / COPY
        require_as_built(release)
        _require_cited(packed / "data" / study / PUBLISHED, release, path.name)
        _copy_tables(packed, root, study)
        _copy_code(installed_root(), root)
        settings = read_study(root / "data" / study)
        _require_no_own_notebooks(settings, path.name)
        is_whole = settings.publication.tables == "public"
        if not is_whole:
            # Digests of these tables are compared with none.
            write_key(root / "data" / study)
        subject = _Subject(study, release, path.name, root, None, is_whole)
        return _verify(
            subject, BuildOptions(root, root / "reports"), progress, independent=independent
        )


def _require_cited(folder: Path, release: Path, named: str) -> None:
    if offenders := list_uncited(folder, release):
        raise PublishingError(
            f"The numbers to cite in {named} aren't those of its reports.",
            offenders=offenders,
            expected=f"the same files as in reports/{release.name}",
            remedy="download it again from where it was published",
        )


def _require_no_own_notebooks(settings: Study, named: str) -> None:
    if settings.notebooks:
        raise PublishingError(
            f"{named} has notebooks of its own, which aren't run: they are code.",
            offenders=[f"notebooks/{OWN_NOTEBOOKS}/{name}.ipynb" for name in settings.notebooks],
            expected="a study that the installed notebooks build",
            remedy="unpack it, read these notebooks, and then run in its folder: "
            f"compendium verify {settings.name}",
        )


def _verify(
    subject: _Subject, options: BuildOptions, progress: Progress, *, independent: bool
) -> Verification:
    study, root, published = subject.study, subject.root, read_claims(subject.published)
    rebuilt = replace(options, root=root, reports=root / "reports", places=())
    build = partial(build_study, rebuilt, study, progress)
    try:
        build()
    except (CheckError, PlaceError):
        if subject.is_whole:
            raise
        return _only_compare(subject, published)
    release = rebuilt.reports / study
    again, manifest, was = read_claims(release), *map(read_manifest, (release, subject.published))
    found = _compare(subject, published, release, build)
    withheld = set[Name]()
    if not subject.is_whole:
        withheld = withheld_names(subject.published, published, {*published, *again})
        require_as_executed(subject.published, published, withheld & published.keys())
    moved = tuple(each for each in found.moved if each.name not in withheld)
    recomputed = {name: published[name] for name in published if name not in withheld}
    holding = recomputed.keys() - {each.name for each in moved}
    within = sum(published[name]["value"] != again[name]["value"] for name in holding)
    return Verification(
        study=study,
        published_as=subject.published_as,
        published=len(published),
        identical=len(holding) - within,
        within_tolerance=within,
        only_compared=len(published) - len(recomputed),
        differing=moved,
        differences=tuple(_differences(subject, found, was, manifest)),
        inputs=manifest["inputs"] if subject.is_whole else {},
        code=manifest["code"],
        lock=manifest["lock"],
        python=python_version(),
        platform=_platform(),
        recount=_recount(root, study, recomputed) if independent else None,
    )


def _differences(
    subject: _Subject, found: ReleaseDiff, was: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[str]:
    """Yield what differs in inputs, code and versions; or else the pages that differ nonetheless.

    Where tables are withheld, they and the pages differ by that alone.
    """
    withheld = None if subject.is_whole else f"data/{subject.study}/"
    for each in found.differences:
        if not (withheld and each.file.startswith(withheld)):
            yield each.text
    if withheld or any(was.get(each) != now[each] for each in ("inputs", "code", "lock")):
        return
    for name, digest in was["outputs"].items():
        if name.endswith(".html") and now["outputs"].get(name) != digest:
            yield f"{name} isn't the page that these inputs and this code give"


def _only_compare(subject: _Subject, published: Claims) -> Verification:
    """Return the result where too few rows are there to build any report."""
    require_as_executed(subject.published, published, published)
    return Verification(
        study=subject.study,
        published_as=subject.published_as,
        published=len(published),
        only_compared=len(published),
        python=python_version(),
        platform=_platform(),
    )


def _platform() -> str:
    return f"{platform.system()} {platform.machine()}"


def _compare(
    subject: _Subject, published: Claims, release: Path, build: Callable[[], object]
) -> ReleaseDiff:
    """Return what differs in a release that was rebuilt, with causes as far as they are found."""
    was = read_manifest(subject.published)
    versions = [Difference(each) for each in other_versions(was.get("versions", {}))]
    if not subject.before:
        return compare_releases(subject.published, release, also=versions)
    tables = (subject.before / "data" / subject.study, subject.root / "data" / subject.study)
    found = compare_releases(subject.published, release, tables, also=versions)
    clean = CleanRoot(subject.root, subject.before, was["inputs"], release, build)
    return replace(found, moved=confirm_causes(found, published, clean))


def _recount(root: Path, study: str, claims: Claims) -> Recount:
    """Recount the numbers from CSV files."""
    for path in (root / "data" / study).glob("*.parquet"):
        columns = COLUMNS[path.stem]
        rows = read_text_table(path, columns).to_numpy().tolist()
        write_csv(path.with_suffix(".csv"), [columns, *rows])
    by_report: dict[str, list[dict[str, Any]]] = {}
    for (report, _), claim in claims.items():
        by_report.setdefault(report, []).append(claim)
    return recount_claims(root, study, by_report)


def _copy_inputs(root: Path, clean: Path, study: str) -> None:
    """Copy the inputs of the reports, and no file of an earlier build."""
    with hold_lock(root, study):
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


def withheld_names(release: Path, published: Claims, names: Iterable[Name]) -> set[Name]:
    """Return which claims, of a release or of one rebuilt, can't be recomputed from its rows."""
    consent = read_manifest(release).get("consent", {})
    withheld = {group for group, given in consent.items() if given not in CONSENT_TO_SHOW}
    rebuilt = {
        report
        for report in {report for report, _ in published}
        if not WHOLE_STUDY.fullmatch(report)
        and (groups := published.get((report, f"{report}.groups"), {}).get("focus_groups"))
        and withheld.isdisjoint(groups)
    }
    return {name for name in names if name[0] not in rebuilt or NOT_IN_TABLES.fullmatch(name[1])}


def require_as_executed(release: Path, published: Claims, names: Iterable[Name]) -> None:
    """Refuse published claims, those named, that differ from those in their executed notebooks."""
    made = {
        (report, claim["id"]): claim
        for report in {report for report, _ in names}
        for claim in collect_claims(read_notebook(release / f"{report}.ipynb"))
    }
    offenders = [name[1] for name in names if not are_same(published[name], made.get(name))]
    if offenders:
        raise PublishingError(
            "Published numbers aren't those of their executed notebooks.",
            offenders=sorted(offenders),
            expected="the same number in the file of claims and in the notebook",
            remedy="get the release again from where it was published",
        )
