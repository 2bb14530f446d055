from __future__ import annotations

from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import PublishingError
from analysis.publishing.html_reader import VOID_ELEMENTS, parse_html
from analysis.publishing.html_safety import require_safe, unsafe_parts

# What is for hostile text: pieces of markup that a lenient reader repairs, each in its way.
PIECES = [
    *("</br>", "<!", "<!--", "-->", "<!-->", "<![CDATA[", "]]>", "<?x?>", "<!DOCTYPE html>"),
    *("<", ">", "</", "/>", "<p", "</p>", "<b c=d>", "<a href=x>", "<br/>", "<svg/>", "<P>"),
    *('"', "'", "`", "=", ' a="', ' b="1" b="2"', " on=1", ' c = "d"', "&", "&#", "&#60;", "&lt"),
    *("&amp;", "&copy;", "\0", "\x0b", "\x0c", "\r", "\u2028", "\ufeff", "é", "\\", "/", " ", "\n"),
]  # fmt: skip
NAMES = st.sampled_from(["p", "a", "li", "DIV", "h2", "svg", "linearGradient", "my-own"])
VOIDS = st.sampled_from(["br", "img", "IMG"])
KEYS = st.sampled_from(["id", "class", "viewBox", "data-claim", "xlink:href", "aria-label"])
WORDS = st.text(st.sampled_from("ab1 /=é\n\"'>")).map(
    lambda text: text.replace('"', "&quot;").replace("'", "&#39;").replace(">", "&gt;")
)


def read(html: str) -> list[tuple[str, dict[str, str], str]]:
    """Return each tag with the text after it, as the strict reader has them."""
    reading = parse_html(html, "Eastern Africa")
    return [
        (f"/{tag.name}" if tag.depth < 0 else tag.name, dict(tag.attributes), unescape(text))
        for tag, text in reading.parts
    ]


def read_if_plain(html: str) -> list[tuple[str, dict[str, str], str]] | None:
    """Return the same, or None where it is refused."""
    try:
        return read(html)
    except PublishingError:
        return None


def read_leniently(html: str) -> list[tuple[str, dict[str, str], str]]:
    """Return the same as the standard library has it, which forgives everything."""
    return LenientReader(html).parts[1:]


class LenientReader(HTMLParser):
    """Keeps each tag with the text after it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[str, dict[str, str], str]] = [("", {}, "")]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.parts.append((tag, {name: value or "" for name, value in attrs}, ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag with a slash."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Keep the end of an element."""
        self.parts.append((f"/{tag}", {}, ""))

    def handle_data(self, data: str) -> None:
        """Keep text with the tag before it."""
        tag, attributes, text = self.parts[-1]
        self.parts[-1] = (tag, attributes, text + data)


@st.composite
def elements(draw: st.DrawFn, depth: int = 2) -> str:
    """Make well-formed HTML as the notebooks' outputs have it."""
    keys = draw(st.lists(KEYS, max_size=3, unique=True))
    quoted = [f'{key}="{draw(WORDS)}"' if draw(st.booleans()) else key for key in keys]
    attributes = "".join(f" {attribute}" for attribute in quoted)
    if draw(st.booleans()):
        return f"<{draw(VOIDS)}{attributes}>{draw(WORDS)}"
    name = draw(NAMES)
    inside = draw(st.lists(elements(depth - 1), max_size=3)) if depth else []
    return f"<{name}{attributes}>{draw(WORDS)}{''.join(inside)}</{name}>{draw(WORDS)}"


@given(st.lists(elements(), min_size=1, max_size=3).map("".join))
def test_well_formed_html_is_read_as_by_the_standard_library(html: str):
    """Well-formed HTML is accepted, and read as a lenient reader does."""
    assert read(html) == read_leniently(html)


@settings(max_examples=300)
@given(st.data())
def test_hostile_html_is_refused_or_read_as_browsers_do(data: st.DataObject):
    """With markup broken anywhere in it, HTML is refused, or a lenient reader finds the same."""
    html = data.draw(elements())
    for piece in data.draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=3)):
        at = data.draw(st.integers(0, len(html)))
        html = html[:at] + piece + html[at:]

    found = read_if_plain(html)

    assert found is None or found == read_leniently(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>never closed",
        "<p>never closed <b>bold</b>",
        "<p><b>crossed</p></b>",
        "</p>",
        "<p></p></p>",
        "<br></br>",
        "<p>a < b</p>",
        "<p",
        "<p>a</p",
        "<p <b>a</b>",
        "<p/>",
        "<span data-term/>",
        "<svg/>",
        "<svg></svg><g/>",
        "text first <p></p>",
    ],
)
def test_tags_that_do_not_close_in_turn_are_refused(html: str):
    """Open, crossed and loose tags, and slashes outside of drawings, are refused, not repaired."""
    with pytest.raises(PublishingError):
        read(html)


