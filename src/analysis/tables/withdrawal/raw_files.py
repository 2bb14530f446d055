"""The files as received that are about one focus group, and those about others too."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from analysis.study.digests import digest_file
from analysis.tables.focus_groups import FOCUS_GROUP, SOURCE, SOURCE_SHA256
from analysis.tables.registry import FILE, LOG_ENDING, RAW, read_registry
from analysis.tables.withdrawal import fingerprints

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    import pandas as pd


def raw_files_of(
    folder: Path, groups: pd.DataFrame, group: str, left: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the raw files of one focus group: those of it alone, and those of others too.

    The registry has the focus groups of each file. Those of a file that somebody added by hand are
    known by its name, by the source that a focus group states, or by its digest. The log of a
    file's import goes with it. Focus groups that left before (`left`) keep no file.
    """
    registered: dict[str, set[str]] = defaultdict(set)
    for row in read_registry(folder):
        registered[row.file].add(row.focus_group)
    alone: list[str] = []
    shared: list[str] = []
    for name in _raw_files(folder):
        file = name.removesuffix(LOG_ENDING)
        is_log = file != name
        of_groups = registered.get(file) or _groups_named(folder / RAW / file, groups, group)
        if group not in of_groups:
            continue
        if of_groups <= {group, *left}:
            alone.append(f"{RAW}/{name}")
        elif not is_log:
            shared.append(f"{RAW}/{name}")
    return tuple(alone), tuple(shared)


def _raw_files(folder: Path) -> Iterator[str]:
    """Yield the names of all files as received, and of their logs."""
    raw = folder / RAW
    for path in sorted(raw.rglob("*")):
        name = path.relative_to(raw).as_posix()
        if path.is_file() and name not in (FILE, fingerprints.FILE):
            yield name


def _groups_named(path: Path, groups: pd.DataFrame, group: str) -> set[str]:
    """Return the focus groups of a file that isn't in the registry."""
    digest = digest_file(path) if path.is_file() else ""
    named = {group} if path.name.startswith(f"{group}.") else set()
    return named | {
        name
        for name, source, sha256 in zip(
            groups[FOCUS_GROUP], groups[SOURCE], groups[SOURCE_SHA256], strict=True
        )
        if path.name.startswith(f"{name}.")
        or _names(source, path.name)
        or (digest and sha256 == digest)
    }


def _names(source: str, file: str) -> bool:
    """Return whether a source names a file as a whole, and not one whose name ends like it."""
    return bool(re.search(rf"(?<![\w.-]){re.escape(file)}(?![\w-])", source))
