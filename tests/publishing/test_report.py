from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbformat import NotebookNode, v4

from analysis.errors import PublishingError
from analysis.publishing.claim_files import read_claim_file
from analysis.publishing.html_reader import PageLinks
from analysis.publishing.manifest import LOCK, RECORD, read_record, write_record
from analysis.publishing.rendering import Page
from analysis.publishing.report import (
    collect_claims,
    make_report,
    render_further_pages,
)
from analysis.study.digests import digest_file
from analysis.study.opened_study import open_study
from analysis.tables.build_folder import CLAIMS_MIME, BuildFolder
from tiny_study import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy


AFRICA = open_study(ROOT, "africa-2020")
DATA = "0123456789abcdef"


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
    build = BuildFolder(tmp_path)
    build.notebook("esa").parent.mkdir()
    nbformat.write(notebook, build.notebook("esa"))
    make_report(opened, build, "esa", data=DATA)
    record, _ = read_record(build.page("esa"))
    return record, build.page("esa")


SHOWN = '<p><a data-claim="esa.groups" href="#esa.groups">2</a> met.</p>'
EVIDENCE = (
    '<h3>Evidence</h3><article class="evidence-entry" id="esa.groups"><h4>About</h4></article>'
)
SOUND = make_cell("summary", SHOWN + EVIDENCE, make_claim())


def test_report_is_written_in_three_forms(tmp_path: Path, opened: OpenedStudy) -> None:
    """A report is a page, its notebook as executed, its claims and their evidence."""
    record, folder = publish(tmp_path, opened, make_notebook(SOUND))

    assert sorted(path.name for path in folder.iterdir()) == [
        *(RECORD, "esa.claims.json", "esa.evidence.json", "esa.html", "esa.ipynb"),
    ]
    executed = BuildFolder(tmp_path).notebook("esa")
    assert (folder / "esa.ipynb").read_bytes() == executed.read_bytes()
    assert read_claim_file(folder / "esa.claims.json") == [make_claim()]
    assert (record.name, record.claims, record.focus_groups) == ("esa", 1, 2)


def test_page_shows_what_it_was_made_from(tmp_path: Path, opened: OpenedStudy) -> None:
    """A page names its place, its study, its notebook and parameters, and how to rebuild it."""
    _, folder = publish(tmp_path, opened, make_notebook(SOUND))

    page = (folder / "esa.html").read_text(encoding="utf-8")
    expected = (
        *("Eastern and Southern Africa", "A tiny study", "SYNTHETIC", "31 December 2020"),
        *("03-regional-synthesis.ipynb", "place = esa, study = tiny"),
        *(DATA[:12], digest_file(opened.root / LOCK)[:12]),
        *("compendium build tiny", "compendium trace esa.…"),
    )
    assert [part for part in expected if part not in page] == []


def test_number_that_is_no_claim_is_refused(tmp_path: Path, opened: OpenedStudy) -> None:
    """A number in prose that no claim shows stops the report, and no file is written."""
    cell = make_cell("summary", "<p>All 7 of them met.</p>")

    with pytest.raises(PublishingError, match=r"All \[7\] of them met"):
        publish(tmp_path, opened, make_notebook(cell))

    assert list(BuildFolder(tmp_path).page("esa").iterdir()) == []


def test_changed_number_is_two_lines_of_a_diff(tmp_path: Path, opened: OpenedStudy) -> None:
    """Each claim is a block, its value first; ids of evidence are in a file of their own."""
    texts = []
    for value in (2, 3):
        (tmp_path / str(value)).mkdir()
        claim = make_claim("groups", value) | {"focus_groups": ["ken"], "segments": ["ken.1"]}
        cell = make_cell("summary", SHOWN + EVIDENCE, claim)
        _, folder = publish(tmp_path / str(value), opened, make_notebook(cell))
        texts.append((folder / "esa.claims.json").read_text(encoding="utf-8").splitlines())

    changed = [(old, new) for old, new in zip(*texts, strict=True) if old != new]
    assert changed == [('  "value": 2,', '  "value": 3,')]
    assert texts[0][1:3] == ["{", '  "value": 2,']
    assert not any("ken.1" in line for line in texts[0])
    evidence = json.loads((folder / "esa.evidence.json").read_text(encoding="utf-8"))
    assert evidence["esa.groups"] == {"focus_groups": ["ken"], "segments": ["ken.1"]}


