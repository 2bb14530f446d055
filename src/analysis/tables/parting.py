"""The parting of a study's tables by place, so that the steps of a place read its rows alone."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from analysis.tables import code_applications, segments
from analysis.tables.ahead import take_ahead
from analysis.tables.focus_groups import FOCUS_GROUP
from analysis.tables.group_words import GroupWords
from analysis.tables.part_files import RowsDigest, TableParts
from analysis.tables.parted import ELSEWHERE, Parting
from analysis.tables.placed_groups import place_groups
from analysis.tables.placing import places_to_report
from analysis.tables.received import COLUMNS, ReceivedTables, read_table, table_paths
from analysis.tables.standing import GroupStanding, SegmentStanding
from analysis.tables.streaming import CHUNK_ROWS, ROW, TEXT, schema_of
from analysis.tables.table_files import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.part_files import WrittenTable
    from analysis.tables.placed_groups import PlacedGroups

GROUPS, SEGMENTS, APPLICATIONS = TABLES
ROW_OF_PART = "row_of_part"


def part_tables(opened: OpenedStudy, build: BuildFolder) -> Parting:
    """Part the tables of a study by the places at which they are cleaned, and return the parting.

    A part holds whole focus groups, with all their segments and all code applications on these.
    Elsewhere is one more part: it has what belongs to no place, what may not be counted, and what
    no single place can see for what it is, namely the focus groups of a segment that is there again
    at another place.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    build : BuildFolder
        Where the parts are written; they replace those of before once all are there.

    Raises
    ------
    TableError
        When a table is absent or there twice, or cannot be read.
    """
    paths = table_paths(opened.folder)
    groups = list(stream_received(paths[GROUPS], COLUMNS[GROUPS]))
    placed = place_groups(opened, frame_of(groups, COLUMNS[GROUPS]))
    names = (*placed.cleaned, ELSEWHERE)
    with _renewed(build.received(ELSEWHERE).parent) as folder:
        writing = _Writing([folder / name for name in names], GroupStanding(placed.parts))
        said, standing = writing.segments(paths[SEGMENTS])
        codes = writing.code_applications(paths[APPLICATIONS], standing)
        writing.focus_groups(groups)
    return Parting(
        regions=placed.regions,
        continents=placed.continents,
        cleaned=placed.cleaned,
        parts={
            name: {table: writing.tables[table].parts[at] for table in TABLES}
            for at, name in enumerate(names)
        },
        contexts=_digest_contexts(groups, placed),
        tables={table: writing.tables[table].whole for table in TABLES},
        applied=tuple(sorted(codes.intersection(opened.codebook.codes))),
        without_segments=said.without_segments(list(placed.parts.index)),
        with_same_words=said.with_same_words(writing.groups.names),
        misplaced=not placed.is_placed.all(),
    )


def leave_parting(opened: OpenedStudy, build: BuildFolder) -> Parting:
    """Part the tables of a study likewise, and leave their parting to the next steps, too."""
    parting = part_tables(opened, build)
    build.parting.write_text(parting.to_json(), encoding="utf-8")
    return parting


def stream_received(path: Path, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a table some at a time."""
    rows = read_table(path, columns).reset_index()
    table = pa.Table.from_pandas(rows, schema_of(columns), preserve_index=False)
    yield from table.replace_schema_metadata().to_batches(max_chunksize=CHUNK_ROWS)


