from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest
from markupsafe import Markup, escape

from analysis import __version__
from analysis.publishing.cards import make_card
from analysis.publishing.claim_diff import COMPARED
from analysis.publishing.claim_files import write_claim_file
from analysis.publishing.manifest import MANIFEST, ReportRecord
from analysis.publishing.rendering import Page, render_body, render_page
from analysis.publishing.site_index import UNREADABLE_ABOUT, StudyEntry, write_site_index
from analysis.publishing.study_page import (
    REAL_ABOUT,
    SITE_TITLE,
    SYNTHETIC_ABOUT,
    Link,
    ReportCard,
    write_study_page,
)
from analysis.quality.outcomes import CheckReport, Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy


ESA = ReportRecord(
    name="esa",
    title="Eastern and Southern Africa",
    kind="Regional synthesis",
    notebook="03-regional-synthesis.ipynb",
    parameters={},
    place="esa",
    claims=7,
    focus_groups=2,
    card='<p class="size"><a href="esa.evidence.html#esa.groups">2</a> groups</p>',
    made_from="0",
)
COVERAGE = replace(
    ESA,
    name="coverage",
    title="The whole study",
    kind="Coverage and agreement",
    notebook="02-coverage-and-agreement.ipynb",
    place="",
    card="",
)
AFRICA = replace(ESA, name="africa", title="Africa", notebook="04-continental-synthesis.ipynb")


def make_outcome(expectation: str, *, held: bool) -> Outcome:
    return Outcome(
        expectation=expectation,
        table="segments",
        stage="cleaned",
        severity="warning",
        verdict="held" if held else "fell_short",
        fault="a fault",
        message="A message.",
    )


def make_release(
    reports: Path, name: str, *, synthetic: bool, reports_of: list[dict[str, object]] | None = None
) -> Path:
    folder = reports / name
    folder.mkdir(parents=True)
    listed = [asdict(ESA)] if reports_of is None else reports_of
    parts = {"inputs": {}, "outputs": {}, "reports": listed}
    manifest = {"title": f"Study {name}", "synthetic": synthetic, **parts}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    for page in ("index.html", "esa.html"):
        (folder / page).write_text("", encoding="utf-8")
    return folder


