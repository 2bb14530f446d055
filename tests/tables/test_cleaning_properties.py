from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import make_received

from analysis.tables.cleaning import DUPLICATE, CleanedTables, clean
from analysis.tables.received import COLUMNS, ReceivedTables
from analysis.tables.text_cleaning import steps_of_cleaning

STEPS = steps_of_cleaning({"COVID19": "COVID-19"})

words = st.sampled_from(["Fear", "Fear ", "Hope", "H\u00adope", "COVID19", "COVID-19", "", " "])
ids = st.sampled_from(["one", "two", "three"])
positions = st.sampled_from(["1", "1a", "1b", "2", "2a", "3", "3a", "p1"])
texts_of_study = st.lists(
    st.fixed_dictionaries({"focus_group": ids, "position": positions, "text": words}), max_size=14
)
groups_of_study = st.tuples(
    *[
        st.fixed_dictionaries(
            {
                "focus_group": st.just(group),
                "consent": st.sampled_from(["public", "public", "none"]),
                "withdrawn": st.sampled_from(["", "", "2020-11-01"]),
            }
        )
        for group in ("one", "two", "three")
    ]
)
tables_take_time = settings(deadline=None, max_examples=60)
lead_ins = st.sets(st.integers(0, 13))


def _make_study(
    groups: tuple[dict[str, str], ...], texts: list[dict[str, str]], leading: set[int]
) -> ReceivedTables:
    """Make a study in which two coders coded each segment, one of them after its number."""
    for number, row in enumerate(texts):
        row["segment"] = f"s{number}"
        row["role"] = _role(row["position"], leads=number in leading)
    applications = [
        {"segment": row["segment"], "code": code, "coder": coder}
        for number, row in enumerate(texts)
        for code, coder in (("law", "ann"), (f"c{number % 3}", "bot"))
    ]
    return make_received(groups=groups, texts=texts, applications=applications)


def _role(position: str, *, leads: bool) -> str:
    if position.startswith("p"):
        return "lead_in" if leads else "prose"
    return "subpoint" if position[-1].isalpha() else "point"


def _received_again(cleaned: CleanedTables, received: ReceivedTables) -> ReceivedTables:
    """Give cleaned tables as if they had been received so."""
    tables = {"codebook": received.codebook, **cleaned.by_name()}
    return ReceivedTables(**{name: tables[name][list(cols)] for name, cols in COLUMNS.items()})


@tables_take_time
@given(groups_of_study, texts_of_study, lead_ins)
def test_no_segment_is_lost(
    groups: tuple[dict[str, str], ...], texts: list[dict[str, str]], leading: set[int]
) -> None:
    """Rows in are rows out and rows set aside; whatever is merged lives on in what is kept."""
    received = _make_study(groups, texts, leading)

    cleaned = clean(received, STEPS)

    kept, set_aside = cleaned.segments["segment"], cleaned.set_aside["segment"]
    assert sorted([*kept, *set_aside]) == sorted(received.segments["segment"])
    assert sorted([*kept.index, *set_aside.index]) == list(received.segments.index)
    merged = cleaned.set_aside[cleaned.set_aside["reason"] == DUPLICATE]
    assert set(merged["kept_as"]) <= set(kept)
    assert (cleaned.set_aside["reason"] != "").all()


@tables_take_time
@given(groups_of_study, texts_of_study, lead_ins)
def test_no_code_is_lost_in_a_merger(
    groups: tuple[dict[str, str], ...], texts: list[dict[str, str]], leading: set[int]
) -> None:
    """Each code stays on its segment or moves to its stand-in, once for each coder."""
    received = _make_study(groups, texts, leading)

    cleaned = clean(received, STEPS)

    lives_on = {segment: segment for segment in cleaned.segments["segment"]}
    merged = cleaned.set_aside[cleaned.set_aside["kept_as"] != ""]
    lives_on |= dict(zip(merged["segment"], merged["kept_as"], strict=True))
    expected = {
        (lives_on[row.segment], row.code, row.coder)
        for row in received.code_applications.itertuples()
        if row.segment in lives_on
    }
    moved = cleaned.code_applications.itertuples(index=False, name=None)
    assert sorted(moved) == sorted(expected)


@tables_take_time
@given(groups_of_study, texts_of_study, lead_ins)
def test_cleaning_twice_is_cleaning_once(
    groups: tuple[dict[str, str], ...], texts: list[dict[str, str]], leading: set[int]
) -> None:
    """Cleaned tables come out of cleaning as they went in, with nothing set aside or told."""
    received = _make_study(groups, texts, leading)
    once = clean(received, STEPS)

    twice = clean(_received_again(once, received), STEPS)

    pd.testing.assert_frame_equal(twice.focus_groups, once.focus_groups)
    pd.testing.assert_frame_equal(twice.segments, once.segments)
    pd.testing.assert_frame_equal(twice.code_applications, once.code_applications)
    assert (len(twice.set_aside), len(twice.log)) == (0, 0)


@tables_take_time
@given(groups_of_study, texts_of_study, lead_ins)
def test_every_heading_keeps_a_sub_point(
    groups: tuple[dict[str, str], ...], texts: list[dict[str, str]], leading: set[int]
) -> None:
    """No merger turns a heading into a point without sub-points."""
    kept = clean(_make_study(groups, texts, leading), STEPS).segments

    point = kept["focus_group"] + " " + kept["position"].str.extract(r"^(\d+)", expand=False)
    with_subpoints = set(point[kept["role"] == "subpoint"])
    assert set(point[kept["is_heading"]]) <= with_subpoints
