"""Versions of a codebook: what became of codes, and codings of older versions migrated.

``codebook_changes.csv`` has a row for each code that was renamed, merged, split or retired. Tables
are never edited for it: what coders applied stays as it is, and is migrated when it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import TableError, describe_value
from analysis.study.codebook import read_codebook
from analysis.study.csv_rows import IDENTIFIER, read_optional_rows, repeated
from analysis.study.dates import date_faults, is_date
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
    rows = read_optional_rows(folder / CODEBOOK_CHANGES, CHANGE_COLUMNS, exactly=True)
    if not rows:
        return ()
    codes = read_codebook(folder / "codebook.csv", may_be_empty=True).codes
    offenders = [*_offenders(rows, codes), *repeated(rows, "old"), *_misplaced(rows)]
    if offenders:
        raise TableError(
            f"{CODEBOOK_CHANGES} can't be used.",
            offenders=offenders,
            expected="for each row a version, a date, a reason, and a change: rename or merge with "
            "one new code, split with several, separated by ';', retire with none; the oldest "
            "version first",
            remedy="correct the rows named; docs/tables.md#codebook_changescsv explains them",
        )
    return tuple(
        CodebookChange(row["version"], row["date"], row["change"], row["old"], _codes_in(row))
        for row in rows
    )


def _codes_in(row: Row) -> tuple[str, ...]:
    named = filter(None, map(str.strip, row["new"].split(";")))
    return tuple(dict.fromkeys(named))


def _offenders(rows: Sequence[Row], codes: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with each row by itself."""
    changed = {row["old"]: number for number, row in enumerate(rows)}
    for number, row in enumerate(rows):
        new = _codes_in(row)
        if row["change"] not in NEW_CODES:
            named = describe_value(row["change"], "change", list(NEW_CODES))
            yield row.offender(f"unknown {named}")
        elif not _fits(row["change"], len(new)):
            yield row.offender(f"{row['change']} needs {NEW_CODES[row['change']]} in column new")
        yield from map(row.offender, date_faults(row["date"]))
        for column in ("version", "reason"):
            if not row[column].strip():
                yield row.offender(f"{column} is blank")
        if not IDENTIFIER.fullmatch(row["old"]):
            yield row.offender("old is not a code")
        elif row["old"] in codes:
            yield row.offender(f"{row['old']} is still in codebook.csv")
        for code in new:
            if code not in codes and changed.get(code, number) <= number:
                yield row.offender(f"unknown {describe_value(code, 'code', codes)}")


def _fits(change: str, new: int) -> bool:
    return {SPLIT: new > 1, RETIRE: new == 0}.get(change, new == 1)


def _misplaced(rows: Sequence[Row]) -> Iterator[str]:
    """Yield rows that are older than the row above, or of a version that ended above it."""
    ended: set[str] = set()
    for above, row in pairwise(rows):
        if row["version"] != above["version"]:
            ended.add(above["version"])
        if row["version"] in ended:
            yield row.offender("its version is also above another version")
        if is_date(row["date"]) and is_date(above["date"]) and row["date"] < above["date"]:
            yield row.offender("its date is before that of the row above")


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
    return _migrate(applications, changes, had)[0]


def rows_to_recode(
    applications: pd.DataFrame, changes: Sequence[CodebookChange], had: Mapping[str, str]
) -> frozenset[int]:
    """Return the rows whose code was split, and whose coder has not chosen a new one.

    Parameters
    ----------
    applications, changes, had
        As for `migrate`.

    Returns
    -------
    frozenset of int
        Values of the index of `applications`.
    """
    migrated, was_split = _migrate(applications, changes, had)
    return frozenset(was_split.intersection(migrated.index))


def _migrate(
    applications: pd.DataFrame, changes: Sequence[CodebookChange], had: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.Index]:
    """Return migrated code applications, and the rows that a split gave their code."""
    migrated, was_split = applications, applications.index[:0]
    versions = [each.version for each in changes]
    for number, change in enumerate(changes):
        early = [coder for coder, version in had.items() if version in versions[number:]]
        old = (migrated[CODE] == change.old) & ~migrated[CODER].isin(early)
        if old.any():
            migrated = _apply(migrated, old, change, _codes_now(change, changes[number + 1 :]))
            if change.change == SPLIT:
                was_split = was_split.union(old.index[old])
    touched = migrated[CODE] != applications[CODE].reindex(migrated.index)
    return migrated[~(touched & _is_again(migrated, touched))], was_split


def _codes_now(change: CodebookChange, later: Sequence[CodebookChange]) -> set[str]:
    """Return the new codes of a change, and what became of these."""
    codes = {*change.new}
    for each in later:
        if each.old in codes:
            codes.update(each.new)
    return codes


def _apply(
    rows: pd.DataFrame, old: pd.Series, change: CodebookChange, codes_now: set[str]
) -> pd.DataFrame:
    new = change.new[0] if change.new else NO_CODE
    by_coder = pd.MultiIndex.from_frame(rows[[SEGMENT, CODER]])
    others = rows[CODE].isin(codes_now) if change.change == SPLIT else ~old & (rows[CODE] != "")
    is_recoded = by_coder.isin(by_coder[others.to_numpy()])
    dropped = old & is_recoded if change.change in (SPLIT, RETIRE) else old & False
    kept = rows.assign(**{CODE: rows[CODE].mask(old, new).astype("str")})
    return kept[~dropped]


def _is_again(rows: pd.DataFrame, touched: pd.Series) -> pd.Series:
    """Return which rows repeat another row; of those that were migrated, the later."""
    ordered = pd.concat([rows[~touched], rows[touched]])
    return ordered.duplicated(list(COLUMNS)).reindex(rows.index)
