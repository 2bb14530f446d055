from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from defects import put

from analysis.errors import CheckError, PlaceError
from analysis.publishing.quality_page import QualityRecord, render_quality
from analysis.publishing.rendering import Page
from analysis.quality.checks import (
    check_cleaned,
    check_named,
    check_study,
    groups_of_places,
    publish_study,
    shown_as_received,
    with_failing_rows,
)
from analysis.quality.evaluation import check_tables
from analysis.quality.outcomes import CheckReport, require_no_critical, write_outcomes
from analysis.quality.published import published
from analysis.quality.screen import show_on_one_screen
from analysis.quality.suites import Expectation, Suite, read_suites
from analysis.study.opened_study import open_study
from analysis.tables.cleaning import clean
from analysis.tables.received import read_received
from tiny_study import STUDY, put_value, repeat_row

if TYPE_CHECKING:
    from pathlib import Path

    from defects import Tables

    from analysis.quality.context import CheckContext
    from analysis.quality.outcomes import Outcome
    from analysis.study.opened_study import OpenedStudy

    Suites = tuple[Suite, ...]


def _suite(suites: Suites, table: str) -> Suite:
    return next(suite for suite in suites if suite.table == table)


def _made_up(**kwargs: object) -> Suite:
    """Give a suite of segments with one expectation that an expert might write."""
    expectation = Expectation(
        id="0",
        type=str(kwargs.pop("type", "expect_column_values_to_not_be_null")),
        kwargs=kwargs,
        severity="info",
        notes="",
        fault="made up",
        remedy="",
        touches=("*",),
    )
    return Suite("segments", (expectation,))


def test_sound_tables_hold_as_received(
    tables: Tables, context: CheckContext, suites: Suites
) -> None:
    """A study without a fault holds every expectation on its tables as received."""
    report = check_tables(tables, context, stage="received", suites=suites)

    assert [outcome.message for outcome in report.outcomes if not outcome.held] == []


def test_sound_tables_hold_when_cleaned(
    tables: Tables, context: CheckContext, suites: Suites
) -> None:
    """A study without a fault holds every expectation on its cleaned tables."""
    del tables["codebook"]

    report = check_tables(tables, context, stage="cleaned", suites=suites)

    assert [outcome.message for outcome in report.outcomes if not outcome.held] == []


@pytest.mark.parametrize("table", ["focus_groups", "segments", "code_applications"])
def test_empty_table_is_critical(
    tables: Tables, context: CheckContext, suites: Suites, table: str
) -> None:
    """A table without rows says so once, instead of passing."""
    tables[table] = tables[table].iloc[:0]

    report = check_tables(tables, context, stage="received", suites=[_suite(suites, table)])

    assert [(o.expectation, o.verdict, o.severity) for o in report.outcomes[:1]] == [
        (f"{table}.empty_table", "empty_table", "critical")
    ]


def test_empty_suite_is_critical(tables: Tables, context: CheckContext) -> None:
    """A suite without expectations says so, instead of passing."""
    report = check_tables(tables, context, stage="received", suites=[Suite("segments", ())])

    assert (report.outcomes[0].expectation, report.outcomes[0].verdict) == (
        "segments.empty_suite",
        "empty_suite",
    )


def test_table_without_suite_is_critical(
    tables: Tables, context: CheckContext, suites: Suites
) -> None:
    """A table that no suite names counts as one with an empty suite."""
    report = check_tables(tables, context, stage="received", suites=suites[:3])

    assert [outcome.expectation for outcome in report.critical] == ["code_applications.empty_suite"]


def test_missing_table_is_critical(tables: Tables, context: CheckContext, suites: Suites) -> None:
    """A missing table is reported, with the columns derived from it."""
    del tables["code_applications"]

    report = check_tables(tables, context, stage="received", suites=suites)

    assert [(o.table, o.message) for o in report.critical if o.table != "segments"] == [
        ("codebook", "codebook.csv: could not be evaluated, code_applications.code being missing."),
        *(
            ("focus_groups", f"focus_groups.csv: could not be evaluated, {named} being missing.")
            for named in (
                "code_applications.segment",
                "code_applications.segment, code_applications.coder",
            )
        ),
        ("code_applications", "code_applications.csv: the table is missing."),
    ]


