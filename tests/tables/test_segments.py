from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_tables import make_received

from analysis.tables.segments import POSITION_PATTERN, cells_of, headings_of, point_of, sort_key

ONE = [{"focus_group": "one"}]
numbers = st.integers(min_value=1, max_value=120)
positions = st.one_of(
    numbers.map(lambda number: f"p{number}"),
    numbers.map(str),
    st.tuples(numbers, st.sampled_from("abz")).map(lambda parts: f"{parts[0]}{parts[1]}"),
)


def test_cell_is_section_and_question() -> None:
    """The cell of a segment is its section and its question."""
    texts = make_received(
        groups=ONE, texts=[{"segment": "a", "section": "structures", "question": "hope"}]
    ).segments

    assert cells_of(texts).tolist() == ["structures.hope"]


@pytest.mark.parametrize(
    ("position", "point"), [("3", "3"), ("3a", "3"), ("12b", "12"), ("p1", "p1"), ("", "")]
)
def test_sub_point_belongs_to_its_point(position: str, point: str) -> None:
    """A sub-point belongs to the point with its number; all else to itself."""
    assert point_of(position) == point


def test_point_above_sub_points_is_a_heading() -> None:
    """Only the point of the same number, cell and focus group heads a sub-point."""
    texts = make_received(
        groups=[{"focus_group": "one"}, {"focus_group": "two"}],
        texts=[
            {"segment": "heading", "position": "1"},
            {"segment": "its sub-point", "position": "1a"},
            {"segment": "other point", "position": "11"},
            {"segment": "other question", "question": "hope", "position": "1"},
            {"segment": "other group", "focus_group": "two", "position": "1"},
            {"segment": "prose", "position": "p1", "role": "prose"},
        ],
    ).segments

    assert texts.loc[headings_of(texts), "segment"].tolist() == ["heading"]


def test_no_segments_have_no_headings() -> None:
    """An empty table has no headings."""
    texts = make_received(groups=ONE).segments

    assert headings_of(texts).tolist() == []


def test_order_is_that_of_the_template() -> None:
    """Prose comes first, then points by number, each before its sub-points."""
    shuffled = ["10", "2", "1b", "p10", "1", "p2", "1a", "2a"]

    ordered = sorted(shuffled, key=sort_key)

    assert ordered == ["p2", "p10", "1", "1a", "1b", "2", "2a", "10"]


@given(st.lists(positions, unique=True))
def test_order_knows_every_position(drawn: list[str]) -> None:
    """Every well-formed position has its own place in the order, after the point it belongs to."""
    assert all(re.fullmatch(POSITION_PATTERN, position) for position in drawn)
    assert len({sort_key(position) for position in drawn}) == len(drawn)
    assert all(sort_key(point_of(position)) <= sort_key(position) for position in drawn)
