from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import codes_of, make_received, set_aside_by

from analysis.tables.build_folder import BuildFolder
from analysis.tables.cleaning import (
    DUPLICATE,
    LEAD_IN,
    MERGED,
    NO_CONSENT,
    WITHDRAWN,
    WITHHELD_SPELLING,
    CleanedTables,
    clean,
    read_cleaned,
    write_cleaned,
)
from analysis.tables.received import COLUMNS, ReceivedTables
from analysis.tables.text_cleaning import steps_of_cleaning

if TYPE_CHECKING:
    from pathlib import Path

STEPS = steps_of_cleaning({"COVID19": "COVID-19"})


ONE = [{"focus_group": "one"}]


def test_cleans_texts_and_keeps_all_else() -> None:
    """The words of focus groups and segments are cleaned, ids and the rows of the files kept."""
    received = make_received(
        groups=[
            {
                "focus_group": "one",
                "title": " COVID19 ",
                "organiser": "A\u00a0network",
                "theme": "Law  and care",
                "participants": "8\u00a0members",
                "source": " as it came ",
            }
        ],
        texts=[{"segment": "a", "label": "\u201cLaw\u201d", "text": "Fear\nof COVID19"}],
    )

    cleaned = clean(received, STEPS)

    group, segment = cleaned.focus_groups.loc[2], cleaned.segments.loc[2]
    assert [group["title"], group["organiser"]] == ["COVID-19", "A network"]
    assert [group["theme"], group["participants"]] == ["Law and care", "8 members"]
    assert group["source"] == " as it came "
    assert [segment["label"], segment["text"]] == ['"Law"', "Fear of COVID-19"]
    assert [segment["cell"], segment["is_heading"]] == ["theme.introduction", False]


def test_log_lists_what_changed_and_where() -> None:
    """The log has the table, the item and the column of each change, and no words but spellings."""
    received = make_received(
        groups=[{"focus_group": "one", "title": "COVID19"}],
        texts=[
            {"segment": "a", "text": "We  said  COVID19 "},
            {"segment": "b", "position": "2", "text": "Clean."},
        ],
    )

    log = clean(received, STEPS).log

    assert log.to_numpy().tolist() == [
        ["focus_groups", "one", "title", "spelling", "COVID19 \u2192 COVID-19", 1],
        ["segments", "a", "text", "white space", "space \u2192 nothing", 1],
        ["segments", "a", "text", "white space", "space (several) \u2192 space", 2],
        ["segments", "a", "text", "spelling", "COVID19 \u2192 COVID-19", 1],
    ]


def test_nothing_to_change_leaves_an_empty_log() -> None:
    """A log without changes has the same columns and types as one with."""
    clean_received = make_received(groups=ONE, texts=[{"segment": "a", "text": "Clean."}])
    worn_received = make_received(groups=ONE, texts=[{"segment": "a", "text": "Worn "}])

    empty, filled = clean(clean_received, STEPS).log, clean(worn_received, STEPS).log

    assert (len(empty), len(filled)) == (0, 1)
    assert empty.dtypes.to_dict() == filled.dtypes.to_dict()


def test_lead_ins_are_set_aside_with_their_codes() -> None:
    """A sentence that only announces a list is not counted, nor is a code on it."""
    received = make_received(
        groups=ONE,
        texts=[
            {"segment": "a", "position": "p1", "role": "lead_in", "text": "We fear:"},
            {"segment": "b", "text": "Raids."},
        ],
        applications=[
            {"segment": "a", "code": "law", "coder": "ann"},
            {"segment": "b", "code": "law", "coder": "ann"},
        ],
    )

    cleaned = clean(received, STEPS)

    assert set_aside_by(cleaned) == {"a": (LEAD_IN, "")}
    assert codes_of(cleaned) == [("b", "law", "ann")]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"consent": "none"}, NO_CONSENT),
        ({"consent": ""}, NO_CONSENT),
        ({"withdrawn": "2020-11-01"}, WITHDRAWN),
        ({"consent": "none", "withdrawn": "2020-11-01"}, WITHDRAWN),
    ],
    ids=["none", "unstated", "withdrawn", "both"],
)
def test_words_without_consent_areset_aside_by(said: dict[str, str], reason: str) -> None:
    """Without consent nothing is counted, whatever else would be a reason; the group remains."""
    received = make_received(
        groups=[*ONE, {"focus_group": "two", **said}],
        texts=[
            {"segment": "a", "text": "Fear."},
            {"segment": "b", "focus_group": "two", "text": "Fear."},
            {"segment": "c", "focus_group": "two", "position": "2", "text": "Fear."},
            {"segment": "d", "focus_group": "two", "position": "p1", "role": "lead_in"},
        ],
        applications=[
            {"segment": "a", "code": "fear", "coder": "ann"},
            {"segment": "c", "code": "fear", "coder": "ann"},
        ],
    )

    cleaned = clean(received, STEPS)

    assert set_aside_by(cleaned) == {"b": (reason, ""), "c": (reason, ""), "d": (reason, "")}
    assert codes_of(cleaned) == [("a", "fear", "ann")]
    assert cleaned.focus_groups["focus_group"].tolist() == ["one", "two"]


