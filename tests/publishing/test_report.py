from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbformat import NotebookNode, v4

from analysis.errors import PublishingError
from analysis.publishing.digests import digest_file
from analysis.publishing.manifest import LOCK, Origin
from analysis.publishing.report import (
    collect_claims,
    make_report,
    publish_report,
    read_executed,
    read_record,
    write_record,
)
from analysis.tables.build_folder import CLAIMS_MIME, BuildFolder

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy

MADE = Origin(data="0123456789abcdef", lock="abcdef0123456789")


def make_claim(name: str = "groups", value: int = 2, cell: str = "summary") -> dict[str, Any]:
    return {
        "id": f"esa.{name}",
        "label": f"About {name}",
        "value": value,
        "unit": "focus groups",
        "cell": cell,
    }


def make_cell(name: str, html: str, *claims: dict[str, Any]) -> NotebookNode:
    data = {"text/html": html, "text/plain": "", CLAIMS_MIME: {"claims": list(claims)}}
    return v4.new_code_cell("show()", id=name, outputs=[v4.new_output("display_data", data)])


def make_notebook(*cells: NotebookNode, place: str = "esa") -> NotebookNode:
    about = v4.new_markdown_cell("# Regional synthesis", id="about", metadata={"tags": ["about"]})
    section = v4.new_markdown_cell("## At a glance", id="say")
    parameters = {"study": "tiny", **({"place": place} if place else {})}
    compendium = {"notebook": "03-regional-synthesis.ipynb", "parameters": parameters}
    return v4.new_notebook(cells=[about, section, *cells], metadata={"compendium": compendium})


def publish(tmp_path: Path, opened: OpenedStudy, notebook: NotebookNode) -> tuple[Any, Path]:
    build, folder = BuildFolder(tmp_path), tmp_path / "release"
    for made in (folder, build.notebook("esa").parent):
        made.mkdir()
    nbformat.write(notebook, build.notebook("esa"))
    return publish_report(read_executed(build, "esa"), folder, opened, MADE), folder


SHOWN = '<p><a class="claim" data-claim="esa.groups" href="#evidence-esa.groups">2</a> met.</p>'
EVIDENCE = (
    '<h3>Evidence</h3><article class="bearing" id="evidence-esa.groups"><h4>About</h4></article>'
)
SOUND = make_cell("summary", SHOWN + EVIDENCE, make_claim())


def test_report_is_written_in_three_forms(tmp_path: Path, opened: OpenedStudy) -> None:
    """A report is a page, its notebook as executed, and its claims."""
    record, folder = publish(tmp_path, opened, make_notebook(SOUND))

    assert sorted(path.name for path in folder.iterdir()) == [
        *("esa.claims.json", "esa.html", "esa.ipynb"),
    ]
    executed = BuildFolder(tmp_path).notebook("esa")
    assert (folder / "esa.ipynb").read_bytes() == executed.read_bytes()
    claims = json.loads((folder / "esa.claims.json").read_text(encoding="utf-8"))
    assert claims == [make_claim()]
    assert (record.name, record.claims, record.focus_groups) == ("esa", 1, 2)


def test_page_tells_what_it_was_made_from(tmp_path: Path, opened: OpenedStudy) -> None:
    """A page names its place, its study, its notebook and parameters, and how to rebuild it."""
    _, folder = publish(tmp_path, opened, make_notebook(SOUND))

    page = (folder / "esa.html").read_text(encoding="utf-8")
    told = (
        *("Eastern and Southern Africa", "A tiny study", "SYNTHETIC", "31 December 2020"),
        *("03-regional-synthesis.ipynb", "place = esa, study = tiny"),
        *(MADE.data[:12], MADE.lock[:12]),
        *("compendium build tiny", "compendium trace esa.…"),
    )
    assert [part for part in told if part not in page] == []


def test_number_that_is_no_claim_is_refused(tmp_path: Path, opened: OpenedStudy) -> None:
    """A number in prose that no claim shows stops the report, and no file is written."""
    cell = make_cell("summary", "<p>All 7 of them met.</p>")

    with pytest.raises(PublishingError, match=r"All \[7\] of them met"):
        publish(tmp_path, opened, make_notebook(cell))

    assert list((tmp_path / "release").iterdir()) == []


