"""Withdraw a focus group from a study, rebuild its reports, and list the claims that changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.engine.build import build_study
from analysis.engine.failures import storage_errors
from analysis.errors import CompendiumError, StudyError, closest
from analysis.publishing.claim_diff import changed_claims, read_claims, read_last_claims
from analysis.publishing.release import leftovers_of
from analysis.study.journal import complete_change
from analysis.study.lock import hold_lock, lock_of
from analysis.study.root import require_study
from analysis.tables.build_folder import BuildFolder
from analysis.tables.tombstones import REASONS, Tombstone
from analysis.tables.withdrawal import carry_out, plan_withdrawal

if TYPE_CHECKING:
    from datetime import date

    from analysis.engine.options import BuildOptions, Progress
    from analysis.publishing.claim_diff import ClaimChange
    from analysis.tables.withdrawal import Withdrawal


@dataclass(frozen=True)
class WithdrawalRequest:
    """Which focus group leaves a study, and why.

    Parameters
    ----------
    study, focus_group : str
        The study, and the id of the focus group in it.
    reason : str
        One of the codes.
    day : date
        The day of the withdrawal.
    """

    study: str
    focus_group: str
    reason: str
    day: date

    @property
    def tombstone(self) -> Tombstone:
        """What stays of it."""
        return Tombstone(self.focus_group, self.day.isoformat(), self.reason)


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


def plan(order: BuildOptions, request: WithdrawalRequest) -> Withdrawal:
    """Return what a withdrawal would take out of a study; nothing changes.

    Parameters
    ----------
    order : BuildOptions
        Where the study is.
    request : WithdrawalRequest
        What leaves.

    Raises
    ------
    StudyError
        When the study, the focus group or the reason does not exist.
    TableError
        When a table cannot be read.
    """
    _require_reason(request.reason)
    require_study(order.root / "data", request.study)
    folder = order.root / "data" / request.study
    return plan_withdrawal(folder, request.tombstone)


def _require_reason(reason: str) -> None:
    if reason not in REASONS:
        raise StudyError(
            "This is no reason for a withdrawal.",
            offenders=[f"a text of {len(reason)} characters{closest(reason, REASONS)}"],
            expected=", ".join(REASONS),
            why="A reason in own words could describe those who asked for it.",
            remedy="give one of these codes; nothing was changed",
        )


def withdraw(
    order: BuildOptions, request: WithdrawalRequest, progress: Progress, *, builds: bool = True
) -> Withdrawn:
    """Take a focus group out of a study for good, and build its reports without it.

    Parameters
    ----------
    order : BuildOptions
        Where the study and its reports are, and how these are built.
    request : WithdrawalRequest
        What leaves.
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
    require_study(order.root / "data", request.study)
    folder, release = order.root / "data" / request.study, order.reports / request.study
    with storage_errors(), hold_lock(lock_of(order.root, request.study), request.study):
        complete_change(folder)
        withdrawal = plan(order, request)
        before = read_last_claims(release)
        build = BuildFolder.of(order.root, request.study).path
        gone = [build, *leftovers_of(release)]
        carry_out(withdrawal, folder, gone)
    if not builds:
        return Withdrawn(withdrawal)
    try:
        build_study(order, request.study, progress)
    except CompendiumError as error:
        raise _unbuilt(error, request) from error
    changes = None if before is None else changed_claims(before, read_claims(release))
    return Withdrawn(withdrawal, changes, is_built=True)


def _unbuilt(error: CompendiumError, request: WithdrawalRequest) -> CompendiumError:
    """Return the error of a failed build: the old reports still show the focus group."""
    group, study = request.focus_group, request.study
    return type(error)(
        f"{group} has left the tables of {study}, but its reports could not be built, and the old "
        f"ones still show it. {error.what}",
        offenders=error.offenders,
        expected=error.expected,
        why=error.why,
        remedy=f"fix this and run: compendium build {study}; or delete reports/{study}"
        + (f" ({error.remedy})" if error.remedy else ""),
    )
