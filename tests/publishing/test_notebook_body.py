from __future__ import annotations

from copy import deepcopy

import pytest
from nbformat import NotebookNode, v4

from analysis.publishing.notebook_body import render_cells
from analysis.synthesis.claims import CLAIMS_MIME


def show(source: str = "show()", **data: str) -> NotebookNode:
    """Return a code cell that shows something."""
    named = {name.replace("_", "/", 1): value for name, value in data.items()}
    return v4.new_code_cell(source, outputs=[v4.new_output("display_data", named)])


def test_about_gives_the_kind_and_is_kept_apart():
    """The heading of the cell tagged about is the kind of report; the rest comes before it."""
    about = v4.new_markdown_cell(
        "# Regional synthesis\n\nReads segments.", metadata={"tags": ["about"]}
    )
    body = render_cells([about, v4.new_markdown_cell("## Summary")])

    assert (body.kind, body.about.strip(), body.html.strip()) == (
        "Regional synthesis",
        "<p>Reads segments.</p>",
        "<h2>Summary</h2>",
    )


def test_setting_up_is_kept_apart():
    """Words and code before the first section are not part of the report's text."""
    words = v4.new_markdown_cell("Imports.")
    body = render_cells([words, v4.new_code_cell("import x"), v4.new_markdown_cell("## Summary")])

    assert "Imports." in body.about
    assert body.html.strip() == "<h2>Summary</h2>"


def test_code_stands_folded_below_what_it_shows():
    """A reader sees the output first, and the code on request."""
    body = render_cells([v4.new_markdown_cell("## A"), show(text_html="<p>shown</p>")]).html

    assert body.index("<p>shown</p>") < body.index('<details class="code"><summary>Code')


def test_words_of_code_that_shows_nothing_are_folded_with_it():
    """Code that shows nothing takes the words that explain it out of the text."""
    heading, words = v4.new_markdown_cell("## A"), v4.new_markdown_cell("Handed on.")
    body = render_cells([heading, words, v4.new_code_cell("hand_on()")]).html

    assert body.index("<details") < body.index("Handed on.")


def test_heading_above_code_that_shows_nothing_is_not_folded():
    """A section stays in the text even if its code shows nothing."""
    body = render_cells([v4.new_markdown_cell("## A"), v4.new_code_cell("x = 1")]).html

    assert body.startswith("<h2>A</h2>")


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("<script>x()</script>", "&lt;script&gt;x()&lt;/script&gt;"),
        ("a <img src=x onerror=y()>", "a &lt;img src=x onerror=y()&gt;"),
        ("[a](javascript:x)", "[a](javascript:x)"),
        ("![a](https://example.org/x.png)", "![a](https://example.org/x.png)"),
        ("$\\frac{a}{b} < c$", "$\\frac{a}{b} &lt; c$"),
    ],
)
def test_active_markdown_is_shown_as_its_source(markdown: str, shown: str):
    """Raw HTML, unsafe links, outside images and LaTeX in markdown are text."""
    body = render_cells([v4.new_markdown_cell(f"## A\n\n{markdown}")]).html

    assert f"<p>{shown}</p>" in body


def test_headings_have_no_anchor_links():
    """The pilcrows and ids that nbconvert adds are left out."""
    body = render_cells([v4.new_markdown_cell("## At a glance")]).html

    assert body.strip() == "<h2>At a glance</h2>"


def test_html_is_preferred_and_the_ledger_is_not_shown():
    """Of an output's forms the HTML is shown; the record of claims stays in the notebook."""
    cell = show(text_html="<p>7 of 9</p>", text_plain="seven")
    cell.outputs[0].data[CLAIMS_MIME] = {"claims": []}
    ledger_only = show()
    ledger_only.outputs[0].data[CLAIMS_MIME] = {"claims": []}
    body = render_cells([v4.new_markdown_cell("## A"), cell, ledger_only]).html

    assert ("<p>7 of 9</p>" in body, "seven" in body, "claims" in body) == (True, False, False)


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        (
            v4.new_output("stream", name="stdout", text="a < b"),
            '<pre class="output">a &lt; b</pre>',
        ),
        (
            v4.new_output("stream", name="stderr", text="\x1b[31mred\x1b[0m"),
            '<pre class="output warned">red</pre>',
        ),
        (
            v4.new_output("error", ename="E", evalue="x", traceback=["\x1b[0;31mE\x1b[0m: <x>"]),
            '<pre class="output failed">E: &lt;x&gt;</pre>',
        ),
        (
            v4.new_output("execute_result", {"text/plain": "<b>"}, execution_count=1),
            '<pre class="output">&lt;b&gt;</pre>',
        ),
    ],
)
def test_plain_output_is_escaped(output: NotebookNode, shown: str):
    """Text that a cell prints, warns of, fails with or returns is shown as text."""
    body = render_cells([v4.new_code_cell("x", outputs=[output])]).html

    assert shown in body


def test_notebook_is_left_as_it_was():
    """Rendering changes no cell, nor the claims in its outputs."""
    shown = show(text_html="<p>7 of 9</p>")
    shown.outputs[0].data[CLAIMS_MIME] = {"claims": [{"id": "esa.groups"}]}
    about = v4.new_markdown_cell("# A", metadata={"tags": ["about"]})
    cells = [about, v4.new_code_cell("x"), shown]
    before = deepcopy(cells)
    render_cells(cells)

    assert cells == before
