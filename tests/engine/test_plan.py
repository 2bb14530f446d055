from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pytest

from analysis.engine.plan import (
    CLEANING,
    CONTINENTAL,
    COVERAGE,
    REGIONAL,
    make_parting,
    make_plan,
    read_parting,
)
from analysis.errors import PlaceError
from analysis.study.opened_study import open_study
from analysis.tables.build_folder import BuildFolder
from analysis.tables.parting import part_tables
from tiny_study import STUDY, put_value, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.engine.task import Work

KEN, UGA, GHA, AFR = 2, 3, 4, 5
BUILD = "build/tiny"


def plan_of(root: Path, *places: str) -> dict[str, Work]:
    """Return the plan of a build of the tiny study, by the names of its work."""
    opened, build = open_study(root, STUDY), BuildFolder(root / BUILD)
    works = make_plan(opened, build, part_tables(opened, build), places)
    return {work.name: work for work in works}


def names_of(plan: dict[str, Work], kind: str) -> list[str]:
    return [name for name, work in plan.items() if work.kind == kind]


def test_whole_study_is_parted_guarded_cleaned_and_synthesized(tiny_root: Path) -> None:
    """Each part is guarded as received; each place is cleaned, guarded, reported on and shown."""
    plan = plan_of(tiny_root)

    notebooks = [
        *("esa-cleaning", "africa-cleaning", "wca-cleaning"),
        *("esa", "wca", "coverage", "africa"),
    ]
    assert names_of(plan, "parting") == ["parting"]
    assert sorted(names_of(plan, "covering")) == ["covering africa", "covering esa", "covering wca"]
    assert names_of(plan, "guard") == [
        "guard study received",
        *(f"guard {place} cleaned" for place in ("esa", "africa", "wca")),
    ]
    assert names_of(plan, "notebook") == notebooks
    assert names_of(plan, "page") == [f"page {notebook}" for notebook in notebooks]


@pytest.mark.parametrize("places", [(), ("esa",), ("africa",)])
def test_work_stands_after_all_that_it_rests_on(tiny_root: Path, places: Sequence[str]) -> None:
    """Each piece of work stands after what it needs, and after what it expects."""
    plan = plan_of(tiny_root, *places)
    at = {name: number for number, name in enumerate(plan)}

    early = [
        (name, other)
        for name, work in plan.items()
        for other in (*work.needs, *work.expects)
        if at[other] > at[name]
    ]
    assert early == []


def test_files_of_work_are_its_own(tiny_root: Path) -> None:
    """No two pieces of work leave the same file, nor one a file in another's folder."""
    left = [name for work in plan_of(tiny_root).values() for name in work.leaves]

    within = [(one, two) for one in left for two in left if two.startswith(f"{one}/")]
    assert (len(left) - len(set(left)), within) == (0, [])


def test_what_is_read_of_a_build_was_left_by_what_is_needed(tiny_root: Path) -> None:
    """What work reads of the build is left by work that it needs or expects, at whatever remove."""
    plan = plan_of(tiny_root)

    def rests_on(name: str) -> set[str]:
        others = (*plan[name].needs, *plan[name].expects)
        return {name}.union(*map(rests_on, others))

    for name in plan:
        left = {each for other in rests_on(name) - {name} for each in plan[other].leaves}
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


def test_report_expects_what_the_guards_find(tiny_root: Path) -> None:
    """Reports need cleaned tables, and expect what guards found in them, and as received."""
    plan = plan_of(tiny_root)
    guards = {
        place: (f"guard {place} cleaned", "guard study received")
        for place in ("esa", "wca", "africa")
    }

    assert (plan["esa"].needs, plan["esa"].expects) == (
        ("esa-cleaning",),
        guards["esa"],
    )
    assert plan["africa"].needs == ("esa", "wca", "africa-cleaning")
    assert sorted(plan["africa"].expects) == sorted(set(chain(*guards.values())))
    coverings = ("covering africa", "covering esa", "covering wca")
    assert plan["coverage"].needs == (*coverings,)


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
    assert names_of(plan, "covering") == []
    assert len(names_of(plan, "guard")) == 1 + sum("cleaning" in name for name in expected)


