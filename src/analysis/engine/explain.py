"""Explain why tasks are out of date: the part of the key that differs, and the rows behind it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.engine.executors import scratch_folder
from analysis.engine.failures import storage_errors
from analysis.engine.inputs import Inputs
from analysis.engine.keys import CODE, PYTHON, Keys
from analysis.engine.plan import (
    DATA,
    PARTITION,
    check_of,
    plan_partition,
    plan_tasks,
    require_places,
)
from analysis.errors import TableError
from analysis.publishing.manifest import LOCK
from analysis.publishing.row_changes import CODEBOOK_CHANGES, KEYS, changed_codes, changed_rows
from analysis.study.csv_rows import read_optional_rows
from analysis.study.journal import complete_change
from analysis.study.opened_study import open_study
from analysis.study.root import require_study
from analysis.tables.build_folder import WHOLE, BuildFolder
from analysis.tables.partition import partition_tables, read_partition
from analysis.tables.received import COLUMNS
from analysis.tables.table_files import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from analysis.engine.keys import Key
    from analysis.engine.options import BuildOptions
    from analysis.engine.task import Task
    from analysis.publishing.row_changes import RowChange
    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.partition import Partition

NEVER = "it has never run, or did not finish"
CHANGED_OUTPUT = "a file that it wrote was changed or is gone"
DEPENDS = "depends on"
SHOWN_ROWS = 20
CHANGED = {LOCK: "the locked versions", DATA: "the digest of the rows behind it"}


@dataclass(frozen=True)
class Reason:
    """Why a task will run, or may run.

    Parameters
    ----------
    task : str
        Its name.
    because : str
        The first part of its key that differs, or the task that it depends on.
    also : int
        How many other parts differ.
    rows : tuple of str
        The rows that were added, removed or changed, if a table differs.
    is_certain : bool
        Whether it will run. If not, it may: the task that it depends on runs, and may write the
        same as before.
    """

    task: str
    because: str
    also: int = 0
    rows: tuple[str, ...] = ()
    is_certain: bool = True

    @property
    def text(self) -> str:
        """The reason in a few words."""
        return f"{self.because}, and {self.also} more" if self.also else self.because


@storage_errors()
def explain(options: BuildOptions, study: str) -> list[Reason]:
    """Return which tasks a build of a study will or may run, and why, without running them.

    Parameters
    ----------
    options : BuildOptions
        What would be built.
    study : str
        The study.

    Returns
    -------
    list of Reason
        One for each task that is out of date, in the order of the plan; empty when the release is
        up to date.

    Raises
    ------
    CompendiumError
        When the study or its tables can't be used, or a place has no report.
    """
    require_study(options.root / "data", study)
    complete_change(options.root / "data" / study)
    if options.places:
        require_places(options.root, study, options.places)
    inputs = Inputs(options.root, study)
    differences = inputs.differences(options.reports / study, options.places)
    if not differences:
        return []
    opened = open_study(options.root, study)
    # Not in build/: a checkout may be read-only.
    with scratch_folder() as scratch:
        partitioned = _PartitionedAside(opened, inputs, BuildFolder(scratch))
        reasons = _Explanation(opened, inputs, partitioned).reasons(options.places)
    return reasons or [Reason("release", differences[0], len(differences) - 1)]


class _Explanation:
    """Explains the tasks of one study."""

    def __init__(self, opened: OpenedStudy, inputs: Inputs, partitioned: _PartitionedAside) -> None:
        self._opened = opened
        self._build = inputs.build
        self._keys = Keys(inputs)
        self._partitioned = partitioned
        self._stale: set[str] = set()

    def reasons(self, places: Sequence[str]) -> list[Reason]:
        """Return why each task would run, if it would."""
        first = self._reason(plan_partition(self._opened))
        partition = self._partitioned.partition() if first else read_partition(self._build)
        tasks = plan_tasks(self._opened, partition, places)
        reasons = [first, *(self._reason(task) for task in tasks if task.name != PARTITION)]
        return [reason for reason in reasons if reason is not None]

    def _reason(self, task: Task) -> Reason | None:
        now = self._partitioned.renew(self._keys.key(task), task.reads)
        last = self._keys.last(task.name)
        reason = self._compare(task, now, last or {}) if last else Reason(task.name, NEVER)
        if reason is None and not self._keys.is_done(task, now):
            reason = Reason(task.name, CHANGED_OUTPUT)
        if reason is not None:
            self._stale.add(task.name)
        return reason

    def _compare(self, task: Task, now: Key, last: Key) -> Reason | None:
        """Return the first part that differs; the results of a stale task are not known."""
        stale = self._stale - {PARTITION}
        # The check of the whole study changes the reports of few places, if of any.
        expected = [name for name in task.expects if name != check_of(WHOLE)]
        follows = [name for name in (*task.needs, *expected) if name in stale]
        names = list(dict.fromkeys([*now, *last]))
        differing = [name for name in names if now.get(name) != last.get(name)]
        is_known = self._partitioned.knows
        known = [name for name in differing if is_known(name) or not name.startswith("build/")]
        known = known if follows else differing
        if known:
            because = self._describe(known[0], now, last)
            return Reason(task.name, because, len(known) - 1, tuple(self._rows(known[0])))
        if not follows:
            return None
        return Reason(task.name, f"{DEPENDS} {follows[0]}", is_certain=False)

    def _describe(self, name: str, now: Key, last: Key) -> str:
        kind, _, rest = name.partition(" ")
        if kind == "parameter":
            return f"{name} is {now.get(name, 'gone')} and was {last.get(name, 'not there')}"
        if name == PYTHON:
            return f"Python is {now[name]} and was {last.get(name)}"
        if name in CHANGED:
            return f"{CHANGED[name]} changed"
        if self._partitioned.knows(name):
            return self._partitioned.describe(name)
        label = f"the code {rest}" if name.startswith(CODE) else name
        if not now.get(name):
            return f"{label} is gone"
        return f"{label} {'changed' if last.get(name) else 'is new'}"

    def _rows(self, name: str) -> Iterator[str]:
        """Yield the rows that were added, removed or changed, if a part is about a table."""
        table, _, place = name.partition(" of ")
        yield from self._partitioned.rows(table, place)
        if name.endswith(".csv") and Path(name).stem not in TABLES:
            yield from _changed_rows(self._build.seen / name, self._opened.root / name)


class _PartitionedAside:
    """The tables as their partition would write them, in a temporary folder.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    inputs : Inputs
        Its inputs, and the folder of its build, which is not changed.
    aside : BuildFolder
        Another, to partition the tables in.
    """

    def __init__(self, opened: OpenedStudy, inputs: Inputs, aside: BuildFolder) -> None:
        self._opened = opened
        self._build = inputs.build
        self._aside = aside
        self._digests = inputs.digests
        self._written: Key = {}
        below = self._build.path.relative_to(opened.root).as_posix()
        self._places, self._whole = f"{below}/received/", f"{below}/{self._build.partition.name}"

    def partition(self) -> Partition:
        """Partition the tables, and return how."""
        partition = partition_tables(self._opened, self._aside)
        written = [self._aside.received("").parent, self._aside.partition]
        digests = self._digests.digests(written, self._aside.path)
        below = self._whole.removesuffix(self._aside.partition.name)
        self._written = {f"{below}{name}": digest for name, digest in digests.items()}
        return partition

    def knows(self, name: str) -> bool:
        """Return whether a part of a key is a file that the partition writes."""
        return name == self._whole or name.startswith(self._places)

    def renew(self, key: Key, reads: Sequence[str]) -> Key:
        """Return a key as it will be after the partition, if that is out of date."""
        if not self._written:
            return key
        kept = {name: part for name, part in key.items() if not self.knows(name)}
        written = [
            name
            for name in self._written
            if any(f"{name}/".startswith(f"{each}/") for each in reads)
        ]
        return {**kept, **{name: self._written[name] for name in written}}

    def describe(self, name: str) -> str:
        """Return that a file which the partition writes differs, in words for people."""
        if name == self._whole:
            return "the tables as a whole changed"
        place, _, file = name.removeprefix(self._places).partition("/")
        return f"{Path(file).stem} of {place} changed, or moved within their file"

    def rows(self, table: str, place: str) -> Iterator[str]:
        """Yield the rows of a place's table that were added, removed or changed."""
        now = self._aside if self._written else self._build
        before, after = self._build.seen / "received" / place, now.received(place)
        if table in TABLES and after.is_dir():
            yield from _changed_rows_of_place(before, after, table)


