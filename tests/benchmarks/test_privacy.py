from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from analysis.quality.personal_data.scan import KINDS, WEAK
from benchmarks.scenarios.privacy import (
    HALVES,
    LEAST_RECALL,
    Score,
    Scores,
    read_labelled,
    score,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

REGIONS = {"ap", "car", "eeca", "esa", "la", "mena", "wca", "wcena"}


@pytest.fixture(scope="module")
def scores(root: Path) -> dict[str, Scores]:
    return {part: score(read_labelled(root, part)) for part in HALVES}


@pytest.mark.parametrize("part", HALVES)
@pytest.mark.parametrize("kind", LEAST_RECALL)
def test_scan_finds_what_is_asked_of_it(scores: dict[str, Scores], part: str, kind: str) -> None:
    """Contacts, and names with an age or a role, are found as often as is asked."""
    assert scores[part].kinds[kind].recall > LEAST_RECALL[kind]


@pytest.mark.parametrize("part", HALVES)
def test_scan_finds_in_every_region_and_cries_no_wolf(scores: dict[str, Scores], part: str) -> None:
    """No region is served worse, and what is table is nearly always there."""
    of_all = [*scores[part].regions.values(), *scores[part].kinds.values()]

    assert min(each.recall for each in of_all) > 0.85
    assert min(each.precision for each in of_all) > 0.85


def test_sentences_are_many_and_balanced(root: Path) -> None:
    """Each half has its share of each kind, region and language, and the halves share nothing."""
    halves = [read_labelled(root, part) for part in HALVES]
    rows = [row for half in halves for row in half]
    held = [row for row in rows if row["kind"]]

    assert len(held) >= 300
    assert len(rows) - len(held) >= 300
    assert len({row["text"] for row in rows}) == len(rows)
    for half in halves:
        of_half = [row for row in half if row["kind"]]
        assert min(Counter(row["region"] for row in of_half).values()) >= 15
        assert {row["region"] for row in of_half} == REGIONS
        assert min(Counter(row["language"] for row in of_half).values()) >= 20
        kinds = Counter(row["kind"] for row in of_half)
        assert set(kinds) == {each.kind for each in KINDS} - WEAK
        assert min(kinds.values()) >= 15


def test_score_counts_what_is_found_missed_and_false() -> None:
    """Recall is of what is there, precision of what is found."""
    rows = [
        {"region": "esa", "kind": "email", "also": "", "text": "a.name@example.org"},
        {"region": "esa", "kind": "email", "also": "", "text": "Write to her."},
        {"region": "wca", "kind": "", "also": "", "text": "b.name@example.org"},
        {"region": "wca", "kind": "email", "also": "phone", "text": "c@example.org 0712 555 014"},
    ]

    counted = score(rows)

    assert counted.kinds["email"] == Score(found=2, missed=1, false=1)
    assert counted.regions == {"esa": Score(1, 1, 0), "wca": Score(1, 0, 1)}
    assert (counted.kinds["email"].recall, counted.kinds["email"].precision) == (2 / 3, 2 / 3)
