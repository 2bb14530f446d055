from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.errors import GuardError
from analysis.quality.outcomes import (
    GuardReport,
    Outcome,
    join_reports,
    read_outcomes,
    require_no_critical,
    write_outcomes,
)

if TYPE_CHECKING:
    from pathlib import Path

SHORT = Outcome(
    expectation="a",
    table="segments",
    stage="received",
    severity="critical",
    verdict="fell_short",
    type="expect_column_values_to_not_be_null",
    column="text",
    fault="no text",
    notes="Silence is no answer.",
    remedy="give the text",
    touches=("points.*", "segments"),
    failing=2,
    rows=(3, 5),
    ids=("one.a", ""),
    cells=("recommendations.stop",),
    focus_groups=("one",),
    message="No text: 2 rows of segments.csv.",
)
WARNED = replace(SHORT, expectation="b", severity="warning")
INFORMED = replace(SHORT, expectation="c", severity="info")
HELD = replace(SHORT, expectation="d", verdict="held")
REPORT = GuardReport((HELD, INFORMED, WARNED, SHORT))


def test_report_survives_its_file(tmp_path: Path) -> None:
    """What is written is what is read."""
    write_outcomes(REPORT, tmp_path / "guards" / "received.json")

    assert read_outcomes(tmp_path / "guards" / "received.json") == REPORT


def test_report_tells_what_did_not_hold_by_severity() -> None:
    """What held is neither critical, nor a warning, nor an info."""
    assert (REPORT.critical, REPORT.warnings, REPORT.infos) == ((SHORT,), (WARNED,), (INFORMED,))


def test_reports_are_joined_in_order() -> None:
    """Reports of several stages read as one."""
    assert join_reports([GuardReport((HELD,)), GuardReport((SHORT,))]).outcomes == (HELD, SHORT)


def test_warning_refuses_nothing() -> None:
    """Only what is critical stops reports."""
    require_no_critical(GuardReport((HELD, INFORMED, WARNED)))

    assert GuardReport((HELD, INFORMED, WARNED)).critical == ()


def test_refusal_lists_rows_with_or_without_id() -> None:
    """A row whose id is malformed is named by its number alone."""
    with pytest.raises(GuardError) as refusal:
        require_no_critical(REPORT)

    assert refusal.value.offenders == (
        "segments.csv row 3 (segment one.a): no text",
        "segments.csv row 5: no text",
    )


def test_refusal_pairs_each_fault_with_its_remedy() -> None:
    """Of several things to do, each stands after the fault that it mends."""
    other = replace(SHORT, fault="no id", remedy="give an id")

    with pytest.raises(GuardError) as refusal:
        require_no_critical(GuardReport((SHORT, other)))

    assert refusal.value.remedy == "(no text) give the text; (no id) give an id"


def test_refusal_keeps_room_for_other_faults() -> None:
    """Of many rows with one fault the first five are named, and the rest counted."""
    many = replace(SHORT, rows=tuple(range(2, 10)), ids=("",) * 8)

    assert many.offenders()[4:] == [
        "segments.csv row 6: no text",
        "segments.csv, 3 more rows: no text",
    ]


@pytest.mark.parametrize(("focus_groups", "refused"), [(["one"], True), (["two"], False)])
def test_only_the_places_concerned_are_refused(
    focus_groups: list[str],
    refused: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """A place whose focus groups are not concerned goes on."""
    try:
        require_no_critical(REPORT, focus_groups=focus_groups)
        stopped = False
    except GuardError:
        stopped = True

    assert stopped == refused


def test_reading_outcomes_costs_no_heavy_import() -> None:
    """What was found is read and joined without any library."""
    script = (
        "import sys; import analysis.quality.outcomes, analysis.quality.joining; "
        "print({'great_expectations', 'numpy', 'pandas', 'pydantic'} & {*sys.modules})"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert told.stdout == "set()\n"


def test_guarding_is_prepared_when_it_is_asked_for() -> None:
    """The library that judges is imported only when tables are guarded."""
    script = (
        "import sys; import analysis.quality.guarding; print('great_expectations' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert told.stdout == "False\n"
