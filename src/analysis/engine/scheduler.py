"""The schedule of a build: what is not up to date is done as soon as what it needs is there."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TYPE_CHECKING, Protocol

from analysis.errors import CompendiumError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from analysis.engine.keys import Keys, Parts
    from analysis.engine.task import Work


class Executor(Protocol):
    """Does work somewhere."""

    @property
    def workers(self) -> int:
        """How much work is done at once, the guards' not counted."""
        ...

    def submit(self, work: Work) -> Future[Any]:
        """Return what will have come of work."""
        ...


class Tell(Protocol):
    """Is told of work that is up to date, and whether it has been done for that."""

    def __call__(self, work: Work, *, has_run: bool) -> None:
        """Be told."""
        ...


class Schedule:
    """The schedule of the work of one build.

    Parameters
    ----------
    works : sequence of Work
        Each piece after those that it needs, or expects; what is more urgent first among equals.
    keys : Keys
        Tell what is up to date.
    executor : Executor
        Does the work.
    tell : callable
        Is told of each piece of work that is up to date.
    """

    def __init__(
        self,
        works: Sequence[Work],
        keys: Keys,
        executor: Executor,
        tell: Tell,
    ) -> None:
        self._works = {work.name: work for work in works}
        self._keys = keys
        self._executor = executor
        self._tell = tell
        self._followers = _followers(works, lambda work: (*work.needs, *work.expects))
        self._readers = _followers(works, lambda work: work.needs)
        self._unknown = set(self._works)
        self._stale: set[str] = set()
        self._up_to_date: set[str] = set()
        self._running: dict[Future[Any], tuple[Work, Parts]] = {}
        self._has_run: set[str] = set()
        self._failed_with: dict[str, Parts] = {}
        self.failures: dict[str, CompendiumError] = {}

    def run(self, stop: Callable[[], bool]) -> None:
        """Do all work that is not up to date, and all that can be done in spite of failures.

        Parameters
        ----------
        stop : callable
            Whether nothing but guards shall be begun any more.
        """
        while True:
            for work in self._works.values():
                self._look_at(work)
                self._begin(work, stop)
            if not self._running:
                return
            ended, _ = wait(self._running, return_when=FIRST_COMPLETED)
            for future in ended:
                self._end(future)

    def _look_at(self, work: Work) -> None:
        """Find out whether work is up to date, as soon as all that it rests on is there."""
        if work.name not in self._unknown or not self._has_what_it_needs(work):
            return
        self._unknown.discard(work.name)
        parts = self._keys.parts(work)
        if not self._keys.is_done(work, parts):
            self._up_to_date.discard(work.name)
            # What failed would fail again, unless something has changed since.
            if parts != self._failed_with.get(work.name):
                self._stale.add(work.name)
        elif work.name not in self._up_to_date:
            self._up_to_date.add(work.name)
            self._unknown |= self._followers[work.name] - self._stale
            self._tell(work, has_run=work.name in self._has_run)

    def _has_what_it_needs(self, work: Work) -> bool:
        if self._is_running(work.name):
            return False
        return self._up_to_date.issuperset(work.needs) and all(
            name in self._up_to_date or self._has_served(name) for name in work.expects
        )

    def _has_served(self, name: str) -> bool:
        """Tell whether work has a last result, which may serve until it is known anew."""
        return name not in self.failures and self._keys.last(name) is not None

    def _begin(self, work: Work, stop: Callable[[], bool]) -> None:
        """Begin work that is not up to date, if there is a worker for it."""
        if work.name not in self._stale or not self._has_what_it_needs(work):
            return
        # What it left last may still be read by work that took it for up to date.
        if any(self._is_running(name) for name in self._readers[work.name]):
            return
        if work.kind == "guard" or (self._busy() < self._executor.workers and not stop()):
            self._stale.discard(work.name)
            self.failures.pop(work.name, None)
            # Known before it begins: what changes from here on will show.
            parts = self._keys.parts(work)
            self._running[self._executor.submit(work)] = (work, parts)

    def _end(self, future: Future[Any]) -> None:
        work, parts = self._running.pop(future)
        try:
            future.result()
        except CompendiumError as error:
            self.failures[work.name] = error
            self._failed_with[work.name] = parts
            return
        self._keys.keep(work, parts)
        self._has_run.add(work.name)
        # What it rests on may have changed meanwhile: then it is not up to date.
        self._unknown.add(work.name)

    def _busy(self) -> int:
        return sum(work.kind != "guard" for work, _ in self._running.values())

    def _is_running(self, name: str) -> bool:
        return any(work.name == name for work, _ in self._running.values())


def _followers(
    works: Iterable[Work], rests_on: Callable[[Work], Iterable[str]]
) -> dict[str, set[str]]:
    """Return the names of the work that rests on each piece of work."""
    followers: dict[str, set[str]] = {work.name: set() for work in works}
    for work in works:
        for name in rests_on(work):
            followers[name].add(work.name)
    return followers
