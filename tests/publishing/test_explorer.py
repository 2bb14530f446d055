from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from analysis.errors import PublishingError
from analysis.publishing import explorer
from analysis.publishing.explorer import render_filters, write_explorer
from analysis.publishing.rendering import Page, render_page

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy


def passages(group: str, places: str, *marks: str) -> str:
    """Return the listed passages of a focus group as a report has them."""
    listed = "".join(
        f'<li id="segment-{group}.{at}" {mark}><p>Words.</p></li>' for at, mark in enumerate(marks)
    )
    return (
        f'<section class="passages" data-place="{places}"><h3 id="group-{group}">A</h3>'
        f'<ol class="segments">{listed}</ol></section>'
    )


KENYA = passages(
    "ken",
    "esa KEN",
    'data-cell="reaching_person.hope" data-code="stigma"',
    'data-cell="recommendations.stop" data-code="stigma services"',
)
GHANA = passages("gha", "wca GHA", 'data-cell="structures.hope"')


def write_words(folder: Path, **pages: str) -> None:
    """Write pages of passages into a release."""
    for name, html in pages.items():
        page = f'<main><h2>A</h2><section class="listing">{html}</section></main>'
        (folder / f"{name}.words-001.html").write_text(page, encoding="utf-8")


def explore(folder: Path, opened: OpenedStudy) -> str:
    write_explorer(folder, opened)
    return (folder / "explorer.html").read_text(encoding="utf-8")


def options(html: str, name: str) -> list[str]:
    field = html.partition(f'<select name="{name}">')[2].partition("</select>")[0]
    return re.findall(r'<option value="([^"]*)"', field)


def test_filters_offer_what_occurs(opened: OpenedStudy):
    """Only places, sections, questions, themes and codes that occur can be chosen."""
    html = render_filters(opened, KENYA + GHANA)

    assert {name: options(html, name) for name in ("place", "section", "question")} == {
        "place": ["", "esa", "wca", "GHA", "KEN"],
        "section": ["", "reaching_person", "structures", "recommendations"],
        "question": ["", "hope", "stop"],
    }
    assert options(html, "theme") == ["", "rights", "support"]
    assert options(html, "code") == ["", "stigma", "services"]


def test_study_without_template_is_filtered_by_codes(opened: OpenedStudy):
    """Where all passages are in one cell, there is no section and no question to choose."""
    html = render_filters(opened, passages("a", "esa", 'data-cell="theme.introduction"'))

    assert re.findall(r'name="([a-z]+)"', html) == ["text", "place"]


def test_explorer_has_every_passage_by_place(tmp_path: Path, opened: OpenedStudy):
    """The explorer has the passages of all places, each once, with what they are filtered by."""
    write_words(tmp_path, wca=GHANA, esa=KENYA)

    html = explore(tmp_path, opened)

    assert re.findall(r'(?:<h2[^>]*>|id="segment-)([^<"]+)', html) == [
        *("Eastern and Southern Africa", "ken.0", "ken.1", "Western and Central Africa", "gha.0"),
    ]
    assert '<div class="filters"' in html


def test_explorer_that_would_be_too_large_leads_to_its_pages(
    tmp_path: Path, opened: OpenedStudy, monkeypatch: pytest.MonkeyPatch
):
    """Too many passages for one page stay on those of their places, and the explorer links them."""
    monkeypatch.setattr(explorer, "BYTES_A_PAGE", 100)
    write_words(tmp_path, wca=GHANA, esa=KENYA)

    html = explore(tmp_path, opened)

    found = re.findall(r'<a href="([^"]+words[^"]+)"><code>([^<]+)', html)
    assert found == [("esa.words-001.html", "ken"), ("wca.words-001.html", "gha")]
    assert '<div class="filters"' not in html


def test_release_without_passages_has_no_explorer(tmp_path: Path, opened: OpenedStudy):
    """Where no report has passages, nothing is written."""
    (tmp_path / "release").mkdir()

    assert write_explorer(tmp_path / "release", opened) == {}
    assert [*(tmp_path / "release").iterdir()] == []


def test_policy_allows_our_script_alone():
    """A filtered page has one script, whose hash its policy names; other pages allow none."""
    filtered, plain = (
        render_page(KENYA.replace("h3", "h2"), Page("Passages"), filtered=each).html
        for each in (True, False)
    )

    assert len(re.findall(r"script-src 'sha256-[^']+'", filtered)) == 1
    assert (filtered.count("<script>"), plain.count("<script")) == (1, 0)
    assert "script-src" not in plain


@pytest.mark.parametrize("script", ["<script>x()</script>", "<script></script>"])
def test_filtered_page_with_another_script_is_refused(script: str):
    """Our script is the only one, also on a page that has it."""
    with pytest.raises(PublishingError, match="element <script>"):
        render_page(f"<p>a</p>{script}", Page("Passages"), filtered=True)
