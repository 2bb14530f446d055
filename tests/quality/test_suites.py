from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from analysis.errors import CheckError
from analysis.quality.suites import Expectation, Suite, read_suites
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

ID = "0c8f1f0a-7a3e-4c57-9d0f-0e9a3b6d1c{:02}"


def _entry(number: int, **changed: object) -> dict[str, Any]:
    """Give an expectation as an expert would write it."""
    entry = {
        "id": ID.format(number),
        "type": "expect_column_values_to_not_be_null",
        "kwargs": {"column": "text"},
        "severity": "warning",
        "notes": "Silence is no answer.",
        "meta": {"fault": "no text", "remedy": "give the text", "touches": ["*"]},
    }
    return {**entry, **changed}


def _write(folder: Path, segments: object) -> Path:
    """Write four suites of which only that of segments is in question."""
    for number, table in enumerate(COLUMNS):
        kwargs = {"column": COLUMNS[table][0]}
        suite = {"name": table, "expectations": [_entry(90 + number, kwargs=kwargs)]}
        (folder / f"{table}.json").write_text(json.dumps(suite), encoding="utf-8")
    if segments is not None:
        (folder / "segments.json").write_text(json.dumps(segments), encoding="utf-8")
    return folder


def test_suites_are_read_in_the_order_of_the_tables(tmp_path: Path) -> None:
    """Whatever the order of files, suites come in the order of the tables of a study."""
    suites = read_suites(_write(tmp_path, None))

    assert [suite.table for suite in suites] == list(COLUMNS)


def test_suite_is_read_with_all_that_it_says(tmp_path: Path) -> None:
    """What an expert writes is what is read; without stages it is evaluated at both."""
    suite = {
        "name": "segments",
        "meta": {"may_be_blank": ["label"]},
        "expectations": [_entry(1)],
    }

    read = read_suites(_write(tmp_path, suite))[2]

    expectation = Expectation(
        id=ID.format(1),
        type="expect_column_values_to_not_be_null",
        kwargs={"column": "text"},
        severity="warning",
        notes="Silence is no answer.",
        fault="no text",
        remedy="give the text",
        touches=("*",),
        stages=("received", "cleaned"),
    )
    assert read == Suite("segments", (expectation,), may_be_blank=("label",))


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"id": "1"}, "id is missing, or isn't a UUID"),
        ({"type": "is_good"}, "type is missing, or does not start with expect_"),
        ({"severity": "fatal"}, "severity is none of critical, warning, info"),
        ({"notes": " "}, "notes are missing: give the reason in one sentence"),
        ({"kwargs": None}, "kwargs are missing"),
        ({"kwargs": {}}, "kwargs.column is missing"),
        ({"kwargs": {"colunm": "text"}}, "kwargs.column is missing (closest: colunm)"),
        (
            {"type": "expect_compound_columns_to_be_unique", "kwargs": {"column_list": []}},
            "kwargs.column_list is missing",
        ),
        (
            {"type": "expect_compound_columns_to_be_unique", "kwargs": {"column_list": 5}},
            "column_list is not a list",
        ),
        (
            {"type": "expect_column_pair_values_to_be_equal", "kwargs": {"column_A": "text"}},
            "kwargs.column_B is missing",
        ),
        ({"kwargs": {"column": "txt"}}, "column txt is unknown (closest: text)"),
        (
            {
                "type": "expect_compound_columns_to_be_unique",
                "kwargs": {"column_list": ["text", "said_onces"]},
            },
            "column said_onces is unknown (closest: said_once)",
        ),
        (
            {"kwargs": {"column": "text", "value_set": {"$PARAMETER": "cods"}}},
            "parameter cods is unknown (closest: codes)",
        ),
        ({"severities": "info"}, "severities is unknown (closest: severity)"),
        ({"meta": {"remedy": "r", "touches": ["*"]}}, "meta.fault is missing"),
        ({"meta": {"fault": "f", "touches": ["*"]}}, "meta.remedy is missing"),
        (
            {"meta": {"fault": "f", "remedy": "r"}},
            'meta.touches is missing: list patterns of claims, ["*"] for all or [] for none',
        ),
        (
            {"meta": {"fault": "f", "remedy": "r", "touches": ["*"], "stages": ["raw"]}},
            "meta.stages are others than received, cleaned",
        ),
    ],
)
def test_fault_of_an_expectation_is_named(
    tmp_path: Path, changed: dict[str, Any], fault: str
) -> None:
    """What is wrong with an expectation is reported with its file, number and closest name."""
    entry = _entry(1, **changed)
    folder = _write(tmp_path, {"name": "segments", "expectations": [entry]})

    with pytest.raises(CheckError) as refusal:
        read_suites(folder)

    assert refusal.value.offenders == (f"segments.json: expectation 1 ({entry['id']}): {fault}",)


