"""The registry of the files that a study received, and what became of them."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

from analysis.intake.normalisation import digest_normalised
from analysis.study.csv_rows import format_csv, read_optional_rows
from analysis.study.digests import digest_text

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
        Its name in ``raw/``; empty for a withdrawn focus group that was entered by hand.
    sha256 : str
        The digest of the file.
    kind : str
        ``submission``, ``survey``, the format of a coded export, or ``by hand``.
    focus_group : str
        The focus group that it describes; empty for a file without one, such as a codebook.
    words_sha256 : str
        The digest of its text: of a submission's answers in normal form (the same for every file
        format), or of a coded document. It stays when the focus group is withdrawn, so that the
        text cannot be imported again.
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
    rows = read_optional_rows(folder / RAW / FILE, COLUMNS, exactly=True)
    return tuple(Received(**row.cells) for row in rows)


def format_registry(received: Iterable[Received]) -> str:
    """Return the text of a registry."""
    return format_csv([COLUMNS, *(astuple(each) for each in received)])


def digest_words(points: Iterable[tuple[str, str]]) -> str:
    """Return the digest of answers, each with its cell, in any order."""
    return digest_text(
        "\n".join(sorted(f"{cell} {digest_normalised(text)}" for cell, text in points))
    )
