"""The withdrawal of a focus group: its rows and its files go, and a tombstone stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.errors import StudyError, TableError, closest
from analysis.study.csv_rows import IDENTIFIER, IDENTIFIER_FORM
from analysis.study.journal import StudyChange
from analysis.tables.focus_groups import FOCUS_GROUP, SOURCE, SOURCE_SHA256
from analysis.tables.received import OF_FOCUS_GROUPS, table_paths
from analysis.tables.registry import FILE, RAW, registry_text
from analysis.tables.streaming import stream_table
from analysis.tables.table_files import (
    EXCEPTION_COLUMNS,
    EXCEPTIONS,
    TOMBSTONES,
)
from analysis.tables.withdrawal.fingerprints import FILE as WORDS_FILE
from analysis.tables.withdrawal.fingerprints import with_words_of, write_withdrawn_words
from analysis.tables.withdrawal.kept_digests import registry_with, texts_of
from analysis.tables.withdrawal.raw_files import Source, raw_files_of
from analysis.tables.withdrawal.row_removal import copy_without
from analysis.tables.withdrawal.tombstones import (
    COLUMNS,
    SEGMENT,
    Belonging,
    read_tombstones,
    withdrawn_groups,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from analysis.tables.withdrawal.tombstones import Tombstone

EXCEPTED = EXCEPTIONS.removesuffix(".csv")


class Leaving:
    """Tells which rows of the tables leave with a focus group, however its id is written there.

    Parameters
    ----------
    focus_group : str
        Its id.

    Attributes
    ----------
    is_named : bool
        Whether a row had just that id.
    """

    def __init__(self, focus_group: str) -> None:
        self._focus_group = focus_group
        self._belonging = Belonging([focus_group])
        self._segments: set[str] = set()
        self.is_named = False

    def __call__(self, row: Mapping[str, str]) -> bool:
        """Return whether a row goes, by its ids; segments are asked for before their codes."""
        ids = [row[name] for name in (FOCUS_GROUP, SEGMENT) if name in row]
        self.is_named |= row.get(FOCUS_GROUP) == self._focus_group
        goes = self._belonging.holds(*ids) or row.get(SEGMENT) in self._segments
        if goes and SEGMENT in row:
            self._segments.add(row[SEGMENT])
        return goes

    def is_excepted(self, row: Mapping[str, str]) -> bool:
        """Return whether a reviewed exception is of a row that goes; segments come before."""
        id_of = {"focus_groups": FOCUS_GROUP, "segments": SEGMENT}.get(row["table"])
        return id_of is not None and self({id_of: row["id"]})


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
        The files as received that tell of other focus groups too: a person must edit them.
    """

    tombstone: Tombstone
    is_new: bool
    rows: Mapping[str, int]
    raw_files: tuple[str, ...] = field(default=())
    shared_files: tuple[str, ...] = field(default=())


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
        When the study has no such focus group, it was withdrawn before and no row is back, the id
        of another begins with its own, or it has no id that a tombstone could keep.
    TableError
        When a table cannot be read.
    """
    group, paths = tombstone.focus_group, table_paths(folder)
    sources = [
        Source(row[FOCUS_GROUP], row[SOURCE], row[SOURCE_SHA256])
        for row in _rows(paths["focus_groups"])
    ]
    _require_no_other_within(group, sources)
    leaves = Leaving(group)
    rows = {name: sum(map(leaves, _rows(paths[name]))) for name in OF_FOCUS_GROUPS}
    before = [each for each in read_tombstones(folder) if each.focus_group == group]
    if not any(rows.values()) or not (before or leaves.is_named):
        _refuse_absent(folder, group, sources, before)
    _require_id(group)
    excepted = sum(map(leaves.is_excepted, _exceptions(folder)))
    if excepted:
        rows[EXCEPTED] = excepted
    raw_files, shared_files = raw_files_of(folder, sources, group, withdrawn_groups(folder))
    last = before[-1] if before else tombstone
    return Withdrawal(last, not before, rows, raw_files, shared_files)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    for batch in stream_table(path, OF_FOCUS_GROUPS[path.stem]):
        yield from batch.to_pylist()


def _exceptions(folder: Path) -> Iterator[dict[str, str]]:
    path = folder / EXCEPTIONS
    if path.is_file():
        for batch in stream_table(path, EXCEPTION_COLUMNS):
            yield from batch.to_pylist()


def _require_no_other_within(group: str, sources: Iterable[Source]) -> None:
    """Refuse a focus group whose rows could not be told from those of another by their ids."""
    within = [each.focus_group for each in sources if each.focus_group.startswith(f"{group}.")]
    if within:
        raise StudyError(
            f"The id of another focus group begins with that of {group}.",
            offenders=within,
            expected="ids by which the segments of each focus group are told apart",
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
    folder: Path, group: str, sources: Iterable[Source], before: Iterable[Tombstone]
) -> None:
    known = [each.focus_group for each in sources]
    was = [f"{group} was withdrawn on {each.withdrawn_on}" for each in before]
    raise StudyError(
        f"{folder.name} has no such focus group.",
        offenders=was or [f"{group}{closest(group, known)}"],
        expected="the id of a focus group in focus_groups.csv",
        remedy="nothing is left to do" if was else "correct the id; nothing was changed",
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
        Files and folders below the root that hold what goes, and go as a whole.

    Raises
    ------
    TableError
        When a table is not as it was when that was planned.
    """
    group = withdrawal.tombstone.focus_group
    leaves = Leaving(group)
    with StudyChange(folder) as change:
        gone_rows = {}
        # In the order of the tables: segments tell which code applications and exceptions go.
        for name, path in table_paths(folder).items():
            if withdrawal.rows.get(name):
                gone_rows[name] = copy_without(path, change.stage(path.name), leaves)
        if withdrawal.rows.get(EXCEPTED):
            staged = change.stage(EXCEPTIONS)
            gone_rows[EXCEPTED] = copy_without(folder / EXCEPTIONS, staged, leaves.is_excepted)
        _require_planned(gone_rows, withdrawal.rows)
        if withdrawal.is_new:
            _add_tombstone(withdrawal.tombstone, folder / TOMBSTONES, change.stage(TOMBSTONES))
            registry = registry_text(registry_with(folder, group))
            change.stage(f"{RAW}/{FILE}").write_text(registry, encoding="utf-8")
            kept = with_words_of(folder, group, texts_of(folder, group))
            write_withdrawn_words(change.stage(f"{RAW}/{WORDS_FILE}"), kept)
        change.commit([*(folder / name for name in withdrawal.raw_files), *gone])


def _require_planned(gone: Mapping[str, int], planned: Mapping[str, int]) -> None:
    """Refuse to leave rows behind, or to take out others, where a table was written meanwhile."""
    offenders = [
        f"{name}: {gone.get(name, 0)} rows would go, and not {rows}"
        for name, rows in planned.items()
        if gone.get(name, 0) != rows
    ]
    if offenders:
        raise TableError(
            "The tables are not those of which the withdrawal was planned; nothing was changed.",
            offenders=offenders,
            expected="tables that nobody writes meanwhile",
            remedy="withdraw again",
        )


def _add_tombstone(tombstone: Tombstone, path: Path, copy: Path) -> None:
    """Write the table of tombstones with one more; ids and codes need no quotes."""
    before = path.read_bytes() if path.exists() else f"{','.join(COLUMNS)}\n".encode()
    if not before.endswith(b"\n"):
        before += b"\n"
    row = ",".join((tombstone.focus_group, tombstone.withdrawn_on, tombstone.reason))
    copy.write_bytes(before + f"{row}\n".encode())
