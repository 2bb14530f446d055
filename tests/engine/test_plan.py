from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.engine.plan import (
    CLEANING,
    CONTINENTAL,
    COVERAGE,
    REGIONAL,
    plan_partition,
    plan_tasks,
)
from analysis.errors import PlaceError
from analysis.study.opened_study import open_study
from analysis.tables.build_folder import BuildFolder
from analysis.tables.partition import partition_tables
from tiny_study import STUDY, put_value, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.engine.task import Task

KEN, UGA, GHA, AFR = 2, 3, 4, 5
BUILD = "build/tiny"


def plan_of(root: Path, *places: str) -> dict[str, Task]:
    """Return the plan of a build of the tiny study, by the names of its task."""
    opened = open_study(root, STUDY)
    tasks = plan_tasks(opened, partition_tables(opened, BuildFolder(root / BUILD)), places)
    return {task.name: task for task in tasks}


def names_of(plan: dict[str, Task], kind: str) -> list[str]:
    return [name for name, task in plan.items() if task.kind == kind]


def test_whole_study_is_partitioned_checked_cleaned_and_synthesized(tiny_root: Path) -> None:
    """The study is checked; each place is cleaned, checked, reported on and shown."""
    plan = plan_of(tiny_root)

    notebooks = [
        *("esa-cleaning", "africa-cleaning", "wca-cleaning"),
        *("esa", "wca", "coverage", "africa"),
    ]
    assert names_of(plan, "partition") == ["partition"]
    assert names_of(plan, "check") == ["check study", "check esa", "check africa", "check wca"]
    assert names_of(plan, "notebook") == notebooks
    assert names_of(plan, "page") == [f"page {notebook}" for notebook in notebooks]


@pytest.mark.parametrize("places", [(), ("esa",), ("africa",)])
def test_task_is_after_all_that_it_rests_on(tiny_root: Path, places: Sequence[str]) -> None:
    """Each task is after those that it needs or expects."""
    plan = plan_of(tiny_root, *places)
    at = {name: number for number, name in enumerate(plan)}

    early = [
        (name, other)
        for name, task in plan.items()
        for other in (*task.needs, *task.expects)
        if at[other] > at[name]
    ]
    assert early == []


def test_files_of_a_task_are_its_own(tiny_root: Path) -> None:
    """No two tasks write the same file, nor one a file in another's folder."""
    left = [name for task in plan_of(tiny_root).values() for name in task.writes]

    within = [(one, two) for one in left for two in left if two.startswith(f"{one}/")]
    assert (len(left) - len(set(left)), within) == (0, [])


def test_task_reads_files_of_tasks_that_it_rests_on(tiny_root: Path) -> None:
    """A task reads files of the build that tasks have written on which it rests."""
    plan = plan_of(tiny_root)

    def rests_on(name: str) -> set[str]:
        others = (*plan[name].needs, *plan[name].expects)
        return {name}.union(*map(rests_on, others))

    for name in plan:
        left = {each for other in rests_on(name) - {name} for each in plan[other].writes}
        read = [each for each in (*plan[name].reads, *plan[name].uses) if each.startswith(BUILD)]
        orphans = [
            each
            for each in read
            if not any(each == one or each.startswith(f"{one}/") for one in left)
        ]
        assert (name, orphans) == (name, [])


def test_notebooks_are_given_all_their_parameters(tiny_root: Path) -> None:
    """Each notebook is given all parameters, those of the study's settings among them."""
    plan = plan_of(tiny_root)

    about = {"study": STUDY, "place": "esa"}
    assert (plan["esa-cleaning"].notebook, plan["esa-cleaning"].parameters) == (CLEANING, about)
    assert (plan["esa"].notebook, plan["esa"].parameters) == (
        REGIONAL,
        about | {"excerpts_per_theme": 3},
    )
    assert (plan["coverage"].notebook, plan["coverage"].parameters) == (COVERAGE, {"study": STUDY})
    assert plan["africa"].notebook == CONTINENTAL


