from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from made_parts import GHA, KEN, make_coded, make_said
from made_tables import make_received, make_received_at

from analysis.errors import PlaceError
from analysis.tables.parted import ELSEWHERE
from analysis.tables.parting import require_placed
from analysis.tables.placing import places_to_report

if TYPE_CHECKING:
    from made_parts import PartedStudy


def test_what_belongs_to_no_place_is_elsewhere(study: PartedStudy) -> None:
    """No row is lost: what has no home that is cleaned is in a part of its own, as a whole."""
    received = make_received(
        groups=[KEN, {**GHA, "consent": "none"}],
        texts=make_said(("k1", "ken", "a"), ("g1", "gha", "b"), ("x1", "nobody", "c")),
        applications=make_coded("k1", "g1", "x1", "nothing", ""),
    )

    study.part(received)

    assert study.ids("esa") == [["ken"], ["k1"], ["k1"]]
    assert study.ids(ELSEWHERE) == [["gha"], ["g1", "x1"], ["g1", "x1", "nothing", ""]]


def test_global_submission_stands_on_each_continent(study: PartedStudy) -> None:
    """A focus group that no continent holds stands at each continent of the study it overlaps."""
    received = make_received_at("KEN", "global")

    study.part(received)

    assert study.ids("africa") == [["global"], ["on global"], ["on global"]]
    assert study.ids(ELSEWHERE) == [[], [], []]


def test_focus_group_listed_at_two_places_stands_at_both(study: PartedStudy) -> None:
    """All rows of an id stand together, so that each place sees that it is there twice."""
    received = make_received(
        groups=[{**KEN, "focus_group": "one"}, {**GHA, "focus_group": "one"}],
        texts=make_said(("s1", "one", "a")),
    )

    study.part(received)

    assert study.ids("esa") == study.ids("wca") == [["one", "one"], ["s1"], []]


def test_segment_of_two_places_is_seen_elsewhere(study: PartedStudy) -> None:
    """Where a segment is there again at another place, both focus groups are elsewhere, whole."""
    received = make_received(
        groups=[KEN, GHA, {"focus_group": "uga", "places": "UGA"}],
        texts=make_said(("s", "ken", "a"), ("s", "gha", "b"), ("u", "uga", "c"), ("k", "ken", "d")),
        applications=make_coded("u", "k", "s"),
    )

    study.part(received)

    assert study.ids("esa") == [["ken", "uga"], ["s", "u", "k"], ["u", "k", "s"]]
    assert study.ids("wca") == [["gha"], ["s"], ["s"]]
    assert study.ids(ELSEWHERE) == [["ken", "gha"], ["s", "s", "k"], ["k", "s"]]


def test_segment_that_a_place_sees_twice_is_not_elsewhere(study: PartedStudy) -> None:
    """Where the guards of one place see that a segment is there twice, nothing is put elsewhere."""
    received = make_received(
        groups=[KEN, GHA], texts=make_said(("s", "ken", "a"), ("s", "ken", "b"), ("", "gha", "c"))
    )

    study.part(received)

    assert study.ids("esa") == [["ken"], ["s", "s"], []]
    assert study.ids(ELSEWHERE) == [[], [], []]


def test_blank_segments_are_no_repeats(study: PartedStudy) -> None:
    """Segments without an id are told by their row; a code without one stands with all of them."""
    received = make_received(
        groups=[KEN, GHA],
        texts=make_said(("", "ken", "a"), ("", "gha", "b")),
        applications=make_coded(""),
    )

    study.part(received)

    assert study.ids("esa") == [["ken"], [""], [""]]
    assert study.ids("wca") == [["gha"], [""], [""]]
    assert study.ids(ELSEWHERE) == [[], [], []]


def test_unknown_places_are_refused_once_asked(study: PartedStudy) -> None:
    """Who lies nowhere is parted for the guards to see, and refused in the words of placing."""
    received = make_received(
        groups=[KEN, {"focus_group": "x", "places": "KEN;XXX"}, {"focus_group": "", "places": "y"}]
    )

    parting = study.part(received)

    with pytest.raises(PlaceError) as expected:
        places_to_report(received.focus_groups, study.opened.places, ("africa",))
    with pytest.raises(PlaceError) as refusal:
        require_placed(study.opened, study.build)
    assert parting.misplaced
    assert study.ids(ELSEWHERE)[0] == ["x", ""]
    assert str(refusal.value) == str(expected.value)


def test_focus_group_outside_the_study_is_misplaced(study: PartedStudy) -> None:
    """Who lies on no continent of the study stands elsewhere, and is refused by row."""
    parting = study.part(make_received_at("KEN", "IND"))

    assert parting.misplaced
    with pytest.raises(PlaceError, match=r"focus_groups\.csv row 3: IND"):
        require_placed(study.opened, study.build)


def test_placed_focus_groups_are_not_refused(study: PartedStudy) -> None:
    """Where every focus group has a report, there is nothing to refuse."""
    parting = study.part(make_received_at("KEN", "global"))

    require_placed(study.opened, study.build)

    assert not parting.misplaced
