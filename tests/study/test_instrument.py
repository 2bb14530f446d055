from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from analysis.errors import StudyError
from analysis.study.instrument import read_instrument

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

INSTRUMENT = read_instrument()


def test_three_domains_ask_four_questions() -> None:
    """The core of the template is three domains by four questions."""
    cells = [f"{domain}.{q}" for domain in INSTRUMENT.domains for q in INSTRUMENT.domain_questions]

    assert INSTRUMENT.domains == ("reaching_person", "structures", "context")
    assert INSTRUMENT.domain_questions == ("situation", "concerns", "hope", "constraints")
    assert all(
        INSTRUMENT.questions(domain) == INSTRUMENT.domain_questions for domain in INSTRUMENT.domains
    )
    assert INSTRUMENT.cells == (
        "theme.introduction",
        *cells,
        "emerging.patterns",
        "recommendations.continue",
        "recommendations.stop",
        "recommendations.start",
        "recommendations.key",
    )


def test_has_every_cell_of_the_real_submission(shared: Path) -> None:
    """Each cell that the real submission answers is a cell of the instrument."""
    with (shared / "data" / "africa-2020" / "segments.csv").open(encoding="utf-8") as file:
        answered = {f"{row['section']}.{row['question']}" for row in csv.DictReader(file)}

    assert answered == set(INSTRUMENT.cells)


def test_words_are_those_of_the_form(shared: Path) -> None:
    """Every heading and every question is in the form as it was filled in."""
    source = shared / "data" / "source" / "unaids-africa-focus-group-2020.txt"
    form = source.read_text(encoding="utf-8").casefold()

    headings = [section.heading for section in INSTRUMENT.sections]
    questions = [INSTRUMENT.question_text(cell) for cell in INSTRUMENT.cells]

    assert [words for words in headings + questions if words.casefold() not in form] == []


@pytest.mark.parametrize(
    ("cell", "limit"),
    [
        ("theme.introduction", None),
        ("structures.hope", 5),
        ("emerging.patterns", 5),
        ("recommendations.stop", 5),
        ("recommendations.key", None),
    ],
)
def test_limits_points_where_the_form_does(cell: str, limit: int | None) -> None:
    """Five points are the most in a cell, but for the introduction and the key recommendation."""
    assert INSTRUMENT.limit(cell) == limit


def test_labels_are_short_and_titles_readable() -> None:
    """Tables head their columns with labels, and reports their sections with titles."""
    assert INSTRUMENT.question_label("context.constraints") == "Constraints"
    assert INSTRUMENT.title("structures") == "The structures that respond to HIV"


@pytest.mark.parametrize(
    ("ask", "shown"),
    [
        (
            lambda: INSTRUMENT.question_text("context.hopes"),
            r"'context.hopes' \(closest: context.hope",
        ),
        (lambda: INSTRUMENT.limit("contxt.hope"), r"'contxt' \(closest: context\)"),
        (lambda: INSTRUMENT.title("structure"), r"'structure' \(closest: structures\)"),
        (lambda: read_instrument("eng"), r"'eng' \(closest: en;"),
    ],
    ids=["question", "limit", "title", "language"],
)
def test_refuses_what_the_template_does_not_have(ask: Callable[[], object], shown: str) -> None:
    """An unknown cell, section or language is refused with the closest one there is."""
    with pytest.raises(StudyError, match=shown):
        ask()


def test_cells_have_names_for_sentences():
    """A cell is called by its section and its question, or by a section that asks but one."""
    named = [INSTRUMENT.cell_names[cell] for cell in ("context.hope", "emerging.patterns")]

    assert named == ["Contextual environment: Hope", "Emerging patterns"]
    assert tuple(INSTRUMENT.cell_names) == INSTRUMENT.cells