def test_column_blank_in_every_row_is_critical(
    tables: Tables, context: CheckContext, suites: Suites
) -> None:
    """An expectation on a column that is blank throughout says so, whatever its severity."""
    tables["segments"]["language"] = " "

    report = check_tables(tables, context, stage="received", suites=suites)

    found = [o for o in report.outcomes if (o.table, o.column) == ("segments", "language")]
    assert {(o.verdict, o.severity, o.message) for o in found} == {
        ("all_null", "critical", "segments.csv: language blank in every row.")
    }


def test_column_that_may_be_blank_may(
    tables: Tables, context: CheckContext, suites: Suites
) -> None:
    """A column that its suite lets be blank may be so in every row."""
    tables["focus_groups"]["source_sha256"] = ""

    report = check_tables(tables, context, stage="received", suites=suites)

    assert report.critical == ()


def test_missing_column_is_critical_and_not_evaluated(
    tables: Tables, context: CheckContext, suites: Suites
) -> None:
    """What needs a missing column was not evaluated, which is not the same as falling short."""
    del tables["segments"]["question"]

    report = check_tables(tables, context, stage="received", suites=suites)

    found = {(o.column, o.verdict, o.severity) for o in report.outcomes if not o.held}
    assert found == {
        (column, "not_evaluated", "critical")
        for column in (
            "question",
            "cell",
            "session",
            "id_agrees",
            "position_follows",
            "point_exists",
            "list_follows",
            "label_is_distinct",
            "said_once",
            "focus_group, section, question, position",
            "limited_points",
            "heading_uncoded",
            "is_coded",
        )
    }


def test_expectation_that_cannot_be_evaluated_is_critical(
    tables: Tables, context: CheckContext
) -> None:
    """An expectation that is written wrongly is reported as not evaluated, and not dropped."""
    suite = _made_up(type="expect_column_values_to_be_splendid", column="text")

    report = check_tables(tables, context, stage="received", suites=[suite])

    assert (report.outcomes[0].verdict, report.outcomes[0].severity) == (
        "not_evaluated",
        "critical",
    )


def test_checks_are_repeatable(tables: Tables, context: CheckContext, suites: Suites) -> None:
    """The same tables give the same report, byte by byte."""
    put(("segments", 5, "text", ""), ("segments", 6, "role", ""))(tables)

    first = check_tables(tables, context, stage="received", suites=suites)
    second = check_tables(tables, context, stage="received", suites=suites)

    assert first.to_json() == second.to_json()


def test_check_leaves_the_tables_as_they_are(
    tables: Tables, context: CheckContext, suites: Suites
) -> None:
    """A check adds no column to the tables that it is given."""
    before = {name: table.copy() for name, table in tables.items()}

    check_tables(tables, context, stage="received", suites=suites)

    assert all(tables[name].equals(before[name]) for name in before)


def test_expectation_on_whole_table_concerns_every_place(
    tables: Tables, context: CheckContext
) -> None:
    """An expectation without rows falls short everywhere."""
    suite = _made_up(type="expect_table_row_count_to_be_between", min_value=100)

    outcome = check_tables(tables, context, stage="received", suites=[suite]).outcomes[0]

    assert (outcome.verdict, outcome.failing, outcome.everywhere, outcome.message) == (
        "fell_short",
        0,
        True,
        "Made up.",
    )


CANARY = "Thandi of the corner house"


def _outcome(report: CheckReport, fault: str) -> Outcome:
    return next(outcome for outcome in report.outcomes if outcome.fault == fault)


def test_too_many_points_name_focus_group_and_cell(
    tables: Tables, context: CheckContext, suites: Suites
) -> None:
    """Too many points are reported with their focus group and cell, and touch its claims."""
    put(("segments", 7, "focus_group", "one"), ("segments", 7, "position", "3"))(tables)

    report = check_tables(tables, context, stage="received", suites=suites)

    outcome = _outcome(report, "more points in one answer than the template allows")
    assert (outcome.message, outcome.touches) == (
        "one: the host gave 3 points under “recommendations.stop”; the template allows 2.",
        ("*recommendations.stop*",),
    )


