from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings

from analysis.errors import SourceError
from analysis.intake.account import HIDDEN
from analysis.intake.focus_group import FocusGroups
from analysis.intake.limits import receive
from analysis.intake.reading import read_submissions
from analysis.intake.template_document import BOX
from intake.filled_templates import FILLINGS, LANGUAGES, Filling, fill_docx

if TYPE_CHECKING:
    from collections.abc import Callable

    from docx.document import Document
    from docx.table import _Cell

    from analysis.intake.submission import Submission
    from analysis.study.places import Places
    from intake.conftest import Read

CELL = "structures.hope"
CHARS = {True: "F0FE", False: "F0A8"}
INSERTED = (
    "<w:sdt {space}><w:sdtContent><w:p><w:r><w:t>Boats.</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    """<w:p {space}><w:ins><w:r><w:t>Peers.</w:t></w:r></w:ins>
    <w:del><w:r><w:delText>Nobody.</w:delText></w:r></w:del></w:p>""",
    """<w:p {space}><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Nets.</w:t></w:r></w:p>
    </w:txbxContent></w:pict></w:r></w:p>""",
)


def changed(change: Callable[[_Cell], object], filling: Filling | None = None) -> bytes:
    """Return a filled-in template in which somebody changed the answer of one cell."""
    document: Document = docx.Document(io.BytesIO(fill_docx(filling or Filling({}))))
    question = "What gives us hope?"
    rows = [row for table in document.tables for row in table.rows if row.cells[0].text == question]
    change(rows[1].cells[1])
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def answers(submission: Submission, cell: str = CELL) -> list[tuple[str, str]]:
    return [(each.position, each.text) for each in submission.points if each.cell == cell]


@settings(max_examples=10)
@given(filling=FILLINGS, language=LANGUAGES)
def test_what_was_filled_in_comes_back(
    filling: Filling, language: str, places: Places, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A template of any language gives back what was filled in, in order, and nothing else."""
    path = tmp_path_factory.mktemp("sent") / "sent.docx"
    path.write_bytes(fill_docx(filling, language))

    (submission,) = read_submissions(receive(path))
    group = FocusGroups(places, {}).describe(submission)

    assert [(each.cell, each.role, each.text) for each in submission.points] == filling.expected()
    assert submission.language == language
    assert {name: submission.facts[name] for name in filling.facts} == filling.facts
    assert group.consent == (filling.consent or "none")
    assert submission.remainder == ()
    assert submission.account.is_balanced
    assert "@" not in repr(submission)


def test_words_in_controls_boxes_and_insertions_are_read(
    read: Read,
) -> None:
    """Words in controls, text boxes and tracked insertions count; what was deleted does not."""

    def change(cell: _Cell) -> None:
        for xml in INSERTED:
            cell._element.append(parse_xml(xml.format(space=nsdecls("w"))))

    assert answers(read("sent.docx", changed(change))) == [
        ("p1", "Boats."),
        ("p2", "Peers."),
        ("p3", "Nets."),
    ]


@pytest.mark.parametrize(
    ("held", "suspected"),
    [
        ("<a:graphic><pic:pic/></a:graphic>", True),
        ('<a:graphic><dgm:relIds xmlns:dgm="urn:dgm"/></a:graphic>', True),
        ('<v:shape xmlns:v="urn:v"><v:textpath string="Boats."/></v:shape>', True),
        ('<v:rect xmlns:v="urn:v"/>', False),
        ("<w:txbxContent><w:p><w:r><w:t>Nets.</w:t></w:r></w:p></w:txbxContent>", False),
    ],
)
def test_what_says_something_without_words_is_suspected(
    held: str,
    suspected: bool,  # noqa: FBT001
    read: Read,
) -> None:
    """Pictures, charts and WordArt are suspected with their place; rules and text boxes are not."""
    xml = f"<w:p {nsdecls('w', 'a', 'pic')}><w:r><w:drawing>{held}</w:drawing></w:r></w:p>"

    submission = read("sent.docx", changed(lambda cell: cell._element.append(parse_xml(xml))))

    assert [f"{each.place} {each.what}" for each in submission.suspicions] == [
        "table 5 row 4 has a picture: its text was not read"
    ] * suspected


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>', ["1", "2"]),
        ('<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>', ["1", "1a"]),
        ('<w:numPr><w:numId w:val="1"/></w:numPr>', ["1", "2"]),
        ('<w:numPr><w:ilvl w:val="1"/><w:numId w:val="0"/></w:numPr>', ["1", "p1"]),
        ('<w:pStyle w:val="ListBullet2"/>', ["1", "1a"]),
        ('<w:pStyle w:val="BodyText"/>', ["1", "p1"]),
        ('<w:pStyle w:val="Unknown"/>', ["1", "p1"]),
    ],
)
def test_items_have_the_level_of_their_list(
    properties: str, expected: list[str], read: Read
) -> None:
    """Numbering of a paragraph, or else of its style, makes it a point or a sub-point."""
    xml = f"<w:p {nsdecls('w')}><w:pPr>{properties}</w:pPr><w:r><w:t>Nets.</w:t></w:r></w:p>"
    filling = Filling({CELL: [("point", "Boats.")]})

    submission = read(
        "sent.docx", changed(lambda cell: cell._element.append(parse_xml(xml)), filling)
    )

    assert [position for position, _ in answers(submission)] == expected


