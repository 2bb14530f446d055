"""Why work would be done again: the part of its key that differs, and the rows behind it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from analysis.engine.digests import Fingerprints
from analysis.engine.inputs import KNOWN, Freshness
from analysis.engine.keys import CODE, LOCK, PYTHON, Keys
from analysis.engine.parted_beside import PartedBeside
from analysis.engine.plan import (
    DATA,
    PARTING,
    RECEIVED,
    guard_of,
    make_parting,
    make_plan,
    read_parting,
)
from analysis.engine.reach import Reach
from analysis.engine.scratch import Scratch
from analysis.engine.storage import storage_told
from analysis.study.journal import complete_change
from analysis.study.opened_study import open_study
from analysis.study.root import require_study
from analysis.tables.build_folder import WHOLE, BuildFolder
from analysis.tables.table_files import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.engine.build import BuildOrder
    from analysis.engine.keys import Parts
    from analysis.engine.task import Work
    from analysis.study.opened_study import OpenedStudy

NEVER = "it was never done, or not finished"
SPOILT = "what it left was changed or is gone"
SHOWN_ROWS = 20

NumberedRow: TypeAlias = "tuple[int, dict[str, str]]"
CHANGED = {LOCK: "the locked versions", DATA: "the rows behind it"}


@dataclass(frozen=True)
class Reason:
    """Why a piece of work would be done again.

    Parameters
    ----------
    work : str
        Its name.
    because : str
        The first part of its key that differs, or the work that it follows.
    also : int
        How many other parts differ.
    rows : tuple of str
        The rows that came, went or changed, where a table differs.
    """

    work: str
    because: str
    also: int = 0
    rows: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The reason in a few words."""
        return f"{self.because}, and {self.also} more" if self.also else self.because


@storage_told()
def explain(order: BuildOrder, study: str) -> list[Reason]:
    """Return what a build of a study would do, and why, without doing it.

    Parameters
    ----------
    order : BuildOrder
        What would be built.
    study : str
        The study.

    Returns
    -------
    list of Reason
        One for each piece of work that is not up to date, in the order of the plan; empty when the
        release is up to date.

    Raises
    ------
    CompendiumError
        When the study or its tables cannot be used, or a place has no report.
    """
    require_study(order.root / "data", study)
    complete_change(order.root / "data" / study)
    build = order.build_folder(study)
    fingerprints = Fingerprints(build.path / KNOWN)
    freshness = Freshness(order.root, study, build, fingerprints)
    differences = freshness.differences(order.reports / study, order.places)
    if not differences:
        return []
    opened = open_study(order.root, study)
    keys = Keys(order.root, build, fingerprints, Reach(fingerprints))
    with Scratch() as scratch:
        parted = PartedBeside(opened, build, BuildFolder(scratch.path), fingerprints)
        explanation = _Explanation(opened, build, keys, parted)
        reasons = explanation.reasons(order.places)
    return reasons or [Reason("release", differences[0], len(differences) - 1)]


