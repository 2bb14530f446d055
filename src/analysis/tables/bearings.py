"""The table of bearings: what bears the long claims of a report."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from analysis.tables.numbering import IntArray

ENDING = ".bearings.parquet"
CLAIM = "claim"
TABLE = "table"
ITEM = "item"
COLUMNS = (CLAIM, TABLE, ITEM)
TABLES = ("focus_groups", "segments")


class Bearings:
    """What bears claims: for each, its focus groups and its segments, in its order."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._items: dict[str, dict[str, IntArray]] = {}

    def add(self, claim: str, focus_groups: Sequence[str], segments: Sequence[str]) -> str:
        """Keep what bears a claim, and return its sha256.

        Parameters
        ----------
        claim : str
            The id of the claim.
        focus_groups, segments : sequence of str
            What bears it.
        """
        items = dict(zip(TABLES, (focus_groups, segments), strict=True))
        self._items[claim] = {
            table: np.fromiter(map(self._numbers.__getitem__, of_table), np.int32, len(of_table))
            for table, of_table in items.items()
        }
        lines = ("\n".join((table, *of_table)) for table, of_table in items.items())
        return sha256("\n".join(lines).encode()).hexdigest()

    def write(self, path: Path, claims: Iterable[str]) -> None:
        """Write what bears some claims to a Parquet file, one row an item; none where none is kept.

        Parameters
        ----------
        path : Path
            The file.
        claims : iterable of str
            Their ids, in the order of the file; what bears the others is kept elsewhere.
        """
        kept = [claim for claim in claims if claim in self._items]
        if not kept:
            return
        lists = [self._items[claim][table] for claim in kept for table in TABLES]
        sizes = [len(items) for items in lists]
        claim = np.repeat(np.arange(len(kept)), len(TABLES))
        table = np.tile(np.arange(len(TABLES)), len(kept))
        columns = (
            _repeat(np.repeat(claim, sizes), kept),
            _repeat(np.repeat(table, sizes), TABLES),
            _repeat(np.concatenate(lists), list(self._numbers)),
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(
            pa.table(dict(zip(COLUMNS, columns, strict=True))),
            path,
            compression="zstd",
            # One dictionary for all: each name stands in the file once.
            row_group_size=sum(sizes),
            dictionary_pagesize_limit=2**30,
        )


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
        By table, in the order of the claim; empty where the file does not have the claim.
    """
    read = pq.read_table(path, filters=[(CLAIM, "=", claim)], read_dictionary=[*COLUMNS])
    table, item = (np.array(read[name].to_pylist(), dtype=object) for name in (TABLE, ITEM))
    return {name: item[table == name].tolist() for name in TABLES}


class _Numbers(dict[str, int]):
    """Numbers names in the order in which they are first asked for."""

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number


def _repeat(numbers: IntArray, names: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(numbers.astype(np.int32), pa.array(names, pa.string()))
