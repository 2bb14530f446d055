from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.errors import PublishingError
from analysis.publishing.quality_record import QualityRecord, read_quality_record
from analysis.quality.outcomes import CheckReport, Outcome

if TYPE_CHECKING:
    from pathlib import Path


def found(expectation: str, *rows: int) -> CheckReport:
    """Return a report of one expectation that falls short of some rows."""
    outcome = Outcome(
        expectation=expectation,
        table="segments",
        stage="cleaned",
        severity="warning",
        verdict="fell_short" if rows else "held",
        touches=(),
        failing=len(rows),
        ids=("",) * len(rows),
    )
    return CheckReport((outcome,))


def test_record_is_read_as_it_was_written(tmp_path: Path):
    """A release gives back what the guards found, with every row."""
    record = QualityRecord(found("a"), {"esa": found("b", 2, 3), "wca": found("b")})
    record.write(tmp_path)

    assert read_quality_record(tmp_path) == record


def test_folder_without_record_has_none(tmp_path: Path):
    """Where there is no release yet, nothing was found."""
    assert read_quality_record(tmp_path) is None


@pytest.mark.parametrize("text", ["<<<<<<<", "[]", '{"received": {}}', '{"cleaned": []}'])
def test_broken_record_is_told(tmp_path: Path, text: str):
    """A record that was broken by hand, or is of another version, is told by its file."""
    (tmp_path / "quality.json").write_text(text, encoding="utf-8")

    with pytest.raises(PublishingError, match="cannot be read") as refusal:
        read_quality_record(tmp_path)
    assert refusal.value.offenders[0].startswith("quality.json: ")


def test_places_that_were_not_built_keep_what_was_found():
    """Of places that only the last release has, its findings stay; others are renewed."""
    last = QualityRecord(found("a"), {"esa": found("b", 2), "wca": found("b", 9)})
    now = QualityRecord(found("a", 4), {"esa": found("b")}).with_places_of(last)

    assert now == QualityRecord(found("a", 4), {"esa": found("b"), "wca": found("b", 9)})


def test_digest_of_a_cell_is_not_published(tmp_path: Path):
    """A release of some places tells what is critical elsewhere, and no digest of it."""
    (outcome,) = found("a", 2).outcomes
    details = ("text: phone: text_sha256 is 5f0c1d2e3b4a5968",)
    told = CheckReport((replace(outcome, details=details, message=f"Short ({details[0]})."),))
    published = QualityRecord(told, {"esa": told}).published
    published.write(tmp_path)

    assert [each.details for each in published.joined.outcomes] == [("text: phone",)] * 2
    assert "5f0c" not in (tmp_path / "quality.json").read_text(encoding="utf-8")


def test_order_of_places_changes_no_byte(tmp_path: Path):
    """The record is the same however its places were built."""
    places = {"esa": found("b"), "wca": found("b", 9)}
    written = []
    for order in (places, dict(reversed(places.items()))):
        QualityRecord(found("a"), order).write(tmp_path)
        written.append((tmp_path / "quality.json").read_bytes())

    assert written[0] == written[1]
