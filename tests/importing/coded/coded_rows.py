"""Codings of a focus group, imported into the tiny study or an empty one."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

from analysis.importing.coded.coded_import import CodedImport, import_coded
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.importing.coded.coded_import import CodedResult

FACTS = "focus_group,held_on,scope,places,consent"
KENYA = "new,2020-11-01,country,KEN,public"
HEADER = f"{FACTS},id,text,code,coder"
ROWS = (
    f"{KENYA},1,Fear of police.,Stigma,ann",
    f"{KENYA},1,Fear of police.,criminalization,bot",
    f"{KENYA},2,Nothing helps.,,",
)
PLAIN = "document,text,code,coder\na,Fear.,Stigma,ann\nb,Hope.,Stigma,ann\n"
KNOWN = "focus_groups: {held_on: 2020-11-01, scope: country, places: KEN}\n"
FRESH = "fresh"


def written(root: Path, *rows: str, name: str = "codings.csv") -> Path:
    """Write codings, and return their file."""
    path = root / name
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def take(
    root: Path, *files: Path, study: str = STUDY, said: str = "", **more: object
) -> CodedResult:
    """Import files into a study, with what a mapping states about them."""
    mapping = None
    if said:
        mapping = root / "mapping.yaml"
        mapping.write_text(said, encoding="utf-8")
    return import_coded(CodedImport(root, study, files, mapping=mapping, **more))


def rows_of(root: Path, table: str, study: str = STUDY) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with (root / "data" / study / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def snapshot(root: Path) -> dict[str, bytes]:
    """Return what each file of all studies holds."""
    folder = root / "data"
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def fresh_study(root: Path) -> Path:
    """Make a study with the settings of the tiny one, and empty tables."""
    folder = root / "data" / FRESH
    shutil.copytree(root / "data" / STUDY, folder)
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    return folder