def test_outcome_concerns_the_focus_groups_of_its_rows(
    tables: Tables, context: CheckContext, suites: Suites
) -> None:
    """An application with an unknown code stops the places of its focus group and no other."""
    put(("code_applications", 6, "code", "stgma"))(tables)

    (outcome,) = check_tables(tables, context, stage="received", suites=suites).critical

    assert (outcome.focus_groups, outcome.concerns(["one"]), outcome.concerns(["two"])) == (
        ("two",),
        False,
        True,
    )


def test_row_without_focus_group_concerns_every_place(
    tables: Tables, context: CheckContext, suites: Suites
) -> None:
    """A segment of an unknown focus group could belong to any place."""
    put(("segments", 5, "focus_group", "three"))(tables)

    (outcome,) = check_tables(tables, context, stage="received", suites=suites).critical

    assert (outcome.focus_groups, outcome.concerns(["two"])) == ((), True)


def test_refusal_names_file_row_and_remedy(
    tables: Tables, context: CheckContext, suites: Suites
) -> None:
    """A refusal reads like a list of what to correct."""
    put(("code_applications", 3, "code", "stgma"))(tables)
    report = check_tables(tables, context, stage="received", suites=suites)

    with pytest.raises(CheckError) as refusal:
        require_no_critical(report)

    assert str(refusal.value) == (
        "A critical expectation did not hold; no report is built from these tables.\n"
        "  code_applications.csv row 3 (segment one.d): "
        "unknown code 'stgma' (closest: stigma; allowed: rights, stigma, hope, none)\n"
        "Why: A code that the codebook does not define would be counted without a meaning.\n"
        "What to do: add the code to codebook.csv, or correct it"
    )


def test_canary_in_any_cell_is_reported_nowhere(
    tables: Tables, context: CheckContext, suites: Suites, tmp_path: Path
) -> None:
    """The value of a cell is in no result, wherever results are written or shown."""
    for table in tables.values():
        table.iloc[-1] = CANARY
        table.iloc[0, 1:] = f"{CANARY}\n<i>\ufffd"

    report = check_tables(tables, context, stage="received", suites=suites)

    write_outcomes(report, tmp_path / "outcomes.json")
    QualityRecord(report, {"esa": report}).write(tmp_path)
    with pytest.raises(CheckError) as refusal:
        require_no_critical(report)
    written = {
        "screen": "\n".join(line.text for line in show_on_one_screen(report)),
        "page": render_quality(Page("Data quality"), report.outcomes, {}),
        "refusal": str(refusal.value),
        "log": repr(report),
        **{path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()},
    }
    assert len(written) == 6
    assert len([each for each in report.outcomes if each.verdict == "fell_short"]) > 15
    assert [name for name, text in written.items() if CANARY in text or "Thandi" in text] == []


KEN, UGA, GHA = 2, 3, 4
KEN_4, UGA_1, GHA_1 = 5, 8, 10
"""Rows of segments.csv."""


def groups_of(root: Path, *places: str) -> set[str]:
    opened = open_study(root, STUDY)
    return groups_of_places(opened, places)


@pytest.mark.parametrize(
    ("places", "groups"),
    [
        (("esa",), {"ken", "uga", "afr"}),
        (("Western and Central Africa",), {"gha", "afr"}),
        (("africa",), {"ken", "uga", "gha", "afr"}),
        (("asia",), set()),
    ],
    ids=["region", "by-name", "continent", "elsewhere"],
)
def test_report_rests_on_who_lies_in_the_place_or_overlaps_it(
    tiny_root: Path, places: tuple[str, ...], groups: set[str]
) -> None:
    """A place's report rests on the focus groups in it, and on those that it names as context."""
    assert groups_of(tiny_root, *places) == groups


def test_unknown_place_of_a_focus_group_is_left_to_the_suites(tiny_root: Path) -> None:
    """A focus group in an unknown place is of no place; the suites name it."""
    put_value(tiny_root, "focus_groups", (UGA, "places"), "UGX")

    assert groups_of(tiny_root, "esa") == {"ken", "afr"}


