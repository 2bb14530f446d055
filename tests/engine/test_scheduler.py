from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pytest

from analysis.engine import scheduler as schedule_module
from analysis.engine.scheduler import Schedule
from analysis.engine.task import Work
from analysis.errors import CompendiumError, NotebookError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from analysis.engine.keys import Parts


class Desk:
    """Does work in memory: the key of work is what lies on the desk of all that it rests on.

    It stands in for the keys and for the executor. Whenever the schedule waits, the work that comes
    first in `order`, else what was begun first, ends.
    """

    def __init__(self, workers: int = 9, order: Iterable[str] = ()) -> None:
        self.workers = workers
        self.order = order
        self.content: dict[str, str] = {}
        self.done: dict[str, Parts] = {}
        self.running: dict[str, Future[Any]] = {}
        self.moments: list[str] = []
        self.told: list[tuple[str, bool]] = []
        self.becomes: dict[str, list[str | Exception]] = {}
        self.meanwhile: dict[str, Callable[[], None]] = {}

    def finish(self, works: Iterable[Work]) -> None:
        """Have all work done as things are."""
        for work in works:
            self.content.setdefault(work.name, "as ever")
            self.done[work.name] = self.parts(work)

    def parts(self, work: Work) -> Parts:
        """Return the key of work."""
        rests_on = (*work.reads, *work.needs, *work.expects)
        return {name: self.content.get(name, "") for name in rests_on}

    def last(self, name: str) -> Parts | None:
        """Return the key with which work was last done."""
        return self.done.get(name)

    def is_done(self, work: Work, parts: Parts) -> bool:
        """Return whether work was done with such a key."""
        return self.done.get(work.name) == parts

    def keep(self, work: Work, parts: Parts) -> None:
        """Keep that work was done."""
        self.done[work.name] = parts

    def submit(self, work: Work) -> Future[Any]:
        """Begin work."""
        assert work.name not in self.running
        future: Future[Any] = Future()
        self.running[work.name] = future
        self.meanwhile.pop(work.name, lambda: None)()
        return future

    def wait(self, _: object, return_when: str) -> tuple[set[Future[Any]], set[Future[Any]]]:
        """End one piece of work, and note what was at work until then."""
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

    def tell(self, work: Work, *, has_run: bool) -> None:
        """Note what the schedule tells."""
        self.told.append((work.name, has_run))

    def run(
        self, works: Sequence[Work], stop: Callable[[], bool] = lambda: False
    ) -> dict[str, CompendiumError]:
        """Run a schedule, and return what failed."""
        schedule = Schedule(works, self, self, self.tell)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(schedule_module, "wait", self.wait)
            schedule.run(stop)
        assert self.running == {}
        return schedule.failures

    @property
    def has_run(self) -> list[str]:
        """The work that was told to have run, in that order."""
        return [name for name, has_run in self.told if has_run]


def note(name: str, *needs: str, expects: tuple[str, ...] = ()) -> Work:
    return Work(name=name, kind="notebook", needs=needs, expects=expects, reads=("input",))


def guard(name: str, *needs: str) -> Work:
    return Work(name=name, kind="guard", needs=needs)


CHAIN = [note("clean"), note("esa", "clean"), note("africa", "esa")]
EXPECTING = [
    note("clean"),
    guard("guard", "clean"),
    note("esa", "clean", expects=("guard",)),
    note("africa", "esa"),
]


def test_work_is_begun_when_what_it_needs_is_there() -> None:
    """Each piece waits for what it needs, and for nothing else."""
    desk = Desk()

    desk.run([note("clean"), note("other"), note("esa", "clean"), note("africa", "esa", "other")])

    assert desk.moments == ["clean other", "esa other", "esa", "africa"]
    assert desk.has_run == ["clean", "other", "esa", "africa"]


def test_no_more_work_at_once_than_there_are_workers() -> None:
    """Work waits for a worker, in the order of the plan; guards have one of their own."""
    desk = Desk(workers=2)

    desk.run([note("a"), guard("g"), note("b"), note("c"), guard("h")])

    assert desk.moments == ["a b g h", "b c g h", "b c h", "c h", "c"]


def test_work_that_is_up_to_date_is_left_alone() -> None:
    """Where nothing has changed nothing runs, and each piece is told of once."""
    desk = Desk()
    desk.finish(EXPECTING)

    desk.run(EXPECTING)

    assert desk.moments == []
    assert desk.told == [("clean", False), ("guard", False), ("esa", False), ("africa", False)]


def test_followers_of_what_is_the_same_again_are_left_alone() -> None:
    """Work that is done again, and leaves the same, makes no work for what follows."""
    desk = Desk()
    desk.finish(CHAIN)
    del desk.done["clean"]

    desk.run(CHAIN)

    assert desk.moments == ["clean"]
    assert desk.told == [("clean", True), ("esa", False), ("africa", False)]


def test_followers_of_what_is_different_are_done_again() -> None:
    """Work that leaves something else has what follows done again, as far as that differs."""
    desk = Desk()
    desk.finish(CHAIN)
    del desk.done["clean"]
    desk.becomes["clean"] = ["other"]

    desk.run(CHAIN)

    assert desk.moments == ["clean", "esa"]
    assert desk.told == [("clean", True), ("esa", True), ("africa", False)]


