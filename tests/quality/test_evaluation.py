from __future__ import annotations

import pandas as pd

from analysis.quality.asked import Asked
from analysis.quality.evaluation import evaluate
from analysis.quality.suites import Expectation


def expect(id_: str, type_: str, **kwargs: object) -> Expectation:
    """Give an expectation of which only what it evaluates matters."""
    return Expectation(
        id=id_,
        type=f"expect_{type_}",
        kwargs=kwargs,
        severity="info",
        notes="",
        fault="made up",
        remedy="",
        touches=("*",),
    )


def positions(asked: list[Asked], id_: str) -> list[list[int]]:
    return [found[id_].positions.tolist() for found in evaluate(asked, {})]


def ask(table: dict[str, list[object]], *expectations: Expectation) -> Asked:
    return Asked(pd.DataFrame(table), expectations)


def test_value_is_judged_wherever_it_stands() -> None:
    """Each row falls short whose value does, in each table that is asked about."""
    known = expect("0", "column_values_to_be_in_set", column="a", value_set=["x"])

    found = positions([ask({"a": ["y", "x", "y"]}, known), ask({"a": ["x", "", "z"]}, known)], "0")

    assert found == [[0, 2], [2]]


def test_alike_expectations_are_told_apart() -> None:
    """Two expectations that differ in their columns alone are told each by its own rows."""
    first = expect("0", "column_values_to_not_be_null", column="a")
    second = expect("1", "column_values_to_not_be_null", column="b")

    (found,) = evaluate([ask({"a": ["x", " "], "b": ["", "x"]}, first, second)], {})

    assert (found["0"].positions.tolist(), found["1"].positions.tolist()) == ([1], [0])


def test_numbers_and_texts_are_judged_apart() -> None:
    """What cannot be evaluated on texts is evaluated on numbers all the same."""
    of_numbers = expect("0", "column_values_to_be_between", column="a", max_value=3)
    of_texts = expect("1", "column_values_to_be_between", column="b", max_value=3)

    (found,) = evaluate([ask({"a": [3, 4], "b": ["x", "y"]}, of_numbers, of_texts)], {})

    assert (found["0"].positions.tolist(), found["1"].held) == ([1], None)


def test_repeats_count_within_a_table() -> None:
    """The same value in two tables repeats in neither, and a blank one never does."""
    unique = expect("0", "column_values_to_be_unique", column="a")

    found = positions([ask({"a": ["x", "y", "y"]}, unique), ask({"a": ["x", "", ""]}, unique)], "0")

    assert found == [[1, 2], []]


def test_repeats_of_several_columns_are_repeats_of_all() -> None:
    """Rows repeat that have the same in all columns of an expectation."""
    unique = expect("0", "compound_columns_to_be_unique", column_list=["a", "b"])

    found = positions([ask({"a": ["x", "x", "x"], "b": ["1", "2", "1"]}, unique)], "0")

    assert found == [[0, 2]]


def test_table_that_cannot_be_evaluated_spoils_no_other() -> None:
    """Where an expectation cannot be evaluated on one table, it is evaluated on others alone."""
    short = expect("0", "column_values_to_be_between", column="a", max_value=3)
    blank, full = ask({"a": [" "]}, short), ask({"a": ["x"]}, short)

    found = evaluate([blank, full], {})

    assert [each["0"].held for each in found] == [True, None]