@pytest.mark.parametrize(
    "html",
    [
        "<!-- a --><p></p>",
        "<!--><script>x()</script>-->",
        "<p><!-- <b> --></p>",
        "<svg><![CDATA[<b>]]></svg>",
        "<?xml version='1.0'?><p></p>",
        "<p></p><!DOCTYPE html>",
        "<!doctype html><p></p>",
        "<scr\0ipt>x()</scr\0ipt>",
        "< script>x()</ script>",
        "<p\x0b></p>",
        "<1></1>",
        "<a:b></a:b>",
        "<p></p x='y'>",
    ],
)
def test_what_is_no_plain_tag_is_refused(html: str):
    """Comments, declarations, instructions, and brackets that start no name, are refused."""
    with pytest.raises(PublishingError):
        read(html)


@pytest.mark.parametrize(
    "attributes",
    [
        "class=bare",
        'class = "apart"',
        'class="a"id="b"',
        'class="a" class="b"',
        'class="a" CLASS="b"',
        'title="open',
        "title='it's'",
        'title="a" b"',
        'title="a > b"',
        'title="a <b>"',
        'title="a & b"',
        'title="&copy"',
        'title="&ltb"',
        'title="&notin;"',
        '/title="a"',
        'title="a"/ id="b"',
        "`title`",
        '"title"',
        "=title",
    ],
)
def test_attribute_that_is_not_plain_is_refused(attributes: str):
    """Bare, loose, repeated and unbalanced values, and references that are none, are refused."""
    with pytest.raises(PublishingError):
        read(f"<p {attributes}></p>")


def test_tag_is_read_without_quotes_references_and_case():
    """Names are in lower case, values without quotes and with their references replaced."""
    html = (
        "<A Title='&lt;b&gt; &quot;&#x41;&#66;&quot;' hidden\n\tHREF=\"?a&amp;b\" >x &copy; y</A >"
    )

    assert read(html) == [
        ("a", {"title": '<b> "AB"', "hidden": "", "href": "?a&b"}, "x © y"),
        ("/a", {}, ""),
    ]


def test_drawing_may_close_its_elements_by_a_slash():
    """In a drawing a slash closes an element; elsewhere it may only be in one that is void."""
    html = '<svg><g><path d="M0 0"/></g></svg><br/><hr />'

    assert [name for name, _, _ in read(html)] == [
        *("svg", "g", "path", "/g", "/svg", "br", "hr"),
    ]


def test_doctype_is_passed_over():
    """The one declaration that a page may have is that of its type."""
    assert read("<!DOCTYPE html>\n<p>a</p>\n") == [("p", {}, "a"), ("/p", {}, "\n")]


def test_refusal_names_the_line():
    """A page that cannot be read is refused by its title and the line, without its words."""
    with pytest.raises(PublishingError, match="“Eastern Africa”") as refused:
        read("<p>a</p>\n<p>secret <b>words</p>")

    assert refused.value.offenders == ("line 2: </p> closes another element",)


def test_void_elements_have_no_content():
    """Each void element is alone, with or without a slash."""
    html = "".join(f"<{name}><{name}/>" for name in sorted(VOID_ELEMENTS))

    assert {name for name, _, _ in read(html)} == VOID_ELEMENTS


@given(st.lists(elements(), min_size=1, max_size=3).map("".join))
def test_html_is_written_as_it_was_read(html: str):
    """What was parsed is written back byte by byte."""
    assert parse_html(f"<!DOCTYPE html>\n{html}", "x").html == f"<!DOCTYPE html>\n{html}"


@given(elements(), st.lists(elements(), max_size=2).map("".join))
def test_element_is_filled_as_if_it_was_parsed_so(content: str, after: str):
    """A page whose body is filled in reads like the same page parsed at once."""
    around = parse_html(f"<main>a<x-body></x-body>b</main>{after}", "x")
    filled = around.fill("x-body", parse_html(content, "x"))

    assert filled.html == f"<main>a{content}b</main>{after}"
    assert read(filled.html) == [
        (f"/{tag.name}" if tag.depth < 0 else tag.name, dict(tag.attributes), unescape(text))
        for tag, text in filled.parts
    ]


def test_body_without_a_tag_is_filled_in():
    """A page may have no body."""
    filled = parse_html("<main>a<x-body></x-body>b</main>", "x").fill("x-body", parse_html("", "x"))

    assert filled.html == "<main>ab</main>"


BEGINNING = (
    '<meta http-equiv="Content-Security-Policy" content=""><style>a > b {}</style><h1>Title</h1>'
)


