"""The table of bearings: what bears the long claims of a report."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.tables.numbering import Names
from analysis.tables.table_files import COMPRESSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

ENDING = ".bearings.parquet"
CLAIM = "claim"
TABLE = "table"
ITEM = "item"
COLUMNS = (CLAIM, TABLE, ITEM)
TABLES = ("focus_groups", "segments")
SCHEMA = pa.schema([(name, pa.dictionary(pa.int32(), pa.string())) for name in COLUMNS])
# What is held at once is bounded, however many items bear the claims of a report.
NAMES_AT_ONCE = 25_000


class Bearings:
    """What bears claims: the focus groups and the segments of each."""

    def __init__(self) -> None:
        # Claims that the same focus groups and segments bear share one list of each.
        self._of_claims: dict[str, str] = {}
        self._lists: dict[str, tuple[_Numbered, ...]] = {}
        self._loose = _Numbers()

    def add(self, claim: str, focus_groups: Sequence[str], segments: Sequence[str]) -> str:
        """Keep what bears a claim, and return its sha256.

        Parameters
        ----------
        claim : str
            The id of the claim.
        focus_groups, segments : sequence of str
            What bears it.
        """
        digest = _digest(focus_groups, segments)
        self._of_claims[claim] = digest
        if digest not in self._lists:
            self._lists[digest] = self._number(focus_groups), self._number(segments)
        return digest

    def _number(self, items: Sequence[str]) -> _Numbered:
        if isinstance(items, Names):
            return _Numbered(items.of_numbers, items.numbers.astype(np.int32))
        numbers = map(self._loose.__getitem__, items)
        return _Numbered(None, np.fromiter(numbers, np.int32, len(items)))

    def write(self, path: Path, claims: Iterable[str]) -> None:
        """Write what bears some claims to a Parquet file, one row an item; none where none is kept.

        Parameters
        ----------
        path : Path
            The file.
        claims : iterable of str
            Their ids; what bears others is not kept here.
        """
        kept = [claim for claim in claims if claim in self._of_claims]
        if not kept:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(path, SCHEMA, compression=COMPRESSION) as file:
            for rows in self._rows(kept):
                file.write_table(rows)

    def _rows(self, claims: Sequence[str]) -> Iterator[pa.Table]:
        """Yield the rows of some claims, those of some thousands of items after those of others."""
        lists = [
            (claim, table, items)
            for claim, name in enumerate(claims)
            for table, items in enumerate(self._lists[self._of_claims[name]])
        ]
        for source in {id(items.names): items.names for *_, items in lists}.values():
            names = np.array(list(self._loose), dtype=object) if source is None else source
            numbered = [(at, table, of.numbers) for at, table, of in lists if of.names is source]
            for start in range(0, len(names), NAMES_AT_ONCE):
                near = list(names[start : start + NAMES_AT_ONCE])
                yield _table(_take_near(numbered, start, len(near)), claims, near)


class _Numbered(NamedTuple):
    """Items by their numbers among names; without these, among the loose ones."""

    names: npt.NDArray[np.object_] | None
    numbers: npt.NDArray[np.int32]


class _Numbers(dict[str, int]):
    """Numbers names in the order in which they are first asked for."""

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number


_Part = tuple[int, int, "npt.NDArray[np.int32]"]


def _take_near(parts: Iterable[_Part], start: int, length: int) -> list[_Part]:
    """Return the numbers of each part from a start on, less that start."""
    moved = ((claim, table, numbers - start) for claim, table, numbers in parts)
    return [(at, table, near[(near >= 0) & (near < length)]) for at, table, near in moved]


def _table(parts: Sequence[_Part], claims: Sequence[str], items: Sequence[str]) -> pa.Table:
    sizes = [len(numbers) for *_, numbers in parts]
    columns = (
        (np.repeat([claim for claim, *_ in parts], sizes), claims),
        (np.repeat([table for _, table, _ in parts], sizes), TABLES),
        (np.concatenate([numbers for *_, numbers in parts]), items),
    )
    return pa.table(
        [
            pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()), pa.array(names))
            for numbers, names in columns
        ],
        schema=SCHEMA,
    )


def _digest(focus_groups: Sequence[str], segments: Sequence[str]) -> str:
    """Return the sha256 of names, one a line, and an empty line between both."""
    digest = sha256()
    for between, names in ((b"", focus_groups), (b"\n", segments)):
        digest.update(between)
        for start in range(0, len(names), NAMES_AT_ONCE):
            lines = "\n".join((*names[start : start + NAMES_AT_ONCE], ""))
            digest.update(lines.encode())
    return digest.hexdigest()


def read_bearings(path: Path, claim: str) -> dict[str, list[str]]:
    """Return the focus groups and the segments that bear a claim.

    Parameters
    ----------
    path : Path
        The file.
    claim : str
        The id of the claim.

    Returns
    -------
    dict of str to list of str
        By table; empty where the file does not have the claim.
    """
    read = pq.read_table(path, filters=[(CLAIM, "=", claim)], read_dictionary=[*COLUMNS])
    table, item = (np.array(read[name].to_pylist(), dtype=object) for name in (TABLE, ITEM))
    return {name: item[table == name].tolist() for name in TABLES}
