from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.engine.plan import (
    CLEANING,
    CONTINENTAL,
    COVERAGE,
    REGIONAL,
    Plan,
    Step,
    make_plan,
)
from analysis.errors import PlaceError
from analysis.study.opened_study import open_study
from analysis.tables.received import read_received
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from pathlib import Path

KEN, UGA, GHA, AFR = 2, 3, 4, 5


def plan_of(root: Path, *places: str) -> Plan:
    opened = open_study(root, STUDY)
    return make_plan(opened, read_received(opened.folder).focus_groups, places)


def names(plan: Plan) -> list[list[str]]:
    return [
        [step.name for step in stage] for stage in (plan.cleaning, plan.synthesis, plan.continental)
    ]


def test_whole_study_is_cleaned_then_synthesized_then_joined(tiny_root: Path) -> None:
    """Each place is cleaned, then regions and the coverage run, then the continents."""
    assert names(plan_of(tiny_root)) == [
        ["africa-cleaning", "esa-cleaning", "wca-cleaning"],
        ["esa", "wca", "coverage"],
        ["africa"],
    ]


def test_steps_give_all_parameters(tiny_root: Path) -> None:
    """Each step gives its notebook all parameters, those of the study's settings among them."""
    steps = {step.name: step for step in plan_of(tiny_root).steps}

    about = {"study": STUDY, "place": "esa"}
    assert steps["esa-cleaning"] == Step("esa-cleaning", CLEANING, about, "esa")
    assert steps["esa"] == Step("esa", REGIONAL, about | {"excerpts_per_theme": 3}, "esa")
    assert steps["coverage"] == Step("coverage", COVERAGE, {"study": STUDY}, "")
    assert steps["africa"].notebook == CONTINENTAL


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (("esa",), [["esa-cleaning"], ["esa"], []]),
        (("Western and Central Africa",), [["wca-cleaning"], ["wca"], []]),
        (
            ("africa",),
            [["africa-cleaning", "esa-cleaning", "wca-cleaning"], ["esa", "wca"], ["africa"]],
        ),
    ],
    ids=["region", "by-name", "continent"],
)
def test_place_brings_what_it_needs(
    tiny_root: Path, places: tuple[str, ...], expected: list[list[str]]
) -> None:
    """A region needs its own cleaning; a continent its regions and all their cleaning."""
    assert names(plan_of(tiny_root, *places)) == expected


def test_order_of_places_is_irrelevant(tiny_root: Path) -> None:
    """The plan is the same in whatever order places are named."""
    assert plan_of(tiny_root, "wca", "esa") == plan_of(tiny_root, "esa", "wca")


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

    assert names(plan_of(tiny_root)) == [
        ["esa-cleaning", "wca-cleaning"],
        ["esa", "wca", "coverage"],
        ["africa"],
    ]


def test_continent_without_regions_stands_alone(tiny_root: Path) -> None:
    """A study of one continental submission has its cleaning, the coverage and the continent."""
    for row in (KEN, UGA, GHA):
        put_value(tiny_root, "focus_groups", (row, "consent"), "none")

    assert names(plan_of(tiny_root)) == [["africa-cleaning"], ["coverage"], ["africa"]]


def test_region_on_two_continents_serves_both(tiny_root: Path) -> None:
    """A region that spans continents runs once, for whichever of them is wanted."""
    settings = tiny_root / "data" / STUDY / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[africa]", "[africa, asia]"), encoding="utf-8")
    put_value(tiny_root, "focus_groups", (KEN, "places"), "EGY")
    put_value(tiny_root, "focus_groups", (UGA, "places"), "SAU")

    assert names(plan_of(tiny_root, "asia")) == [["mena-cleaning"], ["mena"], ["asia"]]
    assert names(plan_of(tiny_root))[1:] == [["mena", "wca", "coverage"], ["africa", "asia"]]