def _changed_rows_of_place(before: Path, after: Path, table: str) -> Iterator[str]:
    """Yield which rows of a place's table were added, changed or removed, in a line each."""
    file, columns = f"{table}.parquet", list(COLUMNS[table])
    new = pd.read_parquet(after / file, columns=columns)
    if not (before / file).is_file():
        yield f"{table}: all rows are new ({len(new)})"
        return
    old = pd.read_parquet(before / file, columns=columns)
    lines = [change.text for change in changed_rows(old, new, table)]
    if not lines and not old.equals(new):
        lines = [f"{table}: rows are in another order, or repeated"]
    yield from _first(lines)


def _first(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:SHOWN_ROWS]
    if len(lines) > SHOWN_ROWS:
        yield f"and {len(lines) - SHOWN_ROWS} more"


def _changed_rows(before: Path, after: Path) -> Iterator[str]:
    """Yield which rows of a small table were added, removed or changed, in a line each."""
    table = after.stem
    changes: Iterable[RowChange] = ()
    if table == CODEBOOK_CHANGES:
        changes = changed_codes(before.parent, after.parent)
    elif table in KEYS:
        # A table that can't be read is refused by the task that uses it.
        with suppress(TableError):
            old, new = _read_both(before, after, KEYS[table])
            changes = changed_rows(old, new, table)
    yield from _first([change.text for change in changes])


def _read_both(before: Path, after: Path, key: Sequence[str]) -> list[pd.DataFrame]:
    """Return two versions of a small table with the same columns, of which a file may lack some."""
    found = [read_optional_rows(path, key[:1]) for path in (before, after)]
    tables = [pd.DataFrame([row.cells for row in rows]) for rows in found]
    columns = list(dict.fromkeys([*key, *tables[0], *tables[1]]))
    return [table.reindex(columns=columns, fill_value="") for table in tables]
