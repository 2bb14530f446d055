"""The table of tombstones: which focus groups left a study for good, when and why; and no more."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pyarrow.compute as pc  # type: ignore[import-untyped]

from analysis.errors import TableError
from analysis.study.csv_rows import IDENTIFIER
from analysis.study.withdrawal_reasons import REASONS
from analysis.tables.streaming import ROW, stream_table
from analysis.tables.table_files import TOMBSTONES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

FOCUS_GROUP = "focus_group"
WITHDRAWN_ON = "withdrawn_on"
REASON = "reason"
COLUMNS = (FOCUS_GROUP, WITHDRAWN_ON, REASON)
SEGMENT = "segment"


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
    """Return the tombstones of a study, none where nothing was ever withdrawn.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Raises
    ------
    TableError
        When the table cannot be read, or a row is no tombstone, naming the rows.
    """
    path = folder / TOMBSTONES
    if not path.exists():
        return ()
    told: list[Tombstone] = []
    offenders: list[str] = []
    for batch in stream_table(path, COLUMNS):
        for row in batch.to_pylist():
            told.append(Tombstone(*(row[name] for name in COLUMNS)))
            offenders += [f"{TOMBSTONES} row {row[ROW]}: {fault}" for fault in _faults(told[-1])]
    if offenders:
        raise TableError(
            f"The table {folder.name}/{TOMBSTONES} cannot be used as it stands.",
            offenders=offenders,
            expected=f"an id, a day as YYYY-MM-DD, and one of {', '.join(REASONS)}",
            remedy="put back the rows as compendium withdraw wrote them",
        )
    return tuple(told)


def _faults(tombstone: Tombstone) -> Iterator[str]:
    if not IDENTIFIER.fullmatch(tombstone.focus_group):
        yield "focus_group is no id"
    if not _is_day(tombstone.withdrawn_on):
        yield "withdrawn_on is no day"
    if tombstone.reason not in REASONS:
        yield "reason is none of the codes"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def withdrawn_groups(folder: Path) -> tuple[str, ...]:
    """Return the ids of the focus groups that were withdrawn, each once and sorted."""
    return tuple(sorted({each.focus_group for each in read_tombstones(folder)}))


class Belonging:
    """Tells which rows belong to some focus groups, however their ids are written.

    A segment belongs to a focus group by its id too, which begins with that of the focus group.

    Parameters
    ----------
    groups : iterable of str
        Their ids.
    """

    def __init__(self, groups: Iterable[str]) -> None:
        named = "|".join(map(re.escape, sorted(groups)))
        self._pattern = rf"^\s*({named})\s*(\.|$)"
        self._compiled = re.compile(self._pattern, re.IGNORECASE)

    def holds(self, *ids: str) -> bool:
        """Return whether one of the ids in a row is of a focus group, or of a segment of it."""
        return any(self._compiled.match(each) for each in ids)

    def which(self, rows: pa.RecordBatch) -> pa.Array:
        """Return which rows belong to them."""
        columns = [name for name in (FOCUS_GROUP, SEGMENT) if name in rows.schema.names]
        found = [
            pc.match_substring_regex(rows[name], self._pattern, ignore_case=True)
            for name in columns
        ]
        return found[0] if len(found) == 1 else pc.or_(*found)


def refuse_withdrawn(
    rows: Iterable[pa.RecordBatch], path: Path, tables: Mapping[str, Sequence[str]]
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a table of a study, unless some are of a focus group that was withdrawn.

    Parameters
    ----------
    rows : iterable of RecordBatch
        As `stream_table` yields them; what was yielded is good once all was.
    path : Path
        The file of the table, beside which the tombstones stand.
    tables : mapping of str to sequence of str
        The columns of each table of a study in which rows could be back.

    Raises
    ------
    TableError
        When rows are back that were withdrawn, naming all of them in all tables of the study.
    """
    groups = withdrawn_groups(path.parent)
    if not groups:
        yield from rows
        return
    belonging = Belonging(groups)
    is_back = False
    for batch in rows:
        is_back = is_back or pc.any(belonging.which(batch)).as_py()
        if not is_back:
            yield batch
    if is_back:
        _refuse(path.parent, belonging, tables)


def _refuse(folder: Path, belonging: Belonging, tables: Mapping[str, Sequence[str]]) -> None:
    files = (folder / f"{name}{ending}" for name in tables for ending in (".csv", ".parquet"))
    raise TableError(
        f"Rows of {folder.name} are back that were withdrawn for good.",
        offenders=[
            f"{path.name} row {row}"
            for path in files
            if path.is_file()
            for row in _rows_back(path, belonging, tables[path.stem])
        ],
        expected=f"no row of a focus group that stands in {TOMBSTONES}",
        remedy="take these rows out: compendium withdraw, with the same focus group, does it",
    )


def _rows_back(path: Path, belonging: Belonging, columns: Sequence[str]) -> list[int]:
    """Return the rows of a table that were withdrawn; what else is wrong is told another time."""
    found: list[int] = []
    with suppress(TableError):
        for batch in stream_table(path, columns):
            found += batch[ROW].filter(belonging.which(batch)).to_pylist()
    return found