def test_segments_left_by_a_notebook_become_pages(tmp_path: Path, opened: OpenedStudy) -> None:
    """Segments that a report left next to its notebook are on pages that lead back to it."""
    left = BuildFolder(tmp_path).words("esa")
    left.mkdir(parents=True)
    (left / "words-001.html").write_text(
        '<h2>One</h2><p id="segment-a.1">Hope.</p>', encoding="utf-8"
    )
    _, folder = publish(tmp_path, opened, make_notebook(SOUND))

    page = (folder / "esa.words-001.html").read_text(encoding="utf-8")
    assert '<a href="esa.html">Regional synthesis</a>' in page
    assert "SYNTHETIC" in page


def test_record_is_read_as_it_was_written(tmp_path: Path, opened: OpenedStudy) -> None:
    """The record next to the files of a report, with the links of its pages, is read back."""
    record, folder = publish(tmp_path, opened, make_notebook(SOUND))
    links = {"esa.html": PageLinks({("wca.html", "a"), ("index.html", "")}, {"main", "a"})}
    write_record(record, links, folder)

    assert read_record(folder) == (record, links)


def test_report_on_the_whole_study_has_no_place(tmp_path: Path, opened: OpenedStudy) -> None:
    """A report on the whole study counts no focus groups of a place."""
    record, _ = publish(tmp_path, opened, make_notebook(place=""))

    assert (record.place, record.focus_groups, record.claims) == ("", None, 0)


def test_report_on_the_whole_study_counts_all_who_were_heard(
    tmp_path: Path, opened: OpenedStudy
) -> None:
    """A report without a place counts the focus groups of the study, as its claim shows."""
    name = "study.heard.focus_groups.all"
    claim = make_claim() | {"id": name}
    shown = (SHOWN + EVIDENCE).replace("esa.groups", name)
    record, _ = publish(tmp_path, opened, make_notebook(make_cell("all", shown, claim), place=""))

    assert (record.place, record.focus_groups) == ("", 2)


def test_claim_shown_in_two_cells_is_listed_once() -> None:
    """A claim that is in two cells is listed once, with the cell that showed it first."""
    notebook = make_notebook(
        make_cell("summary", "", make_claim()),
        make_cell("matrix", "", make_claim("points", 3), make_claim(cell="matrix")),
    )

    assert collect_claims(notebook) == [make_claim(), make_claim("points", 3)]


def test_claim_of_two_values_is_refused() -> None:
    """A claim with different values in two cells is refused, and both are reported."""
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


SEGMENTS_PAGE = Page(
    "Eastern Africa",
    study_title="A study",
    synthetic=True,
    crumbs=(("All studies", "../index.html"), ("A study", "index.html"), ("Synthesis", None)),
    facts=(("Data as of", "today"),),
    provenance=(("Notebook", "03.ipynb"),),
    source_notebook="esa.ipynb",
)


def make_fragment(group: str, text: str = "Clinics close at 6.") -> str:
    listed = f'<li id="segment-{group}.1"><p>{text}</p></li>'
    return f'<h2>Group {group}</h2><ol class="segments">{listed}</ol>'


def publish_segments(tmp_path: Path, **fragments: str) -> list[str]:
    left, release = tmp_path / "words" / "esa", tmp_path / "release"
    left.mkdir(parents=True)
    release.mkdir()
    for name, html in fragments.items():
        (left / f"words-{name.removeprefix('n')}.html").write_text(html, encoding="utf-8")
    for name, page in render_further_pages(left, SEGMENTS_PAGE, AFRICA):
        (release / name).write_text(page.html, encoding="utf-8")
    return sorted(path.name for path in release.iterdir())


