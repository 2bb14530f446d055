from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pytest

from analysis.engine import scheduler as scheduler_module
from analysis.engine.scheduler import Scheduler
from analysis.engine.task import Task
from analysis.errors import CompendiumError, NotebookError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from analysis.engine.keys import Key


class FakeExecutor:
    """Runs tasks in memory: the key of a task is the content of all that it rests on.

    It replaces the keys, too. Whenever the scheduler waits, the running task that is first in
    `order`, else the one that started first, ends.
    """

    def __init__(self, workers: int = 9, order: Iterable[str] = ()) -> None:
        self.workers = workers
        self.order = order
        self.content: dict[str, str] = {}
        self.done: dict[str, Key] = {}
        self.damaged: set[str] = set()
        self.running: dict[str, Future[Any]] = {}
        self.moments: list[str] = []
        self.reported: list[tuple[str, bool]] = []
        self.becomes: dict[str, list[str | Exception]] = {}
        self.meanwhile: dict[str, Callable[[], None]] = {}

    def finish(self, tasks: Iterable[Task]) -> None:
        """Let all tasks be up to date."""
        for task in tasks:
            self.content.setdefault(task.name, "as ever")
            self.done[task.name] = self.key(task)

    def key(self, task: Task) -> Key:
        """Return the key of a task."""
        rests_on = (*task.reads, *task.needs, *task.expects)
        return {name: self.content.get(name, "") for name in rests_on}

    def has_result(self, task: Task) -> bool:
        """Return whether a task ran, and what it wrote is as it was."""
        return task.name in self.done and task.name not in self.damaged

    def is_done(self, task: Task, key: Key) -> bool:
        """Return whether a task ran with this key, and what it wrote is as it was."""
        return self.has_result(task) and self.done[task.name] == key

    def record(self, task: Task, key: Key) -> None:
        """Record that a task ran."""
        self.done[task.name] = key
        self.damaged.discard(task.name)

    def submit(self, task: Task) -> Future[Any]:
        """Start a task."""
        assert task.name not in self.running
        future: Future[Any] = Future()
        self.running[task.name] = future
        self.meanwhile.pop(task.name, lambda: None)()
        return future

    def wait(self, _: object, return_when: str) -> tuple[set[Future[Any]], set[Future[Any]]]:
        """End one task, and note which were running until then."""
        assert return_when == "FIRST_COMPLETED"
        self.moments.append(" ".join(sorted(self.running)))
        name = next(name for name in (*self.order, *self.running) if name in self.running)
        future = self.running.pop(name)
        became = self.becomes.get(name, [])
        outcome = became.pop(0) if became else self.content.get(name, "as ever")
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            self.content[name] = outcome
            future.set_result(None)
        return {future}, set()

    def report(self, task: Task, *, has_run: bool) -> None:
        """Note what the scheduler reports."""
        self.reported.append((task.name, has_run))

    def run(
        self, tasks: Sequence[Task], stop: Callable[[], bool] = lambda: False
    ) -> dict[str, CompendiumError]:
        """Run a scheduler, and return the failures."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scheduler_module, "wait", self.wait)
            failures = Scheduler(tasks, self, self, self.report).run(stop)
        assert self.running == {}
        return failures

    @property
    def has_run(self) -> list[str]:
        """The tasks that were reported to have run, in that order."""
        return [name for name, has_run in self.reported if has_run]


def note(name: str, *needs: str, expects: tuple[str, ...] = ()) -> Task:
    return Task(name=name, kind="notebook", needs=needs, expects=expects, reads=("input",))


def check(name: str, *needs: str) -> Task:
    return Task(name=name, kind="check", needs=needs)


CHAIN = [note("clean"), note("esa", "clean"), note("africa", "esa")]
EXPECTING = [
    note("clean"),
    check("check", "clean"),
    note("esa", "clean", expects=("check",)),
    note("africa", "esa"),
]


def test_task_starts_when_what_it_needs_is_there() -> None:
    """Each task waits for those that it needs, and for no other."""
    executor = FakeExecutor()

    executor.run(
        [note("clean"), note("other"), note("esa", "clean"), note("africa", "esa", "other")]
    )

    assert executor.moments == ["clean other", "esa other", "esa", "africa"]
    assert executor.has_run == ["clean", "other", "esa", "africa"]


def test_no_more_tasks_at_once_than_workers() -> None:
    """Tasks wait for a worker, in the order of the plan; checks do not."""
    executor = FakeExecutor(workers=2)

    executor.run([note("a"), check("g"), note("b"), note("c"), check("h")])

    assert executor.moments == ["a b g h", "b c g h", "b c h", "c h", "c"]


def test_task_that_is_up_to_date_does_not_run() -> None:
    """If nothing has changed, no task runs, and each is reported once."""
    executor = FakeExecutor()
    executor.finish(EXPECTING)

    executor.run(EXPECTING)

    assert executor.moments == []
    assert executor.reported == [
        ("clean", False),
        ("check", False),
        ("esa", False),
        ("africa", False),
    ]


def test_same_result_makes_no_follower_run() -> None:
    """A task that runs again with the same result makes no other run."""
    executor = FakeExecutor()
    executor.finish(CHAIN)
    del executor.done["clean"]

    executor.run(CHAIN)

    assert executor.moments == ["clean"]
    assert executor.reported == [("clean", True), ("esa", False), ("africa", False)]


def test_different_result_makes_followers_run() -> None:
    """A task with another result makes those run that follow, as far as results differ."""
    executor = FakeExecutor()
    executor.finish(CHAIN)
    del executor.done["clean"]
    executor.becomes["clean"] = ["other"]

    executor.run(CHAIN)

    assert executor.moments == ["clean", "esa"]
    assert executor.reported == [("clean", True), ("esa", True), ("africa", False)]


def test_last_result_of_a_check_is_used_until_it_is_known_again() -> None:
    """A task that expects a check starts with its last result, and counts if that stays."""
    executor = FakeExecutor(order=["clean", "esa", "africa"])
    executor.finish(EXPECTING)
    executor.done = {"check": {"clean": "before"}}

    executor.run(EXPECTING)

    assert executor.moments == ["clean", "check esa", "africa check", "check"]
    assert executor.has_run == ["clean", "esa", "africa", "check"]


def test_changed_result_of_a_check_makes_followers_run_again() -> None:
    """A task that started with a check's last result runs again if that changes."""
    executor = FakeExecutor(order=["clean", "esa", "check"])
    executor.finish(EXPECTING)
    executor.done = {"check": {"clean": "before"}}
    executor.becomes = {"check": ["fell short"], "esa": ["as ever", "with a caveat"]}

    executor.run(EXPECTING)

    assert executor.moments == ["clean", "check esa", "africa check", "africa", "esa", "africa"]
    assert executor.has_run == ["clean", "esa", "check", "esa", "africa"]


