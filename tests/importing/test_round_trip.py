"""From a template that a host fills in to the rows of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.importing.submissions import import_submissions
from analysis.study.instrument import read_instrument
from analysis.tables.received import read_received
from intake.filled_templates import FACTS, Filling, fill_docx, fill_pdf
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")

ITEMS = [("prose", "We need:"), ("point", "Boats."), ("subpoint", "By day."), ("point", "Nets.")]
CONSENTS = {"en": "public", "fr": "public-without-names", "pt": "aggregate-only", "es": "none"}


@pytest.mark.parametrize(("language", "consent"), CONSENTS.items())
def test_what_was_filled_in_stands_in_the_tables(
    language: str, consent: str, tmp_path: Path
) -> None:
    """Words, facts and consent of each language come whole from Word and from print."""
    root = write_tiny_root(tmp_path / "root")
    settings = root / "data" / STUDY / "study.yaml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("[en]", "[en, fr, pt, es]"), encoding="utf-8"
    )
    printed = Filling(dict.fromkeys(read_instrument().cells, ITEMS), consent=consent)
    typed = Filling(
        {"structures.hope": [("point", "Fuel.")]}, {**FACTS, "place": "Uganda"}, consent
    )
    files = [tmp_path / "one.pdf", tmp_path / "two.docx"]
    files[0].write_bytes(fill_pdf(printed, language))
    files[1].write_bytes(fill_docx(typed, language))

    import_submissions(root, STUDY, files)

    tables = read_received(root / "data" / STUDY)
    told = ["places", "held_on", "organiser", "theme", "participants", "language", "consent"]
    facts = ("2020-09-26", FACTS["organiser"], FACTS["theme"], "8 fishers (KEN); 2 nurses")
    added = tables.segments[tables.segments["focus_group"].str.contains("2020-09-26")]
    assert tables.focus_groups[told].tail(2).to_numpy().tolist() == [
        [place, *facts, language, consent] for place in ("KEN", "UGA")
    ]
    assert list(
        zip(added["section"] + "." + added["question"], added["role"], added["text"], strict=True)
    ) == [
        (cell, "lead_in" if text == "We need:" else role, text)
        for filling in (printed, typed)
        for cell, role, text in filling.expected()
    ]
