"""The pages around the reports of an invented study."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.publishing.notebook_html import render_notebook
from analysis.publishing.quality_page import render_quality
from analysis.publishing.rendering import Page, render_body, render_page
from analysis.publishing.report import render_further_pages
from analysis.publishing.site import (
    Download,
    QualitySummary,
    ReportEntry,
    StudyEntry,
    StudySummary,
)
from analysis.quality.outcomes import STAGES, Outcome
from publishing import mock_fragments as fragments
from publishing.mock_report import PAGE, make_notebook

REPORTS = (
    ReportEntry("Africa", "africa.html", "Continental synthesis", "Three regions side by side", 24),
    ReportEntry("Eastern and Southern Africa", "esa.html", "Regional synthesis", "Stigma first", 9),
    ReportEntry("Western and Central Africa", "wca.html", "Regional synthesis", "Income first", 8),
    ReportEntry("Caribbean", "car.html", "Regional synthesis", "Movement and solidarity", 1),
    ReportEntry("How alike the coders are", "agreement.html", "Coverage and agreement"),
)
STUDY = StudySummary(
    about=(
        "An invented study of forty-eight focus groups over seven regions, made to try things out.",
        "Its sentences were written for it. Nothing here may be cited as what anyone said.",
    ),
    reports=REPORTS,
    quality=QualitySummary("quality.html", held=41, warnings=2, critical=1),
    downloads=(Download("Framework matrix", "downloads/matrix.csv", "CSV, one row a cell"),),
    citation="The focus group compendium authors. Demonstration study, release 1.0.0.",
    checks=(
        ("Where a number comes from", "compendium trace esa.prevalence.stigma"),
        ("Whether the tables meet what is expected", "compendium check demo"),
    ),
)
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
    real = StudyEntry("Africa 2020", "africa-2020/index.html", "One discussion.", REPORTS[:1])
    demo = StudyEntry("Demonstration", "demo/index.html", STUDY.about[0], REPORTS, synthetic=True)
    index = render_body("index.html.j2", studies=[real, demo], about=ABOUT)
    study = render_body("study.html.j2", study=STUDY)
    pages = {
        "report.html": render_notebook(make_notebook(), PAGE),
        "index.html": render_page(index, Page("Focus group compendium")),
        "study.html": render_page(study, replace(study_page, kicker="Study")),
        "quality.html": render_quality(quality_page, OUTCOMES, {}),
    }
    return {**{name: page.html for name, page in pages.items()}, **make_words()}


def make_words() -> dict[str, str]:
    """Return each mock page of segments by its file name."""
    with TemporaryDirectory() as release:
        left = Path(release) / "left" / "report"
        left.mkdir(parents=True)
        for part in ("001", "002", "003"):
            html = f"<h2>Evening discussion</h2>{fragments.segments(12)}"
            (left / f"words-{part}.html").write_text(html, encoding="utf-8")
        return {name: page.html for name, page in render_further_pages(left, PAGE)}
