"""The queue of guards: those that wait are done together, which costs little more than one."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from analysis.engine import steps

if TYPE_CHECKING:
    from analysis.engine.environment import Surroundings
    from analysis.engine.executors import Processes
    from analysis.engine.task import Work
    from analysis.tables.parted import Parting

# More rows at once take no less time for each, and those who wait for a few would wait for all.
ROWS_AT_ONCE = 20_000


class GuardQueue:
    """The guards of a study that wait for the process that guards.

    Parameters
    ----------
    processes : Processes
        The processes of this machine.
    surroundings : Surroundings
        What the guards find around them.
    study : str
        The study.
    """

    def __init__(self, processes: Processes, surroundings: Surroundings, study: str) -> None:
        self._processes = processes
        self._surroundings = surroundings
        self._study = study
        self._is_ready: Future[None] | None = None
        self._rows: dict[str, int] = {}
        self._waiting: list[tuple[Work, Future[None]]] = []
        self._one_at_a_time = threading.Lock()
        self._thread = ThreadPoolExecutor(1)

    def prepare(self) -> None:
        """Import what the guards need, without waiting for it."""
        self._is_ready = self._processes.submit_guard(steps.prepare_guards)

    def part(self, work: Work) -> Future[None]:
        """Return what will have come of the parting, and import what the guards need after it.

        The process of the guards can part tables before any other: those that are forked wait for
        all that notebooks need.
        """
        given = (self._surroundings, self._study, work)
        parted = self._processes.submit_guard(steps.do_work, *given)
        self.prepare()
        return parted

    def end(self) -> None:
        """Let the process that guards end: nothing more will be guarded."""
        self._processes.end_guards()

    def weigh(self, parting: Parting) -> None:
        """Learn how many rows each part of the tables has."""
        self._rows = parting.rows

    def submit(self, work: Work) -> Future[None]:
        """Return what will have come of a guard."""
        future: Future[None] = Future()
        with self._one_at_a_time:
            self._waiting.append((work, future))
        self._thread.submit(self._do_those_that_wait)
        return future

    def _do_those_that_wait(self) -> None:
        # Those that come while this takes its time are done with the first.
        if self._is_ready is not None:
            wait([self._is_ready])
        taken = self._take()
        if not taken:
            return
        works = [work for work, _ in taken]
        try:
            given = (self._surroundings, self._study, works)
            self._processes.submit_guard(steps.guard_together, *given).result()
        except Exception as error:
            for _, future in taken:
                future.set_exception(error)
        else:
            for _, future in taken:
                future.set_result(None)

    def _take(self) -> list[tuple[Work, Future[None]]]:
        """Take guards out of the queue, first those of cleaned tables: reports wait for them."""
        with self._one_at_a_time:
            self._waiting.sort(key=lambda waiting: waiting[0].parameters["stage"])
            rows = 0
            taken: list[tuple[Work, Future[None]]] = []
            for waiting in self._waiting:
                rows += self._rows.get(waiting[0].about, 0)
                if taken and rows > ROWS_AT_ONCE:
                    break
                taken.append(waiting)
            del self._waiting[: len(taken)]
        return taken
