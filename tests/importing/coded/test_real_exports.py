from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from analysis.intake.coded.recognition import read_coded
from importing.coded.coded_rows import FRESH, fresh_study, rows_of, take
from intake.coded.test_real_exports import EXPORTS
from tiny_study import write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")

FACTS = {"held_on": "2020-11-01", "scope": "country", "places": "KEN", "consent": "public"}


@pytest.mark.parametrize(("name", "expected"), EXPORTS.items(), ids=list(EXPORTS))
def test_real_exports_come_into_a_study_and_every_item_is_told(
    shared: Path, tmp_path: Path, name: str, expected: tuple[str, tuple[int, ...]]
):
    """What the account calls taken in stands in the tables, and the rest is set aside."""
    root, path = write_tiny_root(tmp_path / "root"), shared / "data" / "interchange" / name
    fresh_study(root)
    coders = dict.fromkeys(read_coded(path.name, path.read_bytes()).coders, "ann")
    said = json.dumps({"coder": "ann", "coders": coders, "focus_groups": FACTS})

    taken_in = take(root, path, study=FRESH, said=said)

    lines = {line.kind: line for line in taken_in.account}
    codes, documents, selections, codings, _ = expected[1]
    kept = {kind: line.kept for kind, line in lines.items()}
    asides = {kind: sum(each for _, each in line.set_aside) for kind, line in lines.items()}
    assert all(line.received == kept[kind] + asides[kind] for kind, line in lines.items())
    assert kept["codes"] <= codes
    assert (taken_in.focus_groups, kept.get("documents", 0)) == (documents, documents)
    assert taken_in.code_applications == kept.get("codings", 0) <= codings
    assert taken_in.segments == kept.get("selections", 0) <= selections
    for table in ("codebook", "focus_groups", "segments", "code_applications"):
        held = rows_of(root, table, FRESH)
        counted = taken_in.codes if table == "codebook" else getattr(taken_in, table)
        assert len(held) == counted
