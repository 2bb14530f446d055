from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest
from markupsafe import escape

from analysis.publishing.manifest import MANIFEST, ReportRecord
from analysis.publishing.site import (
    REAL_ABOUT,
    SYNTHETIC_ABOUT,
    UNREADABLE_ABOUT,
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


def test_real_study_is_told_as_such(tmp_path: Path, opened: OpenedStudy) -> None:
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
    assert "<dt>Held</dt><dd>1</dd>" in page
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
    """A release whose manifest is broken stands in the index by its folder, and in nobody's way."""
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
    """A release that another version made stands in the index, and in nobody's way."""
    make_release(tmp_path, "a", synthetic=False, told=[told])

    write_site_index(tmp_path)

    page = read_index(tmp_path)
    assert 'href="a/index.html"' in page
    assert 'href="a/esa.html"' not in page
    assert str(escape(REAL_ABOUT)) in page
