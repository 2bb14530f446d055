"""The checks that every way runs: on the tables as received, and on the cleaned ones."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.quality.checks import check_cleaned, check_study
from analysis.quality.outcomes import CheckReport, require_no_critical, write_outcomes
from analysis.quality.suites import read_suites
from analysis.study.opened_study import open_study
from analysis.tables.build_folder import BuildFolder
from analysis.tables.cleaning import read_cleaned, received_of_place

if TYPE_CHECKING:
    from collections.abc import Iterable


def check_as_received(study: str) -> None:
    """Check the tables of a study as received."""
    opened = open_study(Path.cwd(), study)
    require_no_critical(check_study(opened, read_suites(opened.root / "expectations")))


def check_places(study: str, places: Iterable[str]) -> None:
    """Check the cleaned tables of places, and keep what is found for the reports."""
    opened = open_study(Path.cwd(), study)
    suites = read_suites(opened.root / "expectations")
    build = BuildFolder.of(opened.root, study)
    for place in places:
        cleaned = read_cleaned(build, place).by_name()
        template = received_of_place(opened, place).segments
        found = check_cleaned(opened, cleaned, template, suites)
        require_no_critical(found)
        write_outcomes(CheckReport(found.warnings), build.warnings("cleaned", place))


if __name__ == "__main__":
    check_places(os.environ["STUDY"], os.environ["CLEANED"].split())