def test_last_results_serve_until_they_are_known_anew() -> None:
    """Work that expects something begins with its last result, and counts if that stays."""
    desk = Desk(order=["clean", "esa", "africa"])
    desk.finish(EXPECTING)
    desk.done = {"guard": {"clean": "before"}}

    desk.run(EXPECTING)

    assert desk.moments == ["clean", "esa guard", "africa guard", "guard"]
    assert desk.has_run == ["clean", "esa", "africa", "guard"]


def test_last_result_that_changes_has_work_done_again() -> None:
    """Work that began with a last result is done again if that turns out to be another."""
    desk = Desk(order=["clean", "esa", "guard"])
    desk.finish(EXPECTING)
    desk.done = {"guard": {"clean": "before"}}
    desk.becomes = {"guard": ["fell short"], "esa": ["as ever", "with a caveat"]}

    desk.run(EXPECTING)

    assert desk.moments == ["clean", "esa guard", "africa guard", "africa", "esa", "africa"]
    assert desk.has_run == ["clean", "esa", "guard", "esa", "africa"]


def test_work_waits_for_what_it_expects_where_there_is_no_last_result() -> None:
    """Work that expects what was never done waits for it."""
    desk = Desk()

    desk.run(EXPECTING)

    assert desk.moments == ["clean", "guard", "esa", "africa"]


def test_nothing_is_begun_while_what_it_leaves_is_read() -> None:
    """Work that is to be done again waits until nobody reads what it left last."""
    desk = Desk(order=["guard"])
    desk.finish(EXPECTING)
    desk.done |= {"guard": {"clean": "before"}, "africa": {"esa": "before"}}
    desk.becomes["guard"] = ["fell short"]

    desk.run(EXPECTING)

    assert desk.moments == ["africa guard", "africa", "esa"]


def test_failure_leaves_independent_work_alone() -> None:
    """What follows a failure is never begun; all else is done, and each failure is kept."""
    desk = Desk()
    desk.becomes = {"esa": [NotebookError("esa failed.")], "wca": [NotebookError("wca failed.")]}
    works = [note("clean"), note("esa", "clean"), note("wca", "clean"), note("mena", "clean")]

    failures = desk.run([*works, note("africa", "esa", "wca", "mena"), note("page", "mena")])

    assert {name: error.what for name, error in failures.items()} == {
        "esa": "esa failed.",
        "wca": "wca failed.",
    }
    assert desk.has_run == ["clean", "mena", "page"]


def test_work_that_expects_what_failed_is_not_begun() -> None:
    """A guard that fails, whatever it said last, stops what expects it."""
    desk = Desk()
    desk.done = {"guard": {"clean": "before"}}
    desk.becomes["guard"] = [NotebookError("guard failed.")]

    failures = desk.run([note("clean"), *EXPECTING[1:2], note("esa", "clean", expects=("guard",))])

    assert "guard" in failures
    assert desk.moments[0] == "clean"


def test_failure_is_tried_again_only_if_something_has_changed() -> None:
    """What failed with a last result is done again with another one, and then has not failed."""
    desk = Desk(order=["clean", "esa", "guard"])
    desk.done = {"guard": {"clean": "before"}}
    desk.becomes = {"esa": [NotebookError("a file was missing.")], "guard": ["fell short"]}

    failures = desk.run(EXPECTING)

    assert failures == {}
    assert desk.moments == ["clean", "esa guard", "guard", "esa", "africa"]


def test_failure_is_not_repeated_where_nothing_has_changed() -> None:
    """What failed is not done again because a guard found what it had found before."""
    desk = Desk(order=["clean", "esa", "guard"])
    desk.finish(EXPECTING)
    desk.done = {"guard": {"clean": "before"}}
    desk.becomes = {"esa": [NotebookError("esa failed.")] * 2}

    failures = desk.run(EXPECTING)

    assert list(failures) == ["esa"]
    assert desk.moments == ["clean", "esa guard", "guard"]


def test_stop_lets_guards_alone_begin() -> None:
    """Once stopped, what runs goes on and guards begin, and nothing else does."""
    desk = Desk(workers=1)
    works = [note("clean"), guard("guard", "clean"), note("esa", "clean"), note("other")]

    desk.run(works, stop=lambda: "clean" in (*desk.running, *desk.done))

    assert desk.moments == ["clean", "guard"]


def test_work_whose_inputs_change_meanwhile_is_done_again() -> None:
    """What is read may change while work runs; then what came of it does not count."""
    desk = Desk()
    desk.becomes["clean"] = ["from the old", "from the new"]
    work = note("clean")
    desk.meanwhile["clean"] = lambda: desk.content.update(input="new")

    desk.run([work, note("esa", "clean")])

    assert desk.moments == ["clean", "clean", "esa"]
    assert desk.has_run == ["clean", "esa"]


def test_mistake_of_the_program_stops_everything() -> None:
    """An error that nobody can mend is raised at once."""
    desk = Desk()
    desk.becomes["clean"] = [KeyError("a mistake")]

    with pytest.raises(KeyError, match="a mistake"):
        desk.run([note("clean"), note("esa", "clean")])
