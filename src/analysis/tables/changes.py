"""Which rows of a part came, went or changed between two versions of it, without what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.errors import SHOWN_OFFENDERS
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.received import COLUMNS
from analysis.tables.streaming import ROW

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping
    from pathlib import Path

Kind = Literal["came", "changed", "went"]

IDS = {
    "focus_groups": (focus_groups.FOCUS_GROUP,),
    "segments": (segments.SEGMENT,),
    "code_applications": code_applications.COLUMNS,
}
# What is no plain id may be anything that somebody said.
PLAIN_ID = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


@dataclass(frozen=True)
class Change:
    """What became of one row.

    Parameters
    ----------
    kind : {"came", "changed", "went"}
        Whether it is new, says something else, or is gone.
    row : int
        Its row in the file; of what went, its row in the file as it was before.
    ids : tuple of str
        What names it: a focus group, a segment, or a segment, a code and a coder.
    columns : tuple of str
        The columns that changed.
    """

    kind: Kind
    row: int
    ids: tuple[str, ...]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What became of the rows of one table of a part.

    Parameters
    ----------
    table : str
        The table.
    counts : mapping of {"came", "changed", "went"} to int
        How many rows came, changed and went.
    shown : tuple of Change
        The first of them: what came or changed by its row, then what went.
    is_first : bool
        Whether there is no version before, so that all rows came and none is shown.
    is_reordered : bool
        Whether rows that stayed are in another order; to be moved alone is no change.
    """

    table: str
    counts: Mapping[Kind, int]
    shown: tuple[Change, ...] = ()
    is_first: bool = False
    is_reordered: bool = False

    def lines(self) -> Iterator[str]:
        """Yield what became of the rows, in a line each, and of how many more."""
        file = f"{self.table}.csv"
        if self.is_first:
            yield f"{file}: all its rows came ({self.counts['came']})"
            return
        for change in self.shown:
            yield _line(file, change)
        for kind, number in self.counts.items():
            rest = number - sum(change.kind == kind for change in self.shown)
            if rest:
                yield f"{file}: {rest} more row{'' if rest == 1 else 's'} {kind}"
        if self.is_reordered:
            yield f"{file}: rows that stayed are in another order"


def _line(file: str, change: Change) -> str:
    named = ", ".join(change.ids)
    if change.kind == "changed":
        return f"{file} row {change.row}: {named}: {', '.join(change.columns)} changed"
    at = f"{file} row {change.row}" + (" before" if change.kind == "went" else "")
    return f"{at}: {change.kind}: {named}"


def changed_rows(before: Path | None, after: Path, table: str) -> Changes:
    """Return which rows of one table of a part came, went or changed.

    Rows are the same where their ids are; of several with the same ids, the first is the first.

    Parameters
    ----------
    before, after : Path
        The folders of the part; None or no folder where it is new.
    table : str
        The table.
    """
    new = after / f"{table}.parquet"
    if before is None or not _can_compare(before / new.name, new):
        return Changes(table, {"came": pq.read_metadata(new).num_rows}, is_first=True)
    old = before / new.name
    rows = _pair_rows(old, new, table)
    is_new, is_gone = rows["was_at"].isna(), rows["is_at"].isna()
    stayed = rows[~is_new & ~is_gone].sort_values("is_at")
    is_changed = _compare(old, new, table, stayed)
    found: dict[Kind, pd.DataFrame] = {
        "came": rows[is_new],
        "changed": stayed[is_changed.any(axis="columns")],
        "went": rows[is_gone],
    }
    return Changes(
        table=table,
        counts={kind: len(chosen) for kind, chosen in found.items()},
        shown=_first(table, found, is_changed),
        is_reordered=not stayed["was_at"].is_monotonic_increasing,
    )


def _can_compare(old: Path, new: Path) -> bool:
    """Say whether there is a version before, with the columns that the table has now."""
    return old.is_file() and pq.read_schema(old).equals(pq.read_schema(new))


def _first(
    table: str, found: Mapping[Kind, pd.DataFrame], is_changed: pd.DataFrame
) -> tuple[Change, ...]:
    """Return the first changes: of rows that are there by their row, then of those that were."""
    present = pd.concat([found["came"], found["changed"]]).sort_values("is_at")
    listed = pd.concat([present, found["went"].sort_values("was_at")]).head(SHOWN_OFFENDERS)
    columns = is_changed.reindex(listed.index, fill_value=False)
    return tuple(
        _change(table, row, tuple(columns.columns[changed]))
        for row, changed in zip(listed.to_dict("records"), columns.to_numpy(), strict=True)
    )


def _pair_rows(old: Path, new: Path, table: str) -> pd.DataFrame:
    """Return the ids of the rows of both versions, and where each was and is, in part and file."""
    ids = list(IDS[table])
    was, came = (_locate_rows(path, ids, tense) for path, tense in ((old, "was"), (new, "is")))
    return was.merge(came, on=[*ids, "nth"], how="outer")


def _locate_rows(path: Path, ids: list[str], tense: str) -> pd.DataFrame:
    rows: pd.DataFrame = pq.read_table(path, columns=[ROW, *ids]).to_pandas()
    nth = rows.groupby(ids, sort=False).cumcount()
    located = rows.rename(columns={ROW: f"{tense}_row"})
    return located.assign(nth=nth, **{f"{tense}_at": np.arange(len(rows))})


def _compare(old: Path, new: Path, table: str, stayed: pd.DataFrame) -> pd.DataFrame:
    """Return which columns of the rows that stayed changed, a column in memory at a time."""
    was_at, is_at = (stayed[name].to_numpy(dtype="int64") for name in ("was_at", "is_at"))
    changed = {
        name: pc.not_equal(
            pq.read_table(old, columns=[name])[name].take(was_at),
            pq.read_table(new, columns=[name])[name].take(is_at),
        ).to_numpy()
        for name in COLUMNS[table]
        if name not in IDS[table]
    }
    return pd.DataFrame(changed, stayed.index, dtype=bool)


def _change(table: str, row: dict[Hashable, Any], columns: tuple[str, ...]) -> Change:
    kind: Kind = "changed" if columns else "went" if pd.isna(row["is_at"]) else "came"
    names = (row[name] for name in IDS[table])
    ids = tuple(name if PLAIN_ID.fullmatch(name) else "(no plain id)" for name in names)
    return Change(kind, int(row["was_row" if kind == "went" else "is_row"]), ids, columns)
