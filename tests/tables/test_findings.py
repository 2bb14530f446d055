from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.errors import StudyError
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.tables.findings import (
    COLUMNS,
    Placeholder,
    read_findings,
    read_placeholder,
)
from tiny_study import ROOT, STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {
    "id": "esa-hope",
    "place": "esa",
    "question": "hope",
    "sentence": "Peers give hope ({prevalence.community@hope}).",
    "codes": "community; services",
    "author": "A. Analyst",
    "author_kind": "person",
    "date": "2021-01-02",
}


@pytest.fixture
def opened(tmp_path: Path) -> OpenedStudy:
    """Give the tiny study opened."""
    return open_study(write_tiny_root(tmp_path / "root"), STUDY)


def write(opened: OpenedStudy, *rows: dict[str, str]) -> None:
    lines = [",".join(COLUMNS)]
    lines += [",".join(f'"{(GOOD | row)[name]}"' for name in COLUMNS) for row in rows]
    (opened.folder / "findings.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def refused(opened: OpenedStudy, *rows: dict[str, str]) -> list[str]:
    write(opened, *rows)
    with pytest.raises(StudyError) as error:
        read_findings(opened)
    return list(error.value.offenders)


def test_study_without_the_file_has_no_findings(opened: OpenedStudy) -> None:
    """The file is optional."""
    assert read_findings(opened) == []


def test_findings_of_a_place_are_read_in_their_order(opened: OpenedStudy) -> None:
    """A finding has its place, its question, its codes and who wrote it; drafts are left out."""
    write(opened, {}, {"id": "wca", "place": "wca"}, {"id": "draft", "sentence": "", "author": ""})

    (finding,) = read_findings(opened, "esa")

    assert (finding.id, finding.codes, finding.author_kind, finding.row) == (
        *("esa-hope", ("community", "services"), "person", 2),
    )


@pytest.mark.parametrize(
    ("row", "offender"),
    [
        ({"place": "east"}, "findings.csv row 2: unknown place 'east'"),
        ({"place": "KEN"}, "findings.csv row 2: unknown place 'KEN'"),
        ({"question": "fear"}, "findings.csv row 2: unknown question 'fear'"),
        ({"codes": "commune"}, "row 2: unknown code 'commune'"),
        ({"codes": " "}, "row 2: no codes"),
        ({"sentence": "Raised by 7 groups."}, "row 2: the sentence has a number that is no"),
        ({"sentence": "Open {groups."}, "row 2: the sentence has a brace that is not closed"),
        ({"sentence": "{prevalence.stgma}"}, "unknown claim 'prevalence.stgma' (closest: prev"),
        ({"sentence": "{prevalence.stigma@fear}"}, "unknown claim 'prevalence.stigma'"),
        ({"sentence": "{participants}"}, "row 2: unknown claim 'participants'"),
        ({"sentence": "word " * 25}, "row 2: the sentence has 25 words"),
        ({"author": " "}, "row 2: no author"),
        ({"author_kind": "human"}, "row 2: unknown author_kind 'human' (allowed: person, model)"),
        ({"date": "2 January"}, "row 2: date '2 January' is no date like"),
        ({"id": "Esa Hope"}, "row 2: id of 8 characters is not made of"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_finding_that_cannot_be_used_is_refused(
    opened: OpenedStudy, row: dict[str, str], offender: str
) -> None:
    """Unknown places, codes and claims, and bare numbers, are each named with their row."""
    assert any(offender in each for each in refused(opened, row))


def test_sentence_is_never_quoted(opened: OpenedStudy) -> None:
    """What is wrong with a sentence is said without its words."""
    offenders = refused(opened, {"sentence": "Grace said 7 things."})

    assert not any("Grace" in each for each in offenders)


def test_id_twice_and_too_many_are_refused(opened: OpenedStudy) -> None:
    """An id is used once, and a place has at most eight findings besides drafts."""
    more = [{"id": f"more-{at}"} for at in range(7)]
    offenders = refused(opened, {}, {}, *more, {"id": "draft", "sentence": ""})

    assert "findings.csv row 3: id 'esa-hope' is also in row 2" in offenders
    assert "findings.csv: 9 findings of place 'esa'" in offenders


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("groups", Placeholder("groups")),
        ("prevalence.stigma", Placeholder("prevalence", "stigma")),
        ("prevalence.stigma@hope", Placeholder("prevalence", "stigma", "hope")),
        ("prevalence.rights@esa", Placeholder("prevalence", "rights", "esa")),
        ("prevalence.stigma@", None),
        ("segments.stigma", None),
    ],
)
def test_placeholder_names_a_claim(
    opened: OpenedStudy, text: str, claim: Placeholder | None
) -> None:
    """A placeholder names a prevalence, narrowed to a question or a region, or a size."""
    assert read_placeholder(text, opened) == claim


def test_code_may_be_written_with_underscores() -> None:
    """In a placeholder `health_access` is the code `health-access`."""
    demo = replace(open_study(ROOT, "demo"))

    assert read_placeholder("prevalence.health_access@hope", demo) == Placeholder(
        "prevalence", "health-access", "hope"
    )


def test_shipped_findings_are_sound() -> None:
    """The findings of the demonstration study can be used, and say that a model wrote them."""
    demo = open_study(ROOT, "demo")

    found = read_findings(demo)

    assert {finding.place for finding in found} == {"esa", "wca", "africa"}
    assert {finding.author_kind for finding in found} == {"model"}
