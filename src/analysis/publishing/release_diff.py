"""What differs between two releases of a study: their claims, and what they are made from.

A cause is named for each claim that moved: the rows behind it that changed, or the one other input
that did. Where several could be the cause, all are named, as possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.publishing.claim_diff import changed_claims, read_claims
from analysis.publishing.manifest import read_manifest
from analysis.study.csv_rows import IDENTIFIER
from analysis.tables.received import COLUMNS, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from analysis.publishing.claim_diff import ClaimChange, Claims

KEYS = {
    "codebook": ["code"],
    "focus_groups": ["focus_group"],
    "segments": ["segment"],
    "code_applications": ["segment", "code", "coder"],
}
"""The columns that name a row of each table."""

SHOWN_CAUSES = 3
UNKNOWN = "not found: inputs, code, parameters and versions are the same"
CODE, LOCK, VERSION = "the code", "the locked versions", "the version of the compendium"


@dataclass(frozen=True)
class Difference:
    """One thing that two releases are made from and that differs.

    Parameters
    ----------
    text : str
        What differs, in a few words and ids.
    ids : frozenset of str
        The codes, focus groups and segments concerned; empty where any number may be.
    """

    text: str
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class MovedClaim:
    """A claim that differs, and why.

    Parameters
    ----------
    change : ClaimChange
        What it said, and what it says.
    cause : str
        Why, in a few words.
    """

    change: ClaimChange
    cause: str


@dataclass(frozen=True)
class ReleaseDiff:
    """What differs between two releases.

    Parameters
    ----------
    same : int
        How many claims say the same in both.
    moved : tuple of MovedClaim
        The claims that changed, or that one of both lacks.
    differences : tuple of Difference
        What the releases are made from and that differs.
    checks : tuple of str
        The checks of the data whose result differs.
    """

    same: int
    moved: tuple[MovedClaim, ...]
    differences: tuple[Difference, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True)
class Verification:
    """What became of each published number when the reports were rebuilt.

    Parameters
    ----------
    study : str
        The study.
    published : int
        How many numbers its reports publish.
    holding : int
        How many of these are the same when rebuilt.
    differing : tuple of MovedClaim
        The others, and numbers that are new, each with why.
    inputs : mapping of str to str
        The SHA-256 of each input that was used, by path; keyed for tables that aren't public.
    code, lock : str
        The SHA-256 of the code and of the locked versions that were used.
    python : str
        The version of Python that was used.
    """

    study: str
    published: int
    holding: int
    differing: tuple[MovedClaim, ...]
    inputs: Mapping[str, str]
    code: str
    lock: str
    python: str

    @property
    def holds(self) -> bool:
        """Whether every published number is the same, and none is new."""
        return not self.differing


def compare_releases(
    before: Path, after: Path, tables: tuple[Path | None, Path | None] = (None, None)
) -> ReleaseDiff:
    """Return what differs between two releases of a study.

    Parameters
    ----------
    before, after : Path
        The folders of the releases.
    tables : tuple of (Path or None, Path or None)
        The folders of the study's tables behind each, where they are known: rows are compared.

    Raises
    ------
    PublishingError
        When a release has no manifest, or its claims can't be read.
    TableError
        When a table can't be read.
    """
    old, new = read_claims(before), read_claims(after)
    differences = tuple(_differences(before, after, tables))
    changes = changed_claims(old, new)
    moved = tuple(MovedClaim(each, _cause(each, old, new, differences)) for each in changes)
    compared = len({*old, *new})
    return ReleaseDiff(compared - len(moved), moved, differences, _changed_checks(before, after))


def _differences(
    before: Path, after: Path, tables: tuple[Path | None, Path | None]
) -> Iterator[Difference]:
    """Yield what differs: rows of tables where both are known, other inputs by their digests."""
    was, now = read_manifest(before), read_manifest(after)
    changed = _changed_names(was["inputs"], now["inputs"])
    for name in changed:
        rows = list(_changed_rows(name, tables))
        yield from rows or [Difference(f"{name} {_how(name, was['inputs'], now['inputs'])}")]
    for label, key in ((CODE, "code"), (LOCK, "lock"), (VERSION, "compendium")):
        if was.get(key) != now.get(key):
            yield Difference(f"{label} changed")
    yield from _changed_parameters(was["reports"], now["reports"])


def _changed_names(was: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [name for name in sorted({*was, *now}) if was.get(name) != now.get(name)]


def _how(name: str, was: Mapping[str, str], now: Mapping[str, str]) -> str:
    return "is new" if name not in was else "is gone" if name not in now else "changed"


def _changed_parameters(
    was: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> Iterator[Difference]:
    old = {report["name"]: report["parameters"] for report in was}
    for report in now:
        name, parameters = report["name"], report["parameters"]
        for key in _changed_names(old.get(name, parameters), parameters):
            before = old[name].get(key, "not given")
            yield Difference(f"parameter {key} of {name}: {before} → {parameters.get(key)}")


def _changed_rows(name: str, tables: tuple[Path | None, Path | None]) -> Iterator[Difference]:
    """Yield the rows of a study's table that were added, removed or changed, by their ids."""
    folder, _, file = name.rpartition("/")
    table = file.partition(".")[0]
    before, after = tables
    if before is None or after is None or table not in KEYS or not folder.startswith("data/"):
        return
    if not ((before / file).is_file() and (after / file).is_file()):
        return
    old, new = (read_table(folder / file, COLUMNS[table]) for folder in (before, after))
    yield from compare_rows(old, new, table)


