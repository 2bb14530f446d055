from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.errors import CheckError, StudyError
from analysis.quality.checks import check_named
from analysis.quality.evaluation import check_tables
from analysis.quality.failing_rows import FORMS
from analysis.quality.outcomes import CheckReport, require_no_critical
from analysis.quality.personal_data.exceptions import PrivacyException, short_digest
from analysis.quality.personal_data.lexicon import read_study_words
from analysis.quality.personal_data.scan import SCANNED_COLUMNS, WEAK
from analysis.quality.personal_data.table_scan import (
    TableScan,
    are_naming,
    find_naming,
    find_naming_segments,
)
from analysis.study.instrument import read_instrument
from analysis.tables.received import COLUMNS
from tiny_study import STUDY, put_value, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.quality.context import CheckContext
    from analysis.quality.outcomes import Outcome
    from analysis.quality.suites import Suite


SECRETS = ("Achieng", "0712", "555 014", "Haddad", "Luthuli", "example.org")
TEXT = "Achieng, 27, waits on Luthuli Avenue; call 0712 555 014."


def _write_damaged(folder: Path) -> Path:
    """Write the tiny study, in which four cells hold personal data."""
    root = write_tiny_root(folder)
    put_value(root, "segments", (6, "text"), TEXT)
    put_value(root, "segments", (10, "label"), "Dr Haddad")
    put_value(root, "focus_groups", (2, "organiser"), "a.name@example.org")
    put_value(root, "codebook", (3, "include"), "Dr Haddad")
    return root


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a root with the damaged study, which stays as it is."""
    return _write_damaged(tmp_path_factory.mktemp("damaged"))


@pytest.fixture(scope="module")
def report(damaged: Path) -> CheckReport:
    """Give what the guards find in the damaged study."""
    return check_named(damaged, STUDY)


def test_each_column_is_scanned_or_controlled() -> None:
    """A new column is scanned for personal data, unless its values have a form of their own."""
    controlled = {*FORMS, "source_sha256"}

    for table in ("codebook", "focus_groups", "segments", "code_applications"):
        assert set(COLUMNS[table]) <= {*SCANNED_COLUMNS.get(table, ()), *controlled}


def _except(root: Path, *rows: str) -> None:
    lines = ("table,id,column,kind,reason,reviewed_by,text_sha256", *rows)
    path = root / "data" / STUDY / "privacy_exceptions.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _rows(report: CheckReport, outcome: Outcome) -> tuple[int, ...]:
    return report.failing_rows[outcome.expectation].rows


def _personal(report: CheckReport) -> list[Outcome]:
    return [outcome for outcome in report.critical if outcome.fault == "personal data"]


def test_finding_is_reported_by_kind_table_row_and_column(report: CheckReport) -> None:
    """A finding is reported with its place and its kind."""
    found = _personal(report)

    assert [(each.table, _rows(report, each), each.details) for each in found] == [
        ("codebook", (3,), ("include: name-role",)),
        ("focus_groups", (2,), ("organiser: email",)),
        (
            "segments",
            (6, 10),
            ("text: phone, text: name-age, text: local-place", "label: name-role"),
        ),
    ]
    assert report.offenders(found[2]) == [
        (
            "segments.csv row 6 (segment ken.5): personal data "
            "(text: phone, text: name-age, text: local-place)"
        ),
        "segments.csv row 10 (segment gha.1): personal data (label: name-role)",
    ]


def test_each_free_text_is_scanned(
    tables: dict[str, pd.DataFrame], context: CheckContext, suites: tuple[Suite, ...]
) -> None:
    """No column that holds what people write is left out, whether reports show it or not."""
    listed = {
        "codebook": ("name", "definition", "include", "exclude"),
        "focus_groups": ("title", "organiser", "theme", "participants", "received_by", "source"),
        "segments": ("label", "text"),
    }
    for table, columns in listed.items():
        tables[table].loc[3, list(columns)] = "Call 0712 555 014."

    report = check_tables(tables, context, stage="received", suites=suites)

    assert {each.table: each.details for each in _personal(report)} == {
        table: (", ".join(f"{column}: phone" for column in columns),)
        for table, columns in listed.items()
    }


def test_values_are_never_reported(report: CheckReport) -> None:
    """Neither outcomes, nor messages, nor a refusal repeat what was found."""
    with pytest.raises(CheckError) as refused:
        require_no_critical(report)

    listed = [*(json.dumps(vars(each)) for each in _personal(report)), str(refused.value)]
    assert not [secret for secret in SECRETS for each in listed if secret in each]
    assert "name-role" in listed[-1]


def test_what_is_reported_is_kept_and_read_again(report: CheckReport) -> None:
    """A report that was written and read again is the same."""
    assert CheckReport.from_json(report.to_json()) == report


def test_reviewed_exceptions_accept_their_kind(tmp_path: Path) -> None:
    """One kind in one cell is accepted; other kinds, and other cells, are reported as before."""
    root = _write_damaged(tmp_path)
    _except(
        root,
        f"codebook,criminalization,include,name-role,Somebody else,ann,{short_digest('Dr Haddad')}",
        f"segments,ken.5,text,phone,A line of a service,ann,{short_digest(TEXT)}",
    )

    report = check_named(root, STUDY)
    found = _personal(report)

    assert [(each.table, each.details) for each in found] == [
        ("focus_groups", ("organiser: email",)),
        ("segments", ("text: name-age, text: local-place", "label: name-role")),
    ]
    assert [each for each in report.critical if "reviewed" in each.fault] == []


def test_review_of_other_words_says_nothing_of_these(tmp_path: Path) -> None:
    """Where a text has changed since it was reviewed, or has no digest, its digest is shown."""
    root = _write_damaged(tmp_path)
    _except(
        root,
        "codebook,criminalization,include,name-role,Somebody else,ann,",
        f"segments,ken.5,text,phone,A line of a service,ann,{short_digest('Other words.')}",
        f"segments,ken.5,text,name-age,A figure,ann,{short_digest(TEXT)}",
    )

    found = [each for each in check_named(root, STUDY).critical if "reviewed" in each.fault]

    assert [(each.table, each.ids, each.details) for each in found] == [
        (
            "codebook",
            ("criminalization",),
            (f"include: name-role: text_sha256 is {short_digest('Dr Haddad')}",),
        ),
        ("segments", ("ken.5",), (f"text: phone: text_sha256 is {short_digest(TEXT)}",)),
    ]


def test_exception_that_covers_nothing_is_a_warning(tmp_path: Path) -> None:
    """An exception without its finding is reported, by its row."""
    root = _write_damaged(tmp_path)
    _except(root, "segments,uga.1,text,name-age,A tale,ann,")

    idle = [each for each in check_named(root, STUDY).warnings if "covers nothing" in each.fault]

    assert [(each.table, each.ids) for each in idle] == [("segments", ("uga.1",))]


def test_exception_for_a_row_that_is_gone_is_refused(tmp_path: Path) -> None:
    """An id that no table has is refused with its row."""
    root = _write_damaged(tmp_path)
    _except(root, "segments,nobody.1,text,name-age,A tale,ann,")

    with pytest.raises(StudyError, match="row 2: no row or text of segments"):
        check_named(root, STUDY)


def test_name_alone_is_a_warning(
    tables: dict[str, pd.DataFrame], context: CheckContext, suites: tuple[Suite, ...]
) -> None:
    """A name without anything beside it stops no report."""
    tables["segments"].loc[5, "text"] = "We do as Achieng wished."

    report = check_tables(tables, context, stage="received", suites=suites)

    assert [(each.fault, each.severity, each.details) for each in report.warnings] == [
        ("name alone", "warning", ("text: name-alone",))
    ]
    assert report.critical == ()


def test_name_alone_can_be_reviewed(
    tables: dict[str, pd.DataFrame], context: CheckContext, suites: tuple[Suite, ...]
) -> None:
    """A brand that sounds like a person is let be once it was reviewed."""
    tables["segments"].loc[5, "text"] = "We do as Achieng wished."
    digest = short_digest("We do as Achieng wished.")
    reviewed = PrivacyException("segments", "one.d", "text", "name-alone", 2, digest)

    report = check_tables(
        tables,
        replace(context, privacy_exceptions=(reviewed,)),
        stage="received",
        suites=suites,
    )

    assert (report.warnings, report.critical) == ((), ())


def test_review_of_one_column_accepts_no_other(
    tables: dict[str, pd.DataFrame], context: CheckContext, suites: tuple[Suite, ...]
) -> None:
    """What was reviewed in a label is reported in the text of the same segment."""
    tables["segments"].loc[5, ["label", "text"]] = "Dr Haddad"
    reviewed = PrivacyException(
        "segments", "one.d", "label", "name-role", 2, short_digest("Dr Haddad")
    )

    report = check_tables(
        tables,
        replace(context, privacy_exceptions=(reviewed,)),
        stage="received",
        suites=suites,
    )

    assert [each.details for each in _personal(report)] == [("text: name-role",)]


def _find(folder: Path, *texts: str) -> list[tuple[str, str, str, str]]:
    """Return the id, kind, severity and words of each finding in the texts of segments."""
    blank = [""] * len(texts)
    table = pd.DataFrame({"segment": blank, "label": blank, "text": texts}, dtype="str")
    scan = TableScan({"segments": table}, read_study_words(folder))
    rows = dict.fromkeys(row for row, column, _ in scan.find("segments") if column == "text")
    return [
        (f"s.{row}", kind, "warning" if kind in WEAK else "critical", texts[row][start:end])
        for row in rows
        for kind, spans in scan.spans("segments", "text", row).items()
        for start, end in spans
    ]


def test_span_is_of_the_text_as_it_is_written(tmp_path: Path) -> None:
    """Accents, signs that nobody sees and odd spaces don't move it."""
    found = _find(tmp_path, "Ask\u200b  Am\u00edna  Ju\u0301ma\u2026 and  Фатима, 27.")

    assert found == [
        ("s.0", "name-age", "critical", "Фатима, 27"),
        ("s.0", "name", "critical", "Am\u00edna  Ju\u0301ma"),
    ]