def test_consent_for_counts_only_lets_count() -> None:
    """Words that may be counted and not shown are kept, for the reports to withhold."""
    received = make_received(
        groups=[{"focus_group": "one", "consent": "aggregate-only"}],
        texts=[{"segment": "a", "text": "Fear."}],
    )

    assert clean(received, STEPS).segments["segment"].tolist() == ["a"]


def test_log_has_no_spelling_of_words_that_are_withheld() -> None:
    """The log says that a spelling was corrected, and not which withheld word it was."""
    received = make_received(
        groups=[
            {"focus_group": "one", "consent": "aggregate-only", "theme": "COVID19"},
            {"focus_group": "two"},
        ],
        texts=[
            {"segment": "a", "text": "COVID19 and  care"},
            {"segment": "b", "focus_group": "two", "text": "COVID19"},
        ],
    )

    log = clean(received, STEPS).log

    assert dict(zip(log["item"] + " " + log["step"], log["change"], strict=True)) == {
        "one spelling": WITHHELD_SPELLING,
        "a white space": "space (several) \u2192 space",
        "a spelling": WITHHELD_SPELLING,
        "b spelling": "COVID19 \u2192 COVID-19",
    }


def test_log_has_no_spelling_of_a_name_that_is_withheld() -> None:
    """The title and the host of `public-without-names` are withheld, and so are their spellings."""
    received = make_received(
        groups=[
            {"focus_group": "one", "consent": "public-without-names", "title": "COVID19"},
            {"focus_group": "two", "consent": "public", "title": "COVID19"},
        ],
        texts=[{"segment": "a", "text": "COVID19"}],
    )

    log = clean(received, STEPS).log

    assert dict(zip(log["item"], log["change"], strict=True)) == {
        "one": WITHHELD_SPELLING,
        "two": "COVID19 \u2192 COVID-19",
        "a": "COVID19 \u2192 COVID-19",
    }


def test_headings_are_recognised() -> None:
    """A point above sub-points is marked as a heading; its sub-points have the codes."""
    received = make_received(
        groups=ONE,
        texts=[
            {"segment": "a", "position": "1", "text": "Support"},
            {"segment": "b", "position": "1a", "text": "from peers"},
            {"segment": "c", "position": "2", "text": "Fear"},
        ],
    )

    kept = clean(received, STEPS).segments

    assert dict(zip(kept["segment"], kept["is_heading"], strict=True)) == {
        "a": True,
        "b": False,
        "c": False,
    }


@pytest.mark.parametrize("columns", [["segment", "focus_group", "cell", "reason", "kept_as"]])
def test_place_without_segments_is_cleaned(columns: list[str]) -> None:
    """Tables without segments come out with their columns and without rows."""
    cleaned = clean(make_received(groups=ONE), STEPS)

    assert (len(cleaned.segments), list(cleaned.set_aside.columns)) == (0, columns)
    assert cleaned.segments["is_heading"].dtype == bool