class _Explanation:
    """Explains the work on one study."""

    def __init__(
        self, opened: OpenedStudy, build: BuildFolder, keys: Keys, parted: PartedBeside
    ) -> None:
        self._opened = opened
        self._build = build
        self._keys = keys
        self._parted = parted
        self._stale: set[str] = set()

    def reasons(self, places: Sequence[str]) -> list[Reason]:
        """Return why each piece of work would be done, where it would be."""
        parting = make_parting(self._opened, self._build)
        first = self._reason(parting)
        parts = self._parted.part() if first else read_parting(self._build)
        works = make_plan(self._opened, self._build, parts, places)
        reasons = [first, *(self._reason(work) for work in works if work.name != PARTING)]
        return [reason for reason in reasons if reason is not None]

    def _reason(self, work: Work) -> Reason | None:
        now = self._parted.renewed(self._keys.parts(work), work.reads)
        last = self._keys.last(work.name)
        reason = self._compare(work, now, last or {}) if last else Reason(work.name, NEVER)
        if reason is None and not self._keys.is_done(work, now):
            reason = Reason(work.name, SPOILT)
        if reason is not None:
            self._stale.add(work.name)
        return reason

    def _compare(self, work: Work, now: Parts, last: Parts) -> Reason | None:
        """Return the first part that differs; what work still to be done leaves is not known."""
        stale = self._stale - {PARTING}
        # The check of the whole study changes the reports of few places, if of any.
        expected = set(work.expects) - {guard_of(WHOLE, RECEIVED)}
        follows = [name for name in (*work.needs, *sorted(expected)) if name in stale]
        names = list(dict.fromkeys([*now, *last]))
        differing = [name for name in names if now.get(name) != last.get(name)]
        is_known = self._parted.knows
        known = [name for name in differing if is_known(name) or not name.startswith("build/")]
        known = known if follows else differing
        if known:
            told = self._tell(known[0], now, last)
            return Reason(work.name, told, len(known) - 1, tuple(self._rows(known[0])))
        return Reason(work.name, f"it follows {follows[0]}") if follows else None

    def _tell(self, name: str, now: Parts, last: Parts) -> str:
        kind, _, rest = name.partition(" ")
        if kind == "parameter":
            return f"{name} is {now.get(name, 'gone')} and was {last.get(name, 'not there')}"
        if name == PYTHON:
            return f"Python is {now[name]} and was {last.get(name)}"
        if name in CHANGED:
            return f"{CHANGED[name]} changed"
        if self._parted.knows(name):
            return self._parted.tell(name)
        label = f"the code {rest}" if name.startswith(CODE) else name
        if not now.get(name):
            return f"{label} is gone"
        return f"{label} {'changed' if last.get(name) else 'is new'}"

    def _rows(self, name: str) -> Iterator[str]:
        """Yield the rows that came, went or changed, where a part is about a table."""
        table, _, place = name.partition(" of ")
        yield from self._parted.rows(table, place)
        if name.endswith(".csv") and Path(name).stem not in TABLES:
            yield from _changed_lines(self._build.seen / name, self._opened.root / name)


def _changed_lines(before: Path, after: Path) -> Iterator[str]:
    """Yield the rows of a small table that came, went or changed, by what tells them apart."""
    rows = _rows_of(before), _rows_of(after)
    old, new = (_by_key(each, _width(*rows)) for each in rows)
    changed = [
        *(f"row {row}: came: {key}" for key, (row, _) in new.items() if key not in old),
        *(f"row {row} as it was: went: {key}" for key, (row, _) in old.items() if key not in new),
        *(
            f"row {row}: {key}: {', '.join(name for name in told if told[name] != was[name])}"
            for key, (row, told) in new.items()
            for was in [dict.fromkeys(told, "") | old.get(key, (0, told))[1]]
            if any(told[name] != was[name] for name in told)
        ),
    ]
    yield from (f"{after.name} {line}" for line in changed[:SHOWN_ROWS])
    if len(changed) > SHOWN_ROWS:
        yield f"{after.name}: {len(changed) - SHOWN_ROWS} more rows"


def _rows_of(path: Path) -> list[NumberedRow]:
    """Return the rows of a table with their numbers; what is no UTF-8 is refused by who uses it."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return [
            (number, {name: value or "" for name, value in told.items() if name})
            for number, told in enumerate(csv.DictReader(file), start=2)
        ]


def _width(*tables: Sequence[NumberedRow]) -> int:
    """Return how many columns, from the first, tell the rows of tables apart."""
    most = max((len(told) for rows in tables for _, told in rows), default=1)
    return next(
        (n for n in range(1, most) if all(len(_by_key(rows, n)) == len(rows) for rows in tables)),
        most,
    )


def _by_key(rows: Sequence[NumberedRow], width: int) -> dict[str, NumberedRow]:
    return {", ".join([*told.values()][:width]): (number, told) for number, told in rows}
