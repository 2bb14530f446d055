"""The export of a study in the formats that other tools read.

Checks come first: nothing leaves tables that have a critical outcome.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError, closest
from analysis.publishing.coded_export import FORMATS, write_export
from analysis.quality.checks import check_named
from analysis.quality.outcomes import CheckReport, require_no_critical
from analysis.study.opened_study import open_study
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.publishing.coded_export import ExportResult

# The tables that a format contains, where these are not all of them.
TABLES_OF_FORMAT = {"qdc": ("codebook",)}


def export_study(root: Path, name: str, to: str, out: Path) -> ExportResult:
    """Check a study, write it for other tools, and return what was written and what withheld.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``expectations/``.
    name : str
        The study.
    to : str
        One of `FORMATS`.
    out : Path
        The file to write; one that is there is replaced.

    Raises
    ------
    CheckError
        When a critical expectation does not hold on a table that the format contains.
    CompendiumError
        When the study cannot be used or does not fit the format, or the file cannot be written.
    """
    if to not in FORMATS:
        raise CodedDataError(
            "This isn't a format that a study is written in.",
            offenders=[f"{to}{closest(to, FORMATS)}"],
            expected=", ".join(FORMATS),
            remedy="correct --to",
        )
    found = _of_tables(check_named(root, name), TABLES_OF_FORMAT.get(to, tuple(COLUMNS)))
    require_no_critical(found, follows="nothing is exported from these tables")
    return write_export(open_study(root, name, may_lack_codebook=True), to, out)


def _of_tables(found: CheckReport, tables: tuple[str, ...]) -> CheckReport:
    """Return the outcomes of some tables; a table without rows stops no export."""
    chosen = [
        outcome
        for outcome in found.outcomes
        if outcome.table in tables and outcome.verdict != "empty_table"
    ]
    return replace(found, outcomes=tuple(chosen))