def test_received_tables_stay_as_they_were() -> None:
    """Cleaning makes new tables and leaves those received alone."""
    received = make_received(groups=ONE, texts=[{"segment": "a", "text": " Worn "}])
    before = {name: table.copy() for name, table in received.by_name().items()}

    clean(received, STEPS)

    for name, table in received.by_name().items():
        pd.testing.assert_frame_equal(table, before[name])


def test_cleaned_tables_read_back(tmp_path: Path) -> None:
    """What a step writes for the next reads back the same, codes and an empty log included."""
    received = make_received(
        groups=ONE,
        texts=[
            {"segment": "a", "position": "p1", "role": "lead_in", "text": "We fear:"},
            {"segment": "b", "text": "Raids."},
        ],
        applications=[{"segment": "b", "code": "law", "coder": "ann"}],
    )
    cleaned, build = clean(received, STEPS), BuildFolder(tmp_path / "new")

    write_cleaned(cleaned, build, "esa")

    read = read_cleaned(build, "esa").by_name()
    assert list(cleaned.by_name()) == list(read)
    for name, table in cleaned.by_name().items():
        pd.testing.assert_frame_equal(table.reset_index(drop=True), read[name])


def test_duplicates_are_merged_and_their_codes_moved() -> None:
    """Where a study says so, texts that are the same once cleaned count once, with all codes."""
    received = make_received(
        groups=ONE,
        texts=[
            {"segment": "a", "position": "1", "text": "Raids on our homes."},
            {"segment": "b", "position": "2", "text": "Fear."},
            {"segment": "c", "position": "3", "text": "Raids on\u00a0our homes. "},
            {"segment": "d", "position": "4", "text": "Raids  on our homes."},
        ],
        applications=[
            {"segment": "a", "code": "law", "coder": "ann"},
            {"segment": "c", "code": "law", "coder": "ann"},
            {"segment": "c", "code": "law", "coder": "bot"},
            {"segment": "d", "code": "fear", "coder": "ann"},
        ],
    )

    cleaned = clean(received, STEPS, repeats="set-aside")

    assert set_aside_by(cleaned) == {"c": (DUPLICATE, "a"), "d": (DUPLICATE, "a")}
    assert codes_of(cleaned) == [("a", "law", "ann"), ("a", "law", "bot"), ("a", "fear", "ann")]

    assert cleaned.codings_set_aside.to_numpy().tolist() == [["c", "law", "ann", MERGED]]


def test_same_words_at_another_position_are_kept_with_their_codes() -> None:
    """The same words twice are two segments, unless nothing distinguishes the two."""
    received = make_received(
        groups=ONE,
        texts=[
            {"segment": "a", "position": "1", "text": "Yes."},
            {"segment": "b", "position": "2", "text": "Yes."},
            {"segment": "c", "position": "2", "text": "Yes. "},
        ],
        applications=[{"segment": each, "code": "law", "coder": "ann"} for each in ("a", "b", "c")],
    )

    cleaned = clean(received, STEPS)

    assert set_aside_by(cleaned) == {"c": (DUPLICATE, "b")}
    assert codes_of(cleaned) == [("a", "law", "ann"), ("b", "law", "ann")]
    assert cleaned.codings_set_aside.to_numpy().tolist() == [["c", "law", "ann", MERGED]]


@pytest.mark.parametrize(
    "other",
    [
        {"focus_group": "two"},
        {"section": "structures", "question": "hope"},
        {"text": "raids."},
    ],
    ids=["other-group", "other-cell", "other-case"],
)
def test_same_words_elsewhere_are_no_duplicate(other: dict[str, str]) -> None:
    """Words said by another focus group, or to another question, are a voice of their own."""
    received = make_received(
        groups=[*ONE, {"focus_group": "two"}],
        texts=[
            {"segment": "a", "text": "Raids."},
            {"segment": "b", "position": "2", "text": "Raids.", **other},
        ],
    )

    assert set_aside_by(clean(received, STEPS, repeats="set-aside")) == {}


def test_blank_texts_are_no_duplicates() -> None:
    """Texts of white space only are emptied and kept, for the guards to name each."""
    received = make_received(
        groups=ONE,
        texts=[
            {"segment": "a", "text": " \u00a0"},
            {"segment": "b", "position": "2", "text": "\u200b\n"},
        ],
    )

    cleaned = clean(received, STEPS, repeats="set-aside")

    assert (cleaned.segments["text"].tolist(), len(cleaned.set_aside)) == (["", ""], 0)


