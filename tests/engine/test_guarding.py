from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.engine.guarding import check_study, groups_of_places, guard_cleaned
from analysis.errors import GuardError, PlaceError
from analysis.quality.outcomes import read_outcomes
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.tables.build_folder import BuildFolder
from analysis.tables.cleaning import clean, write_cleaned
from analysis.tables.placing import tables_of_place
from analysis.tables.received import read_received
from tiny_study import STUDY, put_value, table_of

if TYPE_CHECKING:
    from pathlib import Path

UGA, GHA = 3, 4
PLACES = ("esa", "wca", "africa")


def groups_of(root: Path, *places: str) -> set[str]:
    opened = open_study(root, STUDY)
    return groups_of_places(opened, read_received(opened.folder).focus_groups, places)


def clean_all(root: Path) -> tuple[OpenedStudy, BuildFolder]:
    """Leave the cleaned tables of each place as a build does."""
    opened, build = open_study(root, STUDY), BuildFolder(root / "build" / STUDY)
    received = read_received(opened.folder)
    for place in PLACES:
        cleaned = clean(tables_of_place(received, place, opened.places), ())
        write_cleaned(cleaned, build.cleaned(place))
    return opened, build


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


def test_unknown_place_of_a_focus_group_is_left_to_the_guards(tiny_root: Path) -> None:
    """A focus group in an unknown place is of no place; the guards will name it."""
    put_value(tiny_root, "focus_groups", (UGA, "places"), "UGX")

    assert groups_of(tiny_root, "esa") == {"ken", "afr"}


def test_unknown_place_that_is_wanted_is_refused(tiny_root: Path) -> None:
    """A wanted place that is unknown is refused with the closest."""
    with pytest.raises(PlaceError, match="closest: africa"):
        groups_of(tiny_root, "afrika")


def test_check_of_a_place_leaves_out_what_fell_short_elsewhere(tiny_root: Path) -> None:
    """Checking a place tells what concerns it, and counts what holds."""
    put_value(tiny_root, "focus_groups", (GHA, "participants"), "some people")

    whole, esa, wca = (check_study(tiny_root, STUDY, places) for places in ((), ("esa",), ("wca",)))

    assert [len(report.warnings) for report in (whole, esa, wca)] == [1, 0, 1]
    assert len(whole.outcomes) == len(wca.outcomes) == len(esa.outcomes) + 1
    assert all(outcome.held for outcome in esa.outcomes)


def test_what_guards_found_is_kept_place_by_place(tiny_root: Path) -> None:
    """The guards on cleaned tables leave what they found, for the reports of each place."""
    put_value(tiny_root, "focus_groups", (GHA, "participants"), "some people")
    opened, build = clean_all(tiny_root)

    found = guard_cleaned(opened, build, PLACES)

    kept = {place: read_outcomes(build.outcomes(f"cleaned-{place}")) for place in PLACES}
    assert [len(report.warnings) for report in kept.values()] == [0, 1, 0]
    assert len(found.outcomes) == sum(len(report.outcomes) for report in kept.values())


def test_all_places_that_fall_short_are_told_together(tiny_root: Path) -> None:
    """Where cleaned tables of two places are critical, one refusal names the rows of both."""
    for row in (UGA, GHA):
        put_value(tiny_root, "focus_groups", (row, "held_on"), "2021-02-30")
    opened, build = clean_all(tiny_root)

    with pytest.raises(GuardError) as refusal:
        guard_cleaned(opened, build, PLACES)

    told = "\n".join(refusal.value.offenders)
    assert ("focus group uga" in told, "focus group gha" in told) == (True, True)


def test_part_may_be_blank_where_no_whole_may(tiny_root: Path) -> None:
    """A place with one focus group without organiser, or uncoded, has a report all the same."""
    put_value(tiny_root, "focus_groups", (GHA, "organiser"), "")
    applications = table_of(tiny_root, "code_applications")
    lines = applications.read_text(encoding="utf-8").splitlines(keepends=True)
    coded = [line for line in lines if not line.startswith("gha")]
    applications.write_text("".join(coded), encoding="utf-8")
    opened, build = clean_all(tiny_root)

    found = guard_cleaned(opened, build, ["wca"])

    assert found.critical == ()
    assert [outcome.fault for outcome in found.warnings] == ["no organiser"]