def test_each_fragment_becomes_a_page(tmp_path: Path):
    """Each fragment is a page under the name that the report links to, with its segments."""
    names = publish_segments(tmp_path, n001=make_fragment("a"), n002=make_fragment("b"))

    assert names == ["esa.words-001.html", "esa.words-002.html"]
    page = (tmp_path / "release" / names[1]).read_text(encoding="utf-8")
    assert '<li id="segment-b.1">' in page


def test_page_shows_what_it_belongs_to(tmp_path: Path):
    """A page of segments names its report and study, and says that its data are synthetic."""
    publish_segments(tmp_path, n001=make_fragment("a"), n002=make_fragment("b"))

    page = (tmp_path / "release" / "esa.words-001.html").read_text(encoding="utf-8")
    expected = (
        "<title>SYNTHETIC · Eastern Africa \u2013 passages · A study</title>",
        "Content-Security-Policy",
        '<p class="synthetic-banner">',
        '<p class="kicker">Synthesis</p>',
        '<li><a href="index.html">A study</a></li>',
        '<li><a href="esa.html">Synthesis</a></li>',
        '<span aria-current="page">Passages</span>',
        "<dt>Notebook</dt><dd>03.ipynb</dd>",
    )
    assert [part for part in expected if part not in page] == []
    assert "esa.ipynb" not in page


def test_further_page_leads_back(tmp_path: Path):
    """Each further page starts with a link back to its report."""
    publish_segments(tmp_path, n1=make_fragment("a"))

    page = (tmp_path / "release" / "esa.words-1.html").read_text(encoding="utf-8")
    assert '<a href="esa.html">Back to the report</a>' in page


def test_further_pages_are_named_by_what_they_hold(tmp_path: Path):
    """Evidence, passages and recounts each say what they are."""
    left = tmp_path / "esa"
    left.mkdir()
    for name in ("evidence-services", "evidence", "recount", "words-001"):
        (left / f"{name}.html").write_text("<h2>A</h2>", encoding="utf-8")

    pages = dict(render_further_pages(left, SEGMENTS_PAGE, AFRICA))
    titles = {
        name: re.search(r"Eastern Africa \u2013 ([a-z ]+)", page.html)[1]
        for name, page in pages.items()
    }
    assert titles == {
        "esa.evidence-services.html": "evidence ",
        "esa.evidence.html": "evidence ",
        "esa.recount.html": "recount by hand ",
        "esa.words-001.html": "passages ",
    }


def test_report_that_left_nothing_has_no_such_pages(tmp_path: Path):
    """Where a report shows all its segments itself, there are no pages of segments."""
    assert [*render_further_pages(tmp_path / "words" / "esa", SEGMENTS_PAGE, AFRICA)] == []


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        (make_fragment("a", "<script>x()</script>"), "element <script>"),
        (make_fragment("a", "<p>never closed"), "</li> closes another element"),
        (make_fragment("a") + "<p>7 groups</p>", r"\[7\] groups"),
        ("<h4>Too deep</h4>", "heading of level 4"),
        (make_fragment("a") * 2, "id segment-a.1 is used twice"),
    ],
)
def test_page_is_held_to_what_reports_are(tmp_path: Path, fragment: str, expected: str):
    """A page of segments is refused for all that a report is refused for."""
    with pytest.raises(PublishingError, match=expected):
        publish_segments(tmp_path, n001=fragment)


def test_segments_of_a_real_study_have_no_banner(tmp_path: Path):
    """A page of the segments of a real study never says synthetic."""
    left = tmp_path / "esa"
    left.mkdir()
    (left / "words-001.html").write_text(make_fragment("a"), encoding="utf-8")

    real = replace(SEGMENTS_PAGE, synthetic=False)
    (page,) = [page for _, page in render_further_pages(left, real, AFRICA)]
    assert "SYNTHETIC" not in page.html
