"""Compare two releases of a study: which numbers moved, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.operations.opened_release import open_release
from analysis.publishing.release_diff import compare_releases

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.publishing.release_diff import ReleaseDiff


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
    with open_release(root, before, study) as old, open_release(root, after, study) as new:
        return compare_releases(old.release, new.release, (old.tables, new.tables))
