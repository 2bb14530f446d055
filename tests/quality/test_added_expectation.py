from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from analysis.quality.checks import check_named
from analysis.quality.screen import show_on_one_screen
from tiny_study import STUDY, put_value, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path


ROW = 2


def _example(root: Path) -> str:
    """Give the expectation that the page shows experts how to add."""
    page = (root / "expectations" / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```json\n(.*?)```", page, flags=re.DOTALL)
    return str(block)


def _add(suite: Path, example: str) -> None:
    """Put text after the last expectation of a suite, with a comma between, as an editor would."""
    text = suite.read_text(encoding="utf-8")
    end = text.rindex("]")
    suite.write_text(f"{text[:end].rstrip()},\n{example}{text[end:]}", encoding="utf-8")


def test_expectation_is_added_in_json_alone(root: Path, tmp_path: Path) -> None:
    """What the page says, done to a copy, finds what it says, and nothing where it is not."""
    copy = write_tiny_root(tmp_path)
    before = check_named(copy, STUDY)
    _add(copy / "expectations" / "segments.json", _example(root))
    sound = check_named(copy, STUDY)
    put_value(copy, "segments", (ROW, "text"), "We were [illegible] at the door.")

    found = check_named(copy, STUDY)

    id_ = json.loads(_example(root))["id"]
    (outcome,) = (each for each in found.outcomes if each.expectation == id_)
    assert len(sound.outcomes) == len(before.outcomes) + 1
    assert [each.held for each in sound.outcomes if each.expectation == id_] == [True]
    assert (outcome.verdict, outcome.severity) == ("fell_short", "warning")
    assert found.failing_rows[id_].rows == (ROW,)
    assert [line.text for line in show_on_one_screen(found)][:4] == [
        "WARNING  Reports are built; each affected number shows the warning.",
        "  Text partly illegible",
        "    where    segments.csv, 1 row: 2 (ken)",
        "    touches  numbers on reaching_person.situation",
    ]
