"""Compare two releases of a study, in folders, zips or revisions of git: what moved, and why."""

from __future__ import annotations

import tarfile
import tempfile
import zipfile
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from subprocess import CalledProcessError
from typing import TYPE_CHECKING

from analysis.errors import PublishingError
from analysis.operations.packed_release import unpack
from analysis.operations.publication import PUBLISHED
from analysis.publishing.manifest import MANIFEST, read_manifest
from analysis.publishing.release_diff import compare_releases
from analysis.study.checkout import run_git

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.publishing.release_diff import ReleaseDiff

NOW = "."
"""The checkout as it is, where a revision is expected."""

RELEASES = (f"reports/[!.]*/{MANIFEST}", f"[!.]*/{MANIFEST}", f"*/reports/*/{MANIFEST}")
"""Where releases are: in a checkout, in a folder of releases, in an unpacked zip."""


def diff_releases(root: Path, before: str, after: str, study: str = "") -> ReleaseDiff:
    """Return what differs between two releases.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``reports/``.
    before, after : str
        The folder or the zip of a release, a revision of git, or ``"."`` for the checkout.
    study : str, optional
        The study, where a zip, a revision or the checkout holds several.

    Raises
    ------
    PublishingError
        When one of both is no release, or holds several, or they are of different studies.
    """
    with _open_release(root, before, study) as old, _open_release(root, after, study) as new:
        studies = [f"{read_manifest(each).get('study')}" for each in (old, new)]
        if studies[0] != studies[1]:
            raise PublishingError(
                "These are releases of different studies.",
                offenders=[
                    f"{name}: {of}" for name, of in zip((before, after), studies, strict=True)
                ],
                expected="two releases of one study",
                remedy="correct the name of one of them",
            )
        return compare_releases(old, new, (_tables_of(old), _tables_of(new)))


def _tables_of(release: Path) -> Path | None:
    tables = release.parent.parent / "data" / release.name
    return tables if (tables / "study.yaml").is_file() else None


@contextmanager
def _open_release(root: Path, named: str, study: str) -> Iterator[Path]:
    """Give the folder of a release, for as long as it is needed."""
    path = root if named == NOW else Path(named)
    if (path / MANIFEST).is_file():
        yield path
    elif path.is_dir():
        yield _choose_release(_releases_in(path), named, study)
    else:
        folder = root / "build"
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as name:
            unpacked = Path(name)
            if zipfile.is_zipfile(path):
                unpack(path, unpacked)
            else:
                _export_revision(root, named, unpacked)
            # Of most studies, a revision has only the numbers that are cited.
            cited = unpacked.glob(f"data/*/{PUBLISHED}/{MANIFEST}")
            published = {each.parents[1].name: each.parent for each in cited}
            yield _choose_release(published | _releases_in(unpacked), named, study)


def _releases_in(folder: Path) -> dict[str, Path]:
    """Return the releases in a folder, by study."""
    found = next(filter(None, ([*folder.glob(pattern)] for pattern in RELEASES)), [])
    return {path.parent.name: path.parent for path in found}


def _choose_release(releases: Mapping[str, Path], named: str, study: str) -> Path:
    chosen = [study] if study else list(releases)
    if len(chosen) == 1 and chosen[0] in releases:
        return releases[chosen[0]]
    has_several = len(chosen) > 1
    raise PublishingError(
        f"{named} holds several releases."
        if has_several
        else f"{named} holds no release{f' of {study}' if study else ''}.",
        offenders=sorted(releases),
        expected=f"a folder or a zip with {MANIFEST}, or a revision of git that has one",
        remedy="name the study with --study" if has_several else "correct the name",
    )


def _export_revision(root: Path, revision: str, folder: Path) -> None:
    """Write the reports and tables of a revision into a folder."""
    try:
        commit = run_git(
            root, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}"
        )
        archived = run_git(
            root, "archive", "--format=tar", commit.decode().strip(), "reports", "data"
        )
    except (OSError, CalledProcessError):
        raise PublishingError(
            "This is neither a release nor a revision.",
            offenders=[revision],
            expected="the folder or the zip of a release, a revision of git such as HEAD~1 that "
            "has reports/ and data/, or . for the checkout",
            remedy="correct the name",
        ) from None
    with tarfile.open(fileobj=BytesIO(archived)) as archive:
        archive.extractall(folder, filter="data")
