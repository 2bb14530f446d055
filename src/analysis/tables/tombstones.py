"""The table of tombstones: which focus groups left a study for good, when and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import TableError
from analysis.study.csv_rows import IDENTIFIER, read_optional_rows
from analysis.study.dates import is_date
from analysis.tables.table_files import TOMBSTONES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pandas as pd

FOCUS_GROUP = "focus_group"
SEGMENT = "segment"
COLUMNS = (FOCUS_GROUP, "withdrawn_on", "reason")

REASONS = (
    "host-request",  # the host asked for it
    "participant-request",  # somebody who took part asked for it
    "consent-unclear",  # it is not known what consent was given
    "safety",  # its words could put somebody at risk
    "duplicate",  # another focus group describes the same session
)
"""Why a focus group may leave a study: codes alone, so that a reason can't describe a person."""


@dataclass(frozen=True)
class Tombstone:
    """What stays of a focus group that was withdrawn.

    Parameters
    ----------
    focus_group : str
        Its id.
    withdrawn_on : str
        The day on which it left, ``YYYY-MM-DD``.
    reason : str
        One of `REASONS`.
    """

    focus_group: str
    withdrawn_on: str
    reason: str


def read_tombstones(folder: Path) -> tuple[Tombstone, ...]:
    """Return the tombstones of a study; none where the table is absent.

    Raises
    ------
    TableError
        When the table can't be read, or a row is no tombstone, naming the rows.
    """
    rows = read_optional_rows(folder / TOMBSTONES, COLUMNS, exactly=True)
    tombstones = tuple(Tombstone(*(row[name] for name in COLUMNS)) for row in rows)
    offenders = [
        row.offender(fault)
        for row, tombstone in zip(rows, tombstones, strict=True)
        for fault in _faults(tombstone)
    ]
    if offenders:
        raise TableError(
            f"The table {folder.name}/{TOMBSTONES} cannot be used as it is.",
            offenders=offenders,
            expected=f"an id, a day as YYYY-MM-DD, and one of {', '.join(REASONS)}",
            remedy="put back the rows as compendium withdraw wrote them",
        )
    return tombstones


def _faults(tombstone: Tombstone) -> Iterator[str]:
    if not IDENTIFIER.fullmatch(tombstone.focus_group):
        yield "focus_group is no id"
    if not is_date(tombstone.withdrawn_on):
        yield "withdrawn_on is no day"
    if tombstone.reason not in REASONS:
        yield "reason is none of the codes"


def withdrawn_groups(folder: Path) -> tuple[str, ...]:
    """Return the ids of the focus groups that were withdrawn, each once and sorted."""
    return tuple(sorted({each.focus_group for each in read_tombstones(folder)}))


class Belonging:
    """Finds the rows of some focus groups, however their ids are written.

    A segment belongs to a focus group by its id too, which begins with that of the focus group.

    Parameters
    ----------
    groups : iterable of str
        The ids of the focus groups.
    """

    def __init__(self, groups: Iterable[str]) -> None:
        named = "|".join(map(re.escape, sorted(groups)))
        self._pattern = re.compile(rf"\s*({named})\s*(\.|$)", re.IGNORECASE)

    def holds(self, *ids: str) -> bool:
        """Return whether an id is of one of the focus groups, or of a segment of one."""
        return any(self._pattern.match(each) for each in ids)

    def which(self, rows: pd.DataFrame) -> pd.Series:
        """Return which rows of a table have such an id in ``focus_group`` or ``segment``."""
        ids = rows[[name for name in (FOCUS_GROUP, SEGMENT) if name in rows]]
        return ids.apply(self.matches).any(axis="columns")

    def matches(self, ids: pd.Series) -> pd.Series:
        """Return which ids are of one of the focus groups, or of a segment of one."""
        found = {text for text in ids.unique() if self._pattern.match(text)}
        return ids.isin(found)
