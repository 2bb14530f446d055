from __future__ import annotations

import json
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from analysis.errors import CheckError
from analysis.quality.outcomes import (
    CheckReport,
    FailingRows,
    Outcome,
    join_reports,
    read_outcomes,
    require_no_critical,
    write_outcomes,
)
from analysis.quality.published import published, without_digests
from analysis.quality.wording import describe_touched, fill_touches

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.quality.suites import Suite

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
    touches=("points.*", "segments", "*recommendations.stop*"),
    patterns=("points.*", "segments", "*{cell}*"),
    failing=2,
    ids=("one.a", ""),
    groups_of_rows=("one", "one"),
    cells_of_rows=("recommendations.stop", "recommendations.stop"),
    cells=("recommendations.stop",),
    focus_groups=("one",),
    message="No text: 2 rows of segments.csv.",
)
WARNED = replace(SHORT, expectation="b", severity="warning")
INFORMED = replace(SHORT, expectation="c", severity="info")
HELD = replace(SHORT, expectation="d", verdict="held")
ROWS = {"a": FailingRows((3, 5), ("no text", "no text"))}
REPORT = CheckReport((HELD, INFORMED, WARNED, SHORT), ROWS)


def test_report_survives_its_file(tmp_path: Path) -> None:
    """What is written is what is read."""
    write_outcomes(REPORT, tmp_path / "checks" / "received.json")

    assert read_outcomes(tmp_path / "checks" / "received.json") == REPORT


def test_report_lists_what_failed_by_severity() -> None:
    """What held is neither critical, nor a warning, nor an info."""
    assert (REPORT.critical, REPORT.warnings, REPORT.infos) == ((SHORT,), (WARNED,), (INFORMED,))


def test_reports_are_joined_in_order() -> None:
    """Reports of several stages read as one."""
    assert join_reports([CheckReport((HELD,)), CheckReport((SHORT,))]).outcomes == (HELD, SHORT)


def test_warning_refuses_nothing() -> None:
    """Only what is critical stops reports."""
    require_no_critical(CheckReport((HELD, INFORMED, WARNED)))

    assert CheckReport((HELD, INFORMED, WARNED)).critical == ()


def test_refusal_lists_rows_with_or_without_id() -> None:
    """A row whose id is malformed is named by its number alone."""
    with pytest.raises(CheckError) as refusal:
        require_no_critical(REPORT)

    assert refusal.value.offenders == (
        "segments.csv row 3 (segment one.a): no text",
        "segments.csv row 5: no text",
    )


def test_refusal_pairs_each_fault_with_its_remedy() -> None:
    """Of several things to do, each comes after the fault that it fixes."""
    other = replace(SHORT, expectation="b", fault="no id", remedy="give an id")

    with pytest.raises(CheckError) as refusal:
        require_no_critical(CheckReport((SHORT, other)))

    assert refusal.value.remedy == "(no text) give the text; (no id) give an id"


def test_refusal_keeps_room_for_other_faults() -> None:
    """Of many rows with one fault the first five are named, and the rest counted."""
    many = replace(SHORT, failing=8, ids=("one.a",) * 8)
    rows = {"a": FailingRows(tuple(range(2, 10)), ("no text",) * 5)}

    assert CheckReport((many,), rows).offenders(many)[4:] == [
        "segments.csv row 6 (segment one.a): no text",
        "segments.csv, 3 more rows: no text",
    ]


def test_rows_and_values_are_in_no_file(tmp_path: Path) -> None:
    """What only the terminal shows is neither written nor part of what a report is."""
    report = CheckReport((SHORT,), {"a": FailingRows((3, 5), ("unknown code 'helth'",) * 2)})

    write_outcomes(report, tmp_path / "outcomes.json")

    assert "helth" not in (tmp_path / "outcomes.json").read_text(encoding="utf-8") + repr(report)
    assert report == CheckReport((SHORT,))
    assert report.for_terminal()["outcomes"][0]["rows"] == (3, 5)