def test_label_of_a_speaker_is_reported_once(tmp_path: Path) -> None:
    """A first name is a warning, a full name stops reports; what is said is scanned as before."""
    texts = ("yes", "no", "ask Gulnara, 27", "maybe")
    names = ("Achieng: ", "Amina Juma: ", "Zkola: ", "Interviewer: ", "P3: ", "Moderator : ")
    found = _find(tmp_path, *(f"{name}{text}" for name in names for text in texts))

    assert [each for each in found if "27" not in each[3]] == [
        ("s.0", "speaker-label", "warning", "Achieng: "),
        ("s.4", "name", "critical", "Amina Juma: "),
        ("s.4", "speaker-label", "warning", "Amina Juma: "),
        ("s.8", "speaker-label", "warning", "Zkola: "),
    ]
    assert len([each for each in found if each[1] == "name-age"]) == len(names)


def test_name_before_a_few_segments_is_no_label(tmp_path: Path) -> None:
    """Two segments that open alike are reported each."""
    found = _find(tmp_path, "Amina Juma: yes", "Amina Juma: no")

    assert [each[:2] for each in found] == [("s.0", "name"), ("s.1", "name")]


def test_study_adds_words(tmp_path: Path) -> None:
    """A word of the study's own list is kept, and a name of it is looked for."""
    text = "Zkola met Amina Juma in Hall Achieng, the Plaza de la Reina Xiomara, she said."
    before = _find(tmp_path, text)
    words = ("keep,amina juma", "name,Zkola", "keep,Hall Achieng", "keep,Plaza de la Reina Xiomara")
    path = tmp_path / "scan_words.csv"
    path.write_text("\n".join(("use,word", *words)), encoding="utf-8")

    kept = {"Amina Juma", "Hall Achieng", "Plaza de la Reina Xiomara"}
    assert {each[3] for each in before} == kept
    assert _find(tmp_path, text) == [("s.0", "name-alone", "warning", "Zkola")]


