from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import PublishingError
from analysis.publishing.claim_check import (
    EXEMPT_ATTRIBUTES,
    EXEMPT_CLASSES,
    EXEMPT_ELEMENTS,
    require_claimed_numbers,
    unclaimed_numbers,
)
from analysis.publishing.html_reader import VOID_ELEMENTS, parse_html


def find(html: str) -> list[str]:
    """Return the numbers of a page that are no claim."""
    return unclaimed_numbers(parse_html(html, "Eastern Africa"))


@pytest.mark.parametrize(
    "exempt",
    [
        '<a data-claim="esa.x" href="#esa.x">7 of 9</a>',
        '<span data-term="">COVID-19</span>',
        '<time datetime="2020-10-12">12 October 2020</time>',
        "<blockquote><p>We were 15.</p></blockquote>",
        "<p>They said <q>all 5 of us</q>.</p>",
        '<figure class="excerpt"><figcaption>Group 3</figcaption></figure>',
        "<pre>x = 1</pre>",
        "<code>sha256</code>",
        "<svg><text>9</text></svg>",
        '<section class="evidence"><p>7 of 9</p></section>',
        '<ol class="segments"><li>3 nurses</li></ol>',
        "<header>9 focus groups</header>",
        "<nav>1</nav>",
        "<footer>Python 3.11</footer>",
        '<img alt="9 groups" src="data:image/png;base64,AA">',
    ],
)
def test_exempt_number_is_not_reported(exempt: str):
    """Claims, names, words of others, code, figures and what is around may hold digits."""
    found = find(f"<main><p>before</p>{exempt}<p>after</p></main>")

    assert found == []


def test_unclaimed_number_is_reported_with_its_words():
    """A number in prose is reported with the words around it, those of claims included."""
    found = find('<p>In <a data-claim="a.b">7 of 9</a> groups,\nof 12 invited.</p>')

    assert found == ["In 7 of 9 groups, of [12] invited."]


def test_number_after_an_exempt_element_is_reported():
    """An exemption ends with its element, void and nested elements notwithstanding."""
    found = find("<td><svg><rect></rect><g><path/></g></svg><br> 8</td><td>4</td>")

    assert found == ["[8]", "[4]"]


def test_nested_exemption_does_not_end_the_outer_one():
    """Words of others stay theirs after a name in them."""
    found = find('<blockquote>1 <span data-term="">2</span> 3</blockquote><p>4</p>')

    assert found == ["[4]"]


def test_number_written_as_references_is_reported():
    """A number is one however it is written, and a reference to a letter is none."""
    found = find("<p>&#55; groups&#39; &#x39;</p>")

    assert found == ["[7] groups' 9", "7 groups' [9]"]


@pytest.mark.parametrize("number", ["3.5", "1,200", "12:30", "٣"])
def test_number_is_reported_whole(number: str):
    """Decimals, thousands, times and digits of other scripts are one number each."""
    found = find(f"<p>about {number}, they said</p>")

    assert found == [f"about [{number}], they said"]


def test_long_context_is_cut():
    """A long paragraph is named by the words next to the number."""
    found = find(f"<p>{'before ' * 20}5{' after' * 20}</p>")

    assert found[0].startswith("…")
    assert "[5]" in found[0]
    assert len(found[0]) < 100


def test_report_with_unclaimed_numbers_is_refused():
    """A report that shows a number without evidence is refused, and every such number is named."""
    with pytest.raises(PublishingError) as refused:
        require_claimed_numbers(parse_html("<p>3 groups, 4 voices</p>", "x"), "Eastern Africa")

    assert refused.value.offenders == ("[3] groups, 4 voices", "3 groups, [4] voices")


def test_number_in_the_name_of_a_place_is_no_claim():
    """Digits of names are exempt where the name is whole, and nowhere else."""
    html = "<h2>Zone 2</h2><p>In Zone 2, 3 groups; in Zone 21 and Subzone 2; District 9 (9).</p>"
    names = ("Zone 2", "District 9")

    found = unclaimed_numbers(parse_html(html, "x"), names)

    assert [each[each.index("[") : each.index("]") + 1] for each in found] == [
        *("[3]", "[21]", "[2]", "[9]"),
    ]


def test_report_without_unclaimed_numbers_passes():
    """A report whose numbers are all claims is published."""
    html = '<p><a data-claim="a.b">3 of 4</a> groups</p>'
    require_claimed_numbers(parse_html(html, "x"), "Eastern Africa")

    assert find(html) == []


class LenientReader(HTMLParser):
    """Reads by the standard library which digits are outside of all that is exempt."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.digits = ""
        self._exempt = [False]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go into an element, unless it is void."""
        if tag not in VOID_ELEMENTS:
            marks = {tag, *(name for name, _ in attrs), *(dict(attrs).get("class") or "").split()}
            exempt = EXEMPT_ELEMENTS | EXEMPT_CLASSES | EXEMPT_ATTRIBUTES
            self._exempt.append(self._exempt[-1] or bool(marks & exempt))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass over an element that holds nothing."""

    def handle_endtag(self, _: str) -> None:
        """Go out of an element."""
        self._exempt.pop()

    def handle_data(self, data: str) -> None:
        """Keep the digits, unless they are exempt."""
        if not self._exempt[-1]:
            self.digits += "".join(re.findall(r"\d", data))


TAGS = st.sampled_from(
    ["p", "b", "td", "code", "svg", 'p class="note excerpt"', 'b class="x"', 'b data-term=""']
)
TEXTS = st.text(st.sampled_from("0123456789ab ,")).map(lambda text: text.replace("0", "&#48;"))


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    """Make an element with numbers in it, around it and between its parts."""
    tag = draw(TAGS)
    inside = draw(st.lists(elements(depth - 1), max_size=2)) if depth else ["<br>1"]
    end = tag.partition(" ")[0]
    return f"<{tag}>{draw(TEXTS)}{''.join(inside)}</{end}>{draw(TEXTS)}"


@given(elements())
def test_numbers_are_found_as_the_standard_library_reads_them(html: str):
    """However deep exempt and other elements nest, the numbers outside of the former are found."""
    numbers = "".join(re.findall(r"\[(.*?)\]", " ".join(find(html))))

    assert re.sub(r"\D", "", numbers) == LenientReader(html).digits