def test_what_falls_short_at_both_stages_is_refused_once() -> None:
    """The tables as received name the rows; the cleaned ones would repeat them without."""
    cleaned = replace(SHORT, stage="cleaned")

    with pytest.raises(CheckError) as refusal:
        require_no_critical(CheckReport((SHORT, cleaned), ROWS))

    assert (refusal.value.what, len(refusal.value.offenders)) == (
        "A critical expectation did not hold; no report is built from these tables.",
        2,
    )


@pytest.mark.parametrize(("focus_groups", "refused"), [(["one"], True), (["two"], False)])
def test_only_the_places_concerned_are_refused(
    focus_groups: list[str],
    refused: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """A place whose focus groups are not concerned goes on."""
    try:
        require_no_critical(REPORT, focus_groups=focus_groups)
        stopped = False
    except CheckError:
        stopped = True

    assert stopped == refused


MIXED = replace(
    SHORT,
    severity="warning",
    patterns=("*{cell}*", "segments"),
    touches=("*context.hope*", "*theme.hope*", "segments"),
    failing=3,
    ids=("ken.1", "shy.1", ""),
    groups_of_rows=("ken", "shy", "shy"),
    cells_of_rows=("context.hope", "theme.hope", "theme.hope"),
    details=("text: phone", "text: email", "label: email"),
    cells=("context.hope", "theme.hope"),
    answers=("Context: Hope", "Theme: Hope"),
    focus_groups=("ken", "shy"),
    message="No text (text: phone; text: email; label: email): 3 rows.",
)
OF_KEN = replace(
    MIXED,
    touches=("*context.hope*", "segments"),
    failing=1,
    ids=("ken.1",),
    groups_of_rows=("ken",),
    cells_of_rows=("context.hope",),
    details=("text: phone",),
    cells=("context.hope",),
    answers=("Context: Hope",),
    focus_groups=("ken",),
    message="No text (text: phone): 1 passage (ken; Context: Hope).",
)
NOTHING = {"ids": (), "groups_of_rows": (), "cells_of_rows": (), "details": ()}
HELD_BY_OTHERS = replace(
    MIXED,
    **NOTHING,
    verdict="held",
    touches=("*{cell}*", "segments"),
    failing=0,
    cells=(),
    answers=(),
    focus_groups=(),
    message="Held in all rows of segments.csv.",
)


@pytest.mark.parametrize(
    ("groups", "outcome"),
    [({"ken"}, OF_KEN), ({"ken", "shy"}, MIXED), ({"uga"}, HELD_BY_OTHERS)],
    ids=["some", "all", "none"],
)
def test_outcomes_are_split_by_focus_groups(groups: set[str], outcome: Outcome) -> None:
    """A place has the rows of its own focus groups, and the claims that these affect."""
    assert CheckReport((MIXED,)).in_groups(groups).outcomes == (outcome,)


def test_codes_concern_every_place() -> None:
    """A row that belongs to no focus group, such as a code, is kept for each place."""
    undefined = replace(SHORT, table="codebook", ids=("clinic",), groups_of_rows=("",), failing=1)

    assert CheckReport((undefined,)).in_groups({"ken"}).outcomes == (undefined,)


def test_caveat_on_rows_without_answers_says_how_many() -> None:
    """A caveat needs the answer and the detail of each row; elsewhere the fault is counted."""
    caveat = replace(HELD, table="focus_groups", fault="no host", caveat="{answer}: {detail}.")

    assert caveat.with_rows(["ken"], ["ken"], [], ["7"]).message == (
        "No host (7): 1 focus group (ken)."
    )
    assert caveat.with_rows(["ken"], ["ken"], ["context.hope"]).message == (
        "No host: 1 focus group (ken)."
    )


def test_some_expectations_are_chosen_in_the_order_of_the_report() -> None:
    """Outcomes of some expectations are in the order of all."""
    assert REPORT.of({"b", "d"}).outcomes == (HELD, WARNED)


def test_table_without_rows_is_refused_by_its_name() -> None:
    """What concerns a whole table is named by its message."""
    empty = replace(SHORT, **NOTHING, verdict="empty_table", failing=0, message="It has no rows.")

    with pytest.raises(CheckError) as refusal:
        require_no_critical(CheckReport((empty,)))

    assert refusal.value.offenders == ("It has no rows.",)


def test_outcome_without_rows_is_of_every_place() -> None:
    """What could not be evaluated could be evaluated nowhere."""
    spoiled = replace(SHORT, **NOTHING, verdict="not_evaluated", failing=0, everywhere=True)

    assert CheckReport((spoiled,)).in_groups({"ken"}).outcomes == (spoiled,)


def test_published_outcomes_name_no_rows() -> None:
    """A page shows what is wrong, and neither which rows nor which patterns; twice is once.

    The sentences of a caveat are on the answers of focus groups, which it keeps.
    """
    once = published(CheckReport((MIXED, HELD)))

    message = "Held in all rows of segments.csv that may be counted and shown."
    bare = {"patterns": (), "groups_of_rows": (), "cells_of_rows": ()}
    assert once.outcomes == (replace(MIXED, **bare), replace(HELD, message=message, **bare))
    assert published(once) == once
    caveat = replace(MIXED, caveat="{focus_group}: {detail} in {answer}.", patterns=())
    assert published(CheckReport((caveat,))) == CheckReport((caveat,))


def test_digest_of_words_is_for_reviewers_alone() -> None:
    """A text whose review is of other words is described by column and kind, without a digest."""
    digest = "text_sha256 is 5f0c1d2e3b4a5968"
    details = (f"text: phone: {digest}, text: email: {digest}", "", f"label: email: {digest}")

    (outcome,) = without_digests(CheckReport((replace(MIXED, details=details),))).outcomes

    assert (outcome.details, outcome.message) == (
        ("text: phone, text: email", "", "label: email"),
        (
            "No text (text: phone, text: email; label: email): 3 passages "
            "(ken, shy; Context: Hope, Theme: Hope)."
        ),
    )
    assert without_digests(CheckReport((MIXED,))) == CheckReport((MIXED,))


@pytest.mark.parametrize(
    ("patterns", "said"),
    [
        (["groups", "*"], "every number that rests on it"),
        (["*{cell}*"], "numbers on the answers concerned"),
        (["*.{code}"], "numbers on the codes concerned"),
        (["*.stigma", "*.hope"], "numbers on stigma and hope"),
        (["group.*", "part.*", "groups"], "the table of focus groups; counts of focus groups"),
        (["participants", "heard.participants.*"], "numbers of participants"),
        (["own.*"], "claims own.*"),
        ([], "no number"),
    ],
)
def test_patterns_are_described_in_words(patterns: list[str], said: str) -> None:
    """Readers see which numbers are affected in words, where there are any, and not as patterns."""
    assert describe_touched(patterns) == said


def test_cells_are_called_what_readers_call_them() -> None:
    """Names replace the ids of cells where they are known."""
    said = describe_touched(["*context.hope*", "*.stigma"], {"context.hope": "Context: Hope"})

    assert said == "numbers on “Context: Hope” and stigma"


def test_every_expectation_names_claims_that_reports_make(
    root: Path, suites: tuple[Suite, ...]
) -> None:
    """No pattern of a suite names claims that no report of the shipped studies makes."""
    claims = {
        claim["id"].partition(".")[2]
        for path in sorted(root.glob("reports/*/*.claims.json"))
        for claim in _claims(path)
    }
    patterns = {touch for suite in suites for each in suite.expectations for touch in each.touches}

    filled = {
        pattern: fill_touches([pattern], ["context.hope"], ["stigma"]) for pattern in patterns
    }
    idle = [
        pattern
        for pattern, (touch,) in filled.items()
        if not any(fnmatchcase(claim, touch) for claim in claims)
    ]
    assert (len(claims) > 100, idle) == (True, [])


def _claims(path: Path) -> list[dict[str, str]]:
    found = json.loads(path.read_text(encoding="utf-8"))
    return found["claims"] if isinstance(found, dict) else found
