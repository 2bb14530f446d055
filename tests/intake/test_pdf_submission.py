from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings

from analysis.intake.pdf_submission import read_pdf_submission
from intake.filled_templates import FILLINGS, LANGUAGES, Filling, fill_pdf

if TYPE_CHECKING:
    import pytest


@settings(max_examples=8)
@given(filling=FILLINGS, language=LANGUAGES)
def test_what_was_filled_in_comes_back(
    filling: Filling, language: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A printed template of any language gives back what was filled in, whatever pages cut."""
    path = tmp_path_factory.mktemp("sent") / "sent.pdf"
    path.write_bytes(fill_pdf(filling, language))

    submission = read_pdf_submission(path)

    assert [(each.cell, each.role, each.text) for each in submission.points] == filling.expected()
    assert submission.language == language
    assert {name: submission.facts[name] for name in filling.facts} == filling.facts
    assert submission.remainder == ()
    assert submission.account.is_balanced
    assert "@" not in repr(submission)
