from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.quality import screening
from analysis.quality.library import Question, judge
from analysis.quality.screening import NOT_MATCH, judge_screened

if TYPE_CHECKING:
    from collections.abc import Sequence

VALUES = pd.DataFrame({"text": ["Care", "care <b>", None, "aa", "\u00e9t\u00e9", "CARE 12", "x"]})


def ask(*patterns: str) -> list[Question]:
    """Give a question for each pattern, whether no value matches it."""
    return [
        Question(str(number), NOT_MATCH, {"column": "text", "regex": regex})
        for number, regex in enumerate(patterns)
    ]


@pytest.mark.parametrize(
    "patterns",
    [
        ("<b>", "[0-9]"),
        ("(?i)^care\\Z", "^Care"),
        ("nothing", "never"),
        ("(.)\\1", "<"),
        ("\\d", "\\w\\s", "<"),
        ("(", "<", "[0-9]"),
        ("a|b", "^x$", "\u00e9"),
    ],
    ids=["two", "case", "none", "reference", "classes", "broken", "alternatives"],
)
def test_screened_patterns_are_judged_as_if_each_were_asked_alone(patterns: Sequence[str]) -> None:
    """Asking of several patterns at once finds the same as asking of each."""
    questions = ask(*patterns)

    together = judge_screened(VALUES, questions, {})

    alone = {each.id: judge(VALUES, [each], {})[each.id] for each in questions}
    assert {id_: (each.held, each.positions.tolist()) for id_, each in together.items()} == {
        id_: (each.held, each.positions.tolist()) for id_, each in alone.items()
    }


def test_values_without_a_fault_are_asked_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no value matches any pattern, the library is asked one question about them."""
    asked: list[int] = []

    def count(frame: pd.DataFrame, questions: Sequence[Question], parameters: object) -> object:
        asked.append(len(questions))
        return judge(frame, questions, parameters)

    monkeypatch.setattr(screening, "judge", count)

    judge_screened(VALUES, ask("nothing", "never", "nobody"), {})

    assert asked == [1]
