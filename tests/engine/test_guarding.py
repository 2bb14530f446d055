from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from analysis.engine import guarding, memory
from analysis.engine.guarding import check_study, groups_of_places, shares_of
from analysis.engine.processes import process_apart
from analysis.errors import PlaceError
from analysis.study.opened_study import open_study
from analysis.tables.received import read_received
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from contextlib import AbstractContextManager
    from pathlib import Path

UGA, GHA = 3, 4
UGA_1, GHA_1 = 8, 10
"""Rows of segments.csv."""


def groups_of(root: Path, *places: str) -> set[str]:
    opened = open_study(root, STUDY)
    return groups_of_places(opened, read_received(opened.folder).focus_groups, places)


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


@pytest.mark.parametrize("at_once", [1, 2])
def test_two_processes_find_what_one_finds(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Large tables are guarded by two processes, where there are two processors."""
    put_value(tiny_root, "segments", (UGA_1, "text"), "Ask me at nobody@example.org.")
    put_value(tiny_root, "segments", (GHA_1, "text"), "Ask me at somebody@example.org.")
    alone = check_study(tiny_root, STUDY)
    begun: list[str] = []

    def begin(scratch: str) -> AbstractContextManager[Callable[..., Future[Any]]]:
        begun.append(scratch)
        return process_apart(scratch)

    monkeypatch.setattr(memory, "LARGE", 1)
    monkeypatch.setattr(guarding, "processors", lambda: at_once)
    monkeypatch.setattr(guarding, "process_apart", begin)

    assert (check_study(tiny_root, STUDY), len(begun)) == (alone, at_once - 1)
    assert {UGA_1, GHA_1} <= {row for each in alone.critical for row in each.rows}


@pytest.mark.parametrize(
    ("rows", "shares"),
    [
        ({"africa": 1, "wca": 5, "esa": 9, "mena": 4}, (["esa", "africa"], ["wca", "mena"])),
        ({"esa": 1}, (["esa"], [])),
        ({}, ([], [])),
    ],
)
def test_shares_have_about_as_many_rows(
    rows: dict[str, int], shares: tuple[list[str], list[str]]
) -> None:
    """Each part is in one share, and the larger parts are dealt out first."""
    assert shares_of(rows) == shares


def test_check_leaves_nothing_behind(tiny_root: Path) -> None:
    """A check parts the tables somewhere else, and leaves the study and its build alone."""
    before = sorted(tiny_root.rglob("*"))

    check_study(tiny_root, STUDY)

    assert before == sorted(tiny_root.rglob("*"))
