from __future__ import annotations

import pytest

from analysis.errors import PublishingError
from analysis.publishing.numbers import require_claimed_numbers, unclaimed_numbers


@pytest.mark.parametrize(
    "exempt",
    [
        '<a class="claim" data-claim="esa.x" href="#evidence-esa.x">7 of 9</a>',
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
    """Claims, names, words of others, code, figures and what stands around may hold digits."""
    found = unclaimed_numbers(f"<main><p>before</p>{exempt}<p>after</p></main>")

    assert found == []


def test_unclaimed_number_is_told_with_its_words():
    """A number in prose is told with the words around it, those of claims included."""
    found = unclaimed_numbers('<p>In <a data-claim="a.b">7 of 9</a> groups,\nof 12 invited.</p>')

    assert found == ["In 7 of 9 groups, of [12] invited."]


def test_number_after_an_exempt_element_is_reported():
    """An exemption ends with its element, void and nested elements notwithstanding."""
    found = unclaimed_numbers("<td><svg><rect></rect><g><path/></g></svg><br> 8</td><td>4</td>")

    assert found == ["[8]", "[4]"]


@pytest.mark.parametrize("number", ["3.5", "1,200", "12:30", "٣"])
def test_number_is_reported_whole(number: str):
    """Decimals, thousands, times and digits of other scripts are one number each."""
    found = unclaimed_numbers(f"<p>about {number}, they said</p>")

    assert found == [f"about [{number}], they said"]


def test_long_context_is_cut():
    """A long paragraph is told by the words next to the number."""
    found = unclaimed_numbers(f"<p>{'before ' * 20}5{' after' * 20}</p>")

    assert found[0].startswith("…")
    assert "[5]" in found[0]
    assert len(found[0]) < 100


def test_report_with_unclaimed_numbers_is_refused():
    """A report that shows a number without evidence is refused, and every such number is named."""
    with pytest.raises(PublishingError) as refused:
        require_claimed_numbers("<p>3 groups, 4 voices</p>", "Eastern Africa")

    assert refused.value.offenders == ("[3] groups, 4 voices", "3 groups, [4] voices")


def test_report_without_unclaimed_numbers_passes():
    """A report whose numbers are all claims is published."""
    html = '<p><a data-claim="a.b">3 of 4</a> groups</p>'
    require_claimed_numbers(html, "Eastern Africa")

    assert unclaimed_numbers(html) == []
