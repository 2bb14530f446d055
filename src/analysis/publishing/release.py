"""A release: built beside the last one and swapped in whole, so that no half one is ever seen."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import PublishingError
from analysis.publishing.exchange import exchange
from analysis.publishing.manifest import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Release:
    """What a release holds, and where it goes.

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
    """Refuse to put a release in the place of what is none, such as a folder of tables.

    Parameters
    ----------
    target : Path
        The folder of the release.

    Raises
    ------
    PublishingError
        When something else stands there.
    """
    is_release = (target / MANIFEST).is_file() or any(target.glob("*.claims.json"))
    is_free = not target.exists() or (target.is_dir() and not any(target.iterdir()))
    if not is_release and not is_free:
        raise PublishingError(
            "What stands where the release would go is no release, and would be lost.",
            offenders=[str(target)],
            expected=f"a folder with {MANIFEST}, an empty one, or none",
            remedy="choose another folder with --out, or clear it out of the way",
        )


def stage_release(target: Path, *, carry_over: bool) -> Path:
    """Return a folder beside the last release in which the next one is built.

    Parameters
    ----------
    target : Path
        The folder of the release.
    carry_over : bool
        Whether the files of the last release are taken along, where only some places are built.
    """
    restore_release(target)
    staged = _beside(target, "next")
    shutil.rmtree(staged, ignore_errors=True)
    if carry_over and target.is_dir():
        shutil.copytree(target, staged)
    staged.mkdir(parents=True, exist_ok=True)
    return staged


def swap_in(staged: Path, target: Path) -> None:
    """Make a staged folder the release; the last one stands until then.

    Where the system can exchange two folders in one move, there is always a whole release to read;
    elsewhere there are two moves, and `restore_release` mends what is cut short between them.

    Parameters
    ----------
    staged : Path
        The folder built, from `stage_release`.
    target : Path
        The folder of the release.
    """
    if target.is_dir() and exchange(staged, target):
        shutil.rmtree(staged, ignore_errors=True)
        return
    last = _beside(target, "last")
    shutil.rmtree(last, ignore_errors=True)
    if target.is_dir():
        target.rename(last)
    staged.rename(target)
    shutil.rmtree(last, ignore_errors=True)


def restore_release(target: Path) -> None:
    """Put back the last release, where a swap was cut short between its two moves."""
    last = _beside(target, "last")
    if last.is_dir() and not target.is_dir():
        last.rename(target)


def leftovers_of(target: Path) -> list[Path]:
    """Return the folders beside a release that a build which was cut short may have left."""
    return [_beside(target, which) for which in ("next", "last")]


def _beside(target: Path, which: str) -> Path:
    return target.parent / f".{target.name}.{which}"
