"""The verdict on a build: whether what the guards found, or what failed, stops its release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import NotebookError
from analysis.quality.outcomes import read_outcomes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.engine.work import Work
    from analysis.errors import CompendiumError


def has_critical(root: Path, guard: Work) -> bool:
    """Return whether a guard has found what may stop a release.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    guard : Work
        A guard whose outcomes are there.
    """
    return bool(read_outcomes(root / guard.leaves[0]).critical)


def join_failures(failures: Mapping[str, CompendiumError]) -> None:
    """Raise what failed, as one error if there is any.

    Parameters
    ----------
    failures : mapping of str to CompendiumError
        What failed, by the names of the work.

    Raises
    ------
    CompendiumError
        The only failure as it is; of several, one error that names each.
    """
    failed = [failures[name] for name in sorted(failures)]
    if len(failed) == 1:
        raise failed[0]
    if failed:
        raise NotebookError(
            f"{len(failed)} pieces of work failed.",
            offenders=[f"{error.what} {' '.join(error.offenders)}".strip() for error in failed],
            remedy="; ".join(dict.fromkeys(error.remedy for error in failed if error.remedy)),
        )
