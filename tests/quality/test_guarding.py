from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from defects import DEFECTS, Defect
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.quality import guarding
from analysis.quality.guard_context import context_of
from analysis.quality.guarding import guard_parts, telling_alone
from analysis.quality.guards import guard
from analysis.quality.joining import join_parts
from analysis.quality.received_guarding import guard_received, join_shares, read_to_guard
from analysis.quality.suites import read_suites
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.tables.build_folder import WHOLE, BuildFolder
from analysis.tables.cleaning import clean, write_cleaned
from analysis.tables.parting import part_tables, read_part, without_numbers
from analysis.tables.received import read_received
from built.odd_study import write_odd_root
from tiny_study import STUDY, drop_rows, put_value, repeat_row, table_of, write_tiny_root

if TYPE_CHECKING:
    from defects import Tables

    from analysis.quality.outcomes import GuardReport, Stage

GHA = 4
SETTINGS = """\
title: A study of six segments
languages: [en, fr]
continents: [africa]
as_of: 2020-12-31
synthetic: false
coders:
  - {coder: ann, kind: human, description: Codes all.}
  - {coder: bot, kind: model, description: Codes some.}
"""


def part(opened: OpenedStudy, folder: Path) -> tuple[BuildFolder, list[str]]:
    """Part the tables of a study as a build does, and name the parts."""
    build = BuildFolder(folder)
    parting = part_tables(opened, build)
    build.parting.write_text(parting.to_json(), encoding="utf-8")
    return build, list(parting.parts)


def in_parts(opened: OpenedStudy, folder: Path) -> GuardReport:
    """Guard the tables of a study part by part, and join what is found."""
    build, parts = part(opened, folder)
    study, *found = guard_parts(opened, build, [(name, "received") for name in (WHOLE, *parts)])
    return join_parts(study, found, opened.instrument.cells)


def at_once(opened: OpenedStudy) -> GuardReport:
    """Guard the tables of a study as a whole."""
    tables = read_received(opened.folder).by_name()
    suites = read_suites(opened.root / "expectations")
    return guard(tables, context_of(opened), stage="received", suites=suites)


def in_shares(opened: OpenedStudy) -> GuardReport:
    """Guard the tables of a study in two shares, and join what is found."""
    tables = read_to_guard(opened)
    others, texts = (guard_received(opened, tables, share) for share in ("others", "texts"))
    return join_shares(opened, others, texts)


@pytest.mark.parametrize("study", ["africa-2020", "demo"])
def test_study_is_found_in_parts_as_it_is_at_once(root: Path, tmp_path: Path, study: str) -> None:
    """The studies that ship are told alike, whether guarded part by part or whole."""
    opened = open_study(root, study)

    assert at_once(opened) == in_parts(opened, tmp_path) == in_shares(opened)


def test_lead_ins_are_told_of_received_tables_alone(root: Path) -> None:
    """Cleaning sets lead-ins aside: what touches their number stands in tables as received."""
    alone = telling_alone(open_study(root, "demo"))

    suites = read_suites(root / "expectations")
    told = [each for suite in suites for each in suite.expectations if each.id in alone]
    assert {each.fault for each in told if each.severity == "warning"} == {
        "lead-in without a list",
        "lead-in coded",
    }


Damage = Callable[[Path], None]


def _put(*values: tuple[str, int, str, str]) -> Damage:
    def damage(root: Path) -> None:
        for table, row, column, value in values:
            put_value(root, table, (row, column), value)

    return damage


def _blank(table: str, column: str) -> Damage:
    def damage(root: Path) -> None:
        lines = table_of(root, table).read_text(encoding="utf-8").splitlines()
        _put(*((table, row, column, " ") for row in range(2, len(lines) + 1)))(root)

    return damage