def test_unknown_place_that_is_wanted_is_refused(tiny_root: Path) -> None:
    """A wanted place that is unknown is refused with the closest, before anything is evaluated."""
    (tiny_root / "data" / STUDY / "segments.csv").unlink()

    with pytest.raises(PlaceError, match="closest: africa"):
        check_named(tiny_root, STUDY, ["afrika"])


def test_check_of_a_place_leaves_out_what_fell_short_elsewhere(tiny_root: Path) -> None:
    """Checking a place reports what concerns it, and counts what holds."""
    put_value(tiny_root, "focus_groups", (GHA, "participants"), "some people")

    whole, esa, wca = (check_named(tiny_root, STUDY, places) for places in ((), ("esa",), ("wca",)))

    assert [len(report.warnings) for report in (whole, esa, wca)] == [1, 0, 1]
    assert len(whole.outcomes) == len(wca.outcomes) == len(esa.outcomes) + 1
    assert all(outcome.held for outcome in esa.outcomes)


def test_check_leaves_nothing_behind(tiny_root: Path) -> None:
    """A check writes nothing, into the study or elsewhere beside it."""
    before = sorted(tiny_root.rglob("*"))

    check_named(tiny_root, STUDY)

    assert before == sorted(tiny_root.rglob("*"))


def test_row_put_in_for_one_place_changes_no_warning_of_another(tiny_root: Path) -> None:
    """Outcomes of a place have ids and no rows, so that a row above them moves nothing."""
    put_value(tiny_root, "segments", (GHA_1, "text"), "<b>Support</b>")
    opened = open_study(tiny_root, STUDY)
    suites = read_suites(tiny_root / "expectations")
    before = check_study(opened, suites).in_groups({"gha"})
    repeat_row(tiny_root, "segments", KEN_4)

    after = check_study(opened, suites)

    assert before.warnings != ()
    assert after.in_groups({"gha"}).to_json() == before.to_json()
    assert "passage listed twice" not in [each.fault for each in before.critical]


def test_outcomes_from_a_file_get_their_rows_and_values_again(tiny_root: Path) -> None:
    """A refusal in a build names rows and values, which no file of the build holds."""
    put_value(tiny_root, "code_applications", (4, "coder"), "anna")
    opened = open_study(tiny_root, STUDY)
    found = check_study(opened, read_suites(tiny_root / "expectations"))
    written = CheckReport.from_json(found.to_json())

    located = with_failing_rows(opened, written)

    (outcome,) = written.critical
    assert written == found
    assert "anna" not in written.to_json()
    assert "row" not in written.offenders(outcome)[0].split(":")[0]
    assert located.offenders(outcome) == found.offenders(outcome)
    assert "row 4" in located.offenders(outcome)[0]
    assert "unknown coder 'anna'" in located.offenders(outcome)[0]


def test_outcomes_that_stop_no_report_are_not_looked_up(tiny_root: Path) -> None:
    """Without a critical outcome, no table is read again."""
    found = CheckReport()

    assert with_failing_rows(open_study(tiny_root, STUDY), found) is found


def test_rows_without_ids_are_counted(
    tables: Tables, context: CheckContext, suites: Suites
) -> None:
    """Where the column of ids is missing, rows are named by their numbers alone."""
    del tables["segments"]["segment"]
    put(("segments", 5, "role", "pint"))(tables)

    report = check_tables(tables, context, stage="received", suites=suites)

    outcome = _outcome(report, "role unknown")
    assert (outcome.failing, outcome.ids) == (1, ("",))
    assert report.offenders(outcome)[0].startswith("segments.csv row 5: unknown role 'pint'")


def test_cleaned_tables_are_checked_against_the_template(tiny_root: Path) -> None:
    """A position that cleaning set aside was received all the same."""
    opened = open_study(tiny_root, STUDY)
    received = read_received(opened.folder)
    cleaned = clean(received, ()).by_name()
    suites = read_suites(tiny_root / "expectations")

    report = check_cleaned(opened, cleaned, received.segments, suites)

    assert [each.fault for each in report.outcomes if not each.held] == []
    assert {each.stage for each in report.outcomes} == {"cleaned"}


