"""What is private in the input of a study is met in no output, whatever is done and goes wrong."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from analysis import cli
from built.planted import LEFT, run
from built.work import add_to_cell
from canaries import (
    COUNTED,
    PLANTINGS,
    PUBLIC,
    REFUSED_ALONE,
    REFUSED_BY_CHECKS,
    RUN,
    contents_below,
    met,
    plant_all,
    plantings_of,
)
from tiny_study import STUDY

REFUSED = 1
HIDDEN = tuple(each for each in PLANTINGS if each.may_be_in != ("*",))
# A cell that shows, prints, logs and raises whole rows; and one that does so and dies.
TELLS = """
import logging
import os
import sys
import pandas as pd
from analysis.study.root import find_root
tables = [pd.read_csv(path) for path in sorted((find_root() / "data" / study).glob("[fs]*s.csv"))]
print(tables)
print(tables, file=sys.stderr)
logging.error(tables)
display(*tables)
display(*tables[0]["participants"])
rows = "; ".join(map(str, [list(row) for table in tables for row in table.to_numpy()]))
print(rows)
if place == "wca":
    os.kill(os.getpid(), 9)
raise ValueError(rows)
"""


@pytest.fixture
def copied(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the root with canaries, to change."""
    return Path(shutil.copytree(planted, tmp_path_factory.mktemp("c") / "r"))


def run_command(root: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run a command in this process, which spares its start, and return how it ended."""
    monkeypatch.setattr(sys, "argv", ["compendium", *arguments, "--root", str(root)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_canaries_are_planted(planted: Path):
    """Each canary is in the input, and where it may be on its way: what is looked for is there."""
    contents = [content.lower() for _, content in contents_below(planted / "data")]
    missing = [
        each.place
        for each in PLANTINGS
        if not any(needle in content for needle in each.canary.needles for content in contents)
    ]
    on_the_way = {
        line.partition(": ")[0]
        for line in met(tuple(replace(each, may_be_in=()) for each in PLANTINGS), planted)
    }

    assert missing == []
    assert on_the_way == {each.place for each in PLANTINGS if each.may_be_in}


def test_canaries_differ():
    """No two canaries share a word, so that what is met shows where it was planted."""
    every = (*PLANTINGS, *REFUSED_ALONE, *REFUSED_BY_CHECKS)
    needles = [needle for each in every for needle in each.canary.needles]

    assert len(needles) == len(set(needles))
    assert [needle for needle in needles if not RUN.fullmatch(needle)] == []


def test_no_canary_is_met_in_what_a_build_leaves(planted: Path):
    """Pages, notebooks, claims, manifest, the build folder, home and temporary folder hold none."""
    reported = (planted / "reported.txt").read_text(encoding="utf-8")

    assert met(PLANTINGS, planted, reported) == []


def test_no_canary_is_met_in_what_failures_leave(copied: Path):
    """Notebooks that show, print, log and raise whole rows, or die, are kept without them."""
    add_to_cell(copied, "03-regional-synthesis.ipynb", "hand-on", TELLS)
    ended = run(copied, "build")
    failed = copied / "build" / STUDY / "failed"
    kept = sorted(path.name for path in failed.iterdir())

    assert (ended.code, kept) == (REFUSED, ["esa.ipynb", "wca.ipynb"])
    assert "cell hand-on: ValueError: " in ended.reported
    assert met(HIDDEN, copied, ended.reported) == []
    # Whose consent is public is named there, but how many of a kind took part is not.
    reported = [ended.reported, *(path.read_text(encoding="utf-8") for path in failed.iterdir())]
    assert [each for each in reported if "9 friends of" in each] == []


def test_no_canary_is_met_where_tables_and_settings_are_refused(
    planted: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
):
    """What is wrong is reported by file and row, and never in the words that are there."""
    found = {}
    for number, planting in enumerate(REFUSED_ALONE):
        root = tmp_path / str(number)
        shutil.copytree(planted / "data", root / "data")
        shutil.copytree(planted / "expectations", root / "expectations")
        (root / "notebooks").mkdir()
        planting.plant(root, planting.canary)
        ended = run_command(root, monkeypatch, "check", STUDY)
        reported = "".join(capfd.readouterr())
        if reported:
            found[planting.place] = (ended, met((*HIDDEN, planting), root, reported))

    # Beside all columns that a table has, the name of one more is no one's words.
    named = {"an extra column": ["an extra column: (reported)"]}
    assert found == {each.place: (REFUSED, named.get(each.place, [])) for each in REFUSED_ALONE}


def test_no_canary_is_met_where_checks_refuse(
    planted: Path, copied: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    """Checks report each value that may not be there by its row; why lists rows, and no value."""
    plant_all(copied, REFUSED_BY_CHECKS)
    # Of cells whose rows are damaged no review can be reported.
    (copied / "data" / STUDY / "privacy_exceptions.csv").unlink()
    ended = run_command(copied, monkeypatch, "check", STUDY)
    as_json = run_command(copied, monkeypatch, "check", STUDY, "--json")
    run_command(copied, monkeypatch, "why", STUDY)
    reported = "".join(capfd.readouterr())
    hidden = tuple(each for each in HIDDEN if each.place.partition(" ")[0] != "participants")

    assert (ended, as_json, met(REFUSED_BY_CHECKS, planted, reported)) == (REFUSED, REFUSED, [])
    assert reported.count("focus_groups.csv, 1 row") > len(
        ("consent", "source_sha256", "withdrawn")
    )
    assert met(hidden, copied, reported) == []


def test_no_canary_is_met_in_what_is_given_out(given_out: Path):
    """A study that is exported, in whatever form, holds what consent lets it hold, and no more."""
    assert met(HIDDEN, given_out) == []
    assert met(PLANTINGS, given_out.parent / "r") == []


def test_no_canary_is_met_in_traces(
    planted: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    """A trace of all that a report counts names the segments that are withheld, without words."""
    monkeypatch.setenv("COLUMNS", "500")
    for place in ("esa", "wca", "africa"):
        for form in ([], ["--json"]):
            run_command(planted, monkeypatch, "trace", f"{place}.accounted.received", *form)
    reported = "".join(capfd.readouterr())

    assert f"{COUNTED}.1" in reported
    assert met(HIDDEN, planted, reported) == []


def test_no_canary_of_what_was_withdrawn_is_left(withdrawn: Path):
    """After a withdrawal nothing of the focus group is anywhere: input, build folder or reports."""
    whole = [content.lower() for _, content in contents_below(withdrawn)]
    left = [
        canary.place
        for canary in (*(each.canary for each in plantings_of(PUBLIC)), LEFT)
        if any(needle in content for needle in canary.needles for content in whole)
    ]
    reported = (withdrawn.parent / "reported.txt").read_text(encoding="utf-8")

    assert left == []
    assert met(PLANTINGS, withdrawn, reported) == []