def test_rows_of_one_cell_are_headings_and_answers(read: Read) -> None:
    """Tabs, breaks and hyphens of such a cell are read too, and an empty row is passed over."""
    document: Document = docx.Document()
    texts = "<w:t>Boats</w:t><w:tab/><w:t>non</w:t><w:noBreakHyphen/><w:t>stop.</w:t><w:br/>"
    table = document.add_table(rows=3, cols=1)
    table.rows[0].cells[0].text = "STOP"
    run = parse_xml(f"<w:r {nsdecls('w')}>{texts}</w:r>")
    table.rows[1].cells[0].paragraphs[0]._element.append(run)
    table.rows[2]._tr.remove(table.rows[2]._tr.tc_lst[0])
    saved = io.BytesIO()
    document.save(saved)

    submission = read("sent.docx", saved.getvalue())

    assert answers(submission, "recommendations.stop") == [("p1", "Boats non-stop.")]
    assert submission.account.is_balanced


def test_symbols_of_words_own_fonts_are_ticks(read: Read) -> None:
    """Who ticks with a symbol of Wingdings has ticked, and the option beside it is chosen."""
    document: Document = docx.Document(io.BytesIO(fill_docx(Filling({}, consent=""))))
    for at, paragraph in enumerate(document.tables[0].rows[0].cells[1].paragraphs):
        box, rest = paragraph.text[0], paragraph.text[1:]
        assert box == BOX
        paragraph.text = ""
        symbol = f'<w:r {nsdecls("w")}><w:sym w:font="Wingdings" w:char="{CHARS[at == 2]}"/></w:r>'
        paragraph._element.append(parse_xml(symbol))
        paragraph.add_run(rest)
    document.tables[3].rows[1].cells[1].text = "Boats."
    saved = io.BytesIO()
    document.save(saved)

    consent = read("sent.docx", saved.getvalue()).facts["consent"]

    assert [line[0] for line in consent.splitlines()] == [BOX, BOX, "\u2612", BOX]


