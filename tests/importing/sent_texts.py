"""Submissions as text, and what a study holds after they are imported or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import CompendiumError
from analysis.importing.submissions import import_submissions
from analysis.tables.received import read_received
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
Country: {place}
Organizer: A network of fishing communities
Date: {held_on}
Theme discussed: Testing on the water
Participants: {participants}
Would you accept for UNAIDS to make your report publicly available: {consent}
Contact person: Jane Doe, jane@lake.example

EMERGING PATTERNS

- {words}
- Crews trust crews.

STOP\tClosing at noon; call 0700 123 4567
"""
FACTS = {
    "place": "Kenya",
    "held_on": "26 September 2020",
    "participants": "8 fishers from Kenya, 2 nurses",
    "consent": "Yes (without participants' names)",
    "words": "Distance costs more than fear.",
}


def sent(folder: Path, name: str = "Report of Jane.txt", **facts: str) -> Path:
    path = folder / name
    path.write_text(TEXT.format(**{**FACTS, **facts}), encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def last_group(root: Path) -> dict[str, str]:
    groups = read_received(root / "data" / STUDY).focus_groups
    return {str(name): str(value) for name, value in groups.iloc[-1].items()}


def refusal(root: Path, *files: Path, places: Path | None = None) -> str:
    """Return why files are refused, after checking that nothing was written."""
    folder = root / "data" / STUDY
    before = contents(folder)
    with pytest.raises(CompendiumError) as refused:
        import_submissions(root, STUDY, files, places)
    assert contents(folder) == before
    return str(refused.value)
