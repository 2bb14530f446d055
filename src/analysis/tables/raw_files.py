"""The files as received that tell of one focus group, and those that tell of others too."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from hashlib import file_digest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

FOLDER = "raw"
REGISTRY = "registry.csv"
NAMED_IN = ("file", "path", "name")
GROUPS_IN = ("focus_groups", "focus_group")
SHA256_IN = ("sha256", "source_sha256")


@dataclass(frozen=True)
class Source:
    """What the table of focus groups says of where one comes from.

    Parameters
    ----------
    focus_group : str
        Its id.
    named : str
        Its source, in words or as a file.
    sha256 : str
        The digest of its source.
    """

    focus_group: str
    named: str
    sha256: str


def raw_files_of(
    folder: Path, source: Source, others: Sequence[Source]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the raw files of one focus group: those of it alone, and those of others too.

    A file is a focus group's when the registry says so, or when the focus group names the file or
    its digest as its source.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    source : Source
        The focus group.
    others : sequence of Source
        All other focus groups of the study.
    """
    alone: list[str] = []
    shared: list[str] = []
    registered = {_named(row): row for row in _registry(folder)}
    for path in _raw_files(folder):
        name = path.relative_to(folder / FOLDER).as_posix()
        row = registered.get(name, {})
        digests = {_first(row, SHA256_IN), _digest(path)} - {""}
        groups = {each.strip() for each in _first(row, GROUPS_IN).split(";")} - {""}

        def tells_of(each: Source) -> bool:
            named = bool(each.named) and path.name in each.named  # noqa: B023 (used at once)
            return named or each.focus_group in groups or each.sha256 in digests  # noqa: B023

        if tells_of(source):
            is_shared = bool(groups - {source.focus_group}) or any(map(tells_of, others))
            (shared if is_shared else alone).append(f"{FOLDER}/{name}")
    return tuple(alone), tuple(shared)


def is_of(row: Mapping[str, str], names: Collection[str]) -> bool:
    """Return whether a row of the registry tells of one of some raw files."""
    return f"{FOLDER}/{_named(row)}" in names


def _named(row: Mapping[str, str]) -> str:
    return _first(row, NAMED_IN).removeprefix(f"{FOLDER}/")


def _registry(folder: Path) -> Iterator[dict[str, str]]:
    path = folder / FOLDER / REGISTRY
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


def _raw_files(folder: Path) -> list[Path]:
    found = (folder / FOLDER).rglob("*")
    return sorted(path for path in found if path.is_file() and path.name != REGISTRY)


def _first(row: Mapping[str, str], names: Sequence[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
