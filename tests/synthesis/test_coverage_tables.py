from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.synthesis.claims import Ledger
from analysis.synthesis.coverage import open_coverage
from analysis.synthesis.coverage_tables import (
    show_who_answered,
    show_who_coded,
    show_who_was_heard,
)
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.synthesis.claims import Fragment


def told(fragment: Fragment) -> dict[str, str]:
    return {claim.id.removeprefix("study."): claim.text for claim in fragment.claims}


@pytest.mark.usefixtures("tiny_root")
def test_heard_sums_up() -> None:
    """Who was heard is told by home, and in all."""
    heard = told(show_who_was_heard(open_coverage(STUDY), Ledger("study")))

    homes = ("esa", "wca", "africa", "all")
    assert [heard[f"heard.focus_groups.{home}"] for home in homes] == ["2", "1", "1", "4"]
    assert [heard[f"heard.countries.{home}"] for home in homes] == ["2", "1", "0", "3"]
    assert [heard[f"heard.participants.{home}"] for home in homes] == ["15", "5", "10", "30"]
    assert [heard[f"heard.segments.{home}"] for home in homes] == ["6", "2", "2", "10"]


@pytest.mark.usefixtures("tiny_root")
def test_answered_counts_who_is_at_home() -> None:
    """Each cell tells who answered it, of the focus groups at home in the place."""
    coverage = open_coverage(STUDY)

    answered = told(show_who_answered(coverage, Ledger("study")))

    assert len(answered) == len(coverage.study.instrument.cells) * 3
    stop = "recommendations.stop"
    assert [answered[f"answered.{home}.{stop}"] for home in ("esa", "wca", "africa")] == [
        "2 of 2",
        "0 of 1",
        "1 of 1",
    ]


@pytest.mark.usefixtures("tiny_root")
def test_coders_are_told_with_what_they_coded() -> None:
    """Each coder of the settings is told with the focus groups and the codes that they put."""
    coded = told(show_who_coded(open_coverage(STUDY), Ledger("study")))

    assert coded == {
        "coder.groups.ann": "4 of 4",
        "coder.applications.ann": "10",
        "coder.groups.bot": "2 of 4",
        "coder.applications.bot": "4",
    }


def test_coder_who_coded_nothing_is_told_too(tiny_root: Path) -> None:
    """A coder of the settings without any code is told with none."""
    settings = tiny_root / "data" / STUDY / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    idle = "  - {coder: idle, kind: human, description: Has not begun.}\n"
    settings.write_text(text + idle, encoding="utf-8")

    coded = told(show_who_coded(open_coverage(STUDY), Ledger("study")))

    assert (coded["coder.groups.idle"], coded["coder.applications.idle"]) == ("0 of 4", "0")
