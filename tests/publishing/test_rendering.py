from __future__ import annotations

import ast
import base64
import hashlib
import os
import re
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import escape
from nbformat import NotebookNode, v4

from analysis.errors import PublishingError
from analysis.publishing.html_reader import PageLinks, parse_html
from analysis.publishing.notebook_html import render_cells, render_notebook
from analysis.publishing.rendering import CLOSE, Heading, Outline, Page, outline_body, render_page
from analysis.publishing.templates import TEMPLATES
from analysis.synthesis.claims import CLAIMS_MIME
from publishing.mock_report import PAGE, make_notebook

TESTS = Path(__file__).parents[1]
RENDER = """
from hashlib import sha256
from analysis.publishing.notebook_html import render_notebook
from publishing.mock_report import PAGE, make_notebook
print(sha256(render_notebook(make_notebook(), PAGE).html.encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def report() -> str:
    """Give the mock report."""
    return render_notebook(make_notebook(), PAGE).html


def test_policy_allows_the_one_style_sheet_alone(report: str):
    """The policy names the hash of the page's own style sheet, and there is no other."""
    styles = re.findall(r"<style>(.*?)</style>", report, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()

    assert len(styles) == 1
    assert not re.search(r"/\*|\n|: |;}", styles[0])
    assert (
        f"content=\"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'\"" in report
    )


def test_synthetic_study_is_named_in_title_and_banner(report: str):
    """A page of an invented study says so in its title and at its top."""
    assert "<title>SYNTHETIC · Eastern and Southern Africa" in report
    assert '<p class="synthetic-banner"><strong>SYNTHETIC</strong>' in report


def test_real_study_has_no_banner():
    """A page of a real study never says synthetic."""
    html = render_notebook(make_notebook(), replace(PAGE, synthetic=False)).html

    assert "SYNTHETIC" not in html


def test_kind_of_report_is_above_the_title(report: str):
    """The heading of the about cell is the kicker, and the page's title the only first heading."""
    assert (
        '<p class="kicker">Regional synthesis</p>\n<h1>Eastern and Southern Africa</h1>' in report
    )
    assert report.count("<h1") == 1


def test_each_section_is_in_the_contents(report: str):
    """The table of contents links the sections and their parts."""
    assert '<li><a href="#who-met">Who met</a></li>' in report
    assert '<li><a href="#in-their-words">In their words</a></li>' in report


def test_number_that_is_no_claim_is_refused():
    """A report with a number in prose that no claim shows is not published."""
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell("## Who met\n\nAll 7 of them.")])

    with pytest.raises(PublishingError, match=r"All \[7\] of them"):
        render_notebook(notebook, Page("Eastern Africa"))


def test_page_that_is_too_large_is_refused():
    """A page beyond the limit is refused with its title and its size."""
    with pytest.raises(PublishingError, match="at most 5,000,000 bytes") as refused:
        render_page(f"<p>{'é' * 2_500_000}</p>", Page("Eastern Africa"))

    size = re.fullmatch(r"Eastern Africa: (5,0\d\d,\d\d\d) bytes", refused.value.offenders[0])
    assert size


def test_text_around_the_report_is_escaped():
    """Titles, facts and provenance from tables are text."""
    page = Page("<b>", facts=(("<i>", "&"),), provenance=(("a", "<script>"),))
    html = render_page("<p>x</p>", page).html

    assert "<h1>&lt;b&gt;</h1>" in html
    assert "<dt>&lt;i&gt;</dt><dd>&amp;</dd>" in html
    assert "<dd>&lt;script&gt;</dd>" in html


def test_unescaped_output_is_refused():
    """An output that would run something is not published."""
    output = v4.new_output("display_data", {"text/html": "<script>x()</script>"})
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x", outputs=[output])])

    with pytest.raises(PublishingError, match="can't be published"):
        render_notebook(notebook, Page("Eastern Africa"))