def test_unusable_words_of_a_study_are_refused(tmp_path: Path) -> None:
    """An unknown use and a blank word are listed by row."""
    path = tmp_path / "scan_words.csv"
    path.write_text("use,word\nhide,Zoom\nkeep, \n", "utf-8")

    with pytest.raises(StudyError, match=r"row 2: unknown use 'hide'[^$]*row 3: word blank"):
        _find(tmp_path, "Zoom")


def test_check_reports_a_label_and_reads_the_words_of_a_study(tmp_path: Path) -> None:
    """Whoever checks a study sees the label once, and nothing of what the study keeps."""
    root = write_tiny_root(tmp_path)
    for row in (6, 7, 8):
        put_value(root, "segments", (row, "text"), f"Achieng: we talked about {row}.")
    put_value(root, "segments", (10, "text"), "We thank Gulnara Bekova.")
    (root / "data" / STUDY / "scan_words.csv").write_text("use,word\nkeep,Gulnara Bekova\n")

    report = check_named(root, STUDY)

    assert [each for each in report.critical if each.fault == "personal data"] == []
    assert [
        (each.details, report.failing_rows[each.expectation].rows)
        for each in report.warnings
        if each.fault == "name alone"
    ] == [(("text: speaker-label",), (6,))]


NAMED = "grace-wanjiru"


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("grace-wanjiru-interview", True),
        ("interview_3_amina_diallo", True),
        ("fg-2.fatou.diop", True),
        ("ama-owusu-2", True),
        ("ken-uga-tza-2020-09-26", False),
        ("sen-north-2", False),
        ("sen.ama", False),
        ("africa-2020-10-12", False),
        ("regional-esa", False),
        ("d-0deadbeef1", False),
        ("grace", False),
        ("", False),
    ],
)
def test_two_words_in_a_row_may_be_a_full_name(id_: str, *, expected: bool) -> None:
    """Codes of countries, days, digests and a name alone are none."""
    assert are_naming(pd.Series([id_, "x", id_])).tolist() == [expected, False, expected]


