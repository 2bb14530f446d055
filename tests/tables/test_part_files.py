from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from analysis.tables import part_files
from analysis.tables.part_files import RowsDigest, TableParts
from analysis.tables.streaming import schema_of

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("segment", "code", "coder")


def _rows(*lines: tuple[int, str, str, str]) -> pa.RecordBatch:
    return pa.record_batch([pa.array(each) for each in zip(*lines, strict=True)], _schema())


def _schema() -> pa.Schema:
    return schema_of(COLUMNS)


def _digest(*batches: pa.RecordBatch) -> tuple[str, str]:
    digest = RowsDigest(COLUMNS)
    for batch in batches:
        digest.add(batch)
    return digest.content, digest.numbers


FOUR = _rows((2, "a", "b", "c"), (3, "", "é", ""), (5, "d", "", "e"), (6, "a", "b", "c"))


def test_digest_is_that_of_the_rows() -> None:
    """The digest does not depend on the batches in which rows come, or what they were cut from."""
    parted = _digest(FOUR.slice(0, 1), FOUR.slice(1, 2), FOUR.slice(3))

    assert parted == _digest(FOUR)


@pytest.mark.parametrize(
    "other",
    [
        ((2, "ab", "", "c"), (3, "d", "e", "f")),
        ((2, "a", "b", "cd"), (3, "", "e", "f")),
        ((2, "d", "e", "f"), (3, "a", "b", "c")),
        ((2, "a", "b", "c"),),
    ],
    ids=["moved-to-another-column", "moved-to-the-row-above", "other-order", "fewer"],
)
def test_content_tells_rows_apart(other: tuple[tuple[int, str, str, str], ...]) -> None:
    """Text that moved to the next column or row, or rows in another order, are other content."""
    rows = _rows((2, "a", "b", "c"), (3, "d", "e", "f"))

    assert _digest(_rows(*other))[0] != _digest(rows)[0]


def test_content_is_without_the_rows_in_the_file() -> None:
    """Rows that moved down in their file say the same, at other numbers."""
    rows, moved = _rows((2, "a", "b", "c")), _rows((9, "a", "b", "c"))

    assert _digest(rows)[0] == _digest(moved)[0]
    assert _digest(rows)[1] != _digest(moved)[1]


@pytest.mark.parametrize("cuts", [[1, 2, 3], [2], []], ids=["one", "two", "all"])
def test_files_are_the_same_bytes_however_rows_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cuts: list[int]
) -> None:
    """Rows are written in groups of their own size, whatever batches they come in."""
    monkeypatch.setattr(part_files, "GROUP_ROWS", 3)
    stands = np.array([[True, False], [True, True], [True, False], [True, True]])
    written = []
    for name, ends in (("whole", []), ("cut", cuts)):
        folders = [tmp_path / name / part for part in ("one", "two")]
        for folder in folders:
            folder.mkdir(parents=True)
        bounds = [0, *ends, 4]
        with TableParts("code_applications", folders) as parts:
            for first, last in pairwise(bounds):
                parts.add(FOUR.slice(first, last - first), stands[first:last])
            told = parts.close()
        files = [(folder / "code_applications.parquet").read_bytes() for folder in folders]
        written.append((files, told))

    whole, cut = written

    assert whole == cut
    assert [part.rows for part in whole[1].parts] == [4, 2]


def test_blank_columns_are_those_of_all_rows(tmp_path: Path) -> None:
    """A column is blank where no row of the whole table says anything in it."""
    with TableParts("code_applications", [tmp_path]) as parts:
        for rows in (_rows((2, "a", " ", "")), _rows((3, "", "\u00a0", "b"))):
            parts.add(rows, np.array([[True]]))
        whole = parts.close().whole

    assert (whole.rows, whole.blank_columns) == (2, ("code",))
