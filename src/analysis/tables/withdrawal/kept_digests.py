"""Digests that stay of a focus group that nobody imported, so that no import brings it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.tables.focus_groups import FOCUS_GROUP, SOURCE_SHA256
from analysis.tables.received import OF_FOCUS_GROUPS, table_paths
from analysis.tables.registry import Received, digest_words, read_registry
from analysis.tables.segments import QUESTION, SECTION, TEXT
from analysis.tables.streaming import stream_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BY_HAND = "by hand"


def registry_with(folder: Path, group: str) -> tuple[Received, ...]:
    """Return the registry of a study in which a focus group stands too, if only by its digests.

    Of one that an import took in, the registry has the digests. Of one that was entered by hand
    they are those of its source, which may be of a file or of words, and of its segments.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    group : str
        The id of the focus group.

    Raises
    ------
    TableError
        When a table, or the registry, cannot be read.
    """
    received = read_registry(folder)
    if any(each.focus_group == group for each in received):
        return received
    sources = {row[SOURCE_SHA256] for row in _rows(folder, "focus_groups", group)} - {""}
    words = [
        (f"{row[SECTION]}.{row[QUESTION]}", row[TEXT]) for row in _rows(folder, "segments", group)
    ]
    told = {*sources, *([digest_words(words)] if words else [])}
    source = min(sources, default="")
    return (*received, *(Received("", source, BY_HAND, group, each) for each in sorted(told)))


def texts_of(folder: Path, group: str) -> list[str]:
    """Return the texts of the segments of a focus group.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    group : str
        The id of the focus group.

    Raises
    ------
    TableError
        When the table cannot be read.
    """
    return [row[TEXT] for row in _rows(folder, "segments", group)]


def _rows(folder: Path, table: str, group: str) -> Iterator[dict[str, str]]:
    for batch in stream_table(table_paths(folder)[table], OF_FOCUS_GROUPS[table]):
        yield from (row for row in batch.to_pylist() if row[FOCUS_GROUP] == group)
