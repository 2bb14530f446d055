from __future__ import annotations

import pytest

from analysis.errors import PublishingError
from analysis.publishing.html_reader import read_page
from analysis.publishing.html_safety import require_sound, unsound_parts

BEGINNING = (
    '<meta http-equiv="Content-Security-Policy" content=""><style>a > b {}</style><h1>Title</h1>'
)


def find(html: str) -> list[str]:
    """Return what is unsound in a page."""
    return unsound_parts(read_page(html, "Eastern Africa"))


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
def test_unsound_part_is_told(part: str, problem: str):
    """What is active, from elsewhere, inline, repeated, out of order or broken is told."""
    found = find(f"{BEGINNING}{part}")

    assert found == [f"line 1: {problem}"]


@pytest.mark.parametrize(
    "part",
    [
        '<a href="esa.html#evidence-a.b">a</a>',
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
def test_sound_part_passes(part: str):
    """Relative and web links, anchors, embedded images and escaped text may be published."""
    found = find(f"{BEGINNING}{part}")

    assert found == []


def test_unsound_page_is_refused():
    """A page with an active part is refused, and the part is named with its line."""
    with pytest.raises(PublishingError) as refused:
        require_sound(read_page("<h1>A</h1>\n<script></script>", "x"), "Eastern Africa")

    assert refused.value.offenders == ("line 2: element <script>",)


def test_each_part_is_told_once_and_in_order():
    """What is unsound is told line by line, whatever kind it is of."""
    found = find(
        '<h1 id="a">A</h1>\n<a href="#b"></a><a href="#b">c</a>\n<h3 id="a" onclick="">d</h3>'
    )

    assert found == [
        "line 2: nothing has the id b",
        "line 3: attribute onclick of <h3>",
        "line 3: id a is used twice",
        "line 3: heading of level 3 after one of level 1",
    ]