def test_order_of_places_is_irrelevant(tiny_root: Path) -> None:
    """The plan is the same in whatever order places are named."""
    assert plan_of(tiny_root, "wca", "esa") == plan_of(tiny_root, "esa", "wca")


def test_largest_place_comes_first(tiny_root: Path) -> None:
    """What takes long begins early: places are cleaned by the rows they have."""
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


def test_continent_without_regions_stands_alone(tiny_root: Path) -> None:
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


def facts_that_differ(one: dict[str, Work], other: dict[str, Work]) -> dict[str, set[str]]:
    """Return which facts differ between two plans, by the names of the work."""
    differing = {
        name: {fact for fact, _ in one[name].facts.items() ^ other[name].facts.items()}
        for name in one
    }
    return {name: facts for name, facts in differing.items() if facts}


def test_row_of_a_place_concerns_its_own_work(tiny_root: Path) -> None:
    """A row that changes is a fact for the cleaning of its place, and for what pages tell."""
    before = plan_of(tiny_root)
    put_value(tiny_root, "segments", (2, "text"), "Other words.")

    assert facts_that_differ(before, plan_of(tiny_root)) == {
        "esa-cleaning": {"segments of esa"},
        **{f"page {name}": {"data"} for name in ("esa-cleaning", "esa", "africa")},
    }


def test_code_concerns_its_place(tiny_root: Path) -> None:
    """A code that changes is a fact for its place's cleaning and report, and for their pages."""
    before = plan_of(tiny_root)
    put_value(tiny_root, "code_applications", (4, "code"), "stigma")

    codes = {"code_applications of esa"}
    assert facts_that_differ(before, plan_of(tiny_root)) == {
        "esa-cleaning": codes,
        "covering esa": codes,
        "esa": codes,
        **{f"page {name}": {"data"} for name in ("esa", "africa")},
    }


def test_rows_that_move_in_their_file_concern_no_notebook(tiny_root: Path) -> None:
    """Where in a file a row stands changes no fact."""
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
    put_value(tiny_root, "focus_groups", (AFR, "title"), "Networks")

    differing = facts_that_differ(before, plan_of(tiny_root))

    assert differing["esa"] == {"focus groups that touch esa"}
    assert differing["africa-cleaning"] == {"focus_groups of africa"}


def test_reviewed_exceptions_concern_the_guards_alone(tiny_root: Path) -> None:
    """Guards are asked again when a finding was reviewed, and nothing else is."""
    before = plan_of(tiny_root)
    file = tiny_root / "data" / STUDY / "privacy_exceptions.csv"
    file.write_text("table,id,column,kind,reason,reviewed_by,text_sha256\n", encoding="utf-8")
    after = plan_of(tiny_root)

    name = f"data/{STUDY}/privacy_exceptions.csv"
    assert not any(name in work.reads for work in before.values())
    assert {work.kind for work in after.values() if name in work.reads} == {"guard"}
    assert all(name in work.reads for work in after.values() if work.kind == "guard")


def test_parting_reads_tables_in_whichever_form(tiny_root: Path) -> None:
    """The tables that are parted are read as they are there, as CSV or Parquet."""
    table_of(tiny_root, "segments").rename(tiny_root / "data" / STUDY / "segments.parquet")

    parting = make_parting(open_study(tiny_root, STUDY), BuildFolder(tiny_root / BUILD))

    assert [name for name in parting.reads if "segments" in name] == ["data/tiny/segments.parquet"]
    assert parting.leaves == ("build/tiny/received", "build/tiny/parting.json")


def test_parting_is_read_as_it_was_left(tiny_root: Path) -> None:
    """The plan reads how tables are parted from what their parting left."""
    opened, build = open_study(tiny_root, STUDY), BuildFolder(tiny_root / BUILD)
    parting = part_tables(opened, build)
    build.parting.write_text(parting.to_json(), encoding="utf-8")

    assert read_parting(build) == parting