UNBOUNDED = "kwargs has no min_value or max_value that a table could fall short of"


@pytest.mark.parametrize(
    ("kind", "kwargs", "fault"),
    [
        ("column_values_to_match_regex", {}, "kwargs.regex is missing or empty"),
        (
            "column_values_to_match_regex",
            {"regx": "a"},
            "kwargs.regex is missing or empty (closest: regx)",
        ),
        (
            "column_values_to_not_match_regex_list",
            {"regex_list": []},
            "kwargs.regex_list is missing or empty",
        ),
        (
            "column_values_to_not_be_in_set",
            {"value_set": []},
            "kwargs.value_set is missing or empty",
        ),
        (
            "column_values_to_not_be_null",
            {"mostly": 0},
            "kwargs.mostly is 0, so that no row has to meet it",
        ),
        ("column_values_to_be_between", {"max_value": None}, UNBOUNDED),
        ("column_value_lengths_to_be_between", {"min_value": 0}, UNBOUNDED),
        ("column_proportion_of_unique_values_to_be_between", {"max_value": 1.0}, UNBOUNDED),
        ("table_row_count_to_be_between", {}, UNBOUNDED),
    ],
)
def test_expectation_that_always_holds_is_refused(
    tmp_path: Path, kind: str, kwargs: dict[str, Any], fault: str
) -> None:
    """An expectation that no table could fall short of is refused: it would always hold."""
    column = {"column": "text"} if kind.startswith("column") else {}
    entry = _entry(1, type=f"expect_{kind}", kwargs=column | kwargs)
    folder = _write(tmp_path, {"name": "segments", "expectations": [entry]})

    with pytest.raises(CheckError) as refusal:
        read_suites(folder)

    assert refusal.value.offenders == (f"segments.json: expectation 1 ({entry['id']}): {fault}",)


@pytest.mark.parametrize(
    ("kind", "kwargs"),
    [
        ("column_values_to_match_regex", {"regex": "a"}),
        ("column_values_to_be_in_set", {"value_set": {"$PARAMETER": "sections"}}),
        ("column_values_to_not_be_null", {"mostly": 0.5}),
        ("column_values_to_be_between", {"min_value": 0}),
        ("column_value_lengths_to_be_between", {"min_value": 0, "strict_min": True}),
        ("column_value_lengths_to_be_between", {"min_value": 0, "max_value": 9}),
        ("column_proportion_of_unique_values_to_be_between", {"max_value": 0.5}),
        ("table_row_count_to_be_between", {"max_value": {"$PARAMETER": "max_points"}}),
        ("column_quantile_values_to_be_between", {"quantile_ranges": {"quantiles": [0.5]}}),
    ],
)
def test_expectation_that_can_fall_short_is_read(
    tmp_path: Path, kind: str, kwargs: dict[str, Any]
) -> None:
    """A bound within what can be, a pattern, a set or a parameter says what is expected."""
    column = {"column": "text"} if kind.startswith("column") else {}
    entry = _entry(1, type=f"expect_{kind}", kwargs=column | kwargs)
    folder = _write(tmp_path, {"name": "segments", "expectations": [entry]})

    assert read_suites(folder)[2].expectations[0].kwargs == column | kwargs