def test_words_of_two_ids_are_no_full_name() -> None:
    """Only words next to each other in one id are read together."""
    assert (
        are_naming(pd.Series(["grace", "wanjiru", "fg-amina", "diallo-2"])).tolist() == [False] * 4
    )


def test_no_cell_of_the_template_is_a_name() -> None:
    """Ids of segments are made of cells, behind the id of any focus group."""
    cells = read_instrument().cells

    ids = pd.Series([id_ for x in cells for id_ in (f"ken.{x}.p1", f"ama-{x}")])
    assert ids[are_naming(ids)].tolist() == []


def test_segments_are_reported_for_what_they_add_to_the_id_of_their_focus_group() -> None:
    """One focus group that names somebody is one finding, however many segments it has."""
    ids = pd.Series([f"{NAMED}.1", "two.amina-diallo", "two.7", f"{NAMED}.fatou-diop.2"])
    groups = pd.Series([NAMED, "two", "two", NAMED])

    assert find_naming(ids) == [0, 1, 3]
    assert find_naming_segments(ids, groups) == [1, 3]


@pytest.mark.parametrize("is_reviewed", [False, True])
def test_id_that_names_somebody_stops_reports_and_is_not_repeated(
    tables: dict[str, pd.DataFrame],
    context: CheckContext,
    suites: tuple[Suite, ...],
    *,
    is_reviewed: bool,
) -> None:
    """It is reported by its row alone, until a person has reviewed it."""
    for name in ("focus_groups", "segments"):
        tables[name]["focus_group"] = tables[name]["focus_group"].replace("one", NAMED)
    reviewed = PrivacyException(
        "focus_groups", NAMED, "focus_group", "name", 2, short_digest(NAMED)
    )
    if is_reviewed:
        context = replace(context, privacy_exceptions=(reviewed,))

    report = check_tables(tables, context, stage="received", suites=suites)

    found = [each for each in report.critical if each.fault == "personal data"]
    unreviewed = [("focus_groups", (2,), ("",), ("focus_group: name",))]
    assert [
        (x.table, report.failing_rows[x.expectation].rows, x.ids, x.details) for x in found
    ] == ([] if is_reviewed else unreviewed)
    assert is_reviewed or "wanjiru" not in json.dumps([vars(each) for each in report.outcomes])
