"""Patterns that no value may match, asked about together first: most values match none of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.quality.library import Evaluation, Question, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from analysis.quality.library import Parameters

NOT_MATCH = "expect_column_values_to_not_match_regex"
# Such patterns mean something else beside others, or keep pandas from using the faster engine.
UNJOINABLE = re.compile(r"\\[1-9bBdDsSuUwWN]|\$|\(\?[P(<=!]|\(\?[a-zA-Z]+\)")
IGNORES_CASE = "(?i)"
SCREEN = "screen"


def judge_screened(
    frame: pd.DataFrame, questions: Sequence[Question], parameters: Parameters
) -> dict[str, Evaluation]:
    """Return the evaluation of each question, having asked of several patterns at once.

    Only the values that match any of them are asked about pattern by pattern.

    Parameters
    ----------
    frame : DataFrame
        The values, which all questions are about.
    questions : sequence of Question
        What is asked.
    parameters : mapping
        What ``{"$PARAMETER": name}`` stands for, by name.

    Returns
    -------
    dict of str to Evaluation
        One for each question, the same as if each had been asked alone.
    """
    joined = [each for each in questions if _joinable(each)]
    if len(joined) < 2:
        return judge(frame, questions, parameters)
    others = [each for each in questions if each not in joined]
    screen = Question(SCREEN, NOT_MATCH, {**joined[0].kwargs, "regex": _any_of(joined)})
    told = judge(frame, [screen, *others], parameters)
    found = told.pop(SCREEN)
    if found.held:
        return told | {each.id: found for each in joined}
    if found.held is None:
        return told | judge(frame, joined, parameters)
    alone = judge(frame.iloc[found.positions], joined, parameters)
    return told | {
        id_: replace(each, positions=found.positions[each.positions]) for id_, each in alone.items()
    }


def _joinable(question: Question) -> bool:
    regex = question.kwargs.get("regex")
    return (
        question.type == NOT_MATCH
        and question.kwargs.keys() == {"column", "regex"}
        and isinstance(regex, str)
        and not UNJOINABLE.search(regex.removeprefix(IGNORES_CASE))
        and _is_whole(regex)
    )


def _is_whole(regex: str) -> bool:
    """Say whether a pattern stands by itself, so that no other mends or breaks it."""
    try:
        re.compile(regex)
    except re.error:
        return False
    return True


def _any_of(questions: Sequence[Question]) -> str:
    return "|".join(_in_brackets(each.kwargs["regex"]) for each in questions)


def _in_brackets(regex: str) -> str:
    ignores_case = regex.startswith(IGNORES_CASE)
    return f"(?{'i' if ignores_case else ''}:{regex.removeprefix(IGNORES_CASE)})"