def test_report_expects_checks(tiny_root: Path) -> None:
    """Reports need cleaned tables, and expect the checks of these and of the whole study."""
    plan = plan_of(tiny_root)

    assert (plan["esa"].needs, plan["esa"].expects) == (
        ("esa-cleaning",),
        ("check esa", "check study"),
    )
    assert plan["africa"].needs == ("esa", "wca", "africa-cleaning")
    assert plan["africa"].expects == ("check esa", "check wca", "check africa", "check study")
    assert plan["coverage"].needs == ("africa-cleaning", "esa-cleaning", "wca-cleaning")


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (("esa",), ["esa-cleaning", "esa"]),
        (("Western and Central Africa",), ["wca-cleaning", "wca"]),
        (
            ("africa",),
            [
                *("esa-cleaning", "africa-cleaning", "wca-cleaning"),
                *("esa", "wca", "africa"),
            ],
        ),
    ],
    ids=["region", "by-name", "continent"],
)
def test_place_brings_what_it_needs(
    tiny_root: Path, places: tuple[str, ...], expected: list[str]
) -> None:
    """A region needs its own cleaning; a continent its regions and all their cleaning."""
    plan = plan_of(tiny_root, *places)

    assert names_of(plan, "notebook") == expected
    assert len(names_of(plan, "check")) == 1 + sum("cleaning" in name for name in expected)


def test_order_of_places_is_irrelevant(tiny_root: Path) -> None:
    """The plan is the same in whatever order places are named."""
    assert plan_of(tiny_root, "wca", "esa") == plan_of(tiny_root, "esa", "wca")


def test_largest_place_comes_first(tiny_root: Path) -> None:
    """What takes long starts early: places are cleaned by the rows they have."""
    for row in (KEN, UGA):
        put_value(tiny_root, "focus_groups", (row, "places"), "GHA")

    assert names_of(plan_of(tiny_root), "notebook")[:2] == ["wca-cleaning", "africa-cleaning"]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("afrika", "closest: africa"),
        ("asia", "has no report on these places.\n  asia"),
        ("KEN", "Expected: esa, wca, africa"),
    ],
    ids=["unknown", "without-focus-groups", "country"],
)
def test_place_without_a_report_is_refused(tiny_root: Path, place: str, message: str) -> None:
    """An unknown place, and one that has no report, are refused with what there is."""
    with pytest.raises(PlaceError) as refusal:
        plan_of(tiny_root, "esa", place)

    assert message in str(refusal.value)


def test_continent_without_own_submissions_is_not_cleaned(tiny_root: Path) -> None:
    """A continent whose focus groups are all of its regions has nothing of its own to clean."""
    put_value(tiny_root, "focus_groups", (AFR, "places"), "esa")
    plan = plan_of(tiny_root)

    assert "africa-cleaning" not in plan
    assert plan["africa"].needs == ("esa", "wca")


def test_continent_without_regions_is_reported_alone(tiny_root: Path) -> None:
    """A study of one continental submission has its cleaning, the coverage and the continent."""
    for row in (KEN, UGA, GHA):
        put_value(tiny_root, "focus_groups", (row, "consent"), "none")

    assert names_of(plan_of(tiny_root), "notebook") == ["africa-cleaning", "coverage", "africa"]


def test_region_on_two_continents_serves_both(tiny_root: Path) -> None:
    """A region that spans continents runs once, for whichever of them is wanted."""
    settings = tiny_root / "data" / STUDY / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[africa]", "[africa, asia]"), encoding="utf-8")
    put_value(tiny_root, "focus_groups", (KEN, "places"), "EGY")
    put_value(tiny_root, "focus_groups", (UGA, "places"), "SAU")

    assert names_of(plan_of(tiny_root, "asia"), "notebook") == ["mena-cleaning", "mena", "asia"]
    assert names_of(plan_of(tiny_root), "notebook").count("mena") == 1
    assert {"africa", "asia"} <= set(plan_of(tiny_root))