def frame_of(batches: Sequence[pa.RecordBatch], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows that were streamed as one table, indexed by the row in the file."""
    whole = pa.Table.from_batches(batches, schema_of(columns))
    rows: pd.DataFrame = whole.to_pandas(use_threads=False)
    return rows.set_index(ROW)


@contextmanager
def _renewed(folder: Path) -> Iterator[Path]:
    """Give a folder to fill; once it is full it takes the place of another."""
    beside = folder.with_name(f"{folder.name}-new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        yield beside
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


class _Writing:
    """Writes the parts of each table.

    Parameters
    ----------
    folders : sequence of Path
        The folder of each part, the last being elsewhere.
    groups : GroupStanding
        The parts in which focus groups stand.
    """

    def __init__(self, folders: Sequence[Path], groups: GroupStanding) -> None:
        self.groups = groups
        self.tables: dict[str, WrittenTable] = {}
        self._folders = folders
        for folder in folders:
            folder.mkdir()

    def focus_groups(self, batches: Sequence[pa.RecordBatch]) -> None:
        with TableParts(GROUPS, self._folders) as parts:
            for rows in batches:
                parts.add(rows, self.groups.stands(self.groups.numbers(rows[FOCUS_GROUP])))
            self.tables[GROUPS] = parts.close()

    def segments(self, path: Path) -> tuple[GroupWords, SegmentStanding]:
        """Write the segments; return what their focus groups said, and where segments stand."""
        said = GroupWords()
        names: list[pa.Array] = []
        with TableParts(SEGMENTS, self._folders) as parts:
            for rows in take_ahead(stream_received(path, COLUMNS[SEGMENTS])):
                numbers = self.groups.numbers(rows[segments.FOCUS_GROUP])
                parts.add(rows, self.groups.stands(numbers))
                said.add(numbers, rows[segments.TEXT])
                names.append(rows[segments.SEGMENT])
            self.tables[SEGMENTS] = parts.close()
        standing = SegmentStanding(pa.chunked_array(names, TEXT), said.numbers, self.groups)
        apart = standing.groups_apart()
        if len(apart):
            self.groups.stand_elsewhere_too(apart)
            self._write_elsewhere_again(path)
        return said, standing

    def _write_elsewhere_again(self, path: Path) -> None:
        """Write the segments that stand elsewhere, now that it is known which do."""
        with TableParts(SEGMENTS, self._folders[-1:]) as parts:
            for rows in stream_received(path, COLUMNS[SEGMENTS]):
                numbers = self.groups.numbers(rows[segments.FOCUS_GROUP])
                parts.add(rows, self.groups.stands(numbers)[:, -1:])
            elsewhere = parts.close().parts
        written = self.tables[SEGMENTS]
        self.tables[SEGMENTS] = replace(written, parts=(*written.parts[:-1], *elsewhere))

    def code_applications(self, path: Path, standing: SegmentStanding) -> set[str]:
        """Write the code applications, and return the codes that are applied."""
        codes: set[str] = set()
        with TableParts(APPLICATIONS, self._folders) as parts:
            rows_of_table = take_ahead(stream_received(path, COLUMNS[APPLICATIONS]))
            for block in _in_blocks(rows_of_table, 2 * len(standing)):
                on = pa.chunked_array([rows[code_applications.SEGMENT] for rows in block], TEXT)
                stands = standing.stands(on)
                ends = np.cumsum([rows.num_rows for rows in block])
                for rows, chosen in zip(block, np.split(stands, ends[:-1]), strict=True):
                    parts.add(rows, chosen)
                    codes.update(rows[code_applications.CODE].unique().to_pylist())
            self.tables[APPLICATIONS] = parts.close()
        return codes


def _in_blocks(batches: Iterator[pa.RecordBatch], least: int) -> Iterator[list[pa.RecordBatch]]:
    """Yield batches in blocks of so many rows that looking them up outweighs making it ready."""
    block: list[pa.RecordBatch] = []
    for rows in batches:
        block.append(rows)
        if sum(each.num_rows for each in block) >= least:
            yield block
            block = []
    if block:
        yield block


def _digest_contexts(groups: Sequence[pa.RecordBatch], placed: PlacedGroups) -> dict[str, str]:
    """Return the sha256 of the rows that each report may name without counting them."""
    return {
        place: _digest(groups, is_context.to_numpy())
        for place, is_context in placed.contexts.items()
    }


def _digest(batches: Sequence[pa.RecordBatch], chosen: np.ndarray) -> str:
    digest = RowsDigest(COLUMNS[GROUPS])
    for rows in pa.Table.from_batches(batches).filter(pa.array(chosen)).to_batches():
        digest.add(rows)
    return digest.content


def require_placed(opened: OpenedStudy, build: BuildFolder) -> None:
    """Refuse a study of which some focus groups lie in no place that it can report on.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    build : BuildFolder
        Where its tables are parted.

    Raises
    ------
    PlaceError
        When a focus group lies in an unknown place, or would stand in no report.
    """
    groups = _read_part_of_table(build.received(ELSEWHERE), GROUPS)
    places_to_report(groups, opened.places, opened.settings.continents)


def read_part(opened: OpenedStudy, build: BuildFolder, place: str) -> ReceivedTables:
    """Return the tables of a place as received, from its part alone.

    Parameters
    ----------
    opened : OpenedStudy
        The study, whose codebook is read.
    build : BuildFolder
        Where its tables are parted.
    place : str
        A place that is cleaned, or elsewhere.

    Returns
    -------
    ReceivedTables
        Indexed by the row in the files of the study, as of when they were parted.
    """
    folder = build.received(place)
    return ReceivedTables(
        codebook=read_table(table_paths(opened.folder)["codebook"], COLUMNS["codebook"]),
        **{table: _read_part_of_table(folder, table) for table in TABLES},
    )


def _read_part_of_table(folder: Path, table: str) -> pd.DataFrame:
    return pd.read_parquet(folder / f"{table}.parquet").set_index(ROW)


def without_numbers(received: ReceivedTables) -> ReceivedTables:
    """Return the tables of a part, indexed by the row of the part.

    Where a row stands in its file changes with what is put in for other places; where it stands in
    its part does not.
    """
    tables = {
        name: getattr(received, name).reset_index(drop=True).rename_axis(ROW_OF_PART)
        for name in TABLES
    }
    return replace(received, **tables)


def number_rows(tables: Mapping[str, pd.DataFrame], part: Path) -> dict[str, pd.DataFrame]:
    """Return tables of a place, indexed by the rows of the study's files as they are now.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By name; those that are indexed by the row of the part are numbered.
    part : Path
        The folder of the part.
    """
    return {name: _numbered(table, part / f"{name}.parquet") for name, table in tables.items()}


def _numbered(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    if table.index.name != ROW_OF_PART or not path.is_file():
        return table
    rows = pd.read_parquet(path, columns=[ROW])[ROW]
    return table.set_axis(pd.Index(rows.to_numpy()[table.index], name=ROW))
