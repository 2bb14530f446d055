from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.engine.options import BuildOptions, Silent
from analysis.operations import withdraw as operation
from analysis.operations.withdraw import withdraw
from analysis.tables.tombstones import Tombstone, read_tombstones
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

TOMBSTONE = Tombstone("gha", "2026-05-04", "safety")
CLAIM = (
    '{"id": "a", "label": "a", "value": 4, "numerator": 4, "denominator": 9, "unit": "segments"}'
)


@pytest.mark.parametrize(
    ("before", "changes"),
    [(f"[{CLAIM}]", [("4 of 9 segments", "no claim")]), ("<<<<<<<", None), ('[{"id": 1}]', None)],
    ids=["whole", "broken", "of another version"],
)
def test_release_that_cannot_be_read_stops_no_withdrawal(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: str,
    changes: list[tuple[str, str]] | None,
) -> None:
    """It counts as unknown, so that no change can be listed, and the focus group leaves."""
    root = write_tiny_root(tmp_path / "root")
    claims = root / "reports" / STUDY / "wca.claims.json"
    claims.parent.mkdir(parents=True)
    claims.write_text(before, encoding="utf-8")
    monkeypatch.setattr(operation, "build_study", lambda *_: claims.write_text("[]", "utf-8"))
    done = withdraw(BuildOptions(root, root / "reports"), STUDY, TOMBSTONE, Silent())

    changed = None if done.changes is None else [(each.old, each.new) for each in done.changes]
    assert (changed, done.is_built) == (changes, True)
    assert read_tombstones(root / "data" / STUDY) == (TOMBSTONE,)


def test_what_builds_left_goes_though_none_follows(tmp_path: Path) -> None:
    """The build folder, and releases that were cut short, hold it too; the release itself stays."""
    root = write_tiny_root(tmp_path / "root")
    options = BuildOptions(root, root / "reports")
    release = options.reports / STUDY
    left = [
        root / "build" / STUDY,
        *(options.reports / f".{STUDY}.{x}" for x in ("next", "previous")),
    ]
    for folder in (release, *left):
        folder.mkdir(parents=True)
        (folder / "wca.html").write_text("Peers in Ghana", encoding="utf-8")

    withdraw(options, STUDY, TOMBSTONE, Silent(), builds=False)

    assert [folder.exists() for folder in (release, *left)] == [True, False, False, False]
