"""Evaluation of expectations on tables, many tables at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.quality.library import Evaluation, Question, judge
from analysis.quality.repeat_evaluation import judge_repeats
from analysis.quality.value_evaluation import judge_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from analysis.quality.asked import Asked
    from analysis.quality.library import Parameters


def evaluate(asked: Sequence[Asked], parameters: Parameters) -> list[dict[str, Evaluation]]:
    """Return the evaluation of each expectation, for each table that is asked about.

    Parameters
    ----------
    asked : sequence of Asked
        Tables with their expectations.
    parameters : mapping
        What ``{"$PARAMETER": name}`` stands for, by name.

    Returns
    -------
    list of dict of str to Evaluation
        By the id of the expectation; the same whatever else is asked.
    """
    found = _evaluate(asked, parameters)
    if len(asked) > 1:
        # What could not be evaluated on all tables may be on some.
        for evaluations, each in zip(found, asked, strict=True):
            unheard = tuple(one for one in each.expectations if evaluations[one.id].held is None)
            if unheard:
                alone = replace(each, expectations=unheard)
                evaluations.update(_evaluate([alone], parameters)[0])
    return found


def _evaluate(asked: Sequence[Asked], parameters: Parameters) -> list[dict[str, Evaluation]]:
    told = zip(
        judge_values(asked, parameters),
        judge_repeats(asked, parameters),
        (_judge_table(each, parameters) for each in asked),
        strict=True,
    )
    return [of_values | of_repeats | of_table for of_values, of_repeats, of_table in told]


def _judge_table(asked: Asked, parameters: Parameters) -> dict[str, Evaluation]:
    questions = [Question(each.id, each.type, each.kwargs) for each in asked.of("table")]
    return judge(_blank_as_missing(asked.table), questions, parameters) if questions else {}


def _blank_as_missing(table: pd.DataFrame) -> pd.DataFrame:
    """Blank out text of white space only: Great Expectations takes it for a value."""
    texts = {
        name: table[name].mask(table[name].str.strip() == "")
        for name in table.columns[table.dtypes == "str"]
    }
    return table.assign(**texts)
