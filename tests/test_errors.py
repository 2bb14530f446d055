from __future__ import annotations

import pickle

import pytest

from analysis import errors
from analysis.errors import SHOWN_OFFENDERS, CompendiumError, TableError, closest

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
def test_tells_when_it_is_raised(error: type[CompendiumError]) -> None:
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
