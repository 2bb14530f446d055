from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.errors import PublishingError
from analysis.publishing.quality_page import (
    QualityRecord,
    ShownOutcome,
    read_quality_record,
    render_quality,
)
from analysis.publishing.rendering import Page
from analysis.quality.outcomes import CheckReport, Outcome

if TYPE_CHECKING:
    from pathlib import Path


PAGE = Page("Data quality")
TOUCHED = "Numbers on “Recommendations: Stop”; counts of focus groups."
CELLS = {"recommendations.stop": "Recommendations: Stop"}
HELD = Outcome(
    expectation="a",
    table="segments",
    stage="received",
    severity="critical",
    verdict="held",
    fault="no id",
    notes="It could not be traced.",
)
FALLEN = replace(
    HELD,
    expectation="b",
    severity="warning",
    verdict="fell_short",
    fault="more than five points",
    remedy="count them all",
    failing=4,
    touches=("*recommendations.stop*", "groups"),
    focus_groups=("afr-1",),
)


def test_failed_expectation_is_shown_with_rows_and_remedy():
    """An expectation that fell short shows table, rows, focus groups, numbers touched, remedy."""
    html = render_quality(PAGE, [FALLEN], CELLS).html

    for part in (
        "More than five points",
        "<code>segments.csv</code>",
        "4 rows",
        "afr-1",
        TOUCHED,
        "Count them all.",
    ):
        assert part in html


def test_focus_groups_beyond_a_dozen_are_counted():
    """Of hundreds of focus groups concerned the first are named, and the others counted."""
    groups = tuple(f"g{at:03}" for at in range(15))
    shown = ShownOutcome(replace(FALLEN, focus_groups=groups), ("cleaned",))

    assert shown.focus_groups == ", ".join(groups[:12]) + " and 3 more"


def test_severest_comes_first():
    """Critical outcomes stand above warnings."""
    critical = replace(FALLEN, severity="critical")
    html = render_quality(PAGE, [FALLEN, critical], CELLS).html

    assert html.index('id="critical"') < html.index('id="warning"')


def test_same_outcome_at_both_stages_is_shown_once():
    """What holds as received and again after cleaning is one row that says so."""
    html = render_quality(PAGE, [HELD, replace(HELD, stage="cleaned")], CELLS).html

    assert html.count("No id") == 1
    assert "as received and cleaned" in html


def test_study_without_faults_says_so():
    """When all held, the page says so first."""
    html = render_quality(PAGE, [HELD], CELLS).html

    assert "Nothing: the data met every expectation." in html


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {},
            f"{TOUCHED} Shown beside none: no cleaned table has such a row.",
        ),
        ({"stage": "cleaned"}, TOUCHED),
        ({"severity": "info"}, TOUCHED),
        ({"touches": ()}, "No number."),
        (
            {"expectation": "c"},
            TOUCHED,
        ),  # asked of received tables alone
    ],
)
def test_warning_that_cleaning_fixes_says_that_it_marks_nothing(changed: dict, said: str):
    """Where the cleaned tables hold no such row, the page says that no number bears a mark."""
    mended = replace(HELD, expectation=FALLEN.expectation, stage="cleaned")
    html = render_quality(PAGE, [replace(FALLEN, **changed), mended], CELLS).html

    (told,) = re.findall(r'<td data-label="Touches">([^<]*)<', html)
    assert told.strip() == said


def test_expectation_that_held_is_shown_once():
    """What held in the rows that may be counted is the same at both stages, whatever it says."""
    received = replace(HELD, message="Held in all rows that may be counted.", touches=("groups",))
    cleaned = replace(HELD, stage="cleaned", message="Held.")
    html = render_quality(PAGE, [received, cleaned], CELLS).html

    assert html.count("No id") == 1


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
def test_broken_record_is_refused(tmp_path: Path, text: str):
    """A record that was broken by hand, or is of another version, is named by its file."""
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
    """A release of some places shows what is critical elsewhere, and no digest of it."""
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
