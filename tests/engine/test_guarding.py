from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from analysis.engine import guarding, memory
from analysis.engine.executors import can_fork_here, forked
from analysis.engine.guarding import check_study, groups_of_places
from analysis.errors import PlaceError
from analysis.study.opened_study import open_study
from analysis.tables.received import read_received
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from collections.abc import Callable
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


@pytest.mark.skipif(not can_fork_here(), reason="no process is forked on this system")
@pytest.mark.parametrize("at_once", [1, 2])
def test_two_processes_find_what_one_finds(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Large tables are guarded by two processes, where there are two processors."""
    put_value(tiny_root, "segments", (UGA_1, "text"), "Ask me at nobody@example.org.")
    put_value(tiny_root, "segments", (GHA_1, "position"), "first")
    alone = check_study(tiny_root, STUDY)
    begun: list[object] = []

    def begin(call: Callable[[], Any]) -> AbstractContextManager[Callable[[], Any]]:
        begun.append(call)
        return forked(call)

    monkeypatch.setattr(memory, "LARGE", 1)
    monkeypatch.setattr(guarding, "keep_freed", lambda: None)
    monkeypatch.setattr(guarding, "processors", lambda: at_once)
    monkeypatch.setattr(guarding, "forked", begin)

    assert (check_study(tiny_root, STUDY), len(begun)) == (alone, at_once - 1)
    assert {UGA_1, GHA_1} <= {row for each in alone.outcomes for row in each.rows}


def test_large_tables_are_guarded_where_nothing_is_forked(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a system on which no process is forked, one process guards large tables, too."""
    alone = check_study(tiny_root, STUDY)
    monkeypatch.setattr(memory, "LARGE", 1)
    monkeypatch.setattr(guarding, "keep_freed", lambda: None)
    monkeypatch.setattr(guarding, "can_fork_here", lambda: False)
    monkeypatch.delattr(guarding, "forked")

    assert check_study(tiny_root, STUDY) == alone


def test_check_leaves_nothing_behind(tiny_root: Path) -> None:
    """A check writes nothing, into the study or elsewhere beside it."""
    before = sorted(tiny_root.rglob("*"))

    check_study(tiny_root, STUDY)

    assert before == sorted(tiny_root.rglob("*"))