def find(html: str) -> list[str]:
    """Return what is unsafe in a page."""
    return unsafe_parts(parse_html(html, "Eastern Africa"))


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ("<script>x()</script>", "element <script>"),
        ("<iframe></iframe>", "element <iframe>"),
        ("<style>p {}</style>", "element <style>"),
        ('<p onclick="x()">a</p>', "attribute onclick of <p>"),
        ('<p style="color: red">a</p>', "attribute style of <p>"),
        ('<img alt="" src="x.png">', "<img> loads 'x.png'"),
        ("<IMG alt='' SRC='x.png'>", "<img> loads 'x.png'"),
        (
            '<img alt="" src="&#104;ttps://example.org/x.png">',
            "<img> loads 'https://example.org/x.png'",
        ),
        (
            '<img alt="" src="https://example.org/x.png"/>',
            "<img> loads 'https://example.org/x.png'",
        ),
        ('<link rel="stylesheet" href="x.css">', "<link> loads 'x.css'"),
        ('<a href="javascript:x()">a</a>', "link to 'javascript:x()'"),
        ('<a href="JaVaScRiPt:x()">a</a>', "link to 'JaVaScRiPt:x()'"),
        ('<a href="data:text/html,x">a</a>', "link to 'data:text/html,x'"),
        ('<a href="java&#x73;cript&#58;x()">a</a>', "link to 'javascript:x()'"),
        ('<a href="java&#10;script:x()">a</a>', "link to 'java\\nscript:x()'"),
        ('<a href=" javascript:x()">a</a>', "link to ' javascript:x()'"),
        (
            '<a href="#here" ping="https://example.org"></a><p id="here"></p>',
            "<a> loads 'https://example.org'",
        ),
        ("<template><p></p></template>", "element <template>"),
        ("<noscript><p></p></noscript>", "element <noscript>"),
        ("<textarea></textarea>", "element <textarea>"),
        ("<xmp></xmp>", "element <xmp>"),
        ("<math></math>", "element <math>"),
        ("<SCRIPT></SCRIPT>", "element <script>"),
        ("<svg><script/></svg>", "element <script>"),
        ("<svg><style></style></svg>", "element <style>"),
        ("<svg><foreignObject></foreignObject></svg>", "element <foreignobject>"),
        ("<svg><set/></svg>", "element <set>"),
        ('<svg ONLOAD="x()"></svg>', "attribute onload of <svg>"),
        (
            '<svg><image href="https://example.org/x.png"/></svg>',
            "<image> loads 'https://example.org/x.png'",
        ),
        ('<svg><use xlink:href="x.svg#a"/></svg>', "<use> loads 'x.svg#a'"),
        ('<svg><use href="#nowhere"/></svg>', "nothing has the id nowhere"),
        ('<svg><g fill="url(x.svg#a)"/></svg>', "<g> loads 'url(x.svg#a)'"),
        ('<svg><g cursor="u\\72l(x.png), auto"/></svg>', "<g> loads 'u\\\\72l(x.png), auto'"),
        ('<meta http-equiv="refresh" content="0; url=x">', "attribute http-equiv of <meta>"),
        ('<svg><a xlink:href="javascript:x()">a</a></svg>', "link to 'javascript:x()'"),
        ('<p id="a"></p><p id="a"></p>', "id a is used twice"),
        ('<a href="#nowhere">a</a>', "nothing has the id nowhere"),
        ("<h3>Too deep</h3>", "heading of level 3 after one of level 1"),
        ("<h1>Another</h1>", "heading of level 1 after one of level 1"),
    ],
)
def test_unsafe_part_is_reported(part: str, problem: str):
    """What is active, from elsewhere, inline, repeated, out of order or broken is reported."""
    found = find(f"{BEGINNING}{part}")

    assert found == [f"line 1: {problem}"]


@pytest.mark.parametrize(
    "part",
    [
        '<a href="esa.html#a.b">a</a>',
        '<a href="../index.html">a</a>',
        '<a href="https://example.org/a?b=c:d">a</a>',
        '<a href="mailto:a@example.org">a</a>',
        '<a href="#here">a</a><p id="here"></p>',
        '<img alt="" src="data:image/png;base64,AA">',
        "<h2>a</h2><h3>b</h3><h2>c</h2>",
        "<p>&lt;script&gt;x()&lt;/script&gt;</p>",
        '<p>on="1" style="x" javascript:x() id="a" id="a"</p>',
        '<svg id="a" fill="url(#a)"><use href="#a"/></svg>',
    ],
)
def test_safe_part_passes(part: str):
    """Relative and web links, anchors, embedded images and escaped text may be published."""
    found = find(f"{BEGINNING}{part}")

    assert found == []


def test_unsafe_page_is_refused():
    """A page with an active part is refused, and the part is named with its line."""
    with pytest.raises(PublishingError) as refused:
        require_safe(parse_html("<h1>A</h1>\n<script></script>", "x"), "Eastern Africa")

    assert refused.value.offenders == ("line 2: element <script>",)


def test_each_part_is_reported_once_and_in_order():
    """What is unsafe is reported line by line, whatever kind it is of."""
    found = find(
        '<h1 id="a">A</h1>\n<a href="#b"></a><a href="#b">c</a>\n<h3 id="a" onclick="">d</h3>'
    )

    assert found == [
        "line 2: nothing has the id b",
        "line 3: attribute onclick of <h3>",
        "line 3: id a is used twice",
        "line 3: heading of level 3 after one of level 1",
    ]