def read_index(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def test_study_page_has_a_card_for_each_place(tmp_path: Path, opened: OpenedStudy) -> None:
    """A study's page has a card for each place, continents before regions, with its size."""
    write_study_page(tmp_path, opened, [ESA, AFRICA, COVERAGE], CheckReport())

    page = read_index(tmp_path)
    assert 0 < page.index('<a href="africa.html">') < page.index('<a href="esa.html">')
    assert ESA.card in page
    assert SYNTHETIC_ABOUT in page
    assert "coverage.html" not in page


def test_study_page_says_what_it_is(tmp_path: Path, opened: OpenedStudy) -> None:
    """A study's page has its day, its coders, how many groups it leaves out, and how to cite it."""
    claim = dict.fromkeys(COMPARED) | {"id": "study.withdrawn", "value": 1}
    write_claim_file([claim], tmp_path / "coverage.claims.json")

    write_study_page(tmp_path, opened, [ESA], CheckReport())

    page = read_index(tmp_path)
    link = '<a href="coverage.html#who-was-heard">1 focus group</a>'
    for part in (
        "<dt>Data as of</dt><dd>31 December 2020</dd>",
        "ann (a person), bot (a language model)",
        f"<dt>Withdrawn</dt><dd>{link}</dd>",
        f"A tiny study. Data as of 31 December 2020. In: {SITE_TITLE}, version {__version__}.",
    ):
        assert part in page
    assert "Without consent" not in page


def test_pages_of_a_study_are_in_its_language(tmp_path: Path, opened: OpenedStudy) -> None:
    """The pages around French reports are French, with the names of questions."""
    settings = opened.settings.model_copy(update={"report_language": "fr"})
    outcome = replace(make_outcome("a", held=False), touches=("*recommendations.stop*",))

    french = replace(opened, settings=settings)
    write_study_page(tmp_path, french, [ESA], CheckReport((outcome,)))

    assert '<html lang="fr">' in read_index(tmp_path)
    page = (tmp_path / "quality.html").read_text(encoding="utf-8")
    assert "Nombres sur «" in page
    assert "Recommendations" not in page


def test_data_and_methods_are_one_link_away(tmp_path: Path, opened: OpenedStudy) -> None:
    """Coverage, quality, records and how to check are behind one link of a study's page."""
    write_study_page(tmp_path, opened, [ESA, COVERAGE], CheckReport())

    assert '<a href="methods.html">Data and methods</a>' in read_index(tmp_path)
    assert "in a notebook of its own" not in read_index(tmp_path)
    page = (tmp_path / "methods.html").read_text(encoding="utf-8")
    for part in (
        '<a href="coverage.html">Coverage and agreement (The whole study)</a>',
        '<a href="quality.html">',
        'href="manifest.json"',
        "compendium build tiny",
    ):
        assert part in page


def test_reports_of_a_kind_are_one_line(tmp_path: Path, opened: OpenedStudy) -> None:
    """The reports on cleaning, one for each place, share a line that links each by its place."""
    kind = replace(COVERAGE, kind="Cleaning", notebook="01-clean-coded-data.ipynb")
    named = (("wca-cleaning", "West"), ("esa-cleaning", "East"))
    cleaning = [replace(kind, name=name, title=title) for name, title in named]
    write_study_page(tmp_path, opened, [ESA, *cleaning], CheckReport())

    page = (tmp_path / "methods.html").read_text(encoding="utf-8")
    assert page.count("What cleaning changed, and that nothing was lost.") == 1
    links = re.findall(r'<a href="(\w+-cleaning.html)" aria-label="Cleaning: (\w+)">', page)
    assert links == [("esa-cleaning.html", "East"), ("wca-cleaning.html", "West")]


def test_pages_of_a_study_are_listed_where_they_are(tmp_path: Path, opened: OpenedStudy) -> None:
    """Passages, matrix and codebook are linked once they are in the release."""
    (tmp_path / "codebook.html").write_text("", encoding="utf-8")

    write_study_page(tmp_path, opened, [ESA], CheckReport())

    page = read_index(tmp_path)
    assert ['href="codebook.html"' in page, 'href="matrix.html"' in page] == [True, False]


def test_downloads_are_listed_with_their_formats(tmp_path: Path, opened: OpenedStudy) -> None:
    """A table is listed once, with the formats that there are; coded data where they are."""
    (tmp_path / "downloads").mkdir()
    for name in ("prevalence.csv", "prevalence.xlsx", "notes.csv", "tiny.qdpx"):
        (tmp_path / "downloads" / name).write_text("", encoding="utf-8")

    write_study_page(tmp_path, opened, [ESA], CheckReport())

    page = read_index(tmp_path)
    assert page.count("Prevalence: <a") == 1
    for name in ("prevalence.csv", "prevalence.xlsx", "notes.csv", "tiny.qdpx"):
        assert f'href="downloads/{name}"' in page
    assert "co-occurrence" not in page


def test_checklist_is_linked(tmp_path: Path, opened: OpenedStudy) -> None:
    """What the study reports, item by item, is one link from its data and methods."""
    write_study_page(tmp_path, opened, [ESA], CheckReport())

    assert 'href="checklist.html"' in (tmp_path / "methods.html").read_text(encoding="utf-8")
    assert (tmp_path / "checklist.html").is_file()


def test_page_does_not_depend_on_what_was_published(tmp_path: Path, opened: OpenedStudy) -> None:
    """A release is the same before and after its numbers are published as those to cite."""
    write_study_page(tmp_path, opened, [ESA], CheckReport())
    before = read_index(tmp_path)
    (opened.folder / "published").mkdir()
    write_study_page(tmp_path, opened, [ESA], CheckReport())

    assert read_index(tmp_path) == before


def test_real_study_is_described_as_such(tmp_path: Path, opened: OpenedStudy) -> None:
    """The page of a real study asks for respect, and says nowhere that it is synthetic."""
    settings = opened.settings.model_copy(update={"synthetic": False})

    write_study_page(tmp_path, replace(opened, settings=settings), [ESA], CheckReport())

    page = read_index(tmp_path)
    assert str(escape(REAL_ABOUT)) in page
    assert "SYNTHETIC" not in page


def test_expectation_counts_once(tmp_path: Path, opened: OpenedStudy) -> None:
    """An expectation evaluated at several places counts once, and short where it fell short."""
    outcomes = (
        make_outcome("a", held=True),
        make_outcome("a", held=False),
        make_outcome("b", held=True),
    )

    write_study_page(tmp_path, opened, [ESA], CheckReport(outcomes))

    page = (tmp_path / "methods.html").read_text(encoding="utf-8")
    assert "<dt>Checks passed</dt><dd>1</dd>" in page
    assert "<dt>Warnings</dt><dd>1</dd>" in page
    assert (tmp_path / "quality.html").is_file()


def test_index_lists_studies_by_name(tmp_path: Path) -> None:
    """The index leads to each study that has pages, and to each of its reports."""
    make_release(tmp_path, "b", synthetic=True)
    make_release(tmp_path, "a", synthetic=False)

    write_site_index(tmp_path)

    page = read_index(tmp_path)
    assert 0 < page.index('href="a/index.html"') < page.index('href="b/index.html"')
    assert 'href="a/esa.html"' in page
    # Links within a card lead into the folder of its study too.
    assert 'href="a/esa.evidence.html#esa.groups"' in page


@pytest.mark.parametrize(("other", "shown"), [("fr", "fr"), ("en", "en")])
def test_index_is_in_the_language_that_studies_share(
    tmp_path: Path, other: str, shown: str
) -> None:
    """The index is in the language of all studies, or else in English."""
    for name, language in (("a", "fr"), ("b", other)):
        path = make_release(tmp_path, name, synthetic=True) / MANIFEST
        manifest = json.loads(path.read_text(encoding="utf-8")) | {"report_language": language}
        path.write_text(json.dumps(manifest), encoding="utf-8")

    write_site_index(tmp_path)

    assert f'<html lang="{shown}">' in read_index(tmp_path)


@pytest.mark.parametrize(("real", "synthetic"), [(True, False), (False, True)])
def test_index_is_synthetic_only_if_all_is(
    tmp_path: Path,
    real: bool,  # noqa: FBT001
    synthetic: bool,  # noqa: FBT001
) -> None:
    """The index says SYNTHETIC at its top only where every study is."""
    make_release(tmp_path, "a", synthetic=True)
    if real:
        make_release(tmp_path, "b", synthetic=False)

    write_site_index(tmp_path)

    assert ("SYNTHETIC · " in read_index(tmp_path)) == synthetic


def test_index_passes_over_what_is_no_release(tmp_path: Path) -> None:
    """What a failed build left, a manifest without pages, and a study that was removed aren't."""
    for name in ("a", "b"):
        (tmp_path / "data" / name).mkdir(parents=True)
    reports = tmp_path / "reports"
    for name in ("a", ".a.next", "removed"):
        make_release(reports, name, synthetic=True)
    (make_release(reports, "b", synthetic=True) / "index.html").unlink()

    write_site_index(reports)

    assert {*re.findall(r'href="([\w.]+)/', read_index(reports))} == {"a"}


@pytest.mark.parametrize("manifest", ["{", "[]", "null", '{"synthetic": true}', '{"title": "A"}'])
def test_release_that_cannot_be_read_is_listed_as_such(tmp_path: Path, manifest: str) -> None:
    """A release whose manifest is broken is in the index by its folder, and in nobody's way."""
    make_release(tmp_path, "a", synthetic=True)
    (make_release(tmp_path, "b", synthetic=True) / MANIFEST).write_text(manifest, encoding="utf-8")

    write_site_index(tmp_path)

    page = read_index(tmp_path)
    assert ('href="a/esa.html"' in page, 'href="b/index.html"' in page) == (True, True)
    assert str(escape(UNREADABLE_ABOUT)) in page
    # Nobody knows that it is.
    assert "SYNTHETIC · " not in page


@pytest.mark.parametrize("listed", [{"name": "esa", "old": 1}, asdict(ESA) | {"notebook": "old"}])
def test_release_of_another_version_is_listed_without_reports(
    tmp_path: Path, listed: dict[str, object]
) -> None:
    """A release that another version made is in the index, and in nobody's way."""
    make_release(tmp_path, "a", synthetic=False, reports_of=[listed])

    write_site_index(tmp_path)

    page = read_index(tmp_path)
    assert 'href="a/index.html"' in page
    assert 'href="a/esa.html"' not in page
    assert str(escape(REAL_ABOUT)) in page


def render_index(studies: list[StudyEntry]) -> str:
    """Return the index of studies."""
    body = render_body("index.html.j2", studies=studies, about="")
    return render_page(body, Page("Focus group compendium")).html


def test_index_links_every_study_and_report():
    """The index leads to each study, each of its reports and its data and methods."""
    card = ReportCard("Africa", "demo/africa.html", Markup("<p>1 focus group</p>"))
    study = StudyEntry(
        "Demo",
        "demo/index.html",
        "An invented study.",
        (card,),
        (Link("Data and methods", "demo/methods.html"),),
        synthetic=True,
    )
    html = render_index([study])

    for part in (
        *('href="demo/index.html">Demo', 'href="demo/africa.html">Africa', "An invented study."),
        *('href="demo/methods.html"', '<span class="tag synthetic">synthetic</span>'),
    ):
        assert part in html


def test_index_without_studies_says_so():
    """An index of nothing is a page, not an error."""
    assert "No study has been built yet." in render_index([])


REPORT = (
    '<p><b data-card="size"><a href="esa.evidence.html#e">2</a> groups</b></p>'
    '<p class="finding" data-card="finding">Fear of <i>raids</i> first.</p>'
    '<p class="finding" data-card="finding">A second finding.</p>'
)


def test_card_has_map_size_and_first_finding(opened: OpenedStudy):
    """A card repeats the size and the first finding of its report, below a map of its countries."""
    card = make_card(REPORT, [{"id": "esa.country.ken"}, {"id": "esa.groups"}], opened, "esa")

    svg, _, words = card.partition("</svg>")
    assert 'aria-label="Focus groups met in: Kenya"' in svg
    assert (svg.count('class="heard"'), svg.count("M")) == (
        1,
        len(opened.places.countries_in("esa")),
    )
    assert words == (
        '<p class="size"><a href="esa.evidence.html#e">2</a> groups</p>'
        '<p class="finding">Fear of <i>raids</i> first.</p>'
    )


def test_card_of_what_was_most_raised_names_the_question(opened: OpenedStudy):
    """What was most raised is of one question, and is not shown without it."""
    html = '<h3 data-card="question">Hope</h3><p data-card="finding">Most raised: care.</p>'

    assert make_card(html, [], opened, "esa") == (
        '<p class="finding"><span class="kicker">Hope</span> Most raised: care.</p>'
    )


def test_card_of_one_discussion_has_its_key_recommendation(opened: OpenedStudy):
    """Without findings and countries a card has the key recommendation, and no map."""
    html = '<p data-card="key"><strong><a href="a.html">Law first</a></strong> <q>Words</q></p>'

    assert make_card(html, [], opened, "africa") == (
        '<p class="finding"><span class="kicker">Key recommendation</span> '
        '<strong><a href="a.html">Law first</a></strong> <q>Words</q></p>'
    )
