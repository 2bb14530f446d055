"""The pages around the reports of an invented study."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from markupsafe import Markup

from analysis.publishing.notebook_html import render_notebook
from analysis.publishing.quality_page import render_quality
from analysis.publishing.rendering import Page, render_body, render_page
from analysis.publishing.report import render_further_pages
from analysis.publishing.site_index import StudyEntry
from analysis.publishing.study_page import Link, ReportCard
from analysis.quality.outcomes import STAGES, Outcome
from analysis.study.opened_study import open_study
from publishing import mock_fragments as fragments
from publishing.mock_report import PAGE, make_notebook
from tiny_study import ROOT

TILES = (
    '<svg class="tiles" viewBox="0 0 30 20" width="30" height="20" role="img" '
    'aria-label="Focus groups met in: Kenya"><path class="heard" d="M1 1h8v8h-8z"/>'
    '<path class="silent" d="M11 1h8v8h-8z"/></svg>'
)


def make_mock_card(title: str, href: str, finding: str) -> ReportCard:
    """Return the card of a report, with its map, its size and one finding."""
    number = f'<a data-claim="esa.groups" href="{href}#esa.groups">9</a>'
    inside = f'{TILES}<p class="size">{number} focus groups</p><p class="finding">{finding}</p>'
    return ReportCard(title, href, Markup(inside))  # noqa: S704


CARDS = (
    make_mock_card("Africa", "africa.html", "Three regions side by side."),
    make_mock_card("Eastern and Southern Africa", "esa.html", "Stigma comes first."),
    make_mock_card("Western and Central Africa", "wca.html", "Income comes first."),
)
ABOUT_STUDY = "An invented study of focus groups over seven regions, made to try things out."
STUDY = {
    "about": ABOUT_STUDY,
    "cards": CARDS,
    "others": (Link("A notebook of one's own", "own.html"),),
    "explore": (Link("Passages", "explorer.html", "Every passage."),),
    "methods": "methods.html",
    "downloads": (Link("Framework matrix", "downloads/matrix.csv", "CSV, one row a cell"),),
    "citation": "The focus group compendium authors. Demonstration study, release 1.0.0.",
}
METHODS = {
    "reports": (Link("Coverage", "coverage.html", "Who was heard, who coded."),),
    "checklist": Link("Checklist", "checklist.html"),
    "quality": Link("Data quality", "quality.html"),
    "counts": (("Checks passed", 41), ("Warnings", 2), ("Critical", 1)),
    "records": (Link("Manifest", "manifest.json", "Each input and output."),),
    "name": "demo",
}
OUTCOMES = (
    Outcome(
        expectation="segments.focus_group",
        table="segments",
        stage="received",
        severity="critical",
        verdict="fell_short",
        fault="focus group unknown",
        notes="A segment of no focus group cannot be counted.",
        remedy="add the focus group to focus_groups.csv, or mend its name in these rows",
        failing=3,
        focus_groups=("ken-3",),
    ),
    *(
        Outcome(
            expectation="segments.points",
            table="segments",
            stage=stage,
            severity="warning",
            verdict="fell_short",
            fault="more than five points in a cell",
            notes="The template allows five; what is over it was said all the same.",
            remedy="nothing, if the submission has them: all are counted",
            touches=("matrix.recommendations.stop", "points.recommendations.stop.*"),
            failing=31,
            focus_groups=("afr-1",),
        )
        for stage in STAGES
    ),
    *(
        Outcome(
            expectation=f"segments.{column}",
            table="segments",
            stage=stage,
            severity="critical",
            verdict="held",
            fault=f"no {column}",
            notes="What is blank can be neither counted nor traced.",
        )
        for column in ("segment", "focus group", "section", "question", "position", "text")
        for stage in STAGES
    ),
)
ABOUT = "What focus groups said. Every number opens the words it rests on."
CRUMBS = (("All studies", "../index.html"), ("Demonstration", None))


def make_pages() -> dict[str, str]:
    """Return each mock page by its file name."""
    study_page = replace(PAGE, title="Demonstration", study_title="", facts=(), crumbs=CRUMBS)
    quality_page = replace(study_page, title="Data quality", kicker="What was guarded")
    real = StudyEntry("Africa 2020", "africa-2020/index.html", "One discussion.", CARDS[:1])
    demo = StudyEntry("Demonstration", "demo/index.html", ABOUT_STUDY, CARDS, synthetic=True)
    index = render_body("index.html.j2", studies=[real, demo], about=ABOUT)
    study = render_body("study.html.j2", **STUDY)
    methods = render_body("methods.html.j2", **METHODS)
    pages = {
        "report.html": render_notebook(make_notebook(), PAGE),
        "index.html": render_page(index, Page("Focus group compendium")),
        "study.html": render_page(study, replace(study_page, kicker="Study")),
        "methods.html": render_page(methods, replace(study_page, title="Data and methods")),
        "quality.html": render_quality(quality_page, OUTCOMES, {}),
    }
    return {**{name: page.html for name, page in pages.items()}, **make_words()}


def make_words() -> dict[str, str]:
    """Return each mock page of segments by its file name."""
    with TemporaryDirectory() as release:
        left = Path(release) / "left" / "report"
        left.mkdir(parents=True)
        for part in ("001", "002", "003"):
            html = f"<h2>Evening discussion</h2>{fragments.listing(12)}"
            (left / f"words-{part}.html").write_text(html, encoding="utf-8")
        study = open_study(ROOT, "africa-2020")
        return {name: page.html for name, page in render_further_pages(left, PAGE, study)}
