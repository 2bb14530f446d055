from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from analysis.engine import steps
from analysis.engine.environment import Surroundings
from analysis.engine.guard_queue import ROWS_AT_ONCE, GuardQueue
from analysis.engine.task import Work
from analysis.errors import CheckError
from analysis.tables.parted import Parting, PartOfTable
from engine.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

SURROUNDINGS = Surroundings(Path("root"), Path("build"))
PARTING = Work(name="parting", kind="parting")


class Process:
    """Stands in for the process that guards: what it is asked ends when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.futures: list[Future[None]] = []
        self.is_over = False

    def submit_guard(self, *asked: Any) -> Future[None]:  # noqa: ANN401 (a call, and what it is given)
        """Keep what is asked."""
        future: Future[None] = Future()
        self.asked.append(asked)
        self.futures.append(future)
        if self.is_over:
            future.cancel()
        return future

    def end(self) -> None:
        """Let go of whoever still waits."""
        self.is_over = True
        for future in self.futures:
            future.cancel()

    def names(self, at: int) -> list[str]:
        """Return the guards that were asked at a time, as soon as they are."""
        assert wait_until(lambda: len(self.asked) > at)
        call, surroundings, study, works = self.asked[at]
        assert (call, surroundings, study) == (steps.guard_together, SURROUNDINGS, "tiny")
        return [work.name for work in works]


@pytest.fixture
def process() -> Iterator[Process]:
    """Give the process that guards."""
    process = Process()
    yield process
    process.end()


@pytest.fixture
def queue(process: Process) -> GuardQueue:
    """Give a queue before it."""
    return GuardQueue(process, SURROUNDINGS, "tiny")


def guard(part: str, stage: str = "received") -> Work:
    parameters = {"stage": stage}
    return Work(name=f"{part} {stage}", kind="guard", about=part, parameters=parameters)


def weigh(queue: GuardQueue, **rows: int) -> None:
    """Tell a queue how many rows each part has."""
    parts = {part: {"segments": PartOfTable(number, "", "")} for part, number in rows.items()}
    queue.weigh(Parting((), (), (), parts, {}, {}, (), (), (), misplaced=False))


def test_guards_that_wait_are_done_together(process: Process, queue: GuardQueue) -> None:
    """While some guards are at work others gather, and are done together next."""
    first = queue.submit(guard("esa"))
    assert process.names(0) == ["esa received"]
    others = [queue.submit(guard(part)) for part in ("wca", "mena")]
    process.futures[0].set_result(None)

    assert process.names(1) == ["wca received", "mena received"]
    assert (first.result(), [other.done() for other in others]) == (None, [False, False])
    process.futures[1].set_result(None)
    assert [other.result() for other in others] == [None, None]


def test_guards_of_cleaned_tables_come_first(process: Process, queue: GuardQueue) -> None:
    """Of guards that wait, those that reports wait for are done first."""
    queue.submit(guard("esa"))
    process.names(0)
    for waiting in (guard("wca"), guard("esa", "cleaned"), guard("mena")):
        queue.submit(waiting)
    process.futures[0].set_result(None)

    assert process.names(1) == ["esa cleaned", "wca received", "mena received"]


def test_no_more_rows_at_once_than_are_worth_it(process: Process, queue: GuardQueue) -> None:
    """Guards of many rows are not kept together; one that is larger yet is done alone."""
    weigh(queue, esa=1, wca=ROWS_AT_ONCE - 1, mena=1, asia=ROWS_AT_ONCE + 1)
    for part in ("first", "asia", "esa", "wca", "mena"):
        queue.submit(guard(part))
        process.names(0)
    told = []
    for at in range(1, 4):
        process.futures[at - 1].set_result(None)
        told.append(process.names(at))

    assert told == [["asia received"], ["esa received", "wca received"], ["mena received"]]


def test_failure_is_that_of_all_that_were_together(process: Process, queue: GuardQueue) -> None:
    """Where guards fail, each that was asked together has failed; those after them are done."""
    queue.submit(guard("first"))
    process.names(0)
    fallen = [queue.submit(guard(part)) for part in ("esa", "wca")]
    process.futures[0].set_result(None)
    process.names(1)
    later = queue.submit(guard("mena"))
    process.futures[1].set_exception(CheckError("A suite cannot be used."))
    process.names(2)
    process.futures[2].set_result(None)

    assert [str(each.exception()) for each in fallen] == ["A suite cannot be used."] * 2
    assert later.result() is None


def test_what_guards_need_is_imported_ahead(process: Process, queue: GuardQueue) -> None:
    """The process that parts the tables makes ready next, before there is anything to guard."""
    parted = queue.part(PARTING)

    assert process.asked == [
        (steps.do_work, SURROUNDINGS, "tiny", PARTING),
        (steps.prepare_guards,),
    ]
    assert parted is process.futures[0]


def test_guards_that_come_while_that_is_imported_are_done_together(
    process: Process, queue: GuardQueue
) -> None:
    """As long as the process makes ready, guards gather."""
    queue.part(PARTING)
    for part in ("esa", "wca"):
        queue.submit(guard(part))
    process.futures[1].set_result(None)

    assert process.names(2) == ["esa received", "wca received"]


def test_guards_are_asked_for_also_where_that_failed(process: Process, queue: GuardQueue) -> None:
    """What could not be imported ahead is told by the guards that need it."""
    queue.part(PARTING)
    queue.submit(guard("esa"))
    process.futures[1].set_exception(CheckError("It cannot be imported."))

    assert process.names(2) == ["esa received"]
