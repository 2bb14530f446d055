"""The files as received that tell of one focus group, and those that tell of others too."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from hashlib import file_digest
from typing import TYPE_CHECKING

from analysis.tables.registry import FILE, LOG_ENDING, RAW, read_registry
from analysis.tables.withdrawal import fingerprints

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Source:
    """What the table of focus groups says of where one comes from.

    Parameters
    ----------
    focus_group : str
        Its id.
    named : str
        What its source is called.
    sha256 : str
        The digest of its source.
    """

    focus_group: str
    named: str
    sha256: str


def raw_files_of(
    folder: Path, sources: Sequence[Source], group: str, left: Collection[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the raw files of one focus group: those of it alone, and those of others too.

    The registry tells whose a file is. Of a file that somebody put there by hand, its name tells
    it, or the source that a focus group names, or its digest. What became of a file stands beside
    it, and goes with it.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    sources : sequence of Source
        The focus groups of the study.
    group : str
        The id of the focus group.
    left : collection of str, optional
        The focus groups that left before: nothing is kept for them.

    Raises
    ------
    TableError
        When the registry cannot be read.
    """
    registered: dict[str, set[str]] = defaultdict(set)
    for row in read_registry(folder):
        registered[row.file].add(row.focus_group)
    named = [*sources, Source(group, "", "")]
    alone: list[str] = []
    shared: list[str] = []
    for name in _raw_files(folder):
        file = name.removesuffix(LOG_ENDING)
        is_log = file != name
        groups = registered.get(file) or _told_by(folder / RAW / file, named)
        if group not in groups:
            continue
        if groups <= {group, *left}:
            alone.append(f"{RAW}/{name}")
        elif not is_log:
            shared.append(f"{RAW}/{name}")
    return tuple(alone), tuple(shared)


def _raw_files(folder: Path) -> Iterator[str]:
    """Yield the names of all files as received, and of what stands beside them."""
    raw = folder / RAW
    for path in sorted(raw.rglob("*")):
        name = path.relative_to(raw).as_posix()
        if path.is_file() and name not in (FILE, fingerprints.FILE):
            yield name


def _told_by(path: Path, sources: Iterable[Source]) -> set[str]:
    """Return the focus groups of which a file tells that stands in no registry."""
    digest = _digest(path)
    return {
        each.focus_group
        for each in sources
        if path.name.startswith(f"{each.focus_group}.")
        or _names(each.named, path.name)
        or (digest and each.sha256 == digest)
    }


def _names(source: str, file: str) -> bool:
    """Return whether a source names a file as a whole, and not one whose name ends like it."""
    return bool(re.search(rf"(?<![\w.-]){re.escape(file)}(?![\w-])", source))


def _digest(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
