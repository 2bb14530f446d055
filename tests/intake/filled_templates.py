"""Templates filled in for tests, as Word documents and as PDFs, and what must come back of them."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import docx
import matplotlib
import matplotlib.image
import numpy as np
from docx.table import _Cell
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Table, TableStyle

from analysis.intake.template_document import BOX, template_bytes
from analysis.study.instrument import read_instrument

if TYPE_CHECKING:
    from collections.abc import Iterator

TICKED = "\u2612"
FACTS = {
    "place": "Kenya",
    "scope": "Country",
    "organiser": "A network of fishing communities",
    "held_on": "2020-09-26",
    "theme": "Testing on the water",
    "participants": "8 fishers from Kenya; 2 nurses",
}
STYLES = {"point": "List Bullet", "subpoint": "List Bullet 2"}
INDENTS = {"prose": "", "point": "\u2022 ", "subpoint": "\u25cb "}


@dataclass(frozen=True)
class Filling:
    """What a host fills in.

    Parameters
    ----------
    answers : dict
        By cell, its paragraphs: each a role and a text.
    facts : dict
        Facts of the focus group.
    consent : str
        The option that is ticked, or "" for none.
    contact : str
        The text in each field for contacts.
    """

    answers: dict[str, list[tuple[str, str]]]
    facts: dict[str, str] = field(default_factory=lambda: dict(FACTS))
    consent: str = "public"
    contact: str = ""

    def expected(self) -> list[tuple[str, str, str]]:
        """Return the cell, role and text of each segment, in the order of the template."""
        return [
            (cell, role, text)
            for cell in read_instrument().cells
            for role, text in _roles(self.answers.get(cell, []))
        ]


def _roles(answer: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield roles and texts; a sub-point with no point anywhere above it is a point."""
    has_point = False
    for role, text in answer:
        yield ("point" if role == "subpoint" and not has_point else role), text
        has_point = has_point or role == "point"


def rows_of(filling: Filling, language: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the first cell of each row, and the paragraphs that a host writes beside it."""
    instrument = read_instrument(language)
    form = instrument.form
    options = [
        ("prose", f"{TICKED if consent == filling.consent else BOX} {option}")
        for consent, option in form.consent_options.items()
    ]
    yield form.consent_question, options
    for fact, label in form.facts.items():
        yield label, [("prose", filling.facts[fact])] if filling.facts.get(fact) else []
    for cell in instrument.cells:
        yield instrument.question_text(cell), filling.answers.get(cell, [])
    for label in form.contacts:
        yield label, [("prose", filling.contact)] if filling.contact else []


def fill_docx(filling: Filling, language: str = "en") -> bytes:
    """Return the template of a language as a host fills it in in Word."""
    document = docx.Document(io.BytesIO(_empty(language)))
    header = read_instrument(language).form.question_header
    rows = [
        [_Cell(cell, table) for cell in row.tc_lst]
        for table in document.tables
        for row in table._tbl.tr_lst
    ]
    asked = [row for row in rows if row[0].text != header]
    for (first, second), (question, answer) in zip(asked, rows_of(filling, language), strict=True):
        assert first.text == question
        _write(second, answer)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


@cache
def _empty(language: str) -> bytes:
    return template_bytes(language)


def _write(cell: _Cell, answer: list[tuple[str, str]]) -> None:
    for paragraph in cell.paragraphs[1:]:
        paragraph._element.getparent().remove(paragraph._element)
    for number, (role, text) in enumerate(answer):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        paragraph.text = text
        if role in STYLES:
            paragraph.style = STYLES[role]


def fill_pdf(
    filling: Filling,
    language: str = "en",
    *,
    running: str = "",
    pictures: tuple[int, ...] = (),
    **properties: str | None,
) -> bytes:
    """Return the template of a language as a word processor prints it: rows are cut by pages.

    The lines of `running` are at the foot of each page.
    Other `properties` (`author`, `title`, `subject`, `creator`, `keywords`) goes into its
    properties; a `password` encrypts it. Pictures so many points high are at its end.
    """
    instrument = read_instrument(language)
    form, style = instrument.form, body_style()
    rows = list(rows_of(filling, language))
    facts, contacts = 1 + len(form.facts), len(form.contacts)
    story: list[object] = [Paragraph(escape(form.title), style)]
    story += [Paragraph(escape(text), style) for text in form.how_to]
    story += [Paragraph(escape(form.consent_heading), style), _table(rows[:1])]
    story += [Paragraph(escape(form.facts_heading), style), _table(rows[1:facts])]
    at = facts
    for section in instrument.sections:
        story.append(Paragraph(escape(section.heading), style))
        story.append(_table(rows[at : at + len(section.questions)]))
        at += len(section.questions)
    story += [Paragraph(escape(form.contact_heading), style), _table(rows[-contacts:])]
    story += [Image(_grey(), 440, height) for height in pictures]
    written = io.BytesIO()

    def print_running(page: Canvas, _: object) -> None:
        for number, line in enumerate(running.format(page=page.getPageNumber()).splitlines()):
            page.drawString(72, 52 - 12 * number, line)

    document = SimpleDocTemplate(
        written, pagesize=A4, invariant=1, encrypt=properties.pop("password", None), **properties
    )
    document.build(story, onFirstPage=print_running, onLaterPages=print_running)
    return written.getvalue()


def _grey() -> io.BytesIO:
    written = io.BytesIO()
    matplotlib.image.imsave(written, np.zeros((8, 8)), cmap="gray", format="png")
    return written


def empty_pdf() -> bytes:
    """Return a PDF without a word."""
    written = io.BytesIO()
    page = Canvas(written, invariant=1)
    page.rect(10, 10, 50, 50)
    page.save()
    return written.getvalue()


def body_style() -> ParagraphStyle:
    """Return the style of all paragraphs, in a font that has every letter and bullet."""
    if "DejaVu" not in pdfmetrics.getRegisteredFontNames():
        path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
        pdfmetrics.registerFont(TTFont("DejaVu", str(path)))
    return ParagraphStyle("body", getSampleStyleSheet()["BodyText"], fontName="DejaVu")


def _table(rows: list[tuple[str, list[tuple[str, str]]]]) -> Table:
    style = body_style()
    cells = [
        [
            Paragraph(escape(question), style),
            [Paragraph(escape(f"{INDENTS[role]}{text}"), style) for role, text in answer],
        ]
        for question, answer in rows
    ]
    lines = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    return Table(cells, colWidths=(150, 300), style=TableStyle(lines), splitInRow=1)


WORDS = st.sampled_from(
    [
        "boats",
        "fuel",
        "clinic",
        "night",
        "shore",
        "health",
        "peer",
        "law",
        "money",
        "trust",
        "water",
        "Fishers",
        "Peers",
        "café",
        "São",
    ]
)
SENTENCES = st.lists(WORDS, min_size=2, max_size=25).map(lambda words: f"The {' '.join(words)}.")
ITEMS = st.tuples(st.sampled_from(["prose", "point", "point", "subpoint"]), SENTENCES)
CELLS = st.sampled_from(read_instrument().cells)
FILLINGS = st.builds(
    Filling,
    answers=st.dictionaries(CELLS, st.lists(ITEMS, min_size=1, max_size=6), min_size=1, max_size=8),
    consent=st.sampled_from(["public", "public-without-names", "aggregate-only", "none", ""]),
    contact=st.sampled_from(["", "jane@lake.example"]),
)
LANGUAGES = st.sampled_from(["en", "fr", "pt", "es"])
__all__ = ["FILLINGS", "LANGUAGES", "Filling", "fill_docx", "fill_pdf"]
