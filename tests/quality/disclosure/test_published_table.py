from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import TableError
from analysis.quality.disclosure.people import GroupOfPeople, Number
from analysis.quality.disclosure.published_table import (
    add_release,
    read_published,
    releases_of,
)
from analysis.tables.published_people import COLUMNS, hide_groups, write_published

if TYPE_CHECKING:
    from pathlib import Path

GROUPS = [GroupOfPeople("ken", "esa", "africa", {"nurses": 2, "peers": 9})]
NURSES = Number("home", "esa", "nurses")


def test_table_says_again_what_was_told(tmp_path: Path) -> None:
    """What is read is what a release showed, what it withheld, and whom it counted by kind."""
    path = tmp_path / "participants.csv"
    write_published(add_release([], GROUPS, {NURSES}), path)

    (release,) = releases_of(read_published(path))
    assert release.shown[Number("home", "esa", "peers")] == 9
    assert release.shown[Number("group", "ken")] == 11
    assert release.withheld == {NURSES}
    assert release.groups == {
        "ken": GroupOfPeople("ken", "esa", "africa", {"nurses": 0, "peers": 0})
    }


def test_each_release_is_added_below_the_last() -> None:
    """A release that tells anything else than the last one is one more."""
    first = add_release([], GROUPS, {NURSES})
    second = add_release(first, GROUPS, set())

    assert second[: len(first)] == first
    assert {row[0] for row in second} == {"1", "2"}


LEFT = [
    GroupOfPeople("gha", "wca", "africa", {"nurses": 7, "peers": 9}),
    GroupOfPeople("mli", "wca", "africa", {"nuns": 6}),
]


def test_focus_groups_that_left_are_numbers() -> None:
    """They and the kinds of them alone have numbers, the same in all releases; all else stays."""
    first = add_release([], [*LEFT, *GROUPS], {NURSES})
    second = add_release(first, [LEFT[0], *GROUPS], {NURSES})
    told = hide_groups(second, {row.group for row in second if row.place in ("gha", "mli")})
    names = {"gha": "(left 1)", "mli": "(left 2)"}
    renamed = [
        row._replace(
            place=names.get(row.place, row.place),
            kind="(left 1)" if row.kind == "nuns" else row.kind,
        )
        for row in second
    ]

    assert sorted(told) == sorted(renamed)
    assert told == sorted(told)
    assert hide_groups(told, ()) == told
    assert hide_groups(told, {row.group for row in told}) != told


def test_numbers_of_those_who_left_go_on() -> None:
    """Who leaves later has the next number, and those who left before keep theirs."""
    once = hide_groups(add_release([], [*LEFT, *GROUPS], set()), {("1", "mli")})
    twice = hide_groups(once, {("1", "gha")})

    assert {row.place for row in twice if row.scope == "group"} == {"(left 1)", "(left 2)", "ken"}
    assert [row.people for row in twice if row.place == "(left 1)"] == ["6", "withheld"]


def test_kinds_that_are_told_elsewhere_stay() -> None:
    """A kind that another focus group names by now is no secret."""
    told = hide_groups(add_release([], [*LEFT, *GROUPS], set()), {("1", "mli")}, {"nuns"})

    assert ("1", "study", "", "", "", "nuns", "6") in told


def test_study_that_was_never_released_has_no_table(tmp_path: Path) -> None:
    """Without a file there is no earlier release."""
    assert read_published(tmp_path / "participants.csv") == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("one,study,,,,,9", "release is no number"),
        ("1,village,,,,,9", "scope is none of study, continent, home, part, group"),
        ("1,study,,,,,nine", "people is neither a number nor withheld"),
        ("1,group,ken,esa,africa,nurses,2", "people of one kind in one focus group are told"),
    ],
    ids=["release", "scope", "people", "told"],
)
def test_table_that_no_build_wrote_is_refused(tmp_path: Path, row: str, fault: str) -> None:
    """A damaged table is refused by file and row, since it would protect nobody."""
    path = tmp_path / "tiny" / "published" / "participants.csv"
    path.parent.mkdir(parents=True)
    path.write_text(f"{','.join(COLUMNS)}\n{row}\n", encoding="utf-8")

    with pytest.raises(TableError) as refused:
        read_published(path)
    assert refused.value.offenders == (f"participants.csv row 2: {fault}",)
