from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError
from analysis.intake.coded.mapping import read_mapping
from analysis.tables.coded.mapping_draft import write_draft
from analysis.tables.coded.taking_in import CodedImport
from tables.coded.coded_rows import ROWS, snapshot, take, written
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root with the tiny study."""
    return write_tiny_root(tmp_path / "root")


def test_a_draft_asks_for_what_is_missing_and_can_be_filled_in(root: Path):
    """Each unknown coder, code and document has its line; nothing is taken in."""
    file = root / "plain.csv"
    file.write_text('document,text,code,coder\n"Doc: ""1""",Fear.,stgma,Grace\n', encoding="utf-8")
    before, draft = snapshot(root), root / "draft.yaml"
    order = CodedImport(root, STUDY, (file,))

    write_draft(order, draft)

    mapping = read_mapping(draft)
    assert mapping.coders == {"Grace": ""}
    assert mapping.codes == {"stgma": ""}
    assert mapping.documents == {'Doc: "1"': {"focus_group": "doc-1"}}
    assert set(mapping.focus_groups) >= {"held_on", "scope", "places", "language", "consent"}
    assert "closest: stigma" in draft.read_text(encoding="utf-8")
    assert before == snapshot(root)
    with pytest.raises(CodedDataError, match="already"):
        write_draft(order, draft)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("codez: {}", "unknown key codez \\(closest: codes\\)"),
        ("codes: [a]", "codes has no keys and values"),
        ("documents: {a: {place: KEN}}", "unknown key place \\(closest: places\\)"),
        ("documents: {a: left}", "entry 1 is neither"),
        ("columns: {codes: x}", "codes is not a list"),
        ("- a", "no keys and values"),
        ("a: [", "row 1: no YAML|row 2: no YAML"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused(root: Path, said: str, fault: str):
    """Each unknown key and ill-formed value is told."""
    with pytest.raises(CodedDataError, match=fault):
        take(root, written(root, *ROWS), said=said)
