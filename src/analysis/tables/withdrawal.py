"""Withdrawal of a focus group: its rows and files go, and a tombstone stays.

What goes is planned first, then carried out. Stored afterwards are the tombstone, and digests and
fingerprints by which an import recognises the same words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import StudyError, TableError, closest
from analysis.study.csv_rows import IDENTIFIER, IDENTIFIER_FORM, format_csv, read_optional_rows
from analysis.study.digests import digest_file
from analysis.study.journal import StudyChange
from analysis.tables.coded import read_coded
from analysis.tables.evidence import COLUMNS as EVIDENCE_COLUMNS
from analysis.tables.findings import PASSAGES
from analysis.tables.fingerprints import FILE as FINGERPRINTS_FILE
from analysis.tables.fingerprints import add_fingerprints, write_fingerprints
from analysis.tables.focus_groups import FOCUS_GROUP, SOURCE, SOURCE_SHA256
from analysis.tables.received import OF_FOCUS_GROUPS, read_text_table, table_paths
from analysis.tables.registry import (
    FILE,
    LOG_ENDING,
    RAW,
    Received,
    digest_words,
    format_registry,
    read_registry,
)
from analysis.tables.row_edits import Edit, copy_with_edits, copy_without
from analysis.tables.segments import SEGMENT, TEXT, cells_of
from analysis.tables.table_files import (
    CODED,
    EVIDENCE,
    EXCEPTION_COLUMNS,
    EXCEPTIONS,
    FINDINGS,
    TOMBSTONES,
)
from analysis.tables.tombstones import (
    COLUMNS,
    Belonging,
    read_tombstones,
    withdrawn_groups,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.tables.tombstones import Tombstone

GROUPS, SEGMENTS, APPLICATIONS = OF_FOCUS_GROUPS
LOOKED_AT = CODED.removesuffix(".csv")
EXCEPTED = EXCEPTIONS.removesuffix(".csv")
ADDED = EVIDENCE.removesuffix(".csv")
BY_HAND = "by hand"


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal takes out of a study.

    Parameters
    ----------
    tombstone : Tombstone
        What stays; that of before, where the focus group was withdrawn and rows are back.
    is_new : bool
        Whether the tombstone is not there yet.
    rows : mapping of str to int
        How many rows go, by table; of the reviewed exceptions only where some go.
    raw_files : tuple of str
        The files as received that go, below the folder of the study.
    shared_files : tuple of str
        The files as received that are about other focus groups too: a person must edit them.
    """

    tombstone: Tombstone
    is_new: bool
    rows: Mapping[str, int]
    raw_files: tuple[str, ...] = ()
    shared_files: tuple[str, ...] = ()


def plan_withdrawal(folder: Path, tombstone: Tombstone) -> Withdrawal:
    """Return what the withdrawal of a focus group takes out of a study; nothing changes.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    tombstone : Tombstone
        What is to stay.

    Raises
    ------
    StudyError
        When the study does not have the focus group, it was withdrawn before and no row is back,
        the id of another starts with its own, or it has no id that a tombstone could keep.
    TableError
        When a table cannot be read.
    """
    group = tombstone.focus_group
    tables = _read_tables(folder)
    groups = tables[GROUPS]
    _require_no_other_within(group, groups[FOCUS_GROUP])
    leaving = _rows_leaving(tables, group)
    before = [each for each in read_tombstones(folder) if each.focus_group == group]
    if not any(leaving[name] for name in OF_FOCUS_GROUPS) or not (
        before or any((tables[name][FOCUS_GROUP] == group).any() for name in (GROUPS, SEGMENTS))
    ):
        _refuse_absent(folder, group, groups[FOCUS_GROUP], before)
    _require_id(group)
    raw_files, shared_files = raw_files_of(folder, groups, group, withdrawn_groups(folder))
    return Withdrawal(
        tombstone=before[-1] if before else tombstone,
        is_new=not before,
        rows={name: len(rows) for name, rows in leaving.items()},
        raw_files=raw_files,
        shared_files=shared_files,
    )


