"""Rebuild a release: run the tasks that are out of date, then publish or refuse their results."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.engine import steps
from analysis.engine.cluster import ClusterExecutor, connect
from analysis.engine.environment import TaskEnvironment
from analysis.engine.executors import LocalExecutor
from analysis.engine.failures import raise_failures
from analysis.engine.keys import Keys, digest_key
from analysis.engine.memory import most_at_once
from analysis.engine.options import BuildResult
from analysis.engine.plan import CLEANING, check_of, page_of, plan_partition, plan_tasks
from analysis.engine.scheduler import Scheduler
from analysis.errors import PlaceError
from analysis.publishing.manifest import read_reports, trace_provenance
from analysis.publishing.release import Release
from analysis.quality.outcomes import read_outcomes
from analysis.study.opened_study import open_study
from analysis.tables.build_folder import WHOLE
from analysis.tables.partition import read_partition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.engine.executors import Processes
    from analysis.engine.inputs import Inputs
    from analysis.engine.options import BuildOptions, Progress
    from analysis.engine.scheduler import Executor
    from analysis.engine.task import Task
    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.partition import Partition


def rebuild_release(
    options: BuildOptions, study: str, inputs: Inputs, processes: Processes, progress: Progress
) -> BuildResult:
    """Run all tasks of a study that are out of date, publish, and return what was done.

    Raises
    ------
    CompendiumError
        When something is refused or fails; the last release is unchanged.
    """
    opened = open_study(options.root, study)
    # A key that is missing is refused before anything runs.
    opened.published_digest("")
    environment = TaskEnvironment(options.root, study, options.kernels, options.cell_seconds)
    local = LocalExecutor(processes, environment, options.workers)
    with ExitStack() as entered:
        executor: Executor = local
        if options.scheduler:
            client = connect(options.scheduler)
            executor = entered.enter_context(ClusterExecutor(options.scheduler, client, local))
        return _Rebuild(options, opened, inputs, progress, local, executor).run()


@dataclass
class _Rebuild:
    """One rebuild of the release of one study."""

    options: BuildOptions
    opened: OpenedStudy
    inputs: Inputs
    progress: Progress
    local: LocalExecutor
    executor: Executor
    done: list[str] = field(default_factory=list)
    is_critical: bool = False

    @property
    def study(self) -> str:
        return self.opened.settings.name

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.inputs)

    def run(self) -> BuildResult:
        """Run the tasks, publish, and return what was done."""
        partition = self._partition()
        self.local.most = min(self.options.workers, most_at_once(partition))
        tasks = plan_tasks(self.opened, partition, self.options.places)
        self._run_tasks(tasks)
        self._publish(tasks)
        target = self.options.reports / self.study
        # The release is published: if this can't be recorded, the next build compares everything.
        with suppress(OSError):
            places = _cleaned(tasks) if self.options.places else partition.cleaned
            self.inputs.record_release(target, self.options.places, places)
        return BuildResult(self.study, tuple(self.done))

    def _partition(self) -> Partition:
        task = plan_partition(self.opened)
        if not self.keys.is_done(task, self.keys.key(task)):
            self.progress.message(f"partitioning the tables of {self.study} by place")
        failures = Scheduler([task], self.keys, self.executor, self._report).run()
        self.inputs.require_unchanged()
        raise_failures(failures)
        return read_partition(self.inputs.build)

    def _run_tasks(self, tasks: Sequence[Task]) -> None:
        self.progress.start(self.study, sum(task.kind == "notebook" for task in tasks))
        scheduler = Scheduler(tasks, self.keys, self.executor, self._report)
        # A place that is not wanted may have critical outcomes.
        failures = scheduler.run(stop=lambda: self.is_critical and not self.options.places)
        # An input that was written during the build may be why a task failed.
        self.inputs.require_unchanged()
        if self.is_critical or isinstance(failures.get(check_of(WHOLE)), PlaceError):
            self.local.call(steps.refuse_release, self.options.places)
        raise_failures(failures)

    def _report(self, task: Task, *, has_run: bool) -> None:
        if task.kind == "check":
            outcomes = read_outcomes(self.options.root / task.writes[0])
            self.is_critical |= bool(outcomes.critical)
        if has_run:
            self.done.append(task.name)
        if task.kind == "notebook":
            self.progress.advance(task.name, has_run=has_run)

    def _publish(self, tasks: Sequence[Task]) -> None:
        self.progress.message(f"publishing {self.study}")
        notebooks = [task for task in tasks if task.kind == "notebook"]
        made_from = {task.name: self._digest_keys(task) for task in notebooks}
        target = self.options.reports / self.study
        carried = read_reports(target) if self.options.places else []
        shown = {task.notebook for task in notebooks}
        shown |= {report.notebook.removesuffix(".ipynb") for report in carried}
        provenance = trace_provenance(self.opened, shown, self.inputs.digests.digest)
        release = Release(target, made_from, _cleaned(tasks), is_partial=bool(self.options.places))
        self.local.call(steps.publish_release, release, provenance, self.inputs.stamps)
        self.progress.end()

    def _digest_keys(self, notebook: Task) -> str:
        """Return one digest of the keys of a notebook and its page."""
        keys = self.keys.last(notebook.name), self.keys.last(page_of(notebook.name))
        whole = digest_key({name: part for key in keys for name, part in (key or {}).items()})
        return self.opened.published_digest(whole)


def _cleaned(tasks: Sequence[Task]) -> tuple[str, ...]:
    """Return the places whose tables are cleaned."""
    return tuple(
        task.about for task in tasks if task.notebook == CLEANING and task.kind == "notebook"
    )