def test_each_claim_stands_on_a_line(tmp_path: Path, opened: OpenedStudy) -> None:
    """A difference between the claims of two releases shows by the claim."""
    cell = make_cell("summary", SHOWN + EVIDENCE, make_claim(), make_claim("points", 3))
    _, folder = publish(tmp_path, opened, make_notebook(cell))

    lines = (folder / "esa.claims.json").read_text(encoding="utf-8").splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("[", "]", 4)
    assert json.loads(lines[1].removesuffix(",")) == make_claim()


def test_segments_left_beside_become_pages(tmp_path: Path, opened: OpenedStudy) -> None:
    """Segments that a report left beside its notebook stand on pages that lead back to it."""
    left = BuildFolder(tmp_path).words("esa")
    left.mkdir(parents=True)
    (left / "001.html").write_text('<h2>One</h2><p id="segment-a.1">Hope.</p>', encoding="utf-8")
    _, folder = publish(tmp_path, opened, make_notebook(SOUND))

    page = (folder / "esa.words-001.html").read_text(encoding="utf-8")
    assert '<a href="esa.html">Regional synthesis</a>' in page
    assert "SYNTHETIC" in page


def test_record_is_read_as_it_was_written(tmp_path: Path, opened: OpenedStudy) -> None:
    """The record that stands beside the files of a report is read back the same."""
    record, folder = publish(tmp_path, opened, make_notebook(SOUND))
    write_record(record, folder)

    assert read_record(folder) == record


def test_report_is_made_in_its_folder_of_the_build(opened: OpenedStudy) -> None:
    """A report is made of what its run left in the build, and its record stands beside it."""
    build = BuildFolder(opened.root / "build")
    build.notebook("esa").parent.mkdir(parents=True)
    nbformat.write(make_notebook(SOUND), build.notebook("esa"))

    make_report(opened, build, "esa", data="fedcba9876543210")

    page = (build.page("esa") / "esa.html").read_text(encoding="utf-8")
    assert ("fedcba987654" in page, digest_file(opened.root / LOCK)[:12] in page) == (True, True)
    assert read_record(build.page("esa")).claims == 1


def test_report_on_the_whole_study_has_no_place(tmp_path: Path, opened: OpenedStudy) -> None:
    """A report on the whole study counts no focus groups of a place."""
    record, _ = publish(tmp_path, opened, make_notebook(place=""))

    assert (record.place, record.focus_groups, record.claims) == ("", None, 0)


def test_report_on_the_whole_study_counts_all_who_were_heard(
    tmp_path: Path, opened: OpenedStudy
) -> None:
    """A report without a place counts the focus groups of the study, as its claim tells."""
    name = "study.heard.focus_groups.all"
    claim = make_claim() | {"id": name}
    shown = (SHOWN + EVIDENCE).replace("esa.groups", name)
    record, _ = publish(tmp_path, opened, make_notebook(make_cell("all", shown, claim), place=""))

    assert (record.place, record.focus_groups) == ("", 2)


def test_claim_shown_in_two_cells_is_listed_once() -> None:
    """A claim that stands in two cells is listed once, with the cell that showed it first."""
    notebook = make_notebook(
        make_cell("summary", "", make_claim()),
        make_cell("matrix", "", make_claim("points", 3), make_claim(cell="matrix")),
    )

    assert collect_claims(notebook) == [make_claim(), make_claim("points", 3)]


def test_claim_of_two_values_is_refused() -> None:
    """A claim with different values in two cells is refused, and both are told."""
    notebook = make_notebook(
        make_cell("summary", "", make_claim()),
        make_cell("matrix", "", make_claim(value=3, cell="matrix")),
    )

    with pytest.raises(PublishingError, match=r"esa\.groups has two different values") as refusal:
        collect_claims(notebook)

    assert refusal.value.offenders == (
        "cell summary: About groups, 2 focus groups",
        "cell matrix: About groups, 3 focus groups",
    )
