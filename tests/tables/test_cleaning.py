from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from made_tables import codes_of, make_received, set_aside_by

from analysis.tables.build_folder import BuildFolder
from analysis.tables.cleaning import (
    LEAD_IN,
    NO_CONSENT,
    WITHDRAWN,
    WITHHELD_SPELLING,
    clean,
    read_cleaned,
    write_cleaned,
)
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


def test_log_tells_what_changed_and_where() -> None:
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


def test_log_tells_no_spelling_of_words_that_are_withheld() -> None:
    """Which word was spelled anew would tell that it was said; that one was, does not."""
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


def test_headings_are_recognised() -> None:
    """A point above sub-points is marked as a heading; its sub-points bear the codes."""
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
        pd.testing.assert_frame_equal(table, read[name])
