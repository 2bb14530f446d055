"""Folders to build in: fresh copies of what a build reads, and small changes to them."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.tables.received import table_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Rows = list[dict[str, str]]

FOLDERS = ("notebooks", "expectations", "locks")
PROJECT = "pyproject.toml"
TEMPLATE = "publishing/templates/pages/page.html.j2"


def fresh_root(repository: Path, root: Path, study: str) -> Path:
    """Return a new root that holds what a build of a study reads, and nothing that was built."""
    shutil.rmtree(root, ignore_errors=True)
    data = root / "data"
    data.mkdir(parents=True)
    for path in repository.joinpath("data").glob("*.csv"):
        shutil.copy2(path, data)
    shutil.copytree(repository / "data" / study, data / study)
    for name in FOLDERS:
        shutil.copytree(repository / name, root / name)
    shutil.copy2(repository / PROJECT, root)
    return root


def change_coding(study: Path, turn: int, places: str = "") -> None:
    """Put another code on one segment of one focus group; each turn on another segment.

    It is the first focus group of these places, or else of any single country.
    """
    leaves = [row["code"] for row in read_rows(study / "codebook.csv") if row["parent"]]
    group = _one_focus_group(study, places)

    def change(rows: Rows) -> None:
        own = [row for row in rows if row["segment"].startswith(f"{group}.")]
        applied = {(row["segment"], row["code"]) for row in own}
        row = own[turn]
        row["code"] = next(code for code in leaves if (row["segment"], code) not in applied)

    _change(study / "code_applications.csv", change)


def change_text(study: Path, turn: int) -> None:
    """Add words to one segment of one focus group; each turn to another."""
    group = _one_focus_group(study)

    def change(rows: Rows) -> None:
        own = [each for each in rows if each["focus_group"] == group and each["role"] == "point"]
        own[turn]["text"] += " Everyone agreed."

    _change(study / "segments.csv", change)


def change_definition(study: Path, turn: int) -> None:
    """Add words to the definition of one code; each turn to another code's."""

    def change(rows: Rows) -> None:
        leaves = [row for row in rows if row["parent"]]
        leaves[turn]["definition"] += " Under any name."

    _change(study / "codebook.csv", change)


def change_template(package: Path, turn: int) -> None:
    """Add a remark to the template of all pages."""
    path = package / TEMPLATE
    path.write_text(path.read_text(encoding="utf-8") + f"{{# {turn} #}}\n", encoding="utf-8")


def _one_focus_group(study: Path, places: str = "") -> str:
    """Return the first focus group of these places, or of any country: one region counts it."""
    groups = read_rows(study / "focus_groups.csv")
    wanted = ("places", places) if places else ("scope", "country")
    return next(row["focus_group"] for row in groups if row[wanted[0]] == wanted[1])


def read_rows(path: Path) -> Rows:
    """Return the rows of a table, by column."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def count_rows(study: Path, name: str) -> int:
    """Return how many rows a table of a study has, in CSV or in Parquet."""
    path = table_path(study, name)
    if path.suffix == ".parquet":
        rows: int = pq.read_metadata(path).num_rows
        return rows
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _change(path: Path, change: Callable[[Rows], None]) -> None:
    rows = read_rows(path)
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
