from __future__ import annotations

import pickle

import pytest

from analysis import errors
from analysis.errors import (
    DATE_FORM,
    SHORT_FORM,
    SHOWN_OFFENDERS,
    CompendiumError,
    TableError,
    closest,
    describe_value,
)

SUBCLASSES = CompendiumError.__subclasses__()


def test_says_what_is_wrong_and_what_to_do() -> None:
    """An error renders what is wrong, each offender, what was expected and what to do."""
    error = TableError(
        "Two codes are unknown.",
        offenders=["codes.csv row 2: stgma (closest: stigma)", "codes.csv row 5: hop"],
        expected="codes of the codebook",
        remedy="mend the rows",
    )

    assert str(error) == (
        "Two codes are unknown.\n"
        "  codes.csv row 2: stgma (closest: stigma)\n"
        "  codes.csv row 5: hop\n"
        "Expected: codes of the codebook\n"
        "What to do: mend the rows"
    )


def test_says_no_more_than_there_is() -> None:
    """An error without offenders, expectation and remedy is its one sentence."""
    assert str(TableError("The table is empty.")) == "The table is empty."


@pytest.mark.parametrize(
    ("count", "last"),
    [
        (SHOWN_OFFENDERS, f"  row {SHOWN_OFFENDERS}"),
        (SHOWN_OFFENDERS + 1, "  and 1 more"),
        (500, "  and 480 more"),
    ],
)
def test_shows_the_first_twenty_offenders(count: int, last: str) -> None:
    """Twenty offenders are shown, and the others counted; all of them stay at hand."""
    error = TableError("Rows are wrong.", offenders=[f"row {row}" for row in range(1, count + 1)])

    lines = str(error).splitlines()

    assert (lines[1], lines[-1], len(error.offenders)) == ("  row 1", last, count)
    assert len(lines) == 1 + min(count, SHOWN_OFFENDERS + 1)


def test_crosses_processes_whole() -> None:
    """An error that a worker raised arrives with all its fields."""
    error = TableError("Wrong.", offenders=["row 2"], expected="right", remedy="mend it")

    arrived = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes)

    assert (type(arrived), str(arrived), vars(arrived)) == (TableError, str(error), vars(error))


@pytest.mark.parametrize("error", SUBCLASSES, ids=lambda error: error.__name__)
def test_says_when_it_is_raised(error: type[CompendiumError]) -> None:
    """Each error of the tree says in one line when it is raised, and is caught as one of ours."""
    assert (error.__doc__ or "").startswith("Raised when ")
    assert getattr(errors, error.__name__) is error


@pytest.mark.parametrize(
    ("word", "hint"),
    [("stgma", " (closest: stigma)"), ("service", " (closest: services)"), ("xyz", ""), ("", "")],
)
def test_hints_at_the_closest_word(word: str, hint: str) -> None:
    """A mistyped word gets the closest candidate; one that is like none gets nothing."""
    assert closest(word, iter(["stigma", "services"])) == hint


CODES = ["stigma", "services"]


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("stgma", "code 'stgma' (closest: stigma; allowed: stigma, services)"),
        ("hope", "code 'hope' (allowed: stigma, services)"),
        ("Stigma", "code 'Stigma' (closest: stigma; allowed: stigma, services)"),
        ("", "code '' (allowed: stigma, services)"),
        ("Grace", "code of 5 characters (allowed: stigma, services)"),
        ("we fear them", "code of 12 characters (allowed: stigma, services)"),
        ("x" * 41, "code of 41 characters (allowed: stigma, services)"),
        ("stigma\n", "code 'stigma\\n' (closest: stigma; allowed: stigma, services)"),
    ],
    ids=["mistyped", "unknown", "capital", "blank", "name", "sentence", "long", "line end"],
)
def test_controlled_value_is_shown_and_words_are_not(value: str, named: str) -> None:
    """A value in the form of the column is shown; what may be somebody's words has its length."""
    assert describe_value(value, "code", CODES) == named


def test_long_lists_of_values_are_not_shown() -> None:
    """Where many values are allowed, the closest one has to do."""
    many = [f"code-{number}" for number in range(40)]

    assert describe_value("cod-7", "code", many) == "code 'cod-7' (closest: code-7)"


def test_only_value_allowed_is_shown_once() -> None:
    """The closest value isn't listed again where it is the only one."""
    assert describe_value("stgma", "code", ["stigma"]) == "code 'stgma' (closest: stigma)"


@pytest.mark.parametrize("day", ["12/10/2020", "12 Oct 2020", "20201012", "2020-10-12 09:30"])
def test_what_may_be_meant_as_a_date_is_shown(day: str) -> None:
    """Dates have a form of their own, which a sentence doesn't have."""
    assert describe_value(day, "held_on", form=DATE_FORM) == f"held_on {day!r}"
    assert describe_value("in October", "held_on", form=DATE_FORM) == "held_on of 10 characters"


def test_any_short_value_is_shown_of_a_table_without_words_of_people() -> None:
    """A place may have any name, and a long one is still named by its length."""
    assert describe_value("Côte d'Ivoire", "name", form=SHORT_FORM) == 'name "Côte d\'Ivoire"'
    assert describe_value("x" * 41, "name", form=SHORT_FORM) == "name of 41 characters"
