"""What arrives: submissions, or coded data, told apart by what is in the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import CodedDataError, SourceError
from analysis.intake.coded.recognition import recognise
from analysis.intake.received_file import DOCUMENTS, PAGES, TABLES, TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def are_coded(files: Sequence[Path]) -> bool:
    """Return whether files hold coded data, and not submissions.

    Parameters
    ----------
    files : sequence of Path
        The files that arrived together.

    Raises
    ------
    SourceError
        When some hold the one and some the other, naming each, or one cannot be read.
    CodedDataError
        When one is a damaged table.
    """
    coded = [path for path in files if _is_coded(path)]
    if not coded or len(coded) == len(files):
        return bool(coded)
    raise SourceError(
        "Submissions and coded data are taken in one after the other.",
        offenders=[
            f"{path.name} holds {'coded data' if path in coded else 'a submission'}"
            for path in files
        ],
        remedy="import the submissions first, and then the coded data",
    )


def _is_coded(path: Path) -> bool:
    if path.suffix.casefold() in DOCUMENTS:
        return False
    try:
        return bool(recognise(path))
    except CodedDataError:
        if _is_submission(path):
            return False
        raise


def _is_submission(path: Path) -> bool:
    """Return whether what is no sound table is a text, or a survey with a short first row."""
    ending = path.suffix.casefold()
    if ending not in TABLES:
        return ending in (*TEXTS, *PAGES)
    from analysis.intake.survey_export import read_survey_export  # noqa: PLC0415 (rarely needed)

    try:
        return bool(read_survey_export(path))
    except SourceError:
        return False