def test_same_notebook_gives_same_bytes_anywhere(report: str, tmp_path: Path):
    """The page does not depend on hash seed, time zone, locale, folder, or the user's templates."""
    planted = tmp_path / "nbconvert" / "templates" / "base"
    planted.mkdir(parents=True)
    (planted / "display_priority.j2").write_text("planted")
    variables = {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    variables |= {"JUPYTER_PATH": str(tmp_path), "PYTHONPATH": str(TESTS)}
    printed = subprocess.run(
        [sys.executable, "-c", RENDER],
        env={**os.environ, **variables},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert printed.stdout.strip() == hashlib.sha256(report.encode()).hexdigest()


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


def test_code_is_folded_below_what_it_shows():
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


ENTRY = '<article class="evidence-entry" id="a.b"><h3>Stigma</h3></article>'


def outline_of(html: str, taken: tuple[str, ...] = ()) -> Outline:
    """Return the outline of a body."""
    return outline_body(parse_html(html, "Africa"), taken=taken)


def test_headings_get_anchors_and_are_listed():
    """Headings of levels 2 and 3 get an anchor made of their words."""
    outline = outline_of("<h2>At a glance</h2><p>x</p><h3>In <em>their</em> words</h3>")

    assert outline.headings == [
        Heading(2, "at-a-glance", "At a glance"),
        Heading(3, "in-their-words", "In their words"),
    ]


def test_same_words_get_different_anchors():
    """Repeated headings, and headings named like an id in use, are numbered."""
    outline = outline_of(
        '<p id="stop"></p><h2>Stop</h2><h2>Stop</h2><h2>Main</h2>', taken=("main",)
    )

    assert [heading.id for heading in outline.headings] == ["stop-2", "stop-3", "main-2"]


def test_given_anchor_is_kept():
    """A heading that has an id keeps it."""
    html = '<h2 id="held">What held</h2>'

    assert outline_of(html).body.html == html


def test_line_breaks_do_not_shift_anchors():
    """Anchors go into the right tags, whatever characters break lines before them."""
    outline = outline_of("<p>a\u2028b\r\nc\x0bé</p>\n<p>d</p><h2\nclass='x'>Stop</h2>")

    assert outline.body.html.endswith("<h2 id=\"stop\"\nclass='x'>Stop</h2>")


def test_headings_of_asides_are_not_listed():
    """The table of contents leaves out the hundreds of headings of evidence."""
    outline = outline_of(f"<h2>Evidence</h2>{ENTRY}<h3>After</h3>")

    assert [heading.text for heading in outline.headings] == ["Evidence", "After"]


def test_section_that_shows_nothing_is_left_out():
    """A cell whose code is left to the notebook and that shows nothing is not on the page."""
    tags = {"tags": ["remove-input"]}
    empty = v4.new_output("display_data", {"text/html": ""})
    shown = v4.new_output("display_data", {"text/html": "<h2>Heard</h2>"})
    body = render_cells(
        [
            v4.new_markdown_cell("Why nothing."),
            v4.new_code_cell("nothing()", outputs=[empty], metadata=tags),
            v4.new_markdown_cell("Why something."),
            v4.new_code_cell("something()", outputs=[shown], metadata=tags),
        ]
    ).html

    assert [part in body for part in ("Why nothing", "nothing()", "something()")] == [False] * 3
    assert [part in body for part in ("Why something", "<h2>Heard</h2>")] == [True] * 2


def test_evidence_can_take_the_focus_and_be_closed():
    """Evidence can be focused by a link to it, and starts with a link that closes it."""
    outline = outline_of(ENTRY)

    assert outline.body.html == (
        '<article tabindex="-1" class="evidence-entry" id="a.b">' + CLOSE.format('Close')
        + '<h3 id="stigma">Stigma</h3></article>'
    )  # fmt: skip


@pytest.mark.parametrize(
    "html",
    [
        '<article class="evidence-entries" id="a.b"></article>',
        '<article id="evidence-entry"></article>',
        '<li id="segments"></li>',
        '<li data-id="segment-a.1"></li>',
        "<listing></listing>",
        "<p>h2 &lt;h2&gt; article</p>",
    ],
)
def test_other_elements_are_left_as_they_are(html: str):
    """What only looks like a heading, evidence or a listed segment is not touched."""
    assert outline_of(html).body.html == html


def test_attributes_are_read_in_either_quotes():
    """Ids and classes count whatever quotes they are in, and in whatever order."""
    html = (
        "<p id='stop'></p><h2 class=\"a\" id='x'>A</h2><h3>Stop</h3>"
        "<article class='evidence-entry' id='evidence-a'></article>"
    )

    assert outline_of(html).body.html == (
        "<p id='stop'></p><h2 class=\"a\" id='x'>A</h2><h3 id=\"stop-2\">Stop</h3>"
        "<article tabindex=\"-1\" class='evidence-entry' id='evidence-a'>"
        f"{CLOSE.format('Close')}</article>"
    )


def test_references_in_headings_are_read():
    """A heading is listed by the words that a reader sees."""
    outline = outline_of("<h2>Where &amp; when</h2>")

    assert outline.headings == [Heading(2, "where-when", "Where & when")]


def test_parts_are_below_their_section():
    """Sections hold the headings of level 3 that follow them."""
    outline = outline_of("<h2>A</h2><h3>B</h3><h3>C</h3><h2>D</h2>")

    assert [(top.text, [part.text for part in parts]) for top, parts in outline.sections] == [
        ("A", ["B", "C"]),
        ("D", []),
    ]


def test_words_that_look_like_markup_stay_words():
    """A heading or a code whose name looks like an attribute is no claim, link or id."""
    words = escape('Stigma data-claim="x.y" <h2 id="z">')
    page = render_page(f"<h2>{words}</h2><p>{words}</p>", Page("Africa"))

    assert 'class="hint"' not in page.html
    assert page.links == PageLinks(set(), {"main", "closed", "stigma-data-claim-x-y-h2-id-z"})


SOURCES = Path(__file__).parents[2] / "src" / "analysis"
# By Pygments around code, and the question of that name.
WRITTEN_ELSEWHERE = {"highlight", "n", "ow", "stop"}


def words_of_python(path: Path) -> set[str]:
    """Return the words of the strings that could be classes."""
    strings = {
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    named = {word for text in strings if re.fullmatch(r"[a-z -]+", text) for word in text.split()}
    return named | {word for text in strings for word in classes_of_html(text)}


def classes_of_html(text: str) -> set[str]:
    """Return the words of the classes in HTML or a template."""
    return {
        word
        for found in re.findall(r'class="([^>]*)"', text)
        for word in re.findall(r"[\w-]+", found)
    }


def test_each_class_of_the_style_sheet_is_written_by_a_page() -> None:
    """Every page carries the style sheet, so it has no rule for classes that no page has."""
    sheet = re.sub(r"/\*.*?\*/", "", (TEMPLATES / "style.css").read_text("utf-8"), flags=re.DOTALL)
    selectors = re.findall(r"([^{};]+)\{", sheet)
    styled = {name for each in selectors for name in re.findall(r"\.([a-z][\w-]*)", each)}
    # The level of a shade is written by a number.
    styled = {re.sub(r"\d$", "", name) for name in styled}
    written = {
        word
        for layer in ("publishing", "synthesis", "quality")
        for path in (SOURCES / layer).glob("*.py")
        for word in words_of_python(path)
    }
    for path in TEMPLATES.rglob("*.j2"):
        written |= classes_of_html(path.read_text(encoding="utf-8"))

    assert styled - written - WRITTEN_ELSEWHERE == set()
