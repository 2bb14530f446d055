from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.quality.personal_data.scan import scan_text, scan_texts
from analysis.quality.personal_data.triggers import patterns

PIECES = (
    *(
        "Achieng",
        "ACHIENG",
        "Dr",
        "Okonjo",
        "Zola",
        "27",
        " (",
        "), ",
        ", ",
        " aged ",
        " ans",
        " is ",
    ),
    *("+254 ", "0700 ", "555 ", "014", "passport ", "A0555123", "born ", "3 May 1990", "@", "name"),
    *(".org", " at ", " dot ", "the ", "nurse", "rue de ", "Marseille", " Street", "bar ", "Le "),
    *("Zkola", " (27yo)", ", 27yrs,", " aged 27yo", ", age:27.", "\u2013age/27", " - 27", " de "),
    *("Her ", "passport is ", "passport no. ", "ID ", "card ", "K12B345", "AB1234C5", "n\u00e9e, "),
    *("turned ", "27 ", "in ", "years", "-old ", " y.o.", "who ", "has ", "hoy", "Idade ", "] "),
    *(" told us", " called ", "my friend ", "D\u2019", "\u00e9", "\u200b", "\uff17", "  ", "\n"),
)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("phone", "Call \uff10\uff17\uff10\uff10 \uff15\uff15\uff15 \uff10\uff11\uff14."),
        ("phone", "Call \u0660\u0667\u0660\u0660 \u0665\u0665\u0665 \u0660\u0661\u0664."),
        ("phone", "Call 07\u200b00 55\u00ad5 01\u20604."),
        ("phone", "Call 0700\u2009555\u2011014."),
        ("email", "Write to a.na\u200bme@exam\u200dple.org"),
        ("email", "Write to a.name\uff20example\uff0eorg"),
        ("name-age", "Aiss\u0061\u0301tou, \u0662\u0667, left."),
        ("name-role", "Dr\u00a0 Okonjo"),
        ("name-age", "Achieng,\n27, left."),
    ],
)
def test_ways_of_writing_do_not_evade(kind: str, text: str) -> None:
    """Digits of other scripts, invisible signs and odd white space hide nothing."""
    assert scan_text(text) == (kind,)
    assert scan_texts(pd.Series([text])) == {0: (kind,)}


def test_texts_are_told_by_their_position() -> None:
    """Only texts in which something is found are told, and missing ones hold nothing."""
    texts = pd.Series(["Care is far.", None, "Achieng, 27, left.", ""], dtype="str")

    assert scan_texts(texts) == {2: ("name-age",)}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("name-age", "Zkola (27yo)"),
        ("name-age", "Zkola, 27yrs, left."),
        ("name-age", "Zkola, aged 27yo"),
        ("name-age", "Zkola (27y/o), peer"),
        ("name-age", "Zkola, age:27."),
        ("name-age", "Zkola\u2013age/27"),
        ("name-age", "Zkola [aged 27] left."),
        ("name-age", "Zkola, a 27-year-old"),
        ("name-age", "Zkola, idade 27 pessoas"),
        ("name-age", "Zkola; edad, 27x"),
        ("name-age", "Aged 27 ans, Zkola left."),
        ("document", "Her passport is AB1234C5."),
        ("document", "passport no. A1B2C3D4E5"),
        ("document", "passport is K12B345"),
        ("document", "ID card KE1234A5"),
        ("birth-date", "Elle est n\u00e9e, le 8 mai 1975."),
        ("name-role", "Zkola (par la patronne du bar)"),
        ("name-role", "Miss de Zkola left."),
        ("name-role", "Zkola, the old nurse"),
        ("name-role", "Zkola (peer nurse) left."),
    ],
)
def test_words_close_to_a_finding_hide_nothing(kind: str, text: str) -> None:
    """What stands directly beside an age, a number or a role does not keep a text from the scan."""
    assert scan_text(text) == (kind,)
    assert scan_texts(pd.Series([text])) == {0: (kind,)}


ENDINGS = (
    *(".", ",", ";", ":", "!", "?", ")", " ans", " anos", " years", "-years-old", " y/o", "yrs"),
    *(" from here", " who", " and", " but", " when", " e", " y", " et", " mas", " pero", " mais"),
    *(" que", " qui", ""),
)
MOMENTS = (
    *("in", "on", "at", "this", "next", "last", "today", "yesterday", "em", "no", "na", "hoje"),
    *("ontem", "en", "el", "este", "hoy", "ayer", "hier", "cette", "cet"),
)


@pytest.mark.parametrize("ending", ENDINGS)
def test_age_is_seen_whatever_ends_it(ending: str) -> None:
    """No list has the name: the age alone leads to it."""
    text = f"We heard Zkola, aged 27{ending}"

    assert scan_texts(pd.Series([text])) == {0: scan_text(text)} == {0: ("name-age",)}


@pytest.mark.parametrize("moment", MOMENTS)
def test_age_is_seen_where_it_is_said_when(moment: str) -> None:
    """No list has the name, and no sign ends the age."""
    text = f"Zkola, who turned 27 {moment} X"

    assert scan_texts(pd.Series([text])) == {0: scan_text(text)} == {0: ("name-age",)}


@pytest.mark.parametrize("text", ["10 July 2020", "12 peer educators", "27% of us", "covid-19 is"])
def test_numbers_that_are_no_age_need_no_closer_look(text: str) -> None:
    """Dates and counts stand in most titles and lists of participants."""
    assert not any(re.search(pattern, f"Zkola, {text}") for pattern in patterns())


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_many_texts_are_scanned_as_one_is(text: str) -> None:
    """No text that holds something is passed over for the sake of speed."""
    assert scan_texts(pd.Series([text], dtype="str")).get(0, ()) == scan_text(text)
