"""What differs between two releases of a study: their claims, and what they are made from.

A cause is named for each claim that moved: the rows behind it that changed, or the one other input
that did. Where several could be the cause, all are named, as possible.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.errors import count
from analysis.publishing.claim_diff import changed_claims, read_claims
from analysis.publishing.manifest import read_manifest
from analysis.publishing.row_changes import CODEBOOK_CHANGES, changed_codes, changed_rows
from analysis.tables.received import COLUMNS, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.publishing.claim_diff import ClaimChange, Claims
    from analysis.publishing.row_changes import RowChange

    Tables = tuple[Path | None, Path | None]
    Manifest = Mapping[str, Any]

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
    file : str
        The input, by its path below the root; ``""`` for code, versions and parameters.
    row : RowChange or None
        The row of a table, where that is known.
    """

    text: str
    file: str = ""
    row: RowChange | None = None

    @property
    def ids(self) -> frozenset[str]:
        """The codes, focus groups and segments concerned; empty where any number may be."""
        return self.row.ids if self.row else frozenset()


@dataclass(frozen=True)
class ReleaseDiff:
    """What differs between two releases.

    Parameters
    ----------
    same : int
        How many claims say the same in both.
    moved : tuple of ClaimChange
        The claims that changed, or that one of both lacks, each with its cause.
    differences : tuple of Difference
        What the releases are made from and that differs.
    checks : tuple of str
        The checks of the data whose result differs.
    """

    same: int
    moved: tuple[ClaimChange, ...]
    differences: tuple[Difference, ...]
    checks: tuple[str, ...]

    @property
    def headline(self) -> str:
        """How many numbers changed."""
        return f"{count(len(self.moved), 'number') if self.moved else 'No number'} changed"

    @property
    def lists(self) -> dict[str, Sequence[str]]:
        """The other differences, by heading."""
        return {
            "Changes in inputs, code and versions": [each.text for each in self.differences],
            "Checks of the data with another result": self.checks,
        }

    def record(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "same": self.same,
            "moved": [asdict(each) for each in self.moved],
            "differences": [each.text for each in self.differences],
            "checks": list(self.checks),
        }


def compare_releases(
    before: Path,
    after: Path,
    tables: Tables = (None, None),
    also: Sequence[Difference] = (),
    claims: tuple[Claims, Claims] | None = None,
) -> ReleaseDiff:
    """Return what differs between two releases of a study.

    Parameters
    ----------
    before, after : Path
        The folders of the releases.
    tables : tuple of (Path or None, Path or None)
        The folders of the study's tables behind each, where they are known: rows are compared.
    also : sequence of Difference, optional
        What differs besides, such as installed libraries.
    claims : tuple of Claims, optional
        The claims of both, if they were read already.

    Raises
    ------
    PublishingError
        When a release has no manifest, or its claims can't be read.
    TableError
        When a table can't be read.
    """
    claims = claims or (read_claims(before), read_claims(after))
    differences = (*_differences(read_manifest(before), read_manifest(after), tables), *also)
    moved = tuple(_with_causes(changed_claims(*claims), claims, differences))
    same = len({*claims[0], *claims[1]}) - len(moved)
    return ReleaseDiff(same, moved, differences, _changed_checks(before, after))


def _differences(was: Manifest, now: Manifest, tables: Tables) -> Iterator[Difference]:
    """Yield what two releases are made from and that differs.

    Rows of tables are named where both are known, other inputs by their digests.
    """
    for name in _changed_names(was["inputs"], now["inputs"]):
        rows = [Difference(row.text, name, row) for row in _changed_rows(name, tables)]
        yield from rows or [Difference(f"{name} {_how(name, was['inputs'], now['inputs'])}", name)]
    for label, key in ((CODE, "code"), (LOCK, "lock"), (VERSION, "compendium")):
        if was.get(key) != now.get(key):
            yield Difference(f"{label} changed")
    yield from _changed_parameters(was.get("reports", ()), now.get("reports", ()))


def _changed_names(was: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [name for name in sorted({*was, *now}) if was.get(name) != now.get(name)]


def _how(name: str, was: Mapping[str, str], now: Mapping[str, str]) -> str:
    return "is new" if name not in was else "is gone" if name not in now else "changed"


def _changed_parameters(was: Sequence[Manifest], now: Sequence[Manifest]) -> Iterator[Difference]:
    old = {report["name"]: report["parameters"] for report in was}
    for report in now:
        name, parameters = report["name"], report["parameters"]
        for key in _changed_names(old[name], parameters) if name in old else ():
            before, after = (each.get(key, "not given") for each in (old[name], parameters))
            yield Difference(f"parameter {key} of {name}: {before} → {after}")


def _changed_rows(name: str, tables: Tables) -> Iterator[RowChange]:
    """Yield the rows of a study's table that were added, removed or changed."""
    folder, _, file = name.rpartition("/")
    table = file.partition(".")[0]
    before, after = tables
    if before is None or after is None or not folder.startswith("data/"):
        return
    if table == CODEBOOK_CHANGES:
        yield from changed_codes(before, after)
    elif table in COLUMNS and (before / file).is_file() and (after / file).is_file():
        old, new = (read_table(each / file, COLUMNS[table]) for each in (before, after))
        yield from changed_rows(old, new, table)


def _with_causes(
    changes: Sequence[ClaimChange], claims: tuple[Claims, Claims], differences: Sequence[Difference]
) -> Iterator[ClaimChange]:
    """Yield claims that moved with why: the rows behind them, or else whatever differs."""
    by_id = defaultdict(set)
    for at, each in enumerate(differences):
        for name in each.ids:
            by_id[name].add(at)
    general = [each for each in differences if not each.ids]
    for change in changes:
        behind = set(change.claim.replace("@", ".").split("."))
        for made in claims:
            claim = made.get(change.name, {})
            behind.update(claim.get("segments", ()), claim.get("focus_groups", ()))
        touching = sorted(set().union(*(by_id[name] for name in behind & by_id.keys())))
        rows = [differences[at] for at in touching]
        rows = [each for each in rows if each.ids <= behind] or rows
        yield replace(change, cause=_cause(rows, general, differences))


def _cause(
    rows: Sequence[Difference], general: Sequence[Difference], differences: Sequence[Difference]
) -> str:
    possible = [*(rows or [each for each in differences if each.ids]), *general]
    if not possible:
        return UNKNOWN
    if len(possible) == 1 or (rows and not general):
        return _list_causes(possible)
    return several_possible(possible)


def _list_causes(causes: Sequence[Difference]) -> str:
    """Return the first few of what differs, and how many more there are."""
    shown = "; ".join(each.text for each in causes[:SHOWN_CAUSES])
    more = f"; and {len(causes) - SHOWN_CAUSES} more" if len(causes) > SHOWN_CAUSES else ""
    return shown + more


def several_possible(causes: Sequence[Difference]) -> str:
    """Return that any of several could be the cause."""
    return f"several possible: {_list_causes(causes)}"


def _changed_checks(before: Path, after: Path) -> tuple[str, ...]:
    from analysis.publishing.quality_page import read_quality_record  # noqa: PLC0415 (rendering)

    old, new = (
        {
            (each.table, each.fault, each.stage): (each.verdict, each.failing)
            for each in (record.joined.outcomes if record else ())
        }
        for record in map(read_quality_record, (before, after))
    )
    if not old or not new:
        return ()
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
