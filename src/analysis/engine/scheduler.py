"""The scheduler of a build: a task that is out of date runs once those that it needs are done."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TYPE_CHECKING, Protocol

from analysis.errors import CompendiumError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from analysis.engine.keys import Key, Keys
    from analysis.engine.task import Task


class Executor(Protocol):
    """Runs tasks somewhere."""

    @property
    def workers(self) -> int:
        """How many tasks run at once, besides checks."""
        ...

    def submit(self, task: Task) -> Future[Any]:
        """Return the future end of a task."""
        ...


class Report(Protocol):
    """Is called for each task that is up to date."""

    def __call__(self, task: Task, *, has_run: bool) -> None:
        """Report a task, and whether it has run."""
        ...


class Scheduler:
    """Schedules the tasks of one build.

    Parameters
    ----------
    tasks : sequence of Task
        Each after those that it needs or expects; among equals the more urgent first.
    keys : Keys
        Decide which tasks are out of date.
    executor : Executor
        Runs tasks.
    report : callable
        Is called for each task that is up to date.
    """

    def __init__(
        self, tasks: Sequence[Task], keys: Keys, executor: Executor, report: Report
    ) -> None:
        self._tasks = {task.name: task for task in tasks}
        self._keys = keys
        self._executor = executor
        self._report = report
        self._followers = _followers(tasks, lambda task: (*task.needs, *task.expects))
        self._readers = _followers(tasks, lambda task: task.needs)
        self._unknown = set(self._tasks)
        self._stale: set[str] = set()
        self._up_to_date: set[str] = set()
        self._running: dict[Future[Any], tuple[Task, Key]] = {}
        self._has_run: set[str] = set()
        self._failed_with: dict[str, Key] = {}
        self._failures: dict[str, CompendiumError] = {}

    def run(self, stop: Callable[[], bool] = lambda: False) -> dict[str, CompendiumError]:
        """Run all tasks that are out of date, also after failures, and return the failures.

        Parameters
        ----------
        stop : callable, optional
            Whether no task but checks may start any more.
        """
        while True:
            for task in self._tasks.values():
                self._examine(task)
                self._start(task, stop)
            if not self._running:
                return self._failures
            ended, _ = wait(self._running, return_when=FIRST_COMPLETED)
            for future in ended:
                self._end(future)

    def _examine(self, task: Task) -> None:
        """Find out whether a task is up to date, once the tasks that it needs are."""
        if task.name not in self._unknown or not self._has_what_it_needs(task):
            return
        self._unknown.discard(task.name)
        key = self._keys.key(task)
        if not self._keys.is_done(task, key):
            self._up_to_date.discard(task.name)
            # A task that failed would fail again, unless something has changed since.
            if key != self._failed_with.get(task.name):
                self._stale.add(task.name)
        elif task.name not in self._up_to_date:
            self._up_to_date.add(task.name)
            self._unknown |= self._followers[task.name] - self._stale
            self._report(task, has_run=task.name in self._has_run)

    def _has_what_it_needs(self, task: Task) -> bool:
        if self._is_running(task.name):
            return False
        return self._up_to_date.issuperset(task.needs) and all(
            name in self._up_to_date or self._has_last_result(name) for name in task.expects
        )

    def _has_last_result(self, name: str) -> bool:
        return name not in self._failures and self._keys.has_result(self._tasks[name])

    def _start(self, task: Task, stop: Callable[[], bool]) -> None:
        """Start a task that is out of date, if there is a worker for it."""
        if task.name not in self._stale or not self._has_what_it_needs(task):
            return
        # Tasks that took its last result for up to date may still read it.
        if any(self._is_running(name) for name in self._readers[task.name]):
            return
        if task.kind == "check" or (self._busy() < self._executor.workers and not stop()):
            self._stale.discard(task.name)
            self._failures.pop(task.name, None)
            # The key before it starts: what changes from here on makes it out of date.
            key = self._keys.key(task)
            self._running[self._executor.submit(task)] = (task, key)

    def _end(self, future: Future[Any]) -> None:
        task, key = self._running.pop(future)
        try:
            future.result()
        except CompendiumError as error:
            self._failures[task.name] = error
            self._failed_with[task.name] = key
            return
        self._keys.record(task, key)
        self._has_run.add(task.name)
        # If what it reads has changed meanwhile, it is not up to date.
        self._unknown.add(task.name)

    def _busy(self) -> int:
        return sum(task.kind != "check" for task, _ in self._running.values())

    def _is_running(self, name: str) -> bool:
        return any(task.name == name for task, _ in self._running.values())


def _followers(
    tasks: Iterable[Task], rests_on: Callable[[Task], Iterable[str]]
) -> dict[str, set[str]]:
    """Return the names of the tasks that rest on each task."""
    followers: dict[str, set[str]] = {task.name: set() for task in tasks}
    for task in tasks:
        for name in rests_on(task):
            followers[name].add(task.name)
    return followers
