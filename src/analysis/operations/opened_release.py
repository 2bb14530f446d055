"""A release opened for reading, wherever it is: in a folder, a zip, a revision of git."""

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
from analysis.study.git import run_git

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOW = "."
"""The checkout as it is, where a revision is expected."""

PUBLISHED = "published"
"""The folder of a study with the claims that readers cite; it is no release of its own."""

MOST_UNPACKED = 8 * 1024**3


@dataclass(frozen=True)
class OpenedRelease:
    """A release, and the tables behind it.

    Parameters
    ----------
    release : Path
        The folder of the release.
    tables : Path or None
        The folder of the study's tables, where it is known.
    """

    release: Path
    tables: Path | None


@contextmanager
def open_release(root: Path, named: str, study: str = "") -> Iterator[OpenedRelease]:
    """Give a release, for as long as it is needed.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``reports/``.
    named : str
        The folder or the zip of a release, a revision of git, or ``"."`` for the checkout.
    study : str, optional
        The study, where a zip, a revision or the checkout holds several.

    Raises
    ------
    PublishingError
        When it is no release, or holds several.
    """
    path = Path(named)
    if named != NOW and (path / MANIFEST).is_file():
        yield _with_tables(path)
    elif named == NOW or path.is_dir():
        yield choose_release(root if named == NOW else path, named, study)
    else:
        folder = root / "build"
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as unpacked:
            if zipfile.is_zipfile(path):
                unpack(path, Path(unpacked))
            else:
                _export_revision(root, named, Path(unpacked))
            yield choose_release(Path(unpacked), named, study)


def choose_release(folder: Path, named: str, study: str = "") -> OpenedRelease:
    """Return the release of a study below a folder that may hold several.

    Parameters
    ----------
    folder : Path
        The folder.
    named : str
        What the user calls it.
    study : str, optional
        The study.

    Raises
    ------
    PublishingError
        When it holds none, or several and no study is named.
    """
    found = {
        path.parent.name: path.parent
        for path in folder.glob(f"**/{MANIFEST}")
        if path.parent.name != PUBLISHED
    }
    if study in found or len(found) == 1:
        return _with_tables(found.get(study) or next(iter(found.values())))
    raise PublishingError(
        f"{named} holds several releases." if found else f"{named} holds no release.",
        offenders=sorted(found),
        expected=f"a folder or a zip with {MANIFEST}, or a revision of git that has one",
        remedy="name the study with --study" if found else "correct the name",
    )


def _with_tables(release: Path) -> OpenedRelease:
    tables = release.parent.parent / "data" / release.name
    return OpenedRelease(release, tables if (tables / "study.yaml").is_file() else None)


def unpack(path: Path, folder: Path) -> None:
    """Unpack a zip into a folder; no file leaves the folder, and no link is followed.

    Raises
    ------
    PublishingError
        When it can't be read, or is too large when unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            _require_harmless(members)
            for member in members:
                target = folder / member.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise PublishingError(
            "This zip can't be read.",
            offenders=[f"{path.name}: {error}"],
            expected="a zip as compendium pack writes it",
            remedy="download it again",
        ) from error


def _require_harmless(members: Sequence[zipfile.ZipInfo]) -> None:
    if sum(each.file_size for each in members) > MOST_UNPACKED:
        raise zipfile.BadZipFile("it is over 8 GiB when unpacked")
    names = [PurePosixPath(each.filename) for each in members]
    if any(name.is_absolute() or ".." in name.parts for name in names):
        raise zipfile.BadZipFile("it has files outside of its own folder")


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
