from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest
from markupsafe import escape

from analysis.publishing.manifest import MANIFEST, ReportRecord
from analysis.publishing.rendering import Page, render_body, render_page
from analysis.publishing.site import (
    REAL_ABOUT,
    SYNTHETIC_ABOUT,
    UNREADABLE_ABOUT,
    Download,
    QualitySummary,
    ReportEntry,
    StudyEntry,
    StudySummary,
    write_site_index,
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
    made_from="0",
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
    reports: Path, name: str, *, synthetic: bool, told: list[dict[str, object]] | None = None
) -> Path:
    folder = reports / name
    folder.mkdir(parents=True)
    listed = [asdict(ESA)] if told is None else told
    manifest = {"title": f"Study {name}", "synthetic": synthetic, "reports": listed}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    for page in ("index.html", "esa.html"):
        (folder / page).write_text("", encoding="utf-8")
    return folder


def read_index(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def test_study_page_leads_to_its_reports(tmp_path: Path, opened: OpenedStudy) -> None:
    """A study's page lists its reports, continents before regions, and how to rebuild them."""
    write_study_page(tmp_path, opened, [ESA, AFRICA], CheckReport())

    page = read_index(tmp_path)
    assert 0 < page.index('href="africa.html"') < page.index('href="esa.html"')
    assert "compendium build tiny" in page
    assert SYNTHETIC_ABOUT in page
    assert 'href="manifest.json"' in page


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

    page = read_index(tmp_path)
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
    """What a failed build left, and a manifest without pages, are not listed."""
    make_release(tmp_path, "a", synthetic=True)
    make_release(tmp_path, ".a.next", synthetic=True)
    (make_release(tmp_path, "b", synthetic=True) / "index.html").unlink()

    write_site_index(tmp_path)

    page = read_index(tmp_path)
    assert ('href="a/' in page, 'href=".a' in page, 'href="b/' in page) == (True, False, False)


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


@pytest.mark.parametrize("told", [{"name": "esa", "old": 1}, asdict(ESA) | {"notebook": "old"}])
def test_release_of_another_version_is_listed_without_reports(
    tmp_path: Path, told: dict[str, object]
) -> None:
    """A release that another version made is in the index, and in nobody's way."""
    make_release(tmp_path, "a", synthetic=False, told=[told])

    write_site_index(tmp_path)

    page = read_index(tmp_path)
    assert 'href="a/index.html"' in page
    assert 'href="a/esa.html"' not in page
    assert str(escape(REAL_ABOUT)) in page


AFRICA_ENTRY = ReportEntry("Africa", "africa.html", "Continental synthesis", "All regions", 1)
AGREEMENT_ENTRY = ReportEntry("Coders", "agreement.html", "Agreement")


def render_index(studies: list[StudyEntry]) -> str:
    """Return the index of studies."""
    body = render_body("index.html.j2", studies=studies, about="")
    return render_page(body, Page("Focus group compendium")).html


def render_study(study: StudySummary) -> str:
    """Return the page of a study."""
    return render_page(render_body("study.html.j2", study=study), Page("Demo")).html


def test_index_links_every_study_and_report():
    """The index leads to each study and each of its reports, with one line about each."""
    study = StudyEntry(
        "Demo", "demo/index.html", "An invented study.", (AFRICA_ENTRY,), synthetic=True
    )
    html = render_index([study])

    for part in ('href="demo/index.html">Demo', 'href="africa.html">Africa', "An invented study."):
        assert part in html
    assert '<span class="tag synthetic">synthetic</span>' in html
    assert "1 focus group<" in html


def test_index_without_studies_says_so():
    """An index of nothing is a page, not an error."""
    assert "No study has been built yet." in render_index([])


def test_study_page_shows_all_it_is_given():
    """A study's page has its reports, quality, downloads, citation and checks."""
    study = StudySummary(
        about=("What it is.", "What it is not."),
        reports=(AFRICA_ENTRY, AGREEMENT_ENTRY),
        quality=QualitySummary("quality.html", held=41, warnings=2, critical=0),
        downloads=(Download("Framework matrix", "downloads/matrix.csv"),),
        citation="Cite me.",
        checks=(("Where a number comes from", "compendium trace X"),),
    )
    html = render_study(study)

    for part in (
        '<p class="lead">What it is.</p>',
        '<a href="africa.html">Africa</a>',
        '<span class="muted">\u2013</span>',
        "<dt>Checks passed</dt><dd>41</dd>",
        '<a href="downloads/matrix.csv">',
        '<p class="citation">Cite me.</p>',
        "<code>compendium trace X</code>",
    ):
        assert part in html


def test_study_page_leaves_out_what_there_is_not():
    """A study without downloads, citation, checks and quality has no empty headings."""
    html = render_study(StudySummary(about=("A study.",), reports=()))

    for heading in ("Downloads", "How to cite", "How to check", "Data quality"):
        assert f">{heading}</h2>" not in html


def test_empty_column_is_left_out():
    """Where no report has a line about it, the table of reports has no column for one."""
    html = render_study(StudySummary(about=("A study.",), reports=(AGREEMENT_ENTRY,)))

    assert "What it tells" not in html
