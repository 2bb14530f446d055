from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.errors import CheckError, StudyError
from analysis.quality.checks import check_named, check_tables
from analysis.quality.failing_rows import FORMS
from analysis.quality.outcomes import CheckReport, require_no_critical
from analysis.quality.personal_data.exceptions import PrivacyException, short_digest
from analysis.quality.personal_data.scan import SCANNED_COLUMNS
from analysis.tables.received import COLUMNS
from tiny_study import STUDY, put_value, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

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