def test_task_waits_for_a_check_that_never_ran() -> None:
    """A task that expects a check without a last result waits for it."""
    executor = FakeExecutor()

    executor.run(EXPECTING)

    assert executor.moments == ["clean", "check", "esa", "africa"]


def test_task_waits_for_a_check_whose_last_result_is_damaged() -> None:
    """A task that expects a check doesn't start with what is left of a damaged result."""
    executor = FakeExecutor()
    executor.finish(EXPECTING)
    executor.damaged = {"check"}

    executor.run(EXPECTING)

    assert executor.moments == ["check"]


def test_task_waits_until_its_last_result_is_not_read() -> None:
    """A task that runs again waits for tasks that read its last result."""
    executor = FakeExecutor(order=["check"])
    executor.finish(EXPECTING)
    executor.done |= {"check": {"clean": "before"}, "africa": {"esa": "before"}}
    executor.becomes["check"] = ["fell short"]

    executor.run(EXPECTING)

    assert executor.moments == ["africa check", "africa", "esa"]


def test_failure_stops_only_what_follows() -> None:
    """What follows a failure never starts; all else runs, and each failure is returned."""
    executor = FakeExecutor()
    executor.becomes = {
        "esa": [NotebookError("esa failed.")],
        "wca": [NotebookError("wca failed.")],
    }
    tasks = [note("clean"), note("esa", "clean"), note("wca", "clean"), note("mena", "clean")]

    failures = executor.run([*tasks, note("africa", "esa", "wca", "mena"), note("page", "mena")])

    assert {name: error.what for name, error in failures.items()} == {
        "esa": "esa failed.",
        "wca": "wca failed.",
    }
    assert executor.has_run == ["clean", "mena", "page"]


def test_failed_check_stops_what_expects_it() -> None:
    """A check that fails stops what expects it, whatever its last result."""
    executor = FakeExecutor()
    executor.done = {"check": {"clean": "before"}}
    executor.becomes["check"] = [NotebookError("check failed.")]

    failures = executor.run(
        [note("clean"), *EXPECTING[1:2], note("esa", "clean", expects=("check",))]
    )

    assert "check" in failures
    assert executor.moments[0] == "clean"


def test_failed_task_runs_again_if_something_has_changed() -> None:
    """A task that failed with a check's last result runs again with another one."""
    executor = FakeExecutor(order=["clean", "esa", "check"])
    executor.done = {"check": {"clean": "before"}}
    executor.becomes = {"esa": [NotebookError("a file was missing.")], "check": ["fell short"]}

    failures = executor.run(EXPECTING)

    assert failures == {}
    assert executor.moments == ["clean", "check esa", "check", "esa", "africa"]


def test_failed_task_does_not_run_again_without_a_change() -> None:
    """A task that failed does not run again if a check finds what it found before."""
    executor = FakeExecutor(order=["clean", "esa", "check"])
    executor.finish(EXPECTING)
    executor.done = {"check": {"clean": "before"}}
    executor.becomes = {"esa": [NotebookError("esa failed.")] * 2}

    failures = executor.run(EXPECTING)

    assert list(failures) == ["esa"]
    assert executor.moments == ["clean", "check esa", "check"]


def test_after_a_stop_only_checks_start() -> None:
    """After a stop, running tasks go on and checks start, but no other task."""
    executor = FakeExecutor(workers=1)
    tasks = [note("clean"), check("check", "clean"), note("esa", "clean"), note("other")]

    executor.run(tasks, stop=lambda: "clean" in (*executor.running, *executor.done))

    assert executor.moments == ["clean", "check"]


def test_task_whose_inputs_change_meanwhile_runs_again() -> None:
    """A result counts only if what the task reads has not changed meanwhile."""
    executor = FakeExecutor()
    executor.becomes["clean"] = ["from the old", "from the new"]
    work = note("clean")
    executor.meanwhile["clean"] = lambda: executor.content.update(input="new")

    executor.run([work, note("esa", "clean")])

    assert executor.moments == ["clean", "clean", "esa"]
    assert executor.has_run == ["clean", "esa"]


def test_bug_stops_everything() -> None:
    """An error that isn't ours is raised at once."""
    executor = FakeExecutor()
    executor.becomes["clean"] = [KeyError("a mistake")]

    with pytest.raises(KeyError, match="a mistake"):
        executor.run([note("clean"), note("esa", "clean")])
