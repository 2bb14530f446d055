"""Why a number differs when it is rebuilt: found by rebuilding with one change reverted."""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.errors import CompendiumError
from analysis.publishing.claim_diff import are_same, read_claims
from analysis.publishing.release_diff import Difference, several_possible
from analysis.publishing.row_changes import revert_row
from analysis.study.csv_rows import write_csv
from analysis.tables.received import COLUMNS, read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from analysis.publishing.claim_diff import ClaimChange, Claims, Name
    from analysis.publishing.release_diff import ReleaseDiff

MOST_ROWS = 8
"""Of more changed rows of a file, all are reverted together: each takes a rebuild."""


@dataclass(frozen=True)
class CleanRoot:
    """A study rebuilt in a clean root, where inputs may be reverted."""

    root: Path
    # The inputs of the published numbers by their paths: as far as they are kept, and all names.
    before: Path
    inputs: Collection[str]
    release: Path
    build: Callable[[], object]


def confirm_causes(
    found: ReleaseDiff, published: Claims, clean: CleanRoot
) -> tuple[ClaimChange, ...]:
    """Return the claims that differ, each with the one change without which it is as published.

    On return, all inputs are as they were; the release is that of the last change reverted.
    """
    candidates = [each for each in _few(found.differences) if _can_revert(each, clean)]
    if len(found.differences) < 2 or not found.moved or not candidates:
        return found.moved
    restored: dict[Name, list[Difference]] = defaultdict(list)
    for candidate in candidates:
        if (claims := _rebuild_without(candidate, clean)) is None:
            continue
        for each in found.moved:
            if are_same(published.get(each.name), claims.get(each.name)):
                restored[each.name].append(candidate)
    return tuple(
        replace(each, cause=_cause(restored[each.name], found.differences)) for each in found.moved
    )


def _cause(causes: Sequence[Difference], differences: Sequence[Difference]) -> str:
    return causes[0].text if len(causes) == 1 else several_possible(causes or differences)


def _few(differences: Sequence[Difference]) -> list[Difference]:
    """Return what to revert: rows, or the whole of a file in which many changed."""
    rows = defaultdict(list)
    for each in differences:
        rows[each.file].append(each)
    few = []
    for file, listed in rows.items():
        if file and len(listed) > MOST_ROWS:
            few.append(Difference(f"{file}: {len(listed)} rows changed", file))
        else:
            few += listed
    return few


def _can_revert(difference: Difference, clean: CleanRoot) -> bool:
    is_kept = (clean.before / difference.file).is_file()
    return bool(difference.file) and (is_kept or difference.file not in clean.inputs)


def _rebuild_without(difference: Difference, clean: CleanRoot) -> Claims | None:
    """Return the claims without one change, or None where the study can't be built so."""
    path, old = clean.root / difference.file, clean.before / difference.file
    now = path.read_bytes() if path.is_file() else None
    try:
        if not old.is_file():
            path.unlink()
        elif difference.row and difference.row.table in COLUMNS and path.suffix == ".csv":
            columns = COLUMNS[difference.row.table]
            tables = read_table(old, columns), read_table(path, columns)
            write_csv(path, revert_row(*tables, difference.row))
        else:
            shutil.copyfile(old, path)
        clean.build()
        return read_claims(clean.release)
    except CompendiumError:
        return None
    finally:
        path.unlink(missing_ok=True)
        if now is not None:
            path.write_bytes(now)
