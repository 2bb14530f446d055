"""The guards that every way runs: on the tables as received, and on the cleaned ones."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality.guard_context import context_of
from analysis.quality.guards import guard
from analysis.quality.outcomes import GuardReport, require_no_critical, write_outcomes
from analysis.quality.suites import read_suites
from analysis.study.opened_study import open_study
from analysis.tables.build_folder import BuildFolder
from analysis.tables.parted import CLEANED_TABLES, CODES
from analysis.tables.received import COLUMNS, read_received, read_table, table_path
from analysis.tables.settled_codes import read_settled_codes

if TYPE_CHECKING:
    from collections.abc import Iterable


def guard_received(study: str) -> None:
    """Guard the tables of a study as received."""
    opened = open_study(Path.cwd(), study)
    suites = read_suites(opened.root / "expectations")
    tables = read_received(opened.folder).by_name()
    require_no_critical(guard(tables, context_of(opened), stage="received", suites=suites))


def guard_cleaned(study: str, places: Iterable[str]) -> None:
    """Guard the cleaned tables of places, and keep what is found for the reports."""
    opened = open_study(Path.cwd(), study)
    suites = read_suites(opened.root / "expectations")
    build = BuildFolder(opened.root / "build" / study)
    codebook = read_table(table_path(opened.folder, "codebook"), COLUMNS["codebook"])
    for place in places:
        tables = {
            "codebook": codebook,
            **{
                name: pd.read_parquet(build.cleaned(place) / f"{name}.parquet")
                for name in CLEANED_TABLES
            },
            CODES: read_settled_codes(opened.folder, build, place),
        }
        found = guard(tables, context_of(opened), stage="cleaned", suites=suites)
        require_no_critical(found)
        write_outcomes(GuardReport(found.warnings), build.warnings("cleaned", place))


if __name__ == "__main__":
    guard_cleaned(os.environ["STUDY"], os.environ["CLEANED"].split())