def test_place_may_be_blank_where_no_study_may(tiny_root: Path) -> None:
    """A place with one focus group without organiser, or uncoded, has a report all the same."""
    put_value(tiny_root, "focus_groups", (GHA, "organiser"), "")
    opened = open_study(tiny_root, STUDY)
    received = read_received(opened.folder).by_name()
    said = received["segments"]
    of_place = {
        "focus_groups": received["focus_groups"].loc[[GHA]],
        "segments": said[said["focus_group"] == "gha"],
        "code_applications": received["code_applications"].iloc[:0],
    }
    suites = read_suites(tiny_root / "expectations")

    report = check_cleaned(opened, of_place, of_place["segments"], suites)

    assert report.critical == ()
    assert "no organiser" in [each.fault for each in report.warnings]


def test_reports_show_of_received_tables_what_cleaned_ones_cannot(suites: Suites) -> None:
    """Lead-ins, which cleaning sets aside, coders and codes of all places are found as received."""
    shown = shown_as_received(suites)

    found = [each for suite in suites for each in suite.expectations if each.id in shown]
    assert {each.fault for each in found if each.severity == "warning"} == {
        "lead-in without a list",
        "lead-in coded",
        "left out of the coding",
        "coder without an application",
        "same coding as another coder",
        "one code on a whole focus group",
        "nearly every code on one passage",
        "stray codes of a coder",
        "code split, and not chosen again",
        "name used twice",
        "date more than five years before all later ones",
        "definition is only a placeholder",
        "definition used twice",
        "encoding damage",
        "refers to a code that does not exist",
    }


@pytest.mark.parametrize(
    ("cell", "value", "line"),
    [
        (("focus_groups", 3, "places"), "MWY", "unknown place 'MWY'"),
        (("focus_groups", 3, "held_on"), "2021-01-01", "date '2021-01-01'"),
        (("focus_groups", 3, "consent"), "yes", "unknown consent 'yes' (allowed: public"),
        (("segments", 5, "focus_group"), "tow", "unknown focus group 'tow' (closest: two"),
        (("segments", 5, "role"), "pint", "role 'pint' (closest: point; allowed: point, "),
        (("code_applications", 3, "segment"), "one.x", "unknown segment 'one.x'"),
        (
            ("code_applications", 3, "coder"),
            "Thandi of the corner",
            "unknown coder of 20 characters",
        ),
        (("code_applications", 3, "code"), "thandi-" * 9, "unknown code of 63 characters"),
        (("code_applications", 3, "coder"), "grace-wanjiru", "unknown coder of 13 characters"),
        (("segments", 5, "text"), "", "no text"),
        (("segments", 5, "text"), "<b>Thandi</b>", "text has HTML"),
    ],
)
def test_values_of_controlled_columns_are_shown(  # noqa: PLR0913, PLR0917
    tables: Tables,
    context: CheckContext,
    suites: Suites,
    cell: tuple[str, int, str],
    value: str,
    line: str,
) -> None:
    """Codes, ids, dates and the like are shown; long or odd values and free text are not."""
    table, row, _ = cell
    put((*cell, value))(tables)

    report = check_tables(tables, context, stage="received", suites=suites)

    lines = [line for each in report.outcomes if not each.held for line in report.offenders(each)]
    shown = [each for each in lines if f"{table}.csv row {row}" in each and line in each]
    assert len(shown) == 1, lines
    assert not any("thandi" in each.lower() or "grace" in each for each in lines)


def _published(tiny_root: Path) -> tuple[CheckReport, str]:
    """Give what a check finds, and what of it is published."""
    opened = open_study(tiny_root, STUDY)
    suites = read_suites(tiny_root / "expectations")
    found = check_study(opened, suites)
    return found, published(publish_study(opened, suites, found)).to_json()


