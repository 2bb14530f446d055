"""Which rows of a study's table differ between two versions of it, and one of them reverted.

Rows are named by their ids alone: their text is nobody's business in a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import StudyError, TableError
from analysis.study.csv_rows import IDENTIFIER
from analysis.study.places import ALPHA_3
from analysis.tables.codebook_changes import read_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from analysis.tables.codebook_changes import CodebookChange

KEYS = {
    "codebook": ["code"],
    "focus_groups": ["focus_group"],
    "segments": ["segment"],
    "code_applications": ["segment", "code", "coder"],
    # Tables that a study may have.
    "coded": ["coder", "focus_group", "section", "question", "segment"],
    "evidence": ["about", "place", "segment"],
    "findings": ["id"],
    "places": ["country"],
    "privacy_exceptions": ["table", "id", "column", "kind"],
    "tiles": ["place", "country"],
    "wider_places": ["place"],
    "withdrawn": ["focus_group"],
}
"""The columns that name a row of each table whose rows have ids."""

CODEBOOK_CHANGES = "codebook_changes"
Key = tuple[str, ...]
DEFINING = ("definition", "include", "exclude")


@dataclass(frozen=True)
class RowChange:
    """One row of a table that was added, removed, changed or moved.

    Parameters
    ----------
    table : str
        The table.
    old, new : tuple of str or None
        The key of the row before and after; None where there was or is none.
    columns : tuple of str
        The columns whose values differ, of a row with the same key.
    """

    table: str
    old: Key | None
    new: Key | None
    columns: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What changed, in a few words and ids."""
        key = self.new or self.old or ()
        if self.table == CODEBOOK_CHANGES:
            change, old, *new = map(_shown, key)
            became = f"{change} {old} → {', '.join(new)}" if new else f"{change} {old}"
            return f"codebook: {became}" if self.new else f"codebook: no longer {became}"
        if self.old and self.new and self.old != self.new:
            segment, code, coder = map(_shown, self.new)
            return f"{self.table}: {segment} by {coder}: {_shown(self.old[1])} → {code}"
        named = ", ".join(map(_shown, filter(None, key)))
        if not self.columns:
            return f"{self.table}: {'added' if self.new else 'removed'} {named}"
        verb = "changed"
        if self.table == "codebook" and set(self.columns) <= {"name", *DEFINING}:
            verb = "redefined" if set(self.columns) & set(DEFINING) else "renamed"
        return f"{self.table}: {verb} {named} ({', '.join(self.columns)})"

    @property
    def ids(self) -> frozenset[str]:
        """The codes, focus groups and segments concerned."""
        # A coder is behind nearly every number: the segment and the code say more.
        naming = {"code_applications": slice(2), CODEBOOK_CHANGES: slice(1, None)}
        which = naming.get(self.table, slice(None))
        return frozenset(part for key in (self.old, self.new) if key for part in key[which])


def changed_rows(old: pd.DataFrame, new: pd.DataFrame, table: str) -> Iterator[RowChange]:
    """Yield which rows of a table, one of `KEYS`, were added, removed, moved or changed."""
    before, after = (_by_key(each, table) for each in (old, new))
    gone = [key for key in before if key not in after]
    added = [key for key in after if key not in before]
    moved = _moved(gone, added) if table == "code_applications" else {}
    came = {*moved.values()}
    yield from (RowChange(table, was, now) for was, now in moved.items())
    yield from (RowChange(table, None, key) for key in added if key not in came)
    yield from (RowChange(table, key, None) for key in gone if key not in moved)
    for key, row in after.items():
        was = before.get(key, row)
        columns = tuple(name for name in row if row[name] != was[name])
        if columns:
            yield RowChange(table, key, key, columns)


def changed_codes(before: Path, after: Path) -> Iterator[RowChange]:
    """Yield which codes were split, merged, renamed or retired, from two folders of a study."""
    old, new = (
        [(each.change, each.old, *each.new) for each in _changes_in(folder)]
        for folder in (before, after)
    )
    yield from (RowChange(CODEBOOK_CHANGES, None, key) for key in new if key not in old)
    yield from (RowChange(CODEBOOK_CHANGES, key, None) for key in old if key not in new)


def _changes_in(folder: Path) -> tuple[CodebookChange, ...]:
    try:
        return read_changes(folder)
    except (TableError, StudyError):
        return ()


def revert_row(old: pd.DataFrame, new: pd.DataFrame, change: RowChange) -> list[list[str]]:
    """Return the rows of a table, header first, with one of its changes reverted.

    Parameters
    ----------
    old, new : DataFrame
        The table before and after, all text.
    change : RowChange
        One of `changed_rows`.
    """
    before, after = (_by_key(each, change.table) for each in (old, new))
    rows = list(after.items())
    at = [key for key, _ in rows].index(change.new) if change.new else len(rows)
    if change.new:
        del rows[at]
    if change.old:
        place = at if change.new else min(list(before).index(change.old), len(rows))
        rows.insert(place, (change.old, before[change.old]))
    return [list(new.columns), *([row[name] for name in new.columns] for _, row in rows)]


def _by_key(rows: pd.DataFrame, table: str) -> dict[Key, dict[str, str]]:
    records: list[dict[str, str]] = rows.to_dict("records")  # type: ignore[assignment]
    return {tuple(row[name] for name in KEYS[table]): row for row in records}


def _moved(gone: Sequence[Key], added: Sequence[Key]) -> dict[Key, Key]:
    """Return codings that one coder moved to another code of the same segment."""
    free: dict[tuple[str, str], list[Key]] = {}
    for segment, code, coder in added:
        free.setdefault((segment, coder), []).append((segment, code, coder))
    return {key: free[key[0], key[2]].pop(0) for key in gone if free.get((key[0], key[2]))}


def _shown(value: str) -> str:
    is_id = IDENTIFIER.fullmatch(value) or ALPHA_3.fullmatch(value)
    return value if is_id else "(not an id)"
