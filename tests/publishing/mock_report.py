"""An executed notebook about an invented region, with every component that a report may hold."""

from __future__ import annotations

import re

import nbformat
from nbformat import NotebookNode, v4

from analysis.publishing.rendering import Page
from analysis.synthesis.claims import CLAIMS_MIME
from publishing import mock_fragments as fragments

SEGMENTS = 48
HOSTILE_PROSE = re.sub(r"\d", "x", fragments.HOSTILE)
PAGE = Page(
    title="Eastern and Southern Africa",
    study_title="Sex workers and humanitarian response: what focus groups said",
    synthetic=True,
    crumbs=(
        ("All studies", "../index.html"),
        ("Demonstration", "index.html"),
        ("Eastern and Southern Africa", None),
    ),
    facts=(
        ("Focus groups counted", "9"),
        ("Countries", "8"),
        ("Held", "3 September to 12 October 2020"),
        ("Also speaks of this region", "2 wider submissions"),
    ),
    provenance=(
        ("Study", "demo, release 1.0.0"),
        ("Notebook", "03-regional-synthesis.ipynb, study demo, place esa"),
        ("Segments", "sha256 " + "3f9a" * 16),
        ("Code", "focus-group-compendium 0.1.0"),
        ("Environment", "Python 3.11, pandas 3.1, great-expectations 1.24, nbconvert 7.17"),
    ),
    source_notebook="esa.ipynb",
)


def make_notebook() -> NotebookNode:
    """Return the executed notebook."""
    outputs = {
        "summary": fragments.summary(),
        "facts": fragments.facts(),
        "matrix": fragments.matrix(),
        "prevalence": fragments.prevalence(),
        "chart": fragments.chart(),
        "excerpts": fragments.excerpts(),
        "points": fragments.points(),
    }
    shown = re.findall(r'data-claim="([^"]+)"', "".join(outputs.values()))
    outputs["evidence"] = fragments.evidence(list(dict.fromkeys(shown)), SEGMENTS)
    outputs["segments"] = fragments.segments(SEGMENTS)
    notebook = v4.new_notebook(cells=_cells(outputs))
    for at, cell in enumerate(notebook.cells):
        cell.id = f"cell-{at:02d}"
    nbformat.validate(notebook)
    return notebook


def _cells(outputs: dict[str, str]) -> list[NotebookNode]:
    return [
        _text(
            "# Regional synthesis\n\nWhat did the focus groups of one region say?\n\n"
            "Reads: `segments.csv`, `code_applications.csv`. Writes: `esa.claims.json`.",
            "about",
        ),
        _code('study: str = "demo"  # study to read', tag="parameters"),
        _code('# Parameters\nplace = "esa"\n', tag="injected-parameters"),
        _text("Imports, and the tables of this place."),
        _code("from analysis.tables.reading import read_study\n\nplaces = read_study(study, 1.5)"),
        _text("## Summary"),
        _code("report.summary(segments)", html=outputs["summary"]),
        _text(f"## Who met\n\nText of the notebook itself is escaped: {HOSTILE_PROSE}"),
        _code("report.facts(focus_groups)", html=outputs["facts"]),
        _text("## The matrix\n\nDomains in rows and questions in columns, as on the template."),
        _code("report.matrix(segments)", html=outputs["matrix"]),
        _text("## Themes\n\nThe unit is a focus group: *how widely*, never how loudly.\n\n"
              "### How widely each theme was raised"),
        _code("report.prevalence(applications)", html=outputs["chart"] + outputs["prevalence"]),
        _text("### In their words"),
        _code("report.excerpts(segments, most=4)", html=outputs["excerpts"]),
        _text("## Continue, stop, start"),
        _code("report.recommendations(segments)", html=outputs["points"]),
        _text("## What the machine said"),
        _code("print(log)", stdout="rows in = rows out + rows set aside\n"),
        _text("## Evidence\n\nEach number of this report, with the segments it rests on."),
        _code("report.evidence()", html=outputs["evidence"]),
        _text("## All segments"),
        _code("report.segments()", html=outputs["segments"]),
        _text("The counts go on to the continental report."),
        _code("report.hand_on()"),
    ]  # fmt: skip


def _text(source: str, tag: str = "") -> NotebookNode:
    return v4.new_markdown_cell(source, metadata={"tags": [tag]} if tag else {})


def _code(source: str, *, html: str = "", stdout: str = "", tag: str = "") -> NotebookNode:
    outputs = []
    if html:
        shown = {
            "text/html": html,
            "text/plain": "a report's fragment",
            CLAIMS_MIME: {"claims": []},
        }
        outputs.append(v4.new_output("execute_result", shown, execution_count=1))
    if stdout:
        outputs.append(v4.new_output("stream", name="stdout", text=stdout))
        outputs.append(v4.new_output("stream", name="stderr", text="a warning of a library\n"))
        outputs.append(
            v4.new_output("error", ename="E", evalue="e", traceback=["E: <b>failed</b>"])
        )
    metadata = {"tags": [tag]} if tag else {}
    return v4.new_code_cell(source, outputs=outputs, metadata=metadata, execution_count=1)
