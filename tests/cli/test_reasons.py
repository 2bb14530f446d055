from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from analysis.engine import explain as why_module
from analysis.engine.explain import Reason
from analysis.engine.options import BuildOptions
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Run

REASONS = [
    Reason("partition", "data/tiny/segments.csv changed"),
    Reason("esa-cleaning", "segments of esa changed", rows=("segments.csv row 2: ken.1: text",)),
    Reason("esa", "depends on esa-cleaning", is_certain=False),
    Reason("coverage", "depends on esa-cleaning", is_certain=False),
    Reason("africa", "the code synthesis/claims.py changed", 2),
    Reason("wca", "depends on esa-cleaning", is_certain=False),
]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[BuildOptions, str]]:
    """Give what was asked for, in place of looking into it."""
    given: list[tuple[BuildOptions, str]] = []

    def explain(order: BuildOptions, study: str) -> list[Reason]:
        given.append((order, study))
        return REASONS

    monkeypatch.setattr(why_module, "explain", explain)
    return given


@pytest.mark.usefixtures("asked")
def test_work_of_one_reason_is_reported_in_one_line(run: Run) -> None:
    """Tasks that will run are listed before those that may; those with one reason share a line."""
    code, said, complained = run("why", STUDY)

    assert (code, complained) == (0, "")
    assert said.splitlines() == [
        "tiny: 3 tasks will run.",
        "  partition: data/tiny/segments.csv changed",
        "  esa-cleaning: segments of esa changed",
        "    segments.csv row 2: ken.1: text",
        "  africa: the code synthesis/claims.py changed, and 2 more",
        "tiny: 3 tasks may run.",
        "  esa, coverage, wca: may run (depends on esa-cleaning)",
    ]


@pytest.mark.usefixtures("asked")
def test_json_of_reasons_is_all_that_is_known(run: Run) -> None:
    """With --json, each task is shown with its reason, study by study."""
    code, said, _ = run("why", "--json")

    shown = json.loads(said)
    assert (code, list(shown)) == (0, [STUDY])
    assert shown[STUDY][1] == {
        "task": "esa-cleaning",
        "because": "segments of esa changed",
        "also": 0,
        "rows": ["segments.csv row 2: ken.1: text"],
        "is_certain": True,
    }
    assert [each["is_certain"] for each in shown[STUDY]] == [True, True, False, False, True, False]
    assert shown[STUDY][4]["also"] == 2


def test_study_that_is_up_to_date_is_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is nothing to do that is said, or an empty list as JSON."""
    monkeypatch.setattr(why_module, "explain", lambda *_: [])

    assert run("why")[1] == "tiny is up to date.\n"
    assert json.loads(run("why", "--json")[1]) == {STUDY: []}


def test_release_that_alone_is_not_as_it_was_is_shown(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where but the release would be made again, that is one task."""
    reason = Reason("release", "esa.html is gone")
    monkeypatch.setattr(why_module, "explain", lambda *_: [reason])

    assert run("why")[1].splitlines() == [
        *("tiny: 1 task will run.", "  release: esa.html is gone"),
    ]


def test_reasons_are_asked_for_as_a_build_is(
    run: Run, asked: list[tuple[BuildOptions, str]], tiny_root: Path, tmp_path: Path
) -> None:
    """Places and the folder of reports are those of the build that is asked about."""
    run("why", STUDY, "--place", "esa", "--out", str(tmp_path / "out"))

    assert asked == [(BuildOptions(tiny_root, tmp_path / "out", ("esa",)), STUDY)]


def test_reasons_of_what_was_never_built(run: Run) -> None:
    """Of a study that was never built, all would be done."""
    code, said, _ = run("why", STUDY, "--place", "wca")

    tasks = [
        *("partition", "check study", "wca-cleaning", "check wca"),
        *("wca", "page wca-cleaning", "page wca"),
    ]
    assert code == 0
    assert said.splitlines() == [
        "tiny: 7 tasks will run.",
        f"  {', '.join(tasks)}: it has never run, or did not finish",
    ]