def test_point_survives_a_lead_in_of_the_same_words() -> None:
    """A point that repeats the words of a lead-in is no duplicate of it, and keeps its codes."""
    received = make_received(
        groups=ONE,
        texts=[
            {"segment": "a", "position": "p1", "role": "lead_in", "text": "Police violence"},
            {"segment": "b", "text": "Police violence"},
        ],
        applications=[{"segment": "b", "code": "law", "coder": "ann"}],
    )

    cleaned = clean(received, STEPS, repeats="set-aside")

    assert set_aside_by(cleaned) == {"a": (LEAD_IN, "")}
    assert codes_of(cleaned) == [("b", "law", "ann")]


def test_point_pasted_twice_is_merged_whole() -> None:
    """A point repeated with its sub-points leaves neither a heading nor a sub-point behind."""
    block = [("1", "Fund"), ("1a", "shelters"), ("1b", "clinics")]
    again = [("4", "Fund"), ("4a", "shelters"), ("4b", "clinics")]
    received = make_received(
        groups=ONE,
        texts=[{"segment": at, "position": at, "text": text} for at, text in [*block, *again]],
    )

    cleaned = clean(received, STEPS, repeats="set-aside")

    assert set_aside_by(cleaned) == {
        "4": (DUPLICATE, "1"),
        "4a": (DUPLICATE, "1a"),
        "4b": (DUPLICATE, "1b"),
    }


def test_same_words_under_other_points_are_no_duplicate() -> None:
    """More money for shelters is not more money for clinics, and both points keep sub-points."""
    received = make_received(
        groups=ONE,
        texts=[
            {"segment": "a", "position": "1", "text": "Shelters"},
            {"segment": "b", "position": "1a", "text": "more money"},
            {"segment": "c", "position": "1b", "text": "more money"},
            {"segment": "d", "position": "2", "text": "Clinics"},
            {"segment": "e", "position": "2a", "text": "more money"},
            {"segment": "f", "position": "3", "text": "more money"},
        ],
    )

    assert set_aside_by(clean(received, STEPS, repeats="set-aside")) == {"c": (DUPLICATE, "b")}


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


tables_take_time = settings(max_examples=60)


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
def test_no_segment_and_no_code_is_lost(
    groups: tuple[dict[str, str], ...], texts: list[dict[str, str]], leading: set[int]
) -> None:
    """Rows in are rows out and rows set aside; whatever is merged lives on in what is kept.

    Each code stays on its segment or moves to the one kept for it, once for each coder.
    """
    received = _make_study(groups, texts, leading)

    cleaned = clean(received, STEPS, repeats="set-aside")

    kept, set_aside = cleaned.segments["segment"], cleaned.set_aside["segment"]
    assert sorted([*kept, *set_aside]) == sorted(received.segments["segment"])
    assert sorted([*kept.index, *set_aside.index]) == list(received.segments.index)
    merged = cleaned.set_aside[cleaned.set_aside["reason"] == DUPLICATE]
    assert set(merged["kept_as"]) <= set(kept)
    assert (cleaned.set_aside["reason"] != "").all()
    lives_on = {segment: segment for segment in kept}
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
    """Cleaning cleaned tables changes nothing, sets nothing aside and logs nothing.

    No merger turns a heading into a point without sub-points.
    """
    received = _make_study(groups, texts, leading)
    once = clean(received, STEPS)

    twice = clean(_received_again(once, received), STEPS)

    pd.testing.assert_frame_equal(twice.focus_groups, once.focus_groups)
    pd.testing.assert_frame_equal(twice.segments, once.segments)
    pd.testing.assert_frame_equal(twice.code_applications, once.code_applications)
    assert (len(twice.set_aside), len(twice.log)) == (0, 0)
    kept = once.segments
    point = kept["focus_group"] + " " + kept["position"].str.extract(r"^(\d+)", expand=False)
    with_subpoints = set(point[kept["role"] == "subpoint"])
    assert set(point[kept["is_heading"]]) <= with_subpoints