def carry_out(withdrawal: Withdrawal, folder: Path, gone: Iterable[Path] = ()) -> None:
    """Take a focus group out of the files of a study: all of it, or nothing.

    Parameters
    ----------
    withdrawal : Withdrawal
        What goes.
    folder : Path
        The folder of the study.
    gone : iterable of Path
        Files and folders below the root that are deleted as a whole.

    Raises
    ------
    TableError
        When a table is not as it was when that was planned.
    """
    group = withdrawal.tombstone.focus_group
    tables = _read_tables(folder)
    leaving = _rows_leaving(tables, group)
    _require_planned({name: len(rows) for name, rows in leaving.items()}, withdrawal.rows)
    paths = {
        **table_paths(folder),
        LOOKED_AT: folder / CODED,
        EXCEPTED: folder / EXCEPTIONS,
        ADDED: folder / EVIDENCE,
    }
    drafted = _edits_of_drafts(folder / FINDINGS, tables[SEGMENTS], group)
    with StudyChange(folder) as change:
        for name, rows in leaving.items():
            if rows:
                copy_without(paths[name], change.stage(paths[name].name), rows)
        if drafted:
            copy_with_edits(folder / FINDINGS, change.stage(FINDINGS), drafted)
        if withdrawal.is_new:
            _add_tombstone(withdrawal.tombstone, folder / TOMBSTONES, change.stage(TOMBSTONES))
            registry = format_registry(_registry_with(folder, tables, group))
            change.stage(f"{RAW}/{FILE}").write_text(registry, encoding="utf-8")
            kept = add_fingerprints(folder, group, _of_group(tables[SEGMENTS], group)[TEXT])
            write_fingerprints(change.stage(f"{RAW}/{FINGERPRINTS_FILE}"), kept)
        change.commit([*(folder / name for name in withdrawal.raw_files), *gone])


def _read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables that may have rows of focus groups; optional ones may have none."""
    paths = table_paths(folder)
    tables = {name: read_text_table(paths[name], cols) for name, cols in OF_FOCUS_GROUPS.items()}
    tables[LOOKED_AT] = read_coded(folder)
    tables[EXCEPTED] = _read_optional(folder / EXCEPTIONS, EXCEPTION_COLUMNS)
    tables[ADDED] = _read_optional(folder / EVIDENCE, EVIDENCE_COLUMNS)
    return tables


def _read_optional(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return some columns of a table that may be absent and may have others, by row."""
    rows = read_optional_rows(path, columns)
    cells = [[row[name] for name in columns] for row in rows]
    return pd.DataFrame(cells, [row.number for row in rows], list(columns), dtype="str")


def _rows_leaving(tables: Mapping[str, pd.DataFrame], group: str) -> dict[str, list[int]]:
    """Return the rows of each table that leave with a focus group, however its id is written."""
    belonging = Belonging([group])
    leaves = {name: belonging.which(tables[name]) for name in OF_FOCUS_GROUPS}
    named = tables[SEGMENTS].loc[leaves[SEGMENTS], SEGMENT]
    leaves[APPLICATIONS] |= tables[APPLICATIONS][SEGMENT].isin(named)
    table, ids = tables[EXCEPTED]["table"], tables[EXCEPTED]["id"]
    against = tables[ADDED][SEGMENT].str.strip()
    optional = {
        LOOKED_AT: belonging.which(tables[LOOKED_AT]),
        EXCEPTED: ((table == SEGMENTS) & ids.isin(named))
        | (table.isin([GROUPS, SEGMENTS]) & belonging.matches(ids)),
        ADDED: against.isin(named) | belonging.matches(against),
    }
    leaves |= {name: of_group for name, of_group in optional.items() if of_group.any()}
    return {name: tables[name].index[of_group].tolist() for name, of_group in leaves.items()}


def _edits_of_drafts(path: Path, segments: pd.DataFrame, group: str) -> dict[int, dict[str, Edit]]:
    """Return the passages of drafted findings without those of a focus group, by row."""
    belonging = Belonging([group])
    leaving = {*segments.loc[belonging.which(segments), SEGMENT]}
    edits = {}
    for row in read_optional_rows(path, ()):
        before = row.cells.get(PASSAGES, "")
        ids = pd.Series(before.split(";"), dtype="str").str.strip()
        kept = ids[~(ids.isin(leaving) | belonging.matches(ids))]
        if len(kept) < len(ids):
            edits[row.number] = {PASSAGES: Edit(before, "; ".join(kept))}
    return edits


def _of_group(table: pd.DataFrame, group: str) -> pd.DataFrame:
    return table[table[FOCUS_GROUP] == group]


def _registry_with(
    folder: Path, tables: Mapping[str, pd.DataFrame], group: str
) -> tuple[Received, ...]:
    """Return the registry of a study, with digests of a focus group that no import brought in.

    By these digests no import brings it back: of its source, which may be a file or a text, and of
    its segments.
    """
    received = read_registry(folder)
    if any(each.focus_group == group for each in received):
        return received
    sources = set(_of_group(tables[GROUPS], group)[SOURCE_SHA256]) - {""}
    texts = _of_group(tables[SEGMENTS], group)
    words = list(zip(cells_of(texts), texts[TEXT], strict=True))
    digests = sorted({*sources, *([digest_words(words)] if words else [])})
    source = min(sources, default="")
    return (*received, *(Received("", source, BY_HAND, group, digest) for digest in digests))


