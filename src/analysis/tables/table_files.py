"""The files that a study is made of, by name; read without any library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

TABLES = ("focus_groups", "segments", "code_applications")
"""The tables that have rows of focus groups."""

COMPRESSION: Final = "zstd"
"""Of Parquet files: the same bytes on every processor, unlike others."""

TOMBSTONES = "withdrawn.csv"
"""The focus groups that were withdrawn."""

CODED = "coded.csv"
"""Who looked at which focus groups, sections, questions or segments."""

CODEBOOK_CHANGES = "codebook_changes.csv"
"""What became of codes from one version of the codebook to the next."""

EXCEPTIONS = "privacy_exceptions.csv"
"""The findings of the scan for personal data that a person has reviewed and accepted."""

EXCEPTION_COLUMNS = ("table", "id", "column", "kind", "reason", "reviewed_by", "text_sha256")
SCAN_WORDS = "scan_words.csv"
"""What the study adds to the word lists of the scan for personal data."""

# Places of its own, for a study that has other places than all the others.
OWN_PLACES = ("places.csv", "wider_places.csv", "tiles.csv")
FINDINGS = "findings.csv"
"""The findings that a person or a model wrote, each a sentence for a report."""

EVIDENCE = "evidence.csv"
"""Counter-voices that somebody searched for, and judgements of confidence in findings."""

FILES_OF_STUDY = (
    "study.yaml",
    TOMBSTONES,
    CODED,
    CODEBOOK_CHANGES,
    EXCEPTIONS,
    SCAN_WORDS,
    FINDINGS,
    EVIDENCE,
    *OWN_PLACES,
    *(f"{name}{end}" for name in ("codebook", *TABLES) for end in (".csv", ".parquet")),
)
"""All inputs in a study's folder; other files beside these are ignored."""


def files_of_study(folder: Path) -> list[Path]:
    """Return the inputs in a study's folder that exist."""
    return [path for path in map(folder.joinpath, FILES_OF_STUDY) if path.is_file()]