def facts_that_differ(one: dict[str, Task], other: dict[str, Task]) -> dict[str, set[str]]:
    """Return which facts differ between two plans, by the names of the task."""
    differing = {
        name: {fact for fact, _ in one[name].facts.items() ^ other[name].facts.items()}
        for name in one
    }
    return {name: facts for name, facts in differing.items() if facts}


@pytest.mark.parametrize(
    ("table", "cell", "value"),
    [("segments", (2, "text"), "Other words."), ("code_applications", (4, "code"), "stigma")],
)
def test_row_of_a_place_concerns_its_own_tasks(
    tiny_root: Path, table: str, cell: tuple[int, str], value: str
) -> None:
    """A row that changes is a fact for the cleaning of its place, and for pages."""
    before = plan_of(tiny_root)
    put_value(tiny_root, table, cell, value)

    pages = ("esa-cleaning", "esa", "africa", "coverage")
    assert facts_that_differ(before, plan_of(tiny_root)) == {
        "esa-cleaning": {f"{table} of esa"},
        **{f"page {name}": {"data"} for name in pages},
    }


def test_rows_that_move_in_their_file_concern_no_notebook(tiny_root: Path) -> None:
    """Where in a file a row is changes no fact."""
    before = plan_of(tiny_root)
    segments = table_of(tiny_root, "segments")
    header, *rows = segments.read_text(encoding="utf-8").splitlines(keepends=True)
    moved = sorted(rows, key=lambda row: row.startswith("gha"))
    segments.write_text("".join([header, *moved]), encoding="utf-8")

    assert facts_that_differ(before, plan_of(tiny_root)) == {}


def test_submission_of_wider_scope_concerns_the_regions_it_touches(tiny_root: Path) -> None:
    """What a continental focus group says of itself is a fact for each region that it names."""
    before = plan_of(tiny_root)
    put_value(tiny_root, "focus_groups", (AFR, "places"), "esa;africa")
    put_value(tiny_root, "focus_groups", (AFR, "title"), "Nettasks")

    differing = facts_that_differ(before, plan_of(tiny_root))

    assert differing["esa"] == {"focus groups that touch esa"}
    assert differing["africa-cleaning"] == {"focus_groups of africa"}


def test_reviewed_exceptions_concern_checks_alone(tiny_root: Path) -> None:
    """Only checks run again when a finding was reviewed."""
    before = plan_of(tiny_root)
    file = tiny_root / "data" / STUDY / "privacy_exceptions.csv"
    file.write_text("table,id,column,kind,reason,reviewed_by,text_sha256\n", encoding="utf-8")
    after = plan_of(tiny_root)

    name = f"data/{STUDY}/privacy_exceptions.csv"
    assert not any(name in task.reads for task in before.values())
    assert {task.kind for task in after.values() if name in task.reads} == {"check"}
    assert all(name in task.reads for task in after.values() if task.kind == "check")


def test_who_looked_at_what_concerns_reports_and_the_check_of_the_study(tiny_root: Path) -> None:
    """A coded.csv is read by each report that counts coders, and by the check of the whole."""
    name = f"data/{STUDY}/coded.csv"
    (tiny_root / name).write_text("coder,focus_group\n", encoding="utf-8")

    readers = {each for each, task in plan_of(tiny_root).items() if name in task.reads}

    assert readers == {"check study", "esa", "wca", "coverage", "africa"}


def test_downloads_of_a_notebook_are_on_its_page(tiny_root: Path) -> None:
    """The files to download that a notebook writes go into the release with its page."""
    plan = plan_of(tiny_root)

    folder = f"{BUILD}/downloads/coverage"
    assert folder in plan["coverage"].writes
    assert folder in plan["page coverage"].reads


def test_partition_reads_tables_in_either_form(tiny_root: Path) -> None:
    """The partition reads tables as CSV or Parquet, whichever is there."""
    table_of(tiny_root, "segments").rename(tiny_root / "data" / STUDY / "segments.parquet")

    task = plan_partition(open_study(tiny_root, STUDY))

    assert [name for name in task.reads if "segments" in name] == ["data/tiny/segments.parquet"]
    assert task.writes == ("build/tiny/received", "build/tiny/partition.json")