@pytest.fixture(scope="module")
def published_before(study: OpenedStudy) -> str:
    """Give what is published of the tiny study as it is."""
    return _published(study.root)[1]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ([("segments", UGA_1, "text", "<b>Nurses</b> whisper.")], "text has HTML"),
        ([("focus_groups", GHA, "title", "<b>Peers</b>")], "title has HTML or control characters"),
        ([("focus_groups", GHA, "organiser", "Network of Kenya")], "organiser names another place"),
        (
            [("focus_groups", KEN, "participants", "70 network members (KEN)")],
            "more participants than a focus group can have",
        ),
        (
            [
                ("segments", UGA_1, "text", "The clinic is a day away."),
                ("segments", UGA_1 + 1, "text", "Fund what sex workers lead."),
            ],
            "same texts as another focus group",
        ),
    ],
    ids=["text", "title", "host", "people", "copy"],
)
def test_published_outcomes_depend_on_what_may_be_shown(
    tiny_root: Path, published_before: str, changes: list[tuple[str, int, str, str]], fault: str
) -> None:
    """What falls short in a withheld cell, or by it, changes no published byte."""
    for table, row, column, value in changes:
        put_value(tiny_root, table, (row, column), value)

    found, after = _published(tiny_root)

    assert fault in [each.fault for each in found.warnings]
    assert after == published_before


def test_published_outcomes_name_what_is_shown(tiny_root: Path) -> None:
    """What falls short in a cell that is shown is published."""
    put_value(tiny_root, "segments", (GHA_1, "text"), "<b>The clinic</b> is far.")

    found, after = _published(tiny_root)

    assert [each.fault for each in found.warnings] == ["text has HTML"]
    assert '"verdict": "fell_short"' in after


LONG = (
    "Two of us went to the station to report it and came home without the paper they promised, "
    "and the landlord who keeps the key of the gate let us in when he had had his share."
)


def _criticals(root: Path) -> list[str]:
    report = check_study(open_study(root, STUDY), read_suites(root / "expectations"))
    return [each.fault for each in report.critical]


def test_copy_is_critical_until_a_person_has_reviewed_it(tiny_root: Path) -> None:
    """Two focus groups that say the same stop reports, until study.yaml lists both."""
    put_value(tiny_root, "segments", (UGA_1, "text"), LONG)
    put_value(tiny_root, "segments", (GHA_1, "text"), LONG.upper().replace(",", ""))
    settings = tiny_root / "data" / STUDY / "study.yaml"
    before = _criticals(tiny_root)
    with settings.open("a", encoding="utf-8") as file:
        file.write("separate_groups: [[gha, uga]]\n")

    assert before == ["copy of another focus group"]
    assert _criticals(tiny_root) == []


def test_unknown_separate_groups_are_refused(tiny_root: Path) -> None:
    """Each id of separate_groups that no focus group has is named with the closest one."""
    with (tiny_root / "data" / STUDY / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("separate_groups: [[gha, ugaa], [ken, uga], [gha, elsewhere]]\n")

    with pytest.raises(CheckError, match="separate_groups") as refusal:
        _criticals(tiny_root)

    setting, allowed = "study.yaml: separate_groups", "allowed: ken, uga, gha, afr"
    assert refusal.value.offenders == (
        f"{setting}.1.2: unknown focus group 'ugaa' (closest: uga; {allowed})",
        f"{setting}.3.2: unknown focus group 'elsewhere' ({allowed})",
    )


def test_separate_groups_may_name_a_withdrawn_focus_group(tiny_root: Path) -> None:
    """What a person said of a focus group that has left needs no edit."""
    folder = tiny_root / "data" / STUDY
    with (folder / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("separate_groups: [[gha, tza]]\n")
    tombstones = "focus_group,withdrawn_on,reason\ntza,2020-11-02,safety\n"
    (folder / "withdrawn.csv").write_text(tombstones, encoding="utf-8")

    assert _criticals(tiny_root) == []


def test_passage_of_two_focus_groups_is_no_copy(tiny_root: Path) -> None:
    """A long passage that two focus groups have, each among other words, stops no report."""
    nights = " ".join(f"On night {each} nobody came to the door {each}." for each in range(9))
    put_value(tiny_root, "segments", (UGA_1, "text"), f"{LONG} {nights}")
    put_value(tiny_root, "segments", (GHA_1, "text"), f"{LONG} {nights.replace('night', 'day')}")

    assert _criticals(tiny_root) == []
