"""The evaluation of expectations that repeats decide, of many tables at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.quality.library import Evaluation, Question, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.quality.asked import Asked
    from analysis.quality.library import Parameters


def judge_repeats(asked: Sequence[Asked], parameters: Parameters) -> list[dict[str, Evaluation]]:
    """Return the evaluations of what repeats decide, for each that is asked.

    The library gets a number for each value, the same for the same value of one table, so that
    tables can be asked about together.

    Parameters
    ----------
    asked : sequence of Asked
        Tables with their expectations.
    parameters : mapping
        What ``{"$PARAMETER": name}`` stands for, by name.

    Returns
    -------
    list of dict of str to Evaluation
        By the id of the expectation.
    """
    found: list[dict[str, Evaluation]] = [{} for _ in asked]
    alike: dict[tuple[str, ...], list[int]] = {}
    for number, each in enumerate(asked):
        alike.setdefault(tuple(one.id for one in each.of("repeats")), []).append(number)
    for numbers in alike.values():
        tables = [asked[number] for number in numbers]
        ends = np.cumsum([len(each.table) for each in tables])
        expectations = tables[0].of("repeats")
        questions = [Question(each.id, each.type, each.kwargs) for each in expectations]
        columns = dict.fromkeys(name for each in expectations for name in each.columns)
        frame = pd.DataFrame({name: _numbers(tables, name) for name in columns})
        for id_, evaluation in judge(frame, questions, parameters).items():
            at = np.searchsorted(evaluation.positions, ends)
            parts = np.split(evaluation.positions, at[:-1])
            for number, end, part in zip(numbers, ends, parts, strict=True):
                start = end - len(asked[number].table)
                found[number][id_] = _of_part(evaluation, part - start)
    return found


def _of_part(evaluation: Evaluation, positions: np.ndarray) -> Evaluation:
    if evaluation.held is None:
        return evaluation
    return Evaluation(held=not len(positions), positions=positions)


def _numbers(asked: Sequence[Asked], column: str) -> np.ndarray:
    """Give each value of a column a number, and other numbers to those of other tables."""
    numbers, start = [], 0
    for each in asked:
        distinct = each.distinct(column)
        end = start + len(distinct.series)
        number = np.arange(start, end, dtype=np.min_scalar_type(end))
        is_missing = distinct.series.isna()
        if is_missing.any():
            number = np.where(is_missing, np.nan, number)
        numbers.append(number[distinct.places])
        start = end
    return np.concatenate(numbers)
