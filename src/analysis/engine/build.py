"""The build of a study: guard, clean, guard again, synthesize, publish, all or nothing."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.engine.execution import Execution, Kernels, kernels_ready, run_step
from analysis.engine.guarding import groups_of_places, guard_cleaned, guard_received
from analysis.engine.lock import hold_lock
from analysis.engine.plan import make_plan
from analysis.errors import CompendiumError, NotebookError
from analysis.publishing.manifest import (
    read_reports,
    require_unchanged,
    trace_provenance,
    write_manifest,
)
from analysis.publishing.quality_record import QualityRecord, read_quality_record
from analysis.publishing.release import restore_release, stage_release, swap_in
from analysis.publishing.report import publish_report
from analysis.publishing.site import write_site_index, write_study_page
from analysis.quality.outcomes import read_outcomes, require_no_critical
from analysis.study.opened_study import open_study
from analysis.tables.build_folder import BuildFolder
from analysis.tables.received import read_received

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from analysis.engine.plan import Plan, Step
    from analysis.engine.progress import Progress
    from analysis.publishing.manifest import Provenance, ReportRecord
    from analysis.quality.outcomes import GuardReport
    from analysis.study.opened_study import OpenedStudy


@dataclass(frozen=True)
class BuildOrder:
    """What to build, and how.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    reports : Path
        The folder of all releases.
    places : sequence of str
        Regions and continents to report on; all when empty.
    jobs : int
        How many notebooks run at once; 0 for one more than there are processors.
    kernels : {"warm", "plain"}
        Whether kernels are forked from a server that has all imported, or started one by one.
    """

    root: Path
    reports: Path
    places: Sequence[str] = ()
    jobs: int = 0
    kernels: Kernels = "warm"

    @property
    def workers(self) -> int:
        """How many notebooks run at once: one waits for its messages while the others compute."""
        return self.jobs or (os.cpu_count() or 1) + 1

    def target(self, opened: OpenedStudy) -> Path:
        """Return the folder of a study's release."""
        return self.reports / opened.settings.name


def build_study(order: BuildOrder, name: str, progress: Progress) -> list[ReportRecord]:
    """Build the release of one study, and return its reports.

    Parameters
    ----------
    order : BuildOrder
        What to build, and how.
    name : str
        The study.
    progress : Progress
        Is told what happens.

    Raises
    ------
    CompendiumError
        When something is refused or fails; the last release stands untouched.
    """
    opened = open_study(order.root, name)
    with hold_lock(order.root / "build" / f"{name}.lock", name):
        return _build(order, opened, progress)


def _build(order: BuildOrder, opened: OpenedStudy, progress: Progress) -> list[ReportRecord]:
    name = opened.settings.name
    restore_release(order.target(opened))
    received = read_received(opened.folder)
    progress.say(f"guarding the tables of {name} as received")
    found = guard_received(opened, received)
    _require_good(order, opened, received.focus_groups, found)
    plan = make_plan(opened, received.focus_groups, order.places)
    provenance = _trace(order, opened, plan)
    build = _empty_build_folder(opened)
    progress.begin(name, len(plan.steps))
    execution = Execution(order.root, build.path.parent, order.kernels)
    with kernels_ready(execution), ThreadPoolExecutor(order.workers) as pool:
        run = _Run(execution, build, pool, progress)
        run.stage(plan.cleaning)
        progress.say(f"guarding the cleaned tables of {name}")
        cleaned = [step.place for step in plan.cleaning]
        guard_cleaned(opened, build, cleaned)
        run.stage(plan.synthesis)
        run.stage(plan.continental)
    progress.say(f"publishing {name}")
    require_unchanged(provenance, _trace(order, opened, plan))
    executed = [build.notebook(step.name) for step in plan.steps]
    outcomes = {place: read_outcomes(build.outcomes(f"cleaned-{place}")) for place in cleaned}
    reports = _publish(order, opened, provenance, executed, QualityRecord(found, outcomes))
    progress.end(name)
    return reports


def _require_good(
    order: BuildOrder, opened: OpenedStudy, groups: pd.DataFrame, found: GuardReport
) -> None:
    """Refuse what is critical to the wanted places; with none named, whatever is critical."""
    wanted = groups_of_places(opened, groups, order.places) if order.places else None
    require_no_critical(found, focus_groups=wanted)


def _empty_build_folder(opened: OpenedStudy) -> BuildFolder:
    build = BuildFolder(opened.root / "build" / opened.settings.name)
    shutil.rmtree(build.path, ignore_errors=True)
    build.path.mkdir(parents=True)
    return build


def _trace(order: BuildOrder, opened: OpenedStudy, plan: Plan) -> Provenance:
    """Trace what the release is made from, with the notebooks of the reports carried over."""
    run = {step.notebook for step in plan.steps}
    carried = read_reports(order.target(opened)) if order.places else []
    return trace_provenance(opened, run | {Path(each.notebook).stem for each in carried})


@dataclass(frozen=True)
class _Run:
    """Runs the steps of a build, stage by stage."""

    execution: Execution
    build: BuildFolder
    pool: ThreadPoolExecutor
    progress: Progress

    def stage(self, steps: Sequence[Step]) -> None:
        """Run the steps of a stage at once, and raise what failed in any of them."""
        names = {self._submit(step): step.name for step in steps}
        failures = {names[done]: self._told(done, names[done]) for done in as_completed(names)}
        failed = [error for step in steps if (error := failures[step.name])]
        if len(failed) == 1:
            raise failed[0]
        if failed:
            raise NotebookError(
                f"{len(failed)} notebooks failed.",
                offenders=[f"{error.what} {' '.join(error.offenders)}" for error in failed],
                remedy="; ".join(dict.fromkeys(error.remedy for error in failed if error.remedy)),
            )

    def _submit(self, step: Step) -> Future[Path]:
        return self.pool.submit(run_step, self.execution, step, self.build.notebook(step.name))

    def _told(self, done: Future[Path], name: str) -> CompendiumError | None:
        try:
            done.result()
        except CompendiumError as error:
            return error
        self.progress.done(name)
        return None


def _publish(
    order: BuildOrder,
    opened: OpenedStudy,
    provenance: Provenance,
    executed: Sequence[Path],
    quality: QualityRecord,
) -> list[ReportRecord]:
    """Write the pages beside the last release, swap them in, and renew the index of all studies."""
    target = order.target(opened)
    staged = stage_release(target, carry_over=bool(order.places))
    made = [publish_report(notebook, staged, opened, provenance) for notebook in executed]
    names = {report.name for report in made}
    reports = [*made, *(report for report in read_reports(staged) if report.name not in names)]
    quality = quality.with_places_of(read_quality_record(staged))
    quality.write(staged)
    write_study_page(staged, opened, reports, quality.joined)
    write_manifest(staged, opened, provenance, reports)
    swap_in(staged, target)
    write_site_index(order.reports)
    return reports
