from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest
from reportlab.platypus import Paragraph, SimpleDocTemplate

from analysis.intake.limits import receive
from analysis.intake.reading import read_submissions
from intake.filled_templates import body_style

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LINES = ["EMERGING PATTERNS", "1. Boats.", "2. Nets.", "a) by day", "b) by night", "3. Fuel."]
OTHERS = ["STOP", "1. Fees.", "2. Noon.", "9. No item"]


def as_docx(lines: list[str]) -> bytes:
    document, saved = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(saved)
    return saved.getvalue()


def as_pdf(lines: list[str]) -> bytes:
    written = io.BytesIO()
    SimpleDocTemplate(written, invariant=1).build([Paragraph(line, body_style()) for line in lines])
    return written.getvalue()


def as_html(lines: list[str]) -> bytes:
    return "".join(f"<p>{line}</p>" for line in lines).encode()


def as_txt(lines: list[str]) -> bytes:
    return "\n\n".join(lines).encode()


@pytest.mark.parametrize("form", [as_docx, as_pdf, as_html, as_txt])
def test_numbers_count_on_from_line_to_line(
    form: Callable[[list[str]], bytes], tmp_path: Path
) -> None:
    """Outside tables too each number that goes on opens an item, and each list begins anew."""
    path = tmp_path / f"sent.{form.__name__.removeprefix('as_')}"
    path.write_bytes(form([*LINES, *OTHERS]))

    (submission,) = read_submissions(receive(path))

    assert [(each.question, each.position, each.text) for each in submission.points] == [
        ("patterns", "1", "Boats."),
        ("patterns", "2", "Nets."),
        ("patterns", "2a", "by day"),
        ("patterns", "2b", "by night"),
        ("patterns", "3", "Fuel."),
        ("stop", "1", "Fees."),
        ("stop", "2", "Noon."),
        ("stop", "p1", "9. No item"),
    ]
    assert submission.account.is_balanced
