from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError, StorageError
from analysis.importing.coded.coded_import import CodedImport
from analysis.importing.coded.mapping import read_mapping
from analysis.importing.coded.mapping_draft import write_draft
from importing.coded.coded_rows import ROWS, snapshot, take, written
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")


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
    assert mapping.documents == {'Doc: "1"': {"focus_group": ""}}
    assert set(mapping.focus_groups) >= {"held_on", "scope", "places", "language", "consent"}
    assert "closest: stigma" in draft.read_text(encoding="utf-8")
    assert before == snapshot(root)
    with pytest.raises(CodedDataError, match="already"):
        write_draft(order, draft)


def test_a_draft_holds_what_a_mapping_says_already(root: Path):
    """Whoever has a mapping and needs more of it goes on from there."""
    file, said, draft = root / "a.csv", root / "said.yaml", root / "draft.yaml"
    file.write_text(
        'who,words,label\n"FG: Lusaka\u2028 #2",Fear.,F\nb,Hope.,G\n"yes",Calm.,F\n',
        encoding="utf-8",
    )
    said.write_text(
        "columns: {document: who, text: words, code: label}\ncoder: ann\ncodes: {F: stigma}\n"
        "documents: {b: skip, 'yes': {focus_group: 'no', places: UGA}}\ncell: context.hope\n"
        "focus_groups: {scope: country, source: '012'}\nplaces: {Lab: KEN}\ntext_kind: synthetic\n",
        encoding="utf-8",
    )
    mapping = read_mapping(said)

    write_draft(CodedImport(root, STUDY, (file,), mapping=said), draft)

    drafted = read_mapping(draft)
    for name in ("roles", "coder", "cell", "places", "text_kind"):
        assert getattr(mapping, name) == getattr(drafted, name)
    assert drafted.codes == {"F": "stigma", "G": ""}
    assert drafted.documents == {"FG: Lusaka\u2028 #2": {"focus_group": ""}} | dict(
        mapping.documents
    )
    assert drafted.focus_groups.items() >= mapping.focus_groups.items()


def test_a_draft_is_its_owners_and_needs_a_folder(root: Path):
    """It holds names: nobody else reads it; where it cannot be written, a message tells."""
    file, draft = written(root, *ROWS), root / "draft.yaml"

    write_draft(CodedImport(root, STUDY, (file,)), draft)

    assert draft.stat().st_mode & 0o777 == 0o600
    with pytest.raises(StorageError, match=r"draft\.yaml cannot be written: No such file"):
        write_draft(CodedImport(root, STUDY, (file,)), root / "none" / "draft.yaml")


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
        (f"codes: {'{a: ' * 100_000}", "row 1: nested too deep"),
        ("codes:\n  fear: stigma\n  fear: hope", "row 3: a key is there twice"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused(root: Path, said: str, fault: str):
    """Each unknown key and ill-formed value is told."""
    with pytest.raises(CodedDataError, match=fault):
        take(root, written(root, *ROWS), said=said)
