from __future__ import annotations

import pytest

from analysis.errors import SourceError
from analysis.intake.answers import Answer
from analysis.intake.lines import POINT, PROSE, SUBPOINT, Block


def answer_of(*blocks: tuple[str, str]) -> Answer:
    return Answer("context", "hope", 7, tuple(Block(role, text) for role, text in blocks))


def test_numbers_points_subpoints_and_prose_apart():
    """Points count from 1, sub-points from a under their point, prose from p1."""
    answer = answer_of(
        (PROSE, "Yes."),
        (POINT, "One"),
        (SUBPOINT, "x"),
        (SUBPOINT, "y"),
        (POINT, "Two"),
        (PROSE, "No."),
    )

    places = [(point.position, point.role) for point in answer.points()]

    assert places == [
        ("p1", "prose"),
        ("1", "point"),
        ("1a", "subpoint"),
        ("1b", "subpoint"),
        ("2", "point"),
        ("p2", "prose"),
    ]


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([(PROSE, "We need:"), (POINT, "Time")], "lead_in"),
        ([(PROSE, "We need much."), (POINT, "Time")], "prose"),
        ([(PROSE, "We need:"), (PROSE, "Time.")], "prose"),
        ([(PROSE, "We need:")], "prose"),
    ],
)
def test_lead_in_ends_in_colon_above_a_list(blocks: list[tuple[str, str]], expected: str):
    """Prose is a lead-in only where it ends in a colon and a list item follows."""
    assert answer_of(*blocks).points()[0].role == expected


def test_subpoint_without_point_above_is_a_point():
    """A list of sub-points alone is a list of points."""
    answer = answer_of((SUBPOINT, "x"), (SUBPOINT, "y"))

    assert [(point.position, point.role) for point in answer.points()] == [
        ("1", "point"),
        ("2", "point"),
    ]


def test_joins_a_cut_sentence_to_the_last_block():
    """The first block of a joined stretch ends the last one above; the rest stand alone."""
    answer = answer_of((POINT, "Boats and the")).join([Block(PROSE, "nets."), Block(POINT, "Fuel")])

    assert answer.blocks == (Block(POINT, "Boats and the nets."), Block(POINT, "Fuel"))


def test_refuses_more_subpoints_than_letters():
    """A 27th sub-point has no position."""
    answer = answer_of((POINT, "Many"), *((SUBPOINT, str(number)) for number in range(27)))

    with pytest.raises(SourceError, match="line 7"):
        answer.points()
