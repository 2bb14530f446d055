"""Withdraw a focus group from a study, rebuild its reports, and list the claims that changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.engine.build import build_study
from analysis.engine.failures import storage_errors
from analysis.errors import CompendiumError
from analysis.publishing.claim_diff import changed_claims, read_claims, read_last_claims
from analysis.publishing.release import leftovers_of
from analysis.study.journal import complete_change
from analysis.study.lock import hold_lock
from analysis.study.root import require_study
from analysis.tables.build_folder import BuildFolder
from analysis.tables.withdrawal import carry_out, plan_withdrawal

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.engine.options import BuildOptions, Progress
    from analysis.publishing.claim_diff import ClaimChange
    from analysis.tables.tombstones import Tombstone
    from analysis.tables.withdrawal import Withdrawal


@dataclass(frozen=True)
class Withdrawn:
    """What a withdrawal did.

    Parameters
    ----------
    withdrawal : Withdrawal
        What it took out.
    changes : tuple of ClaimChange or None
        The claims that changed; None where no reports were built, or the old ones are broken.
    is_built : bool
        Whether reports were built.
    """

    withdrawal: Withdrawal
    changes: tuple[ClaimChange, ...] | None = None
    is_built: bool = False


def plan(root: Path, study: str, tombstone: Tombstone) -> Withdrawal:
    """Return what a withdrawal would take out of a study; nothing changes.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study.
    tombstone : Tombstone
        What will stay of the focus group that leaves.

    Raises
    ------
    StudyError
        When the study or the focus group does not exist.
    TableError
        When a table cannot be read.
    """
    require_study(root / "data", study)
    return plan_withdrawal(root / "data" / study, tombstone)


def withdraw(
    options: BuildOptions,
    study: str,
    tombstone: Tombstone,
    progress: Progress,
    *,
    builds: bool = True,
) -> Withdrawn:
    """Take a focus group out of a study for good, and build its reports without it.

    Parameters
    ----------
    options : BuildOptions
        Where the study and its reports are, and how these are built.
    study : str
        The study.
    tombstone : Tombstone
        What stays of the focus group that leaves.
    progress : Progress
        Shows the progress.
    builds : bool
        Whether the reports are built; until then the old ones show what was withdrawn.

    Raises
    ------
    CompendiumError
        When something is refused; nothing has changed then. When the tables are changed and the
        reports cannot be built, the message says so.
    """
    require_study(options.root / "data", study)
    folder, release = options.root / "data" / study, options.reports / study
    with storage_errors(), hold_lock(options.root, study):
        complete_change(folder)
        withdrawal = plan(options.root, study, tombstone)
        before = read_last_claims(release)
        gone = [BuildFolder.of(options.root, study).path, *leftovers_of(release)]
        carry_out(withdrawal, folder, gone)
    if not builds:
        return Withdrawn(withdrawal)
    try:
        build_study(options, study, progress)
    except CompendiumError as error:
        raise _unbuilt(error, study, tombstone.focus_group) from error
    changes = None if before is None else changed_claims(before, read_claims(release))
    return Withdrawn(withdrawal, changes, is_built=True)


def _unbuilt(error: CompendiumError, study: str, group: str) -> CompendiumError:
    """Return the error of a failed build: the old reports still show the focus group."""
    return type(error)(
        f"{group} has left the tables of {study}, but its reports could not be built, and the old "
        f"ones still show it. {error.what}",
        offenders=error.offenders,
        expected=error.expected,
        why=error.why,
        remedy=f"fix this and run: compendium build {study}; or delete reports/{study}"
        + (f" ({error.remedy})" if error.remedy else ""),
    )