DAMAGES: dict[str, Damage] = {
    "none": lambda _: None,
    "focus group of two places": _put(("focus_groups", 4, "focus_group", "ken")),
    "segment of two places": _put(("segments", 10, "segment", "ken.1")),
    "unknown place": _put(("focus_groups", 4, "places", "nowhere")),
    "unknown focus group": _put(("segments", 5, "focus_group", "nobody")),
    "unknown segment": _put(("code_applications", 5, "segment", "nothing")),
    "blank ids": _put(
        ("focus_groups", 2, "focus_group", ""),
        ("segments", 8, "focus_group", ""),
        ("segments", 9, "segment", ""),
        ("code_applications", 3, "segment", ""),
    ),
    "same words in two places": _put(
        ("segments", 8, "text", "Care."),
        ("segments", 9, "text", "Bread."),
        ("segments", 10, "text", "Bread."),
        ("segments", 11, "text", "Care."),
    ),
    "row twice": lambda root: repeat_row(root, "segments", 10),
    "blank column": _blank("segments", "text"),
    "blank column of a small table": _blank("focus_groups", "organiser"),
    "no code applications": lambda root: drop_rows(root, "code_applications"),
    "no focus groups": lambda root: drop_rows(root, "focus_groups"),
    "no segments": lambda root: drop_rows(root, "segments"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_is_found_in_parts_and_shares_as_it_is_at_once(
    tmp_path: Path, damage: Damage
) -> None:
    """What shows across places, or is found by two processes, is told as one tells it."""
    root = write_odd_root(tmp_path / "root")
    damage(root)
    opened = open_study(root, STUDY)

    assert at_once(opened) == in_parts(opened, tmp_path / "build") == in_shares(opened)


def test_each_share_evaluates_what_the_other_leaves(tmp_path: Path) -> None:
    """What a text says falls short in the share of texts, and where it stands in the other."""
    root = write_odd_root(tmp_path / "root")
    _put(("segments", 8, "text", "a@example.org"), ("segments", 9, "position", "first"))(root)
    opened = open_study(root, STUDY)

    whole, others, texts = (
        {each.expectation for each in guard_received(opened, read_to_guard(opened), share).critical}
        for share in ("all", "others", "texts")
    )

    assert (whole, others & texts) == (others | texts, set())
    assert others
    assert texts


@settings(
    max_examples=8,
    # The tables are copied before they are changed.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(defects=st.lists(st.sampled_from(DEFECTS), min_size=1, max_size=6))
def test_defects_are_found_in_parts_and_shares_as_they_are_at_once(
    tables: Tables, defects: list[Defect]
) -> None:
    """Whatever defects come together, parts and shares tell what the whole tells."""
    damaged = {name: table.copy() for name, table in tables.items()}
    with TemporaryDirectory() as folder:
        root = write_tiny_root(Path(folder) / "root")
        (root / "data" / STUDY / "study.yaml").write_text(SETTINGS, encoding="utf-8")
        write_tables(root, tables)
        opened = open_study(root, STUDY)
        for defect in defects:
            defect.change(damaged)
        write_tables(root, damaged)

        assert at_once(opened) == in_parts(opened, Path(folder) / "build") == in_shares(opened)


def write_tables(root: Path, tables: Tables) -> None:
    for name, table in tables.items():
        table.to_csv(table_of(root, name), index=False, lineterminator="\n")


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("segments", {"type": "expect_table_row_count_to_be_between", "min_value": 100}),
        ("segments", {"type": "expect_column_values_to_be_unique", "column": "text"}),
        (
            "segments",
            {
                "type": "expect_column_mean_to_be_between",
                "column": "limited_points",
                "max_value": 0.5,
            },
        ),
        ("code_applications", {"type": "expect_column_values_to_be_unique", "column": "coder"}),
        (
            "code_applications",
            {
                "type": "expect_column_values_to_be_in_set",
                "column": "coder",
                "value_set": ["bot"],
                "mostly": 0.5,
            },
        ),
        (
            "segments",
            {
                "type": "expect_column_values_to_be_in_set",
                "column": "text",
                "value_set": ["Support from peers."],
                "row_condition": 'role == "point"',
                "condition_parser": "pandas",
            },
        ),
    ],
    ids=["rows", "repeats anywhere", "mean", "repeats of no id", "mostly", "condition"],
)
def test_whole_table_is_judged_as_one(tmp_path: Path, table: str, told: dict[str, object]) -> None:
    """An expectation that no part can decide is evaluated on the whole table."""
    root = write_odd_root(tmp_path / "root")
    path = root / "expectations" / f"{table}.json"
    suite = json.loads(path.read_text(encoding="utf-8"))
    like = suite["expectations"][0]
    added = {**like, "id": "5a1c1f0e-6d1f-4d9e-8a53-2f6f4f6f3b11", "type": told.pop("type")}
    suite["expectations"] = [*suite["expectations"], {**added, "kwargs": told}]
    path.write_text(json.dumps(suite), encoding="utf-8")
    opened = open_study(root, STUDY)

    assert at_once(opened) == in_parts(opened, tmp_path / "build")


def clean_parts(opened: OpenedStudy, build: BuildFolder, places: list[str]) -> None:
    """Leave the cleaned tables of places as a build does."""
    for place in places:
        received = without_numbers(read_part(opened, build, place))
        write_cleaned(clean(received, ()), build, place)


@pytest.fixture
def cleaned(tmp_path: Path) -> tuple[OpenedStudy, BuildFolder]:
    """Give a build of the odd study, of which each part is cleaned."""
    opened = open_study(write_odd_root(tmp_path / "root"), STUDY)
    build, (*places, _) = part(opened, tmp_path / "build")
    clean_parts(opened, build, places)
    return opened, build


@pytest.mark.parametrize("rows", [1, 20_000], ids=["one by one", "together"])
def test_report_does_not_depend_on_what_else_is_guarded(
    cleaned: tuple[OpenedStudy, BuildFolder], monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    """A part is told alike when it is guarded alone, after others, and together with them."""
    asked: list[tuple[str, Stage]] = [
        ("esa", "received"),
        (WHOLE, "received"),
        ("esa", "cleaned"),
        ("wca", "cleaned"),
        ("wca", "received"),
    ]
    alone = [next(guard_parts(*cleaned, [each])) for each in asked]
    monkeypatch.setattr(guarding, "ROWS_AT_ONCE", rows)

    assert alone == list(guard_parts(*cleaned, asked))


def test_cleaned_rows_are_told_as_rows_of_the_files(tmp_path: Path) -> None:
    """A cleaned row is named by where it stands in the study's own file."""
    root = write_tiny_root(tmp_path / "root")
    put_value(root, "focus_groups", (GHA, "participants"), "some people")
    opened = open_study(root, STUDY)
    build, _ = part(opened, tmp_path / "build")
    clean_parts(opened, build, ["wca"])

    (found,) = guard_parts(opened, build, [("wca", "cleaned")])

    assert [(each.table, each.rows, each.ids) for each in found.warnings] == [
        ("focus_groups", (GHA,), ("gha",))
    ]


def test_part_may_be_blank_where_no_whole_may(tmp_path: Path) -> None:
    """A place with one focus group without organiser, or uncoded, has a report all the same."""
    root = write_tiny_root(tmp_path / "root")
    put_value(root, "focus_groups", (GHA, "organiser"), "")
    applications = table_of(root, "code_applications")
    lines = applications.read_text(encoding="utf-8").splitlines(keepends=True)
    coded = [line for line in lines if not line.startswith("gha")]
    applications.write_text("".join(coded), encoding="utf-8")
    opened = open_study(root, STUDY)
    build, _ = part(opened, tmp_path / "build")
    clean_parts(opened, build, ["wca"])

    (found,) = guard_parts(opened, build, [("wca", "cleaned")])

    assert (found.critical, [each.fault for each in found.warnings]) == ((), ["no organiser"])
