"""The registry of what a study received: which files, and what became of them."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

from analysis.intake.normalisation import digest
from analysis.study.csv_rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

RAW = "raw"
FILE = "registry.csv"
LOG_ENDING = ".import.json"


@dataclass(frozen=True)
class Received:
    """One focus group in a file that a study received; a file of several has as many rows.

    Parameters
    ----------
    file : str
        What it is called in ``raw/``; empty where a focus group that left was entered by hand.
    sha256 : str
        The digest of the file.
    kind : str
        ``submission``, ``survey``, the format of a coded export, or ``by hand``.
    focus_group : str
        The focus group that it tells of; empty where a file tells of none, as a codebook does.
    words_sha256 : str
        The digest of its words: of a submission, of the answers in normal form, the same in
        whatever format they come; of a document that was coded, of its text. It stays when the
        focus group is withdrawn, so that the words do not come back.
    """

    file: str
    sha256: str
    kind: str
    focus_group: str
    words_sha256: str


COLUMNS = tuple(field.name for field in fields(Received))


def read_registry(folder: Path) -> tuple[Received, ...]:
    """Return what a study received, in order.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Raises
    ------
    TableError
        When the registry cannot be read.
    """
    path = folder / RAW / FILE
    if not path.is_file():
        return ()
    return tuple(
        Received(*(row[column] for column in COLUMNS))
        for row in read_rows(path, COLUMNS, may_be_empty=True, exactly=True)
    )


def registry_text(received: Iterable[Received]) -> str:
    """Return the text of a registry."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(each) for each in received)
    return written.getvalue()


def digest_words(points: Iterable[tuple[str, str]]) -> str:
    """Return the digest of answers, each with its cell, in any order."""
    words = [f"{cell} {digest(text)}" for cell, text in points]
    return hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()
