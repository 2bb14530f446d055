"""The verdict on a build: whether what the guards found, or what failed, stops its release."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from analysis.errors import NotebookError, StorageError, WorkerError
from analysis.quality.outcomes import read_outcomes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from analysis.engine.task import Work
    from analysis.errors import CompendiumError

SHOWN_REMEDIES = 3


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
        The only failure; of several, one error that names each.
    """
    told = _merge(_of_work(name, failures[name]) for name in sorted(failures))
    if len(told) == 1:
        raise told[0]
    if told:
        remedies = list(dict.fromkeys(error.remedy for error in told if error.remedy))
        rest = ["and the like for the others"] if len(remedies) > SHOWN_REMEDIES else []
        raise NotebookError(
            f"{len(told)} pieces of work failed.",
            offenders=[f"{error.what} {' '.join(error.offenders)}".strip() for error in told],
            remedy="; ".join([*remedies[:SHOWN_REMEDIES], *rest]),
        )


def _of_work(name: str, error: CompendiumError) -> CompendiumError:
    """Return an error that names the work, where it could have struck any."""
    if isinstance(error, WorkerError | StorageError):
        told = copy(error)
        told.offenders = tuple(f"{name}: {each}" for each in error.offenders) or (name,)
        return told
    return error


def _merge(failed: Iterable[CompendiumError]) -> list[CompendiumError]:
    """Return errors of which those that say the same, as of a full disk, are one."""
    told: dict[tuple[str, str, str], CompendiumError] = {}
    for error in failed:
        said = error.what, error.expected, error.remedy
        told[said] = _joined(told[said], error) if said in told else error
    return list(told.values())


def _joined(one: CompendiumError, other: CompendiumError) -> CompendiumError:
    joined = copy(other)
    joined.offenders = tuple(dict.fromkeys((*one.offenders, *other.offenders)))
    return joined
