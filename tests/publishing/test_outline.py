from __future__ import annotations

import pytest

from analysis.publishing.outline import CLOSE, Heading, outline_body

BEARING = '<article class="bearing" id="evidence-a.b"><h3>Stigma</h3></article>'


def test_headings_get_anchors_and_are_listed():
    """Headings of levels 2 and 3 get an anchor made of their words."""
    outline = outline_body("<h2>At a glance</h2><p>x</p><h3>In <em>their</em> words</h3>")

    assert outline.headings == (
        Heading(2, "at-a-glance", "At a glance"),
        Heading(3, "in-their-words", "In their words"),
    )


def test_same_words_get_different_anchors():
    """Repeated headings, and headings named like an id in use, are numbered."""
    outline = outline_body(
        '<p id="stop"></p><h2>Stop</h2><h2>Stop</h2><h2>Main</h2>', taken=["main"]
    )

    assert [heading.id for heading in outline.headings] == ["stop-2", "stop-3", "main-2"]


def test_given_anchor_is_kept():
    """A heading that has an id keeps it."""
    html = '<h2 id="held">What held</h2>'

    assert outline_body(html).html == html


def test_line_breaks_do_not_shift_anchors():
    """Anchors go into the right tags, whatever characters break lines before them."""
    outline = outline_body("<p>a\u2028b\r\nc\x0bé</p>\n<p>d</p><h2\nclass='x'>Stop</h2>")

    assert outline.html.endswith("<h2 id=\"stop\"\nclass='x'>Stop</h2>")


def test_headings_of_asides_are_not_listed():
    """The table of contents leaves out the hundreds of headings of evidence."""
    outline = outline_body(f"<h2>Evidence</h2>{BEARING}<h3>After</h3>")

    assert [heading.text for heading in outline.headings] == ["Evidence", "After"]


def test_evidence_can_take_the_focus_and_be_closed():
    """Evidence can be focused by a link to it, and starts with a link that closes it."""
    outline = outline_body(BEARING)

    assert outline.html == (
        '<article tabindex="-1" class="bearing" id="evidence-a.b">' + CLOSE
        + '<h3 id="stigma">Stigma</h3></article>'
    )  # fmt: skip


def test_listed_segment_can_take_the_focus_and_be_closed():
    """A segment in the list of all segments can be focused and closed too."""
    outline = outline_body('<ol class="segments"><li id="segment-a.1"><p>x</p></li></ol>')

    assert f'<li tabindex="-1" id="segment-a.1">{CLOSE}<p>x</p></li>' in outline.html


@pytest.mark.parametrize(
    "html",
    [
        '<article class="bearings" id="evidence-a.b"></article>',
        '<article id="bearing"></article>',
        '<li id="segments"></li>',
        '<li data-id="segment-a.1"></li>',
        "<listing></listing>",
        "<p>h2 &lt;h2&gt; article</p>",
    ],
)
def test_other_elements_are_left_as_they_are(html: str):
    """What only looks like a heading, evidence or a listed segment is not touched."""
    assert outline_body(html).html == html


def test_attributes_are_read_in_either_quotes():
    """Ids and classes count whatever quotes they stand in, and in whatever order."""
    html = (
        "<p id='stop'></p><h2 class=\"a\" id='x'>A</h2><h3>Stop</h3>"
        "<li class='b' id='segment-a'></li>"
    )

    assert outline_body(html).html == (
        "<p id='stop'></p><h2 class=\"a\" id='x'>A</h2><h3 id=\"stop-2\">Stop</h3>"
        f"<li tabindex=\"-1\" class='b' id='segment-a'>{CLOSE}</li>"
    )


def test_references_in_headings_are_read():
    """A heading is listed by the words that a reader sees."""
    outline = outline_body("<h2>Where &amp; when</h2>")

    assert outline.headings == (Heading(2, "where-when", "Where & when"),)


def test_parts_stand_below_their_section():
    """Sections hold the headings of level 3 that follow them."""
    outline = outline_body("<h2>A</h2><h3>B</h3><h3>C</h3><h2>D</h2>")

    assert [(top.text, [part.text for part in parts]) for top, parts in outline.sections] == [
        ("A", ["B", "C"]),
        ("D", []),
    ]
