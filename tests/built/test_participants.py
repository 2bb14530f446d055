"""Numbers of people in built reports: rounded, per focus group and in total, and nowhere else."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from built.checkout import bytes_below, run_compendium
from built.work import copy_root, do_build, refused
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    from built.built_study import BuiltStudy

FORMS = ("csv", "qdpx")
PEOPLE = re.compile(r"[a-z]+\.((group|heard)\.)?participants(\.[a-z0-9_-]+)*")
DIGEST = re.compile(rb"[0-9a-f]{12,64}")


def published(root: Path, folder: Path) -> dict[str, bytes]:
    """Return all that a study publishes, but for digests of its tables, and what a check finds."""
    folder.mkdir()
    exports = {
        form: run_compendium(root, "export", STUDY, "--to", form, str(folder / f"out.{form}"))
        for form in FORMS
    }
    checked = json.loads(run_compendium(root, "check", STUDY, "--json").stdout)
    files = bytes_below(root / "reports") | bytes_below(folder)
    assert [ended.returncode for ended in exports.values()] == [0, 0]
    return {
        **{name: DIGEST.sub(b"", content) for name, content in files.items()},
        "check": json.dumps(checked["outcomes"]).encode(),
    }


def change_small_numbers(root: Path) -> int:
    """Change numbers of people within 1 to 4 in the odd study, and return in how many groups."""
    path = root / "data" / STUDY / "focus_groups.csv"
    text, changed = re.subn(r"\b4 members", "1 members", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    return changed


@pytest.mark.slow
def test_number_below_5_changes_no_published_byte(odd: Path, tmp_path: Path) -> None:
    """Reports, exports and outcomes of checks are the same whatever a number from 1 to 4 is."""
    root = copy_root(odd, tmp_path)
    before = published(root, tmp_path / "before")
    changed = change_small_numbers(root)
    done = do_build(root)

    assert (changed > 3, len(done) > 3) == (True, True)
    after = published(root, tmp_path / "after")
    assert [name for name in before | after if before.get(name) != after.get(name)] == []


def test_only_totals_and_focus_groups_have_numbers_of_people(study: BuiltStudy) -> None:
    """No claim but those of one focus group or of all in a place is in participants."""
    claims = {name: each for name, each in study.claims.items() if each["unit"] == "participants"}
    rounded = study.whole.study.rounds

    assert [name for name in claims if not PEOPLE.fullmatch(name)] == []
    values = {each["value"] for each in claims.values()} - {None}
    assert [value for value in values if rounded and (value % 5 or value < 5)] == []


@pytest.mark.slow
def test_page_whose_participants_changed_is_not_carried_over(odd: Path, tmp_path: Path) -> None:
    """A build of one place is refused where another page would show other participants."""
    root = copy_root(odd, tmp_path)
    change_small_numbers(root)
    do_build(root, "--place", "esa")
    path = root / "data" / STUDY / "focus_groups.csv"
    text = path.read_text(encoding="utf-8")
    fewer = re.sub(r"\b8(?= \S+ \(GHA\))", "3", text)
    path.write_text(fewer, "utf-8")

    reported, changed = refused(root, STUDY, "--place", "esa")
    assert fewer != text
    assert ("wca: its participants have changed" in reported, changed) == (True, [])
