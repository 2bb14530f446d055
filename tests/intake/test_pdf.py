from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

from analysis.errors import SourceError
from analysis.intake.account import RUNNING
from analysis.intake.focus_group import FocusGroups
from analysis.intake.limits import receive
from analysis.intake.reading import read_submissions
from intake.filled_templates import (
    FILLINGS,
    LANGUAGES,
    Filling,
    body_style,
    empty_pdf,
    fill_pdf,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analysis.study.places import Places
    from intake.conftest import Read

FONT, SIZE, LEFT = "DejaVu", 10, 40
FULL = "Boats leave before dawn"
"""Words after which none fits in a line of `draw`."""


@settings(max_examples=5)
@given(filling=FILLINGS, language=LANGUAGES)
def test_what_was_filled_in_comes_back(
    filling: Filling, language: str, places: Places, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A printed template of any language gives back what was filled in, whatever pages cut."""
    path = tmp_path_factory.mktemp("sent") / "sent.pdf"
    path.write_bytes(fill_pdf(filling, language))

    (submission,) = read_submissions(receive(path))
    group = FocusGroups(places, {}).describe(submission)

    assert [(each.cell, each.role, each.text) for each in submission.points] == filling.expected()
    assert submission.language == language
    assert {name: submission.facts[name] for name in filling.facts} == filling.facts
    assert group.consent == (filling.consent or "none")
    assert submission.remainder == ()
    assert submission.account.is_balanced
    assert "@" not in repr(submission)


def long_filling() -> Filling:
    """Return answers of many lines, which fill three pages."""
    sentence = (
        "Boats leave before the clinics open, and come back after the clinics have closed; so"
    )
    item = ("point", " ".join([sentence] * 40) + " it goes.")
    return Filling({cell: [item] for cell in ("theme.introduction", "structures.hope")})


def test_sentence_that_a_page_cuts_is_joined_and_reported(read: Read) -> None:
    """A row continues over the page in mid-sentence, and the place of the cut is reported."""
    filling = long_filling()

    submission = read("sent.pdf", fill_pdf(filling))

    assert [(each.cell, each.role, each.text) for each in submission.points] == filling.expected()
    assert "page 2 row 1: joined a row cut by a page break in mid-sentence" in [
        repair.what for repair in submission.repairs
    ]


def test_headers_and_numbers_of_pages_are_no_words(read: Read) -> None:
    """Lines of every page are set aside, and cut no answer."""
    filling = long_filling()

    submission = read(
        "sent.pdf", fill_pdf(filling, running="Report of the lake\nPage {page} of many")
    )

    assert [(each.cell, each.role, each.text) for each in submission.points] == filling.expected()
    assert submission.account.set_aside["headers, footers and numbers of pages"] == 8
    assert submission.remainder == ()


def test_damage_in_the_midst_of_a_page_is_suspected(read: Read) -> None:
    """Where the library reads on after a fault, a suspicion says that words may be missing."""
    content = bytearray(fill_pdf(long_filling()))
    at = content.rindex(b"endstream") - 100
    content[at] = ord("!")

    submission = read("sent.pdf", bytes(content))

    assert [each.place for each in submission.suspicions if "damaged" in each.what] == ["file"]


def test_pages_that_are_pictures_are_suspected(read: Read) -> None:
    """A scanned page among others is suspected, also below a header, and a logo is not."""
    filling = Filling({"structures.hope": [("point", "Boats.")]})
    contents = [fill_pdf(filling, running="The lake", pictures=(high,)) for high in (660, 300, 20)]

    suspicions = [
        [(each.place, each.what) for each in read("sent.pdf", content).suspicions]
        for content in contents
    ]

    assert suspicions == [
        [("page 3", "is a picture: its text was not read")],
        [("page 2", "has a large picture: its text was not read")],
        [],
    ]


def test_text_that_is_not_drawn_is_read_and_reported(read: Read) -> None:
    """It may be what a program recognised in a scan, so that a person must look."""
    body_style()
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(500, 400), invariant=1)
    for number, words in enumerate(["Emerging patterns", "Boats are far away."]):
        text = canvas.beginText(LEFT, 300)
        text.setFont(FONT, SIZE)
        text.setTextRenderMode(3 * number)
        text.textOut(words)
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()

    submission = read("sent.pdf", written.getvalue())

    assert [each.text for each in submission.points] == ["Boats are far away."]
    assert [(each.place, each.what) for each in submission.suspicions] == [
        ("page 2", "has text that nobody sees, and that was read")
    ]


@dataclass(frozen=True)
class Drawn:
    """A line that is drawn on a page: so far below the one above, and so far in."""

    text: str
    below: float = 12.0
    indent: float = 0.0
    bullet_font: str = ""


def draw(*pages: Sequence[Drawn]) -> bytes:
    """Return a PDF whose lines are full with the words of FULL."""
    body_style()
    written = io.BytesIO()
    width = 2 * LEFT + stringWidth(FULL, FONT, SIZE) + 1
    canvas = Canvas(written, pagesize=(width, 400), invariant=1)
    for page in pages:
        at = 390.0
        for line in page:
            at -= line.below
            text = canvas.beginText(LEFT + line.indent, at)
            text.setFont(line.bullet_font or FONT, SIZE)
            text.textOut(line.text[:1])
            text.setFont(FONT, SIZE)
            text.textOut(line.text[1:])
            canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([Drawn(FULL), Drawn("and fish.")], [("p1", f"{FULL} and fish.")]),
        ([Drawn("Fuel."), Drawn("Boats.")], [("p1", "Fuel."), ("p2", "Boats.")]),
        ([Drawn(f"\u2022 {FULL}"), Drawn("and fish.")], [("1", f"{FULL} and fish.")]),
        (
            [Drawn(f"{FULL} \u2022"), Drawn("\u2022 Fuel.")],
            [("p1", f"{FULL} \u2022"), ("1", "Fuel.")],
        ),
        (
            [Drawn("\u2022 Boats."), Drawn("\u2022 Fuel.", indent=15)],
            [("1", "Boats."), ("1a", "Fuel.")],
        ),
        ([Drawn("\u2022 Boats."), Drawn("\u25cb Fuel.")], [("1", "Boats."), ("1a", "Fuel.")]),
        ([Drawn("(cid:127) Boats."), Drawn("- Fuel.")], [("1", "Boats."), ("2", "Fuel.")]),
        ([Drawn(f"{FULL} wa\u00ad"), Drawn("ter.")], [("p1", f"{FULL} water.")]),
        ([Drawn(f"{FULL} peer-"), Drawn("led.")], [("p1", f"{FULL} peer-led.")]),
        ([Drawn("o Boats", bullet_font="Courier")], [("1", "Boats")]),
        ([Drawn("o governo")], [("p1", "o governo")]),
        ([Drawn("shore", indent=40), Drawn("The", below=1)], [("p1", "The shore")]),
    ],
)
def test_lines_are_put_into_paragraphs_by_their_place(
    lines: list[Drawn], expected: list[tuple[str, str]], read: Read
) -> None:
    """Room at the end of a line, distance and bullets decide where a paragraph ends."""
    submission = read("sent.pdf", draw([Drawn("STOP"), *lines]))

    assert [(each.position, each.text) for each in submission.points] == expected


def test_distance_of_lines_separates_full_paragraphs(read: Read) -> None:
    """In a cell whose lines are full, a paragraph ends where the next line is further away."""
    style = body_style()
    texts = [f"{FULL} {FULL}", "Fuel is dear."]
    cells = [[Paragraph("STOP", style), [Paragraph(text, style) for text in texts]]]
    padding = 2 * 6 + 1
    widths = (60, stringWidth(FULL, FONT, style.fontSize) + padding)
    grid = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")])
    written = io.BytesIO()
    SimpleDocTemplate(written, invariant=1).build([Table(cells, colWidths=widths, style=grid)])

    submission = read("sent.pdf", written.getvalue())

    assert [each.text for each in submission.points] == texts


@pytest.mark.parametrize(
    ("pages", "kept"),
    [
        (["Q|a|Draft|Lake", "b|Draft|Lake 2", "c|Draft|Lake 3"], "a Draft Lake b c"),
        (["Q|a|Lake", "b|Lake|2", "c|Lake|3"], "a b c"),
        (["Lake|Q|a", "Lake|c|d", "Lake|a|e", "Lake|f", "Lake|g"], "a c d a e f g"),
        (["Lake|1|Q|a|Page 1", "Lake|1|b|Page 2"], "a b"),
        (["Lake|Q|a", "Lake"], "a"),
        (["Q|a|a"], "a a"),
    ],
)
def test_headers_and_footers_may_have_several_lines(
    pages: list[str], kept: str, read: Read
) -> None:
    """Lines that repeat at an edge are running, and behind them those of half of the pages."""
    drawn = [[Drawn("STOP" if line == "Q" else line) for line in page.split("|")] for page in pages]

    submission = read("sent.pdf", draw(*drawn))

    assert " ".join(each.text for each in submission.points) == kept
    lines = sum(len(page.split("|")) for page in pages)
    assert submission.account.set_aside.get(RUNNING, 0) == lines - 1 - len(submission.points)


def test_row_that_each_page_repeats_is_not_running(read: Read) -> None:
    """A row of a table on the edge of each page is left over with its place."""
    rows = [[Paragraph(text, body_style()) for text in ("A note", "Boats")]] * 2
    tables = [
        Table(rows, style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")])) for _ in range(2)
    ]
    written = io.BytesIO()
    heading = Paragraph("STOP", body_style())
    story = [tables[0], heading, PageBreak(), tables[1]]
    SimpleDocTemplate(written, invariant=1).build(story)

    submission = read("sent.pdf", written.getvalue())

    assert RUNNING not in submission.account.set_aside
    assert submission.remainder == ("page 2 row 1", "page 2 row 2")


def test_question_that_a_page_cuts_is_recognised(read: Read) -> None:
    """Both halves of its cell are one question, and the answer continues."""
    grid = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")])
    halves = [("What gives", "Peers."), ("us hope?", "Boats.")]
    above, below = (
        Table([[Paragraph(text, body_style()) for text in half]], style=grid) for half in halves
    )
    heading = Paragraph("The structures that respond to HIV", body_style())
    written = io.BytesIO()
    SimpleDocTemplate(written, invariant=1).build([heading, above, PageBreak(), below])

    submission = read("sent.pdf", written.getvalue())

    assert [(each.cell, each.text) for each in submission.points] == [
        ("structures.hope", "Peers."),
        ("structures.hope", "Boats."),
    ]


def test_pdf_of_too_many_pages_is_refused(read: Read) -> None:
    """A document of hundreds of pages is no submission."""
    with pytest.raises(SourceError, match="has 201 pages"):
        read("sent.pdf", draw(*[[Drawn("STOP")]] * 201))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (lambda whole: whole[: len(whole) // 2], "is damaged or was cut short"),
        (lambda _: b"%PDF-1.7\nnothing\n%%EOF\n", "is damaged or was cut short"),
        (lambda _: b"Country: Lesotho", "is not what its name says: it is text"),
        (lambda _: fill_pdf(Filling({}), password="x"), "is encrypted"),  # noqa: S106
        (lambda _: empty_pdf(), "its pages are pictures"),
    ],
)
def test_refuses_what_cannot_be_read(
    content: Callable[[bytes], bytes], expected: str, read: Read
) -> None:
    """A PDF that is cut short, encrypted or without text is refused, each with its own message."""
    with pytest.raises(SourceError, match=expected):
        read("sent.pdf", content(fill_pdf(Filling({}))))
