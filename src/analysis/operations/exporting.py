"""The export of a study, of which nothing is given out that its guards stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.engine.guarding import check_study
from analysis.operations.export import give_out, require_form
from analysis.quality.outcomes import GuardReport, require_no_critical
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.operations.export import GivenOut

# The tables that a form holds, where these are not all of them.
TABLES_OF_FORM = {"qdc": ("codebook",)}


def export_study(root: Path, name: str, to: str, out: Path) -> GivenOut:
    """Write a study for other tools, and return what was written and what withheld.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``expectations/``.
    name : str
        The study.
    to : str
        The form.
    out : Path
        The file to write; one that is there is replaced.

    Raises
    ------
    GuardError
        When a critical expectation does not hold on a table that the form holds.
    CompendiumError
        When the study cannot be used or does not fit the form, or the file cannot be written.
    """
    require_form(to)
    found = _concerning(check_study(root, name), TABLES_OF_FORM.get(to, tuple(COLUMNS)))
    require_no_critical(found, follows="nothing is given out of these tables")
    return give_out(root, name, to, out)


def _concerning(found: GuardReport, tables: tuple[str, ...]) -> GuardReport:
    """Return what was found in some tables; of one that has no rows, nothing is given out."""
    return GuardReport(
        tuple(
            outcome
            for outcome in found.outcomes
            if outcome.table in tables and outcome.verdict != "empty_table"
        )
    )
