from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analysis.intake.coded.offsets import Units, _counted, units_of

EMOJI = "\U0001f600"


def test_code_points_are_the_rule():
    """Where they fit, positions are counted as the standard says."""
    text = f"{EMOJI} fear of police, and shame"

    units = units_of(text, [(2, 6, ""), (10, 16, "")])

    assert units.name == "code points"
    assert [
        text[slice(*(units.stretch(start, end) or ()))] for start, end in ((2, 6), (10, 16))
    ] == [
        "fear",
        "police",
    ]


def test_units_of_utf_16_are_found_by_the_words_that_they_keep_whole():
    """Positions that cut words as code points, and none as UTF-16 units, are the latter."""
    text = f"{EMOJI} fear of police, and shame"

    units = units_of(text, [(3, 7, ""), (11, 17, "")])

    found = units.stretch(11, 17)
    assert units.name == "UTF-16 units"
    assert found is not None
    assert text[slice(*found)] == "police"


def test_names_that_repeat_the_words_decide():
    """Tools name a selection by its first words: where these are, the selection is."""
    text = f"{EMOJI}{EMOJI} we fear; we fear too"

    units = units_of(text, [(5, 12, "we fear"), (14, 25, "we fear too")])

    assert units.name == "UTF-16 units"


def test_line_ends_that_are_counted_once_are_found():
    r"""A tool that keeps ``\r\n`` as one character counts less than the file has."""
    text = "first line\r\nsecond line\r\nthird line"

    units = units_of(text, [(11, 17, ""), (23, 28, "")])

    assert units.name == "code points, a line end counted once"
    assert [text[slice(*(units.stretch(*at) or ()))] for at in ((11, 17), (23, 28))] == [
        "second",
        "third",
    ]


def test_what_leads_out_of_the_text_is_no_stretch():
    """Positions beyond the end, before the start, or around nothing are none."""
    units = Units("abc", "code points")

    assert [units.stretch(*at) for at in ((0, 3), (0, 4), (-1, 2), (2, 2))] == [
        (0, 3),
        None,
        None,
        None,
    ]


@given(st.text(alphabet=f"ab {EMOJI}é\n", min_size=1, max_size=20), st.data())
def test_utf_16_positions_lead_to_the_same_words(text: str, data: st.DataObject):
    """What UTF-16 itself says of a stretch is what its units say."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    units = _counted(text, "UTF-16 units", astral=2, line_feed=1)
    first, last = (len(text[:at].encode("utf-16-le")) // 2 for at in (start, end))

    assert units.stretch(first, last) == (start, end)
