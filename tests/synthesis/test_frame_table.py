from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analysis import show_table
from analysis.publishing.claim_check import unclaimed_numbers
from analysis.publishing.html_reader import parse_html
from analysis.synthesis.claims import CLAIMS_MIME

COUNTS = pd.DataFrame({"theme": ["Stigma", "Hope"], "groups": [7, 1200]})


def test_table_is_that_of_reports() -> None:
    """A table has a caption, headers with their scope, and a region that a keyboard can scroll."""
    html = str(show_table(COUNTS, "Themes").html)

    assert html.startswith(
        '<div class="table" role="region" aria-labelledby="table-own-themes" tabindex="0">'
        '<table><caption id="table-own-themes">Themes</caption>'
    )
    assert '<th scope="col">theme</th><th scope="col">groups</th>' in html
    assert '<th scope="row">Hope</th>' in html


def test_each_number_is_a_claim() -> None:
    """Each number is recorded by caption, row and column, and is no link."""
    shown = show_table(COUNTS, "Themes")

    recorded = [(claim.id, claim.label, claim.value) for claim in shown.claims]
    assert recorded == [
        ("own.themes.stigma.groups", "Themes: Stigma, groups", 7),
        ("own.themes.hope.groups", "Themes: Hope, groups", 1200),
    ]
    assert shown._repr_mimebundle_()[CLAIMS_MIME]["claims"][0]["value"] == 7
    assert '<span data-claim="own.themes.hope.groups">1,200</span>' in shown.html
    assert unclaimed_numbers(parse_html(str(shown.html), "Themes")) == []


def test_number_in_a_caption_is_no_claim() -> None:
    """A number that somebody writes into a caption is left for the build to refuse."""
    html = str(show_table(COUNTS, "The 2 themes").html)

    assert unclaimed_numbers(parse_html(html, "Themes")) == ["The [2] themes"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("<b>Hope & co", "&lt;b&gt;Hope &amp; co"),
        ("fg01", '<span data-term="">fg01</span>'),
        ("2020-10-12", '<time datetime="2020-10-12">12 October 2020</time>'),
        (date(2020, 10, 12), '<time datetime="2020-10-12">12 October 2020</time>'),
        (True, "yes"),
        (None, ""),
        (float("nan"), ""),
    ],
)
def test_words_are_escaped_and_no_claims(value: object, shown: str) -> None:
    """Text is escaped; names with digits, dates and what is missing are no claims."""
    table = show_table(pd.DataFrame({"name": ["a"], "value": pd.Series([value], dtype="object")}))

    assert f'<td data-label="value">{shown}</td>' in table.html
    assert table.claims == ()


def test_digits_without_words_are_a_number() -> None:
    """A count in a text, as ``5 of 7``, is recorded as it is shown."""
    (claim,) = show_table(pd.DataFrame({"name": ["a"], "value": ["5 of 7"]})).claims

    assert (claim.value, claim.shown_as) == (None, "5 of 7")


def test_counts_with_gaps_stay_whole() -> None:
    """Counts that a missing value has made decimal numbers are shown as whole numbers."""
    gap = pd.DataFrame({"hope": [3.0, None], "share": [0.5, 1.0]}, index=["a", "b"])
    shown = show_table(gap)

    assert [claim.value for claim in shown.claims] == [3, 0.5, 1.0]
    assert shown.text.splitlines()[2].split() == ["a", "3", "0.50"]


def test_index_heads_rows_unless_it_only_counts_them() -> None:
    """An index of names heads the rows; levels and tuples are joined."""
    levels = pd.MultiIndex.from_tuples([("a", "b")], names=["theme", "question"])
    of_levels = show_table(pd.DataFrame({("x", "y"): [1]}, index=levels))
    of_series = show_table(pd.Series({"Stigma": 7}, name="groups").rename_axis("theme"))

    assert '<th scope="col">theme, question</th><th scope="col">x, y</th>' in of_levels.html
    assert '<th scope="row">a, b</th>' in of_levels.html
    assert '<th scope="row">Stigma</th>' in of_series.html


def test_rows_of_the_same_name_are_told_apart() -> None:
    """Rows and columns of the same name have claims with ids of their own."""
    twice = pd.DataFrame([[1, 2], [3, 4]], index=["a", "A"], columns=["n", "n"])

    ids = [claim.id for claim in show_table(twice, "Twice").claims]
    assert ids == ["own.twice.a.n", "own.twice.a.n-2", "own.twice.a-2.n", "own.twice.a-2.n-2"]


def test_long_table_is_whole() -> None:
    """No row is left out, as pandas would."""
    shown = show_table(pd.DataFrame({"n": range(500)}))

    assert str(shown.html).count("<tr>") == 501


def test_what_is_no_table_is_refused() -> None:
    """A list is refused with what is expected."""
    with pytest.raises(TypeError, match="a DataFrame or a Series, not a list"):
        show_table([1, 2])  # type: ignore[arg-type]
