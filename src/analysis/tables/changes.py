"""Which rows of a place's table were added, removed or changed between two versions of it.

Rows are named by their ids: their text is nobody's business in a message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import SHOWN_OFFENDERS
from analysis.study.csv_rows import IDENTIFIER
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

IDS = {
    "focus_groups": [focus_groups.FOCUS_GROUP],
    "segments": [segments.SEGMENT],
    "code_applications": list(code_applications.COLUMNS),
}
KINDS = ("added", "changed", "removed")


def describe_changes(before: Path, after: Path, table: str) -> Iterator[str]:
    """Yield which rows of one table of a place were added, changed or removed, in a line each.

    Rows are the same where their ids are; of several with the same ids, the first is the first.

    Parameters
    ----------
    before, after : Path
        The folders of a place's tables as received; the first need not exist.
    table : str
        The table.
    """
    file, new = f"{table}.csv", _read(after / f"{table}.parquet", table)
    if not (before / f"{table}.parquet").is_file():
        yield f"{file}: all rows are new ({len(new)})"
        return
    rows = _compare(_read(before / f"{table}.parquet", table), new, table)
    changes = rows[rows["kind"] != ""]
    shown = changes.head(SHOWN_OFFENDERS)
    for _, row in shown.iterrows():
        yield f"{file}: {row['kind']}: {_describe(row, table)}"
    for kind in KINDS:
        rest = int((changes["kind"] == kind).sum() - (shown["kind"] == kind).sum())
        if rest:
            yield f"{file}: {kind}: {rest} more row{'' if rest == 1 else 's'}"
    stayed = rows.loc[rows["kind"] != "removed", "at_before"].dropna()
    if not stayed.is_monotonic_increasing:
        yield f"{file}: rows are in another order"


def _read(path: Path, table: str) -> pd.DataFrame:
    rows = pd.read_parquet(path, columns=list(COLUMNS[table]))
    return rows.assign(at=range(len(rows)), nth=rows.groupby(IDS[table]).cumcount())


def _compare(old: pd.DataFrame, new: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return the rows of both versions: those that exist in their order, then those removed."""
    rows = old.merge(new, on=[*IDS[table], "nth"], how="outer", suffixes=("_before", ""))
    rows = rows.sort_values(["at", "at_before"], ignore_index=True)
    stayed = rows["at"].notna() & rows["at_before"].notna()
    others = [name for name in COLUMNS[table] if name not in IDS[table]]
    changed = pd.DataFrame(
        {name: stayed & (rows[name] != rows[f"{name}_before"]) for name in others}, rows.index
    )
    kind = pd.Series("", rows.index).mask(changed.any(axis="columns"), "changed")
    kind = kind.mask(rows["at_before"].isna(), "added").mask(rows["at"].isna(), "removed")
    columns = [", ".join(name for name in others if row[name]) for _, row in changed.iterrows()]
    return rows[[*IDS[table], "at_before"]].assign(kind=kind, columns=columns)


def _describe(row: pd.Series, table: str) -> str:
    """Return the ids of a row, and the columns that changed; other texts stay private."""
    ids = (str(row[name]) for name in IDS[table])
    named = ", ".join(each if IDENTIFIER.fullmatch(each) else "(not an id)" for each in ids)
    return f"{named} ({row['columns']})" if row["columns"] else named