def test_notes_are_set_aside_with_their_places(read: Read) -> None:
    """Notes at the foot, comments and headers are in no answer, and none goes without a trace."""
    document: Document = docx.Document(io.BytesIO(fill_docx(Filling({CELL: [("point", "A")]}))))
    document.sections[0].header.paragraphs[0].text = "The lake"
    document.add_comment(document.paragraphs[0].runs[0], text="Shorter?")
    footnote = "<w:footnote><w:p><w:r><w:t>Not by day.</w:t></w:r></w:p></w:footnote>"
    note = f"<w:footnotes {nsdecls('w')}>{footnote}</w:footnotes>"
    part = Part(
        PackURI("/word/footnotes.xml"),
        CONTENT_TYPE.WML_FOOTNOTES,
        note.encode(),
        document.part.package,
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    saved = io.BytesIO()
    document.save(saved)

    submission = read("sent.docx", saved.getvalue())

    assert submission.remainder == ("comment paragraph 1", "footnote paragraph 1")
    assert submission.account.set_aside["notes and comments, which belong to no answer"] == 2
    assert submission.account.set_aside["headers, footers and numbers of pages"] == 1
    assert submission.account.is_balanced


def test_row_with_an_empty_question_goes_on_with_the_answer_above(
    read: Read,
) -> None:
    """A row that a page break cut is joined, also in mid-sentence, and reported with its place."""
    document: Document = docx.Document(
        io.BytesIO(fill_docx(Filling({CELL: [("point", "Boats and")]})))
    )
    table = document.tables[4]
    row = table.add_row()
    table.rows[3]._tr.addnext(row._tr)
    row.cells[1].text = "the nets."
    saved = io.BytesIO()
    document.save(saved)

    submission = read("sent.docx", saved.getvalue())

    assert answers(submission) == [("1", "Boats and the nets.")]
    assert [(each.place, each.what) for each in submission.repairs] == [
        (CELL, "table 5 row 5: joined a row cut by a page break in mid-sentence")
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"PK\x03\x04 and no more", "is damaged or was cut short"),
        (b"Country: Lesotho", "is not what its name says: it is text"),
        (b"%PDF-1.7", "it is a PDF"),
    ],
)
def test_refuses_what_is_no_word_document(content: bytes, expected: str, read: Read) -> None:
    """A document that was cut short, or is something else, is refused with what it is."""
    with pytest.raises(SourceError, match=expected):
        read("sent.docx", content)


RUN = "<w:r><w:rPr>{how}</w:rPr><w:t>Never said.</w:t></w:r>"
SEEN = "<w:r><w:t>Peers.</w:t></w:r>"
WHITE = '<w:color w:val="FFFFFF" w:themeColor="background1"/>'
UNSEEN = {
    "hidden": "<w:vanish/>",
    "hidden-on-pages": '<w:webHidden w:val="true"/>',
    "struck": "<w:strike/>",
    "struck-twice": "<w:dstrike/>",
    "tiny": '<w:sz w:val="2"/>',
    "white": WHITE,
    "white-on-white": WHITE + '<w:shd w:val="clear" w:color="auto" w:fill="FFFFFF"/>',
    "style": '<w:rStyle w:val="Quiet"/>',
    "style-below": '<w:rStyle w:val="Quieter"/>',
}
VISIBLE = {
    "off": '<w:vanish w:val="0"/>',
    "style-undone": '<w:rStyle w:val="Quiet"/><w:vanish w:val="false"/>',
    "white-on-dark": WHITE + '<w:shd w:val="clear" w:color="auto" w:fill="1F3864"/>',
    "white-on-highlight": WHITE + '<w:highlight w:val="black"/>',
    "small": '<w:sz w:val="12"/>',
}
QUIET = """<w:style {space} w:type="character" w:styleId="Quiet"><w:name w:val="Quiet"/>
<w:rPr><w:vanish/></w:rPr></w:style>"""
QUIETER = """<w:style {space} w:type="{kind}" w:styleId="Quieter{kind}"><w:name w:val="q{kind}"/>
<w:basedOn w:val="Quiet"/></w:style>"""


def with_styles(cell: _Cell, xml: str) -> None:
    """Add elements to a cell, in a document with a style of hidden text and one based on it."""
    styles = cell.part.document.styles.element
    for style in (
        QUIET,
        QUIETER.format(space="{space}", kind="character"),
        QUIETER.format(space="{space}", kind="paragraph"),
    ):
        styles.append(parse_xml(style.format(space=nsdecls("w"))))
    for element in parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>"):
        cell._element.append(element)


def hidden_in(submission: Submission) -> tuple[set[str], int]:
    """Return the places of text that was left out as hidden, and how many paragraphs have it."""
    places = {each.place for each in submission.suspicions if each.what == HIDDEN}
    return places, submission.account.set_aside.get(HIDDEN, 0)


@pytest.mark.parametrize("how", UNSEEN.values(), ids=UNSEEN)
def test_text_that_nobody_sees_is_left_out_and_reported(how: str, read: Read) -> None:
    """Hidden text is not what a host said: it's counted, and its place is reported."""
    paragraph = f"<w:p>{SEEN}{RUN.format(how=how.replace('Quieter', 'Quietercharacter'))}</w:p>"

    submission = read("sent.docx", changed(lambda cell: with_styles(cell, paragraph)))

    assert answers(submission) == [("p1", "Peers.")]
    assert hidden_in(submission) == ({"table 5 row 4"}, 1)
    assert submission.account.is_balanced


