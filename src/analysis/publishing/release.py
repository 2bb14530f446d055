"""The folder of a release: staged in the build of its study, and put in its place whole."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import PublishingError
from analysis.publishing.manifest import MANIFEST
from analysis.study.writing import previous_of, restore_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

STAGED = "release"


@dataclass(frozen=True)
class Release:
    """The reports of a release, and its folder.

    Parameters
    ----------
    target : Path
        The folder of the release.
    made_from : mapping of str to str
        The reports that were made for it, each with one SHA-256 for all that it is made from.
    cleaned : tuple of str
        The places whose tables were cleaned for it.
    is_partial : bool
        Whether the other reports of the last release are taken along.
    """

    target: Path
    made_from: Mapping[str, str]
    cleaned: tuple[str, ...]
    is_partial: bool


def require_release(target: Path) -> None:
    """Refuse to replace what is not a release, such as a folder of tables.

    Parameters
    ----------
    target : Path
        The folder of the release.

    Raises
    ------
    PublishingError
        When something else is there.
    """
    is_release = (target / MANIFEST).is_file() or any(target.glob("*.claims.json"))
    is_free = not target.exists() or (target.is_dir() and not any(target.iterdir()))
    if not is_release and not is_free:
        raise PublishingError(
            "The folder of the release has other files, which would be lost.",
            offenders=[str(target)],
            expected=f"a folder with {MANIFEST}, an empty one, or none",
            remedy="choose another folder with --out, or move this one away",
        )


def stage_release(target: Path, build: Path, *, carry_over: bool) -> Path:
    """Return a folder in which the next release is staged.

    It is in the folder of the build, which nobody publishes. Only where that is on another file
    system, from which a folder can't be renamed, it is next to the last release.

    Parameters
    ----------
    build : Path
        The folder of the study's build.
    carry_over : bool
        Whether the files of the last release are copied, where only some places are built.
    """
    for folder in (target.parent, build):
        folder.mkdir(parents=True, exist_ok=True)
    is_same_disk = target.parent.stat().st_dev == build.stat().st_dev
    staged = build / STAGED if is_same_disk else _beside(target)
    shutil.rmtree(staged, ignore_errors=True)
    if carry_over and target.is_dir():
        shutil.copytree(target, staged)
    staged.mkdir(exist_ok=True)
    return staged


def recover_release(target: Path) -> None:
    """Put back a release whose swap was cut short, and remove other remains of a killed build.

    Parameters
    ----------
    target : Path
        The folder of the release; hold the lock of its study.
    """
    restore_folder(target)
    shutil.rmtree(_beside(target), ignore_errors=True)


def listed_releases(reports: Path) -> list[Path]:
    """Return the folders of releases that the index lists, sorted.

    Parameters
    ----------
    reports : Path
        The folder of all releases; next to ``data/``, it lists only the studies that are there.
    """
    data = reports.parent / "data"
    releases = sorted(path.parent for path in reports.glob(f"[!.]*/{MANIFEST}"))
    return [each for each in releases if not data.is_dir() or (data / each.name).is_dir()]


def leftovers_of(target: Path) -> list[Path]:
    """Return the folders next to a release that a build which was cut short may have left."""
    return [_beside(target), previous_of(target)]


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.next")
