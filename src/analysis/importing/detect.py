"""Detect by their content whether files are submissions or coded data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import CodedDataError, SourceError
from analysis.intake.coded import recognition
from analysis.intake.limits import receive
from analysis.intake.reading import DOCUMENTS, ENDINGS, PAGES, TABLES, TEXTS
from analysis.intake.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.intake.limits import ReceivedFile

CODED = "coded data"
SUBMISSION = "a submission"
UNREADABLE = ""


def are_coded(files: Sequence[Path]) -> bool:
    """Return whether files hold coded data, and not submissions.

    A file that cannot be read is left to the import, which reports all that are wrong.

    Parameters
    ----------
    files : sequence of Path
        The files that arrived together.

    Raises
    ------
    SourceError
        When some hold the one and some the other, naming each, or one can be no submission and
        cannot be read.
    CodedDataError
        When one is a damaged table.
    """
    with Sandbox() as sandbox:
        kinds = [_kind(path, sandbox) for path in files]
    known = set(kinds) - {UNREADABLE}
    if len(known) < 2:
        return CODED in known
    raise SourceError(
        "Submissions and coded data are imported one after the other.",
        offenders=[
            f"{path.name} {f'holds {kind}' if kind else 'cannot be read'}"
            for path, kind in zip(files, kinds, strict=True)
        ],
        remedy="import the submissions first, and then the coded data",
    )


def _kind(path: Path, sandbox: Sandbox) -> str:
    ending = path.suffix.casefold()
    if ending in (*DOCUMENTS, *PAGES):
        return SUBMISSION
    try:
        file = receive(path)
        found = sandbox.read(recognition.recognise, file)
    except SourceError:
        if ending not in ENDINGS:
            raise
        return UNREADABLE
    except CodedDataError:
        # Lines of a text may have any number of commas: it isn't a damaged table.
        if ending in TEXTS or (ending in TABLES and _is_survey(file, sandbox)):
            return SUBMISSION
        raise
    return CODED if found or ending in recognition.ENDINGS else SUBMISSION


def _is_survey(file: ReceivedFile, sandbox: Sandbox) -> bool:
    """Return whether a table is a survey: its first row may be shorter than the others."""
    from analysis.intake.survey import read_survey  # noqa: PLC0415 (rarely needed)

    try:
        return bool(sandbox.read(read_survey, file))
    except SourceError:
        return False