def compare_rows(old: pd.DataFrame, new: pd.DataFrame, table: str) -> Iterator[Difference]:
    """Yield which rows of a table were added, removed, moved or changed.

    Parameters
    ----------
    old, new : DataFrame
        The table before and after, all text.
    table : str
        Its name.
    """
    keys = KEYS[table]
    before, after = (_by_key(each, keys) for each in (old, new))
    gone = [key for key in before if key not in after]
    added = [key for key in after if key not in before]
    if table == "code_applications":
        for was, now in _moved(gone, added):
            gone.remove(was)
            added.remove(now)
            segment, code, coder = map(_shown, now)
            text = f"{table}: {segment} by {coder}: {_shown(was[1])} → {code}"
            yield Difference(text, frozenset((now[0], was[1], now[1])))
    for verb, listed in (("added", added), ("removed", gone)):
        for key in listed:
            yield Difference(f"{table}: {verb} {', '.join(map(_shown, key))}", _ids(key, table))
    for key in [key for key in after if key in before]:
        columns = [name for name in after[key] if after[key][name] != before[key].get(name, "")]
        if columns:
            named = f"{', '.join(map(_shown, key))} ({', '.join(columns)})"
            yield Difference(f"{table}: changed {named}", _ids(key, table))


def _by_key(rows: pd.DataFrame, keys: Sequence[str]) -> dict[tuple[str, ...], dict[str, str]]:
    records: list[dict[str, str]] = rows.to_dict("records")  # type: ignore[assignment]
    return {tuple(row[key] for key in keys): row for row in records}


def _moved(
    gone: Sequence[tuple[str, ...]], added: Sequence[tuple[str, ...]]
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return codings that one coder moved to another code of the same segment."""
    free: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for key in added:
        free.setdefault((key[0], key[2]), []).append(key)
    return [(key, free[key[0], key[2]].pop(0)) for key in gone if free.get((key[0], key[2]))]


def _ids(key: Sequence[str], table: str) -> frozenset[str]:
    # A coder stands behind nearly every number: the segment and the code tell more.
    return frozenset(key[:2] if table == "code_applications" else key)


def _shown(value: str) -> str:
    return value if IDENTIFIER.fullmatch(value) else "(not an id)"


def _cause(change: ClaimChange, old: Claims, new: Claims, differences: Sequence[Difference]) -> str:
    """Return why a claim moved: the rows behind it, or else whatever differs."""
    name = (change.report, change.claim)
    behind = set(change.claim.replace("@", ".").split("."))
    for claims in (old, new):
        claim = claims.get(name, {})
        behind.update(claim.get("segments", ()), claim.get("focus_groups", ()))
    rows = [each for each in differences if each.ids and each.ids <= behind]
    rows = rows or [each for each in differences if each.ids & behind]
    general = [each for each in differences if not each.ids]
    possible = [*(rows or [each for each in differences if each.ids]), *general]
    if not possible:
        return UNKNOWN
    shown = "; ".join(each.text for each in possible[:SHOWN_CAUSES])
    more = f"; and {len(possible) - SHOWN_CAUSES} more" if len(possible) > SHOWN_CAUSES else ""
    if len(possible) == 1 or (rows and not general):
        return shown + more
    return f"several possible: {shown}{more}"


def _changed_checks(before: Path, after: Path) -> tuple[str, ...]:
    from analysis.publishing.quality_page import read_quality_record  # noqa: PLC0415 (rendering)

    records = [read_quality_record(folder) for folder in (before, after)]
    old, new = (
        {
            (each.table, each.fault, each.stage): (each.verdict, each.failing)
            for each in (record.joined.outcomes if record else ())
        }
        for record in records
    )
    return tuple(
        f"{table}, {stage}: {fault}: {_result(old.get(key))} → {_result(new.get(key))}"
        for key in sorted({*old, *new})
        for table, fault, stage in [key]
        if old.get(key) != new.get(key)
    )


def _result(result: tuple[str, int] | None) -> str:
    if result is None:
        return "not checked"
    verdict, failing = result
    return "holds" if verdict == "held" else f"{failing} failing" if failing else "fails"
