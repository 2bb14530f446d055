from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from analysis.quality.touched import say_touched
from analysis.quality.wording import fill_touches

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.quality.suites import Suite


@pytest.mark.parametrize(
    ("patterns", "said"),
    [
        (["groups", "*"], "every number that rests on it"),
        (["*{cell}*"], "numbers on the cells concerned"),
        (["*.{code}"], "numbers on the codes concerned"),
        (["*.stigma", "*.hope"], "numbers on stigma and hope"),
        (["group.*", "part.*", "groups"], "the table of focus groups; counts of focus groups"),
        (["participants", "heard.participants.*"], "numbers of participants"),
        (["own.*"], "claims own.*"),
        ([], "no number"),
    ],
)
def test_patterns_are_said_in_words(patterns: list[str], said: str) -> None:
    """Readers are told of numbers, and not of patterns, wherever there are words for them."""
    assert say_touched(patterns) == said


def test_cells_are_called_what_readers_call_them() -> None:
    """Who does not know the ids of cells is told their names; what has none keeps its id."""
    said = say_touched(["*context.hope*", "*.stigma"], {"context.hope": "Context: Hope"})

    assert said == "numbers on “Context: Hope” and stigma"


def test_every_expectation_names_claims_that_reports_make(
    root: Path, suites: tuple[Suite, ...]
) -> None:
    """No pattern of a suite names claims that no report of the shipped studies makes."""
    claims = {
        claim["id"].partition(".")[2]
        for path in sorted(root.glob("reports/*/*.claims.json"))
        for claim in _claims(path)
    }
    patterns = {touch for suite in suites for each in suite.expectations for touch in each.touches}

    filled = {
        pattern: fill_touches([pattern], ["context.hope"], ["stigma"]) for pattern in patterns
    }
    idle = [
        pattern
        for pattern, (touch,) in filled.items()
        if not any(fnmatchcase(claim, touch) for claim in claims)
    ]
    assert (len(claims) > 100, idle) == (True, [])


def _claims(path: Path) -> list[dict[str, str]]:
    told = json.loads(path.read_text(encoding="utf-8"))
    return told["claims"] if isinstance(told, dict) else told
