"""One coding is saved: the time until its page is new, with `watch` and with `build`."""

from __future__ import annotations

import re
import signal
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

from benchmarks.figures import spread, table, verdict
from benchmarks.measuring import RunError, last_lines
from benchmarks.roots import change_coding, fresh_root
from benchmarks.ways import STUDY, compendium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from benchmarks.bench import Bench
    from benchmarks.measuring import Command

# The region of the focus group whose coding is changed.
PLACE = "car"
WATCH_PLACE = f"compendium watch {STUDY} --place {PLACE}"
WAYS = (
    WATCH_PLACE,
    f"compendium build {STUDY} --place {PLACE}",
    f"compendium watch {STUDY}",
    f"compendium build {STUDY}",
)
MOST = {WATCH_PLACE: 2.0}
ADDRESS = re.compile(r"http://\S+/")
SECONDS_TO_START = 60
POLL_SECONDS = 0.1


def run(bench: Bench) -> dict[str, Any]:
    """Return the seconds from a save until the page is new, on disk and as a browser gets it."""
    roots = {words: bench.work / str(at) for at, words in enumerate(WAYS)}
    for root in roots.values():
        fresh_root(bench.repository, root, STUDY)
        bench.measure("everything, first", compendium(f"compendium build {STUDY}", root))
    with ExitStack() as entered:
        waits: dict[str, Callable[[], None]] = {}
        for words, root in roots.items():
            command, log = compendium(words, root), root.with_suffix(".txt")
            if " watch " in words:
                waits[words] = entered.enter_context(_watching(command, log))
            else:
                waits[words] = partial(_build, command, log)
        # The first round warms up, and isn't counted.
        rounds = [
            {words: _seconds_until_new(root, turn, waits[words]) for words, root in roots.items()}
            for turn in range(bench.runs + 1)
        ]
    return {"seconds": {words: [each[words] for each in rounds[1:]] for words in WAYS}}


def _seconds_until_new(root: Path, turn: int, wait: Callable[[], None]) -> float:
    page = root / "reports" / STUDY / f"{PLACE}.html"
    before = page.read_bytes()
    change_coding(root / "data" / STUDY, turn)
    saved = time.perf_counter()
    wait()
    seconds = time.perf_counter() - saved
    if page.read_bytes() == before:
        raise RunError(f"{page.name} is as it was before the save")
    return seconds


def _build(command: Command, log: Path) -> None:
    # Not with `measure`, which ends when all processes have, those that watch too.
    if command.start(log).wait():
        raise RunError(f"{' '.join(command.words)} failed\n{last_lines(log)}")


@contextmanager
def _watching(command: Command, log: Path) -> Iterator[Callable[[], None]]:
    """Run `watch`, and give a function that returns when a browser has reloaded the page."""
    process = command.start(log)
    try:
        address = _address_in(log)
        with urlopen(f"{address}.watch/events") as events:  # noqa: S310 (this machine)
            shown = events.readline()

            def reload() -> None:
                nonlocal shown
                # An event without news says that the server is still there.
                shown = next(line for line in events if line.startswith(b"data") and line != shown)
                with urlopen(f"{address}{STUDY}/{PLACE}.html") as page:  # noqa: S310
                    page.read()

            yield reload
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _address_in(log: Path) -> str:
    """Return the address that `watch` prints when it has started."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if found := ADDRESS.search(log.read_text(encoding="utf-8")):
            return found[0]
        time.sleep(POLL_SECONDS)
    raise RunError(f"watch didn't start\n{last_lines(log)}")


def format_results(results: Mapping[str, Any]) -> str:
    """Return the table of ways."""
    rows = [
        (f"`{words}`", spread(seconds), verdict(median(seconds), MOST.get(words)))
        for words, seconds in results["seconds"].items()
    ]
    return table(("one coding saved", "until its page is new", "asked for"), rows)
