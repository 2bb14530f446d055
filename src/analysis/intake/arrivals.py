"""What arrives: submissions, or coded data, told apart by what is in the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import CodedDataError, SourceError
from analysis.intake.coded.recognition import recognise
from analysis.intake.received_file import DOCUMENTS, PAGES, TEXTS

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
    ending = path.suffix.casefold()
    if ending in (*DOCUMENTS, *PAGES):
        return False
    try:
        return bool(recognise(path))
    except CodedDataError:
        # Lines of a text have commas where they please: it is no damaged table.
        if ending in TEXTS:
            return False
        raise
