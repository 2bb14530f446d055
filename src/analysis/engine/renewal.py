"""The renewal of a release: the work that is not up to date, the verdict on it, and the release."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.engine import steps
from analysis.engine.build import Built
from analysis.engine.cluster import Cluster
from analysis.engine.environment import Surroundings
from analysis.engine.failures import has_critical, join_failures
from analysis.engine.guard_queue import GuardQueue
from analysis.engine.keys import Keys, digest_parts
from analysis.engine.memory import has_large_tables, most_at_once
from analysis.engine.plan import CLEANING, make_parting, make_plan, page_of, read_parting
from analysis.engine.reach import Reach
from analysis.engine.scheduler import Schedule
from analysis.publishing.manifest import read_reports, trace_provenance
from analysis.publishing.release import Release
from analysis.study.opened_study import open_study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from analysis.engine.build import BuildOrder
    from analysis.engine.executors import Processes
    from analysis.engine.held_inputs import HeldInputs
    from analysis.engine.progress import Progress
    from analysis.engine.task import Work
    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.parted import Parting

# Done here, also where there is a cluster: it takes less than to ask another machine.
DONE_HERE = ("parting", "covering")


def renew_release(
    order: BuildOrder, study: str, inputs: HeldInputs, processes: Processes, progress: Progress
) -> Built:
    """Do all work on a study that is not up to date, publish, and return what was done.

    Parameters
    ----------
    order : BuildOrder
        What to build, and how.
    study : str
        The study.
    inputs : HeldInputs
        What the release is made from.
    processes : Processes
        Where work is done.
    progress : Progress
        Is told what happens.

    Raises
    ------
    CompendiumError
        When something is refused or fails; the last release stands untouched.
    """
    opened = open_study(order.root, study)
    surroundings = Surroundings(order.root, order.root / "build", order.kernels, order.cell_seconds)
    guards = GuardQueue(processes, surroundings, study)
    with _joining(order.scheduler) as joined:
        workshop = _Workshop(surroundings, processes, guards, joined)
        return _Renewal(order, opened, inputs, progress, workshop).run()


@contextmanager
def _joining(scheduler: str) -> Iterator[Future[Cluster | None]]:
    """Join a cluster, if there is one, while the tables are parted."""
    with ThreadPoolExecutor(1) as beside, ExitStack() as entered:
        cluster = Cluster(scheduler) if scheduler else nullcontext()
        joined = beside.submit(entered.enter_context, cluster)
        try:
            yield joined
        finally:
            wait([joined])


@dataclass(frozen=True)
class _Workshop:
    """Where the work on a study is done: notebooks and pages on a cluster, where there is one."""

    surroundings: Surroundings
    processes: Processes
    guards: GuardQueue
    joined: Future[Cluster | None]

    def submit(self, work: Work, study: str, *, is_last: bool) -> Future[Any]:
        """Return what will have come of work, which may be the last notebook that is run."""
        if work.kind == "guard":
            return self.guards.submit(work)
        if work.kind == "parting":
            # The process of the guards would keep the room that large tables take.
            if not has_large_tables(self.surroundings.root / "data" / study):
                return self.guards.part(work)
            self.guards.prepare()
        cluster = None if work.kind in DONE_HERE else self.joined.result()
        if cluster is not None:
            return cluster.submit(work, study, self.surroundings)
        is_warm = work.kind == "notebook" and self.surroundings.kernels == "warm"
        given = (self.surroundings, study, work)
        return self.processes.submit(steps.do_work, *given, kernel=is_warm, is_last=is_last)

    def workers(self, most_here: int) -> int:
        """Return how much work is done at once, here or on a cluster, which may grow."""
        cluster = self.joined.result() if self.joined.done() else None
        return cluster.workers if cluster else most_here


class _Renewal:
    """One renewal of the release of one study."""

    def __init__(
        self,
        order: BuildOrder,
        opened: OpenedStudy,
        inputs: HeldInputs,
        progress: Progress,
        workshop: _Workshop,
    ) -> None:
        self.order = order
        self.opened = opened
        self.study = opened.settings.name
        self.build = order.build_folder(self.study)
        self.inputs = inputs
        self.freshness = inputs.freshness
        self.progress = progress
        self.workshop = workshop
        fingerprints = self.freshness.fingerprints
        self.keys = Keys(order.root, self.build, fingerprints, Reach(fingerprints), inputs)
        self._most_here = order.workers
        self.done: list[str] = []
        # Notebooks that may have to be run yet.
        self._to_run: set[str] = set()
        self.is_critical = False

    def run(self) -> Built:
        """Do the work, publish, and return what was done."""
        parting = self._part()
        self.workshop.guards.weigh(parting)
        self._most_here = min(self.order.workers, most_at_once(parting))
        works = make_plan(self.opened, self.build, parting, self.order.places)
        self._work(works, parting)
        self._publish(works)
        target = self.order.reports / self.study
        # The new release stands: where this cannot be kept, the next build looks at all again.
        with suppress(OSError):
            parts = _cleaned(works) if self.order.places else tuple(parting.parts)
            self.freshness.keep(target, self.order.places, self.inputs.digests, parts)
        return Built(self.study, tuple(self.done))

    @property
    def workers(self) -> int:
        """How much work is done at once, the guards' not counted."""
        return self.workshop.workers(self._most_here)

    def submit(self, work: Work) -> Future[Any]:
        """Return what will have come of work."""
        self._to_run.discard(work.name)
        return self.workshop.submit(work, self.study, is_last=not self._to_run)

    def _part(self) -> Parting:
        """Part the tables."""
        work = make_parting(self.opened, self.build)
        if not self.keys.is_done(work, self.keys.parts(work)):
            self.progress.say(f"parting the tables of {self.study} by place")
        schedule = Schedule([work], self.keys, self, self._tell)
        schedule.run(stop=lambda: False)
        self.inputs.require()
        join_failures(schedule.failures)
        return read_parting(self.build)

    def _work(self, works: Sequence[Work], parting: Parting) -> None:
        self._to_run = {work.name for work in works if work.kind == "notebook"}
        self.progress.begin(self.study, len(self._to_run))
        schedule = Schedule(works, self.keys, self, self._tell)
        # What is critical to some place may not concern those that are wanted.
        schedule.run(stop=lambda: parting.misplaced or (self.is_critical and not self.order.places))
        self.workshop.guards.end()
        # What was written meanwhile may be why work failed, or was refused.
        self.inputs.require()
        if self.is_critical or parting.misplaced:
            self._call(steps.refuse, self.order.places)
        join_failures(schedule.failures)

    def _tell(self, work: Work, *, has_run: bool) -> None:
        if work.kind == "guard":
            self.is_critical |= has_critical(self.order.root, work)
        if has_run:
            self.done.append(work.name)
        if work.kind == "notebook":
            self._to_run.discard(work.name)
            self.progress.done(work.name, has_run=has_run)

    def _publish(self, works: Sequence[Work]) -> None:
        self.progress.say(f"publishing {self.study}")
        notebooks = [work for work in works if work.kind == "notebook"]
        made_from = {work.name: self._made_from(work) for work in notebooks}
        target = self.order.reports / self.study
        carried = read_reports(target) if self.order.places else []
        shown = {work.notebook for work in notebooks} | {Path(r.notebook).stem for r in carried}
        digest = self.freshness.fingerprints.digest
        provenance = trace_provenance(self.opened, shown, digest)
        release = Release(target, made_from, _cleaned(works), is_partial=bool(self.order.places))
        self._call(steps.release, release, provenance, self.inputs.written)
        self.progress.end()

    def _made_from(self, notebook: Work) -> str:
        keys = self.keys.last(notebook.name), self.keys.last(page_of(notebook.name))
        return digest_parts({name: part for key in keys for name, part in (key or {}).items()})

    def _call(self, call: Callable[..., Any], *given: object) -> Any:  # noqa: ANN401
        """Make a call about the study in a process of its own, and return what comes of it."""
        surroundings = self.workshop.surroundings
        return self.workshop.processes.submit(call, surroundings, self.study, *given).result()


def _cleaned(works: Sequence[Work]) -> tuple[str, ...]:
    """Return the places whose tables are cleaned."""
    return tuple(
        work.about for work in works if work.notebook == CLEANING and work.kind == "notebook"
    )
