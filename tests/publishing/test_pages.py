from __future__ import annotations

from analysis.publishing.pages import (
    Download,
    QualitySummary,
    ReportEntry,
    StudyEntry,
    StudySummary,
    render_index,
    render_study,
)
from analysis.publishing.rendering import Page

AFRICA = ReportEntry("Africa", "africa.html", "Continental synthesis", "All regions", 1)
AGREEMENT = ReportEntry("Coders", "agreement.html", "Agreement")


def test_index_links_every_study_and_report():
    """The index leads to each study and each of its reports, with one line about each."""
    study = StudyEntry("Demo", "demo/index.html", "An invented study.", (AFRICA,), synthetic=True)
    html = render_index(Page("Focus group compendium"), [study])

    for part in ('href="demo/index.html">Demo', 'href="africa.html">Africa', "An invented study."):
        assert part in html
    assert '<span class="tag synthetic">synthetic</span>' in html
    assert "1 focus group<" in html


def test_index_without_studies_says_so():
    """An index of nothing is a page, not an error."""
    assert "No study has been built yet." in render_index(Page("Focus group compendium"), [])


def test_study_page_tells_all_it_is_given():
    """A study's page has its reports, quality, downloads, citation and checks."""
    study = StudySummary(
        about=("What it is.", "What it is not."),
        reports=(AFRICA, AGREEMENT),
        quality=QualitySummary("quality.html", held=41, warnings=2, critical=0),
        downloads=(Download("Framework matrix", "downloads/matrix.csv"),),
        citation="Cite me.",
        checks=(("Where a number comes from", "compendium trace X"),),
    )
    html = render_study(Page("Demo"), study)

    for part in (
        '<p class="lead">What it is.</p>',
        '<a href="africa.html">Africa</a>',
        '<span class="muted">\u2013</span>',
        "<dt>Held</dt><dd>41</dd>",
        '<a href="downloads/matrix.csv">',
        '<p class="citation">Cite me.</p>',
        "<code>compendium trace X</code>",
    ):
        assert part in html


def test_study_page_leaves_out_what_there_is_not():
    """A study without downloads, citation, checks and quality has no empty headings."""
    html = render_study(Page("Demo"), StudySummary(about=("A study.",), reports=()))

    for heading in ("Downloads", "How to cite", "How to check", "Data quality"):
        assert f">{heading}</h2>" not in html


def test_empty_column_is_left_out():
    """Where no report has a line about it, the table of reports has no column for one."""
    html = render_study(Page("Demo"), StudySummary(about=("A study.",), reports=(AGREEMENT,)))

    assert "What it tells" not in html