def _require_no_other_within(group: str, names: Iterable[str]) -> None:
    """Refuse a focus group whose rows can't be distinguished from another's by their ids."""
    within = [name for name in names if name.startswith(f"{group}.")]
    if within:
        raise StudyError(
            f"The id of another focus group begins with that of {group}.",
            offenders=within,
            expected="ids that distinguish the segments of each focus group",
            remedy="give these focus groups, and their segments, other ids; nothing was changed",
        )


def _require_id(group: str) -> None:
    if not IDENTIFIER.fullmatch(group):
        raise StudyError(
            "What this focus group is called is no id that a tombstone could keep.",
            expected=IDENTIFIER_FORM,
            remedy="give it an id, with its segments and codes; nothing was changed",
        )


def _refuse_absent(
    folder: Path, group: str, known: Iterable[str], before: Sequence[Tombstone]
) -> None:
    was = [f"{group} was withdrawn on {each.withdrawn_on}" for each in before]
    raise StudyError(
        f"{folder.name} does not have this focus group.",
        offenders=was or [f"{group}{closest(group, known)}"],
        expected="the id of a focus group in focus_groups.csv",
        remedy="nothing is left to do" if was else "correct the id; nothing was changed",
    )


def _require_planned(leaving: Mapping[str, int], planned: Mapping[str, int]) -> None:
    """Refuse to leave rows behind, or to take out others, where a table was written meanwhile."""
    offenders = [
        f"{name}: {leaving.get(name, 0)} rows would go, and not {rows}"
        for name, rows in planned.items()
        if leaving.get(name, 0) != rows
    ]
    if offenders:
        raise TableError(
            "The tables are not those of which the withdrawal was planned; nothing was changed.",
            offenders=offenders,
            expected="tables that nobody writes meanwhile",
            remedy="withdraw again",
        )


def _add_tombstone(tombstone: Tombstone, path: Path, copy: Path) -> None:
    """Write the table of tombstones with one more."""
    before = path.read_bytes() if path.exists() else format_csv([COLUMNS]).encode()
    if not before.endswith(b"\n"):
        before += b"\n"
    row = (tombstone.focus_group, tombstone.withdrawn_on, tombstone.reason)
    copy.write_bytes(before + format_csv([row]).encode())


def raw_files_of(
    folder: Path, groups: pd.DataFrame, group: str, left: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the raw files of one focus group: those of it alone, and those of others too.

    The registry has the focus groups of each file. Those of a file that somebody added by hand are
    known by its name, by the source that a focus group states, or by its digest. The log of a
    file's import goes with it. Focus groups that left before (`left`) keep no file.
    """
    registered: dict[str, set[str]] = defaultdict(set)
    for row in read_registry(folder):
        registered[row.file].add(row.focus_group)
    alone: list[str] = []
    shared: list[str] = []
    for name in _raw_files(folder):
        file = name.removesuffix(LOG_ENDING)
        is_log = file != name
        of_groups = registered.get(file) or _groups_named(folder / RAW / file, groups, group)
        if group not in of_groups:
            continue
        if of_groups <= {group, *left}:
            alone.append(f"{RAW}/{name}")
        elif not is_log:
            shared.append(f"{RAW}/{name}")
    return tuple(alone), tuple(shared)


def _raw_files(folder: Path) -> Iterator[str]:
    """Yield the names of all files as received, and of their logs."""
    raw = folder / RAW
    for path in sorted(raw.rglob("*")):
        name = path.relative_to(raw).as_posix()
        if path.is_file() and name not in (FILE, FINGERPRINTS_FILE):
            yield name


def _groups_named(path: Path, groups: pd.DataFrame, group: str) -> set[str]:
    """Return the focus groups of a file that isn't in the registry."""
    digest = digest_file(path) if path.is_file() else ""
    named = {group} if path.name.startswith(f"{group}.") else set()
    return named | {
        name
        for name, source, sha256 in zip(
            groups[FOCUS_GROUP], groups[SOURCE], groups[SOURCE_SHA256], strict=True
        )
        if path.name.startswith(f"{name}.")
        or _names(source, path.name)
        or (digest and sha256 == digest)
    }


def _names(source: str, file: str) -> bool:
    """Return whether a source names a file as a whole, and not one whose name ends like it."""
    return bool(re.search(rf"(?<![\w.-]){re.escape(file)}(?![\w-])", source))
