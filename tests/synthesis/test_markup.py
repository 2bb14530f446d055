from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.study.language import in_language
from analysis.synthesis.markup import (
    Row,
    claim_link,
    date,
    element,
    find_claims,
    items,
    join,
    list_words,
    table,
    term,
    written_in,
)

if TYPE_CHECKING:
    from markupsafe import Markup

HOSTILE = "<script>alert('x')</script><img src=x onerror=\"y\">"
SHOWN = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&lt;img src=x onerror=&#34;y&#34;&gt;"


@pytest.mark.parametrize(
    "made",
    [
        element("p", HOSTILE),
        element("p", "", title=HOSTILE),
        join([HOSTILE]),
        join(["a", "b"], HOSTILE),
        term(HOSTILE),
        list_words([HOSTILE, "b"]),
        items([HOSTILE]),
        table("t", HOSTILE, ["a", HOSTILE], [Row(HOSTILE, [HOSTILE])]),
    ],
    ids=["child", "attribute", "join", "between", "term", "words", "item", "table"],
)
def test_text_is_escaped(made: Markup) -> None:
    """Text from outside is escaped wherever it appears."""
    assert SHOWN in made
    assert "<script" not in made


def test_markup_is_kept() -> None:
    """Markup is not escaped again."""
    assert element("p", element("b", "a & b")) == "<p><b>a &amp; b</b></p>"


def test_void_element_has_no_end() -> None:
    """An element that holds nothing is not closed."""
    assert element("br") == "<br>"


@pytest.mark.parametrize(
    ("iso", "words"),
    [("2020-10-02", "2 October 2020"), ("2021-01-31", "31 January 2021")],
)
def test_date_is_reported_in_words(iso: str, words: str) -> None:
    """A date is shown in words, and stays readable by machines."""
    assert date(iso) == f'<time datetime="{iso}">{words}</time>'


@pytest.mark.parametrize(
    ("parts", "words"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_list_in_words(parts: list[str], words: str) -> None:
    """Parts of any number are listed in words."""
    assert list_words(parts) == words


def test_table_reads_on_a_phone() -> None:
    """Each cell of a table has its column's name, and a keyboard reaches the table."""
    made = table("a.b", "Numbers", ["Place", "Groups"], [Row("ESA", ["2"], kind="total")])

    assert made == (
        '<div class="table" role="region" aria-labelledby="table-a-b" tabindex="0"><table>'
        '<caption id="table-a-b">Numbers</caption>'
        '<thead><tr><th scope="col">Place</th><th scope="col">Groups</th></tr></thead>'
        '<tbody><tr class="total"><th scope="row">ESA</th>'
        '<td data-label="Groups">2</td></tr></tbody></table></div>'
    )


def test_table_refuses_rows_of_other_length() -> None:
    """A row with more or fewer cells than columns is refused, so that no cell is left out."""
    with pytest.raises(ValueError, match="shorter"):
        table("t", "Numbers", ["Place", "Groups"], [Row("ESA", [])])


def test_claim_is_found_where_it_is_first() -> None:
    """A claim that is shown twice is found at the id before the first."""
    shown = [element("p", claim_link("esa.groups", "13"), id=name) for name in ("first", "then")]

    assert find_claims(join(shown)) == {"esa.groups": "first"}


@pytest.mark.parametrize(("language", "marked"), [("en", True), ("fr", False), ("", False)])
def test_words_in_another_language_are_marked(language: str, *, marked: bool) -> None:
    """Words in the language of the report, or in an unknown one, have no mark."""
    with in_language("fr"):
        assert written_in(language) == ({"lang": language} if marked else {})
