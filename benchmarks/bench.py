"""What every scenario is given, and how it measures."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypeAlias

from benchmarks.measuring import Measure, measure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from benchmarks.measuring import Command

Runs: TypeAlias = "dict[str, list[Measure]]"


@dataclass(frozen=True)
class Bench:
    """Where and how often to measure.

    Parameters
    ----------
    repository : Path
        The repository whose study, notebooks and program are measured.
    work : Path
        A folder for the roots that are built in.
    runs : int
        How many rounds to run.
    kills : int
        How many builds to kill.
    """

    repository: Path
    work: Path
    runs: int
    kills: int

    def measure(self, name: str, command: Command, *, sampled: bool = False) -> Measure:
        """Return what one run of a command takes, and print it."""
        taken = measure(command, self.work / "log.txt", sampled=sampled)
        figure = f"{taken.peak / 2**20:.0f} MiB" if sampled else f"{taken.seconds:.2f} s"
        sys.stderr.write(f"  {name}: {figure}, {taken.cpu:.2f} CPU s\n")
        return taken

    def side_by_side(
        self, names: Sequence[str], prepare: Callable[[str, int], Command], *, sampled: bool = False
    ) -> Runs:
        """Return the measures of several commands that take turns.

        Parameters
        ----------
        names : sequence of str
            What is measured.
        prepare : callable
            Returns the command of a name in a round, its root made ready; this is not measured.
        sampled : bool, optional
            Whether one more round follows, whose memory is sampled and whose time counts nothing.
        """
        runs: Runs = {name: [] for name in names}
        for turn in range(self.runs + sampled):
            sys.stderr.write(f"round {turn + 1}\n")
            for name in names:
                command = prepare(name, turn)
                runs[name].append(self.measure(name, command, sampled=turn == self.runs))
        return runs


def to_json(runs: Runs) -> dict[str, list[dict[str, float]]]:
    """Return measures as JSON has them."""
    return {name: [asdict(each) for each in taken] for name, taken in runs.items()}


def from_json(kept: Mapping[str, Sequence[Mapping[str, float]]]) -> Runs:
    """Return measures from what JSON has."""
    return {
        name: [Measure(each["seconds"], each["cpu"], int(each["peak"])) for each in taken]
        for name, taken in kept.items()
    }


def timed(runs: Sequence[Measure]) -> list[float]:
    """Return the seconds of the runs that were timed: all but those whose memory was sampled."""
    return [run.seconds for run in runs if not run.peak]


def processor(runs: Sequence[Measure]) -> list[float]:
    """Return the processor seconds of the runs that were timed."""
    return [run.cpu for run in runs if not run.peak]


def peak_bytes(runs: Sequence[Measure]) -> int:
    """Return the most memory that any sampled run held, in bytes."""
    return max(run.peak for run in runs)