@pytest.mark.parametrize("how", VISIBLE.values(), ids=VISIBLE)
def test_text_that_can_be_seen_is_kept(how: str, read: Read) -> None:
    """White text on a dark ground, and text that undoes its style, are answers."""
    paragraph = f"<w:p>{RUN.format(how=how)}</w:p>"

    submission = read("sent.docx", changed(lambda cell: with_styles(cell, paragraph)))

    assert answers(submission) == [("p1", "Never said.")]
    assert hidden_in(submission) == (set(), 0)


DARK = '<w:shd w:val="clear" w:color="auto" w:fill="1F3864"/>'
BANDED = """<w:style {space} w:type="table" w:styleId="Banded"><w:name w:val="Banded"/>
<w:tblStylePr w:type="firstRow"><w:tcPr>{dark}</w:tcPr></w:tblStylePr></w:style>"""
PALE = f"<w:p>{RUN.format(how=WHITE)}</w:p>"
TABLE = f"""<w:tbl><w:tblPr>{{table}}</w:tblPr><w:tr><w:tc><w:tcPr>{{cell}}</w:tcPr>{PALE}</w:tc>
</w:tr></w:tbl>"""
GROUNDS = {
    "paragraph": f"<w:p><w:pPr>{DARK}</w:pPr>{RUN.format(how=WHITE)}</w:p>",
    "cell": TABLE.format(table="", cell=DARK),
    "table-style": TABLE.format(table='<w:tblStyle w:val="Banded"/>', cell=""),
}


@pytest.mark.parametrize("xml", GROUNDS.values(), ids=GROUNDS)
def test_white_text_on_a_shaded_ground_is_kept(xml: str, read: Read) -> None:
    """A paragraph, a cell or the style of a table may be dark below it."""

    def change(cell: _Cell) -> None:
        style = parse_xml(BANDED.format(space=nsdecls("w"), dark=DARK))
        cell.part.document.styles.element.append(style)
        with_styles(cell, xml)

    submission = read("sent.docx", changed(change))

    assert answers(submission) == [("p1", "Never said.")]
    assert hidden_in(submission) == (set(), 0)


HIDDEN_PARTS = {
    "paragraph-style": '<w:p><w:pPr><w:pStyle w:val="Quieterparagraph"/></w:pPr>{seen}</w:p>',
    "deleted": "<w:p><w:del><w:r><w:delText>Never.</w:delText></w:r></w:del></w:p>",
    "hidden-row": "<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p>{seen}</w:p></w:tc></w:tr>"
    "</w:tbl>",
}


@pytest.mark.parametrize("xml", HIDDEN_PARTS.values(), ids=HIDDEN_PARTS)
def test_hidden_paragraphs_and_rows_within_an_answer_are_left_out(xml: str, read: Read) -> None:
    """A style hides a paragraph, and a tracked change deletes what was in it."""
    parts = f"<w:p>{SEEN}</w:p>{xml.format(seen=SEEN)}"

    submission = read("sent.docx", changed(lambda cell: with_styles(cell, parts)))

    assert answers(submission) == [("p1", "Peers.")]
    assert hidden_in(submission) == ({"table 5 row 4"}, 1)


@pytest.mark.parametrize("how", ["hidden", "del"])
def test_row_that_is_hidden_or_deleted_is_left_out(how: str, read: Read) -> None:
    """The whole row goes, question and answer, and both are counted."""

    def change(cell: _Cell) -> None:
        cell.text = "Peers."
        row = cell._element.getparent()
        row.insert(0, parse_xml(f"<w:trPr {nsdecls('w')}><w:{how}/></w:trPr>"))

    submission = read("sent.docx", changed(change))

    assert answers(submission) == []
    assert hidden_in(submission) == ({"table 5 row 4"}, 2)


SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
DRAWN = f"""<w:p>{SEEN}<w:r><w:drawing {SPACES}><wp:anchor><wp:docPr id="1" name="Box" {{box}}/>
<a:graphic><a:graphicData><wps:wsp><wps:spPr>{{fill}}</wps:spPr>{{style}}<wps:txbx><w:txbxContent>
<w:p>{{run}}</w:p></w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor>
</w:drawing></w:r></w:p>"""
VML = f"""<w:p>{SEEN}<w:r><w:pict {SPACES}><v:shape {{box}}>{{fill}}<v:textbox><w:txbxContent>
<w:p>{{run}}</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"""
PLAIN, WHITE_RUN = RUN.format(how=""), RUN.format(how=WHITE)


def _drawn(run: str, box: str = "", fill: str = "", style: str = "") -> str:
    return DRAWN.format(run=run, box=box, fill=fill, style=style)


def _vml(run: str, box: str = "", fill: str = "") -> str:
    return VML.format(run=run, box=box, fill=fill)


def _of_theme(colour: str, index: int = 1) -> str:
    reference = f'<a:fillRef idx="{index}"><a:schemeClr val="{colour}"/></a:fillRef>'
    return f"<wps:style>{reference}</wps:style>"


def _solid(colour: str) -> str:
    return f"<a:solidFill>{colour}</a:solidFill>"


HIDDEN_BOXES = {
    "hidden-run": _drawn(RUN.format(how="<w:vanish/>")),
    "hidden-box": _drawn(PLAIN, box='hidden="1"'),
    "hidden-vml": _vml(PLAIN, box='style="width:9pt; visibility: hidden"'),
    "no-fill": _drawn(WHITE_RUN, fill="<a:noFill/>"),
    "nothing": _drawn(WHITE_RUN),
    "white": _drawn(WHITE_RUN, fill=_solid('<a:srgbClr val="FFFFFF"/>')),
    "white-of-theme": _drawn(WHITE_RUN, fill=_solid('<a:schemeClr val="bg1"/>')),
    "style-white": _drawn(WHITE_RUN, style=_of_theme("lt1")),
    "style-none": _drawn(WHITE_RUN, style=_of_theme("accent1", index=0)),
    "vml-white": _vml(WHITE_RUN),
    "vml-short-white": _vml(WHITE_RUN, box='fillcolor="#fff [3212]"'),
    "vml-none": _vml(WHITE_RUN, box='fillcolor="#1f3864" filled="f"'),
    "vml-off": _vml(WHITE_RUN, box='fillcolor="#1f3864"', fill='<v:fill on="f"/>'),
}
VISIBLE_BOXES = {
    "plain": _drawn(PLAIN, box='hidden="0"'),
    "dark": _drawn(WHITE_RUN, fill=_solid('<a:srgbClr val="1F3864"/>')),
    "gradient": _drawn(WHITE_RUN, fill="<a:gradFill/>"),
    "style": _drawn(WHITE_RUN, style=_of_theme("accent1")),
    "vml-plain": _vml(PLAIN),
    "vml-dark": _vml(WHITE_RUN, box='fillcolor="#1f3864 [3204]"'),
    "vml-named": _vml(WHITE_RUN, box='fillcolor="navy"'),
    "vml-gradient": _vml(WHITE_RUN, fill='<v:fill type="gradient"/>'),
}


@pytest.mark.parametrize("xml", HIDDEN_BOXES.values(), ids=HIDDEN_BOXES)
def test_hidden_text_in_a_text_box_is_left_out(xml: str, read: Read) -> None:
    """A box may be hidden itself, or hold white text on white or on no fill."""
    submission = read("sent.docx", changed(lambda cell: with_styles(cell, xml)))

    assert answers(submission) == [("p1", "Peers.")]
    assert hidden_in(submission) == ({"table 5 row 4"}, 1)
    assert submission.account.is_balanced


@pytest.mark.parametrize("xml", VISIBLE_BOXES.values(), ids=VISIBLE_BOXES)
def test_text_in_a_text_box_that_can_be_seen_is_kept(xml: str, read: Read) -> None:
    """White text on a dark box, or on one whose ground is not known, is an answer."""
    submission = read("sent.docx", changed(lambda cell: with_styles(cell, xml)))

    assert [text for _, text in answers(submission)] == ["Peers.", "Never said."]
    assert hidden_in(submission) == (set(), 0)
