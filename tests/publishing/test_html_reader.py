from __future__ import annotations

from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import PublishingError
from analysis.publishing.html_reader import VOID_ELEMENTS, find_ids, read_page

# What stands for hostile text: pieces of markup that a lenient reader mends, each in its way.
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
    reading = read_page(html, "Eastern Africa")
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
def test_hostile_html_is_refused_or_read_alike(data: st.DataObject):
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
    """Open, crossed and loose tags, and slashes outside of drawings, are not mended but refused."""
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
    """Comments, declarations, instructions, and brackets that begin no name, are refused."""
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


def test_tag_is_told_without_quotes_references_and_case():
    """Names are in lower case, values without quotes and with their references replaced."""
    html = (
        "<A Title='&lt;b&gt; &quot;&#x41;&#66;&quot;' hidden\n\tHREF=\"?a&amp;b\" >x &copy; y</A >"
    )

    assert read(html) == [
        ("a", {"title": '<b> "AB"', "hidden": "", "href": "?a&b"}, "x © y"),
        ("/a", {}, ""),
    ]


def test_drawing_may_close_its_elements_by_a_slash():
    """In a drawing a slash closes an element; elsewhere it only may stand in one that is void."""
    html = '<svg><g><path d="M0 0"/></g></svg><br/><hr />'

    assert [name for name, _, _ in read(html)] == [
        *("svg", "g", "path", "/g", "/svg", "br", "hr"),
    ]


def test_doctype_is_passed_over():
    """The one declaration that a page may have is that of its type."""
    assert read("<!DOCTYPE html>\n<p>a</p>\n") == [("p", {}, "a"), ("/p", {}, "\n")]


def test_refusal_tells_the_line():
    """A page that cannot be read is refused by its title and the line, without its words."""
    with pytest.raises(PublishingError, match="“Eastern Africa”") as refused:
        read("<p>a</p>\n<p>secret <b>words</p>")

    assert refused.value.offenders == ("line 2: </p> closes another element",)


def test_void_elements_hold_nothing():
    """Each void element stands alone, with or without a slash."""
    html = "".join(f"<{name}><{name}/>" for name in sorted(VOID_ELEMENTS))

    assert {name for name, _, _ in read(html)} == VOID_ELEMENTS


@given(elements())
def test_ids_are_found_without_reading(html: str):
    """The ids that are found fast are those of the tags."""
    ids = {attributes["id"] for _, attributes, _ in read(html) if "id" in attributes}

    assert find_ids(html) | {""} == ids | {""}
