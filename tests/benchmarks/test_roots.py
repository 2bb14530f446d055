from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from benchmarks.roots import (
    change_coding,
    change_definition,
    change_text,
    count_rows,
    fresh_root,
    read_rows,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow

TABLES = ("codebook", "focus_groups", "segments", "code_applications")


def rows_of(study: Path) -> list[dict[str, str]]:
    return [row for table in TABLES for row in read_rows(study / f"{table}.csv")]


@pytest.mark.parametrize("change", [change_coding, change_text, change_definition])
def test_change_is_of_one_row(
    root: Path, tmp_path: Path, change: Callable[[Path, int], None]
) -> None:
    """Each turn of a change touches one row of one table, and another than the turn before."""
    study = fresh_root(root, tmp_path / "root", "demo") / "data" / "demo"
    before = rows_of(study)
    for turn in range(3):
        change(study, turn)

    after = rows_of(study)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 3


def test_rows_are_counted_without_the_header(tmp_path: Path) -> None:
    """A row may hold a line break."""
    (tmp_path / "segments.csv").write_text('segment,text\n1,"a\nb"\n2,c\n', encoding="utf-8")

    assert count_rows(tmp_path, "segments") == 2


def test_rows_of_large_studies_are_counted(tmp_path: Path) -> None:
    """Where a study is large, its tables are Parquet."""
    pd.DataFrame({"segment": ["1", "2", "3"]}).to_parquet(tmp_path / "segments.parquet")

    assert count_rows(tmp_path, "segments") == 3
