"""Versions of a codebook: what became of codes, and codings of older versions migrated.

``codebook_changes.csv`` has a row for each code that was renamed, merged, split or retired. Tables
are never edited for it: what coders applied stays as it is, and is migrated when it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import TableError, describe_value
from analysis.study.codebook import read_codebook
from analysis.study.csv_rows import IDENTIFIER, read_rows
from analysis.study.dates import is_date
from analysis.tables.code_applications import CODE, CODER, COLUMNS, NO_CODE, SEGMENT
from analysis.tables.table_files import CODEBOOK_CHANGES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.study.csv_rows import Row

CHANGE_COLUMNS = ("version", "date", "change", "old", "new", "reason")
RENAME, MERGE, SPLIT, RETIRE = "rename", "merge", "split", "retire"
NEW_CODES = {RENAME: "one code", MERGE: "one code", SPLIT: "two codes or more", RETIRE: "blank"}


@dataclass(frozen=True)
class CodebookChange:
    """What became of one code.

    Parameters
    ----------
    version : str
        The version of the codebook that it leads to.
    date : str
        The day, ``YYYY-MM-DD``.
    change : {"rename", "merge", "split", "retire"}
        What became of it.
    old : str
        The code.
    new : tuple of str
        The codes in its place; none where it was retired.
    """

    version: str
    date: str
    change: str
    old: str
    new: tuple[str, ...]


def read_changes(folder: Path) -> tuple[CodebookChange, ...]:
    """Return what became of the codes of a study, in the order of the file; none without a file.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Raises
    ------
    TableError
        When the file can't be read, or any of its rows can't be used; all such rows are listed.
    """
    path = folder / CODEBOOK_CHANGES
    if not path.is_file():
        return ()
    rows = read_rows(path, CHANGE_COLUMNS, may_be_empty=True, exactly=True)
    codes = read_codebook(folder / "codebook.csv", may_be_empty=True).codes
    offenders = [each for row in rows for each in _offenders(row, rows, codes)]
    if offenders:
        raise TableError(
            f"{CODEBOOK_CHANGES} can't be used.",
            offenders=offenders,
            expected="for each row a version, a date, a reason, and a change: rename or merge with "
            "one new code, split with several, separated by ';', retire with none",
            remedy="correct the rows named; docs/own-data.md#codebook_changescsv explains them",
        )
    return tuple(_change_of(row) for row in rows)


def _change_of(row: Row) -> CodebookChange:
    return CodebookChange(row["version"], row["date"], row["change"], row["old"], _codes_in(row))


def _codes_in(row: Row) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, row["new"].split(";"))))


def _offenders(row: Row, rows: Sequence[Row], codes: Collection[str]) -> Iterator[str]:
    new = _codes_in(row)
    later = rows[rows.index(row) + 1 :]
    if row["change"] not in NEW_CODES:
        yield row.offender(f"unknown {describe_value(row['change'], 'change', list(NEW_CODES))}")
    elif not _fits(row["change"], len(new)):
        yield row.offender(f"{row['change']} needs {NEW_CODES[row['change']]} in column new")
    if not is_date(row["date"]):
        yield row.offender("date is not like 2020-10-12")
    for column in ("version", "reason"):
        if not row[column].strip():
            yield row.offender(f"{column} is blank")
    if not IDENTIFIER.fullmatch(row["old"]):
        yield row.offender("old is not a code")
    elif row["old"] in codes and row["old"] not in new:
        yield row.offender(f"{row['old']} is still in codebook.csv")
    changed_later = {each["old"] for each in later}
    for code in new:
        if code not in codes and code not in changed_later:
            yield row.offender(f"unknown {describe_value(code, 'code', codes)}")


def _fits(change: str, new: int) -> bool:
    return {SPLIT: new > 1, RETIRE: new == 0}.get(change, new == 1)


def current_version(folder: Path) -> CodebookChange | None:
    """Return the last change of a study's codebook, which has its version; None without any.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    """
    changes = read_changes(folder)
    return changes[-1] if changes else None


def migrate(
    applications: pd.DataFrame, changes: Sequence[CodebookChange], had: Mapping[str, str]
) -> pd.DataFrame:
    """Return code applications with the codes that the codebook has now.

    A renamed or merged code becomes the new one. A split code becomes the first of the new ones,
    unless the coder has put any of them on the segment by hand. In place of a retired code, the
    coder looked at the segment, and no code applies. What is there twice then is kept once.

    Parameters
    ----------
    applications : DataFrame
        ``segment, code, coder``, as the coders applied them.
    changes : sequence of CodebookChange
        What became of codes, the oldest first.
    had : mapping of str to str
        The version that each coder had, where it is stated: only later changes apply then.
    """
    migrated = applications
    versions = [each.version for each in changes]
    for number, change in enumerate(changes):
        early = [
            coder
            for coder, version in had.items()
            if version in versions and number <= _last(versions, version)
        ]
        old = (migrated[CODE] == change.old) & ~migrated[CODER].isin(early)
        if old.any():
            migrated = _apply(migrated, old, change)
    touched = migrated[CODE] != applications[CODE].reindex(migrated.index)
    return migrated[~(touched & _is_again(migrated, touched))]


def _last(versions: Sequence[str], version: str) -> int:
    return len(versions) - 1 - [*reversed(versions)].index(version)


def _apply(rows: pd.DataFrame, old: pd.Series, change: CodebookChange) -> pd.DataFrame:
    new = change.new[0] if change.new else NO_CODE
    by_coder = pd.MultiIndex.from_frame(rows[[SEGMENT, CODER]])
    others = rows[CODE].isin(change.new) if change.change == SPLIT else ~old & (rows[CODE] != "")
    is_recoded = by_coder.isin(by_coder[others.to_numpy()])
    dropped = old & is_recoded if change.change in (SPLIT, RETIRE) else old & False
    kept = rows.assign(**{CODE: rows[CODE].mask(old, new).astype("str")})
    return kept[~dropped]


def _is_again(rows: pd.DataFrame, touched: pd.Series) -> pd.Series:
    """Return which rows say again what another row says; of those that were migrated, the later."""
    ordered = pd.concat([rows[~touched], rows[touched]])
    return ordered.duplicated(list(COLUMNS)).reindex(rows.index)
