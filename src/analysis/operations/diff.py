"""Compare two releases of a study: which numbers moved, and why."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from subprocess import CalledProcessError
from typing import TYPE_CHECKING

from analysis.errors import PublishingError
from analysis.publishing.manifest import MANIFEST
from analysis.publishing.release_diff import compare_releases
from analysis.study.git import run_git

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.publishing.release_diff import ReleaseDiff

NOW = "."
"""The checkout as it is, where a revision is expected."""


@dataclass(frozen=True)
class Side:
    """One of the two releases that are compared.

    Parameters
    ----------
    release : Path
        The folder of the release.
    tables : Path or None
        The folder of the study's tables, where it is known.
    """

    release: Path
    tables: Path | None


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
        When one of both is no release, or holds several.
    """
    with _opened(root, before, study) as old, _opened(root, after, study) as new:
        return compare_releases(old.release, new.release, (old.tables, new.tables))


@contextmanager
def _opened(root: Path, named: str, study: str) -> Iterator[Side]:
    path = Path(named)
    if named != NOW and (path / MANIFEST).is_file():
        yield _side(path)
    elif named == NOW or path.is_dir():
        yield _choose(root if named == NOW else path, named, study)
    else:
        with tempfile.TemporaryDirectory(dir=_scratch(root)) as folder:
            unpacked = Path(folder)
            if zipfile.is_zipfile(path):
                _unzip(path, unpacked)
            else:
                _export_revision(root, named, unpacked)
            yield _choose(unpacked, named, study)


def _scratch(root: Path) -> Path:
    folder = root / "build"
    folder.mkdir(exist_ok=True)
    return folder


def _side(release: Path) -> Side:
    tables = release.parent.parent / "data" / release.name
    return Side(release, tables if (tables / "study.yaml").is_file() else None)


def _choose(folder: Path, named: str, study: str) -> Side:
    """Return the release of a study below a folder that may hold several."""
    found = {path.parent.name: path.parent for path in folder.glob(f"**/{MANIFEST}")}
    if study in found or len(found) == 1:
        return _side(found.get(study) or next(iter(found.values())))
    raise PublishingError(
        f"{named} holds several releases." if found else f"{named} holds no release.",
        offenders=sorted(found),
        expected=f"a folder or a zip with {MANIFEST}, or a revision of git that has one",
        remedy="name the study with --study" if found else "correct the name",
    )


def _unzip(path: Path, folder: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            name = PurePosixPath(member.filename)
            if member.is_dir() or name.is_absolute() or ".." in name.parts:
                continue
            target = folder.joinpath(*name.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)


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
