from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.study.dates import date_in_words, is_date, parse_date


@pytest.mark.parametrize(
    "text",
    ["2020-10-12 ", "20201012", "2020-W42-1", "2020-10-1", "2021-02-29", "12/10/2020", "", "now"],
)
def test_only_days_in_the_one_form_are_dates(text: str) -> None:
    """A date is a day that exists, written as YYYY-MM-DD with ASCII digits."""
    assert not is_date(text)
    with pytest.raises(ValueError, match=r"2020-10-12|day is out of range"):
        parse_date(text)


def test_digits_of_other_scripts_are_no_date() -> None:
    """What one reader takes for a date and another doesn't isn't one."""
    assert not is_date("\u0662\u0660\u0662\u0660-10-12")


@given(st.dates())
def test_every_day_is_read_back(day: date) -> None:
    """A day written in ISO form is that day."""
    assert parse_date(day.isoformat()) == day
    assert is_date(day.isoformat())


def test_dates_in_words_depend_on_no_locale() -> None:
    """A day is written with the English name of its month, whether it is a date or a text."""
    assert date_in_words("2020-10-12") == date_in_words(date(2020, 10, 12)) == "12 October 2020"
