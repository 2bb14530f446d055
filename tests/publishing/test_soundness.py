from __future__ import annotations

import pytest

from analysis.errors import PublishingError
from analysis.publishing.soundness import require_sound, unsound_parts


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ("<script>x()</script>", "element <script>"),
        ("<iframe></iframe>", "element <iframe>"),
        ("<style>p {}</style>", "element <style>"),
        ('<p onclick="x()">a</p>', "attribute onclick of <p>"),
        ('<p style="color: red">a</p>', "attribute style of <p>"),
        ('<img alt="" src="x.png">', "<img> loads 'x.png'"),
        (
            '<img alt="" src="https://example.org/x.png"/>',
            "<img> loads 'https://example.org/x.png'",
        ),
        ('<link rel="stylesheet" href="x.css">', "<link> loads 'x.css'"),
        ('<a href="javascript:x()">a</a>', "link to 'javascript:x()'"),
        ('<a href="JaVaScRiPt:x()">a</a>', "link to 'JaVaScRiPt:x()'"),
        ('<a href="data:text/html,x">a</a>', "link to 'data:text/html,x'"),
        ('<svg><a xlink:href="javascript:x()">a</a></svg>', "link to 'javascript:x()'"),
        ('<p id="a"></p><p id="a"></p>', "id a is used twice"),
        ('<a href="#nowhere">a</a>', "nothing has the id nowhere"),
        ("<h3>Too deep</h3>", "heading of level 3 after one of level 1"),
        ("<h1>Another</h1>", "heading of level 1 after one of level 1"),
    ],
)
def test_unsound_part_is_told(part: str, problem: str):
    """What is active, from elsewhere, inline, repeated, out of order or broken is told."""
    found = unsound_parts(f"<style>a {{}}</style><h1>Title</h1>{part}")

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
    ],
)
def test_sound_part_passes(part: str):
    """Relative and web links, anchors, embedded images and escaped text may be published."""
    found = unsound_parts(f"<style>a {{}}</style><h1>Title</h1>{part}")

    assert found == []


def test_unsound_page_is_refused():
    """A page with an active part is refused, and the part is named with its line."""
    with pytest.raises(PublishingError) as refused:
        require_sound("<h1>A</h1>\n<script></script>", "Eastern Africa")

    assert refused.value.offenders == ("line 2: element <script>",)