@pytest.mark.parametrize(
    ("suite", "fault"),
    [
        ([], "has no list of expectations"),
        (
            {"name": "segments", "expectations": []},
            "the suite is empty, and would let any table pass",
        ),
        ({"name": "segmnts", "expectations": [_entry(1)]}, "name is not segments"),
        ({"name": "segments", "expectations": ["text"]}, "expectation 1 is not an object"),
        (
            {"name": "segments", "meta": {"may_be_blank": ["labels"]}, "expectations": [_entry(1)]},
            "may_be_blank: labels is unknown (closest: label)",
        ),
        (
            {"name": "segments", "meta": {"may_be_blank": 5}, "expectations": [_entry(1)]},
            "may_be_blank is not a list",
        ),
        (
            {"name": "segments", "meta": None, "expectations": [_entry(1)]},
            "meta is not an object",
        ),
        (
            {"name": "segments", "meta": {"may_be": []}, "expectations": [_entry(1)]},
            "meta: may_be is unknown (closest: may_be_blank)",
        ),
    ],
)
def test_fault_of_a_suite_is_named(tmp_path: Path, suite: object, fault: str) -> None:
    """A suite that is empty or misnamed is refused with its file."""
    folder = _write(tmp_path, suite)

    with pytest.raises(CheckError) as refusal:
        read_suites(folder)

    assert refusal.value.offenders == (f"segments.json: {fault}",)


def test_missing_suite_is_refused(tmp_path: Path) -> None:
    """A table of a study without a suite would go unchecked."""
    (_write(tmp_path, None) / "segments.json").unlink()

    with pytest.raises(CheckError) as refusal:
        read_suites(tmp_path)

    assert refusal.value.offenders == ("segments.json: the table segments has no suite",)


def test_suite_of_an_unknown_table_is_refused(tmp_path: Path) -> None:
    """A suite whose table does not exist would never be evaluated."""
    (_write(tmp_path, None) / "segment.json").write_text("{}", encoding="utf-8")

    with pytest.raises(CheckError) as refusal:
        read_suites(tmp_path)

    assert refusal.value.offenders == ("segment.json: no table has this name (closest: segments)",)


def test_repeated_id_is_refused(tmp_path: Path) -> None:
    """Two expectations of one id are refused: a report could not distinguish them."""
    folder = _write(tmp_path, {"name": "segments", "expectations": [_entry(90)]})

    with pytest.raises(CheckError) as refusal:
        read_suites(folder)

    assert refusal.value.offenders == (
        f"segments.json: id {ID.format(90)} is already that of one in codebook.json",
    )


def test_broken_json_is_refused_with_its_line(tmp_path: Path) -> None:
    """A value that is not JSON is reported by its line."""
    (_write(tmp_path, None) / "segments.json").write_text('{\n"name": "segments",\n"x": what}')

    with pytest.raises(CheckError) as refusal:
        read_suites(tmp_path)

    assert refusal.value.offenders == ("segments.json: line 3",)


@pytest.mark.parametrize(
    ("suite", "fault"),
    [
        ("[" * 100_000, "nested too deep"),
        ("[" * 500 + "]" * 500, "nested too deep"),
        ('{"name": "segments", "name": "codebook"}', "the key name is there twice"),
        ('{"max_value": NaN}', "NaN is not a finite number"),
        ('{"max_value": 1e999}', "1e999 is not a finite number"),
    ],
    ids=["deep", "rather-deep", "twice", "nan", "infinite"],
)
def test_json_that_means_nothing_is_refused(tmp_path: Path, suite: str, fault: str) -> None:
    """No limit that nothing passes, and no key of which the last would count, gets in."""
    (_write(tmp_path, None) / "segments.json").write_text(suite, encoding="utf-8")

    with pytest.raises(CheckError) as refusal:
        read_suites(tmp_path)

    assert refusal.value.offenders == (f"segments.json: {fault}",)
