from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Run


@pytest.fixture
def raised(tiny_root: Path) -> Path:
    """Give a root in which three focus groups of the continent raise a code under a question."""
    folder = tiny_root / "data" / STUDY
    for name, rows in {
        "segments": [
            f"{group}.9,{group},context,hope,1,point,,Hope of {group}.,synthetic,en,"
            for group in ("ken", "gha", "afr")
        ],
        "code_applications": [f"{group}.9,community,ann" for group in ("ken", "gha", "afr")],
    }.items():
        path = folder / f"{name}.csv"
        text = path.read_text(encoding="utf-8")
        path.write_text(text + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return tiny_root


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_findings_are_drafted_with_counts_and_passages(run: Run, raised: Path) -> None:
    """A draft has a row for each candidate: its count as a placeholder, passages, no sentence."""
    code, said, _ = run("findings", STUDY, "--place", "Africa")

    (row,) = rows_of(raised / "data" / STUDY / "findings.csv")
    assert code == 0
    assert "Wrote 1 candidate for africa" in " ".join(said.split())
    assert (row["place"], row["question"], row["codes"]) == ("africa", "hope", "community")
    assert (row["sentence"], row["author"]) == ("", "")
    assert row["counts"] == "{prevalence.community@hope} = 3 of 3"
    assert row["passages"] == "ken.4; gha.9; afr.9"


def test_draft_never_writes_over_a_sentence(run: Run, raised: Path) -> None:
    """A place that has rows is refused, naming them; other places and files are added to."""
    run("findings", STUDY, "--place", "africa")
    before = (raised / "data" / STUDY / "findings.csv").read_text(encoding="utf-8")

    code, _, complained = run("findings", STUDY, "--place", "africa")
    other, said, _ = run("findings", STUDY, "--place", "africa", "--out", "mine.csv", "--json")

    assert code == 1
    assert "findings.csv row 2: drafted or written before" in complained
    assert "--out FILE" in complained
    assert (raised / "data" / STUDY / "findings.csv").read_text(encoding="utf-8") == before
    assert (other, json.loads(said)["candidates"]) == (0, 1)
    assert len(rows_of(raised / "mine.csv")) == 1


def test_draft_keeps_the_columns_of_other_rows(run: Run, raised: Path) -> None:
    """What somebody added to the rows of another place, such as a note, is still there."""
    path = raised / "data" / STUDY / "findings.csv"
    path.write_text(
        "note,id,place,question,sentence,codes,author,author_kind,date\nask Bea,w1,wca,hope,,,,,\n",
        encoding="utf-8",
    )

    code, _, _ = run("findings", STUDY, "--place", "africa")

    assert code == 0
    assert [(row["place"], row["note"]) for row in rows_of(path)] == [
        ("wca", "ask Bea"),
        ("africa", ""),
    ]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("afrika", "closest: africa"),
        ("asia", "No focus group of tiny that may be counted"),
        ("wca", "has one focus group"),
    ],
    ids=["unknown", "no-report", "one-group"],
)
def test_place_that_has_no_findings_is_refused(
    run: Run, tiny_root: Path, place: str, message: str
) -> None:
    """An unknown place, one without a report, and one with a single group write nothing."""
    code, _, complained = run("findings", STUDY, "--place", place)

    assert code == 1
    assert message in complained
    assert not (tiny_root / "data" / STUDY / "findings.csv").exists()
