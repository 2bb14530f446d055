from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest
from hypothesis import HealthCheck, given, settings

from analysis.intake.docx_submission import read_docx_submission
from intake.filled_templates import FILLINGS, LANGUAGES, Filling, fill_docx

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from docx.document import Document
    from docx.table import _Cell

    from analysis.intake.submission import Submission

CELL = "structures.hope"


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], Submission]:
    """Give a way to read a document."""

    def read_content(content: bytes) -> Submission:
        path = tmp_path / "sent.docx"
        path.write_bytes(content)
        return read_docx_submission(path)

    return read_content


def changed(change: Callable[[_Cell], object], filling: Filling | None = None) -> bytes:
    """Return a filled-in template in which somebody changed the answer of one cell."""
    document: Document = docx.Document(io.BytesIO(fill_docx(filling or Filling({}))))
    question = "What gives us hope?"
    rows = [row for table in document.tables for row in table.rows if row.cells[0].text == question]
    change(rows[1].cells[1])
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def told(submission: Submission, cell: str = CELL) -> list[tuple[str, str]]:
    return [(each.position, each.text) for each in submission.points if each.cell == cell]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filling=FILLINGS, language=LANGUAGES)
def test_what_was_filled_in_comes_back(
    filling: Filling, language: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A template of any language gives back what was filled in, in order, and nothing else."""
    path = tmp_path_factory.mktemp("sent") / "sent.docx"
    path.write_bytes(fill_docx(filling, language))

    submission = read_docx_submission(path)

    assert [(each.cell, each.role, each.text) for each in submission.points] == filling.expected()
    assert submission.language == language
    assert {name: submission.facts[name] for name in filling.facts} == filling.facts
    assert submission.remainder == ()
    assert submission.account.is_balanced
    assert "@" not in repr(submission)
