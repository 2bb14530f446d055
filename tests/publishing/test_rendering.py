from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat import v4

from analysis.errors import PublishingError
from analysis.publishing.rendering import Page, render_notebook, render_page
from publishing.mock_report import PAGE, make_notebook

TESTS = Path(__file__).parents[1]
RENDER = """
from hashlib import sha256
from analysis.publishing.rendering import render_notebook
from publishing.mock_report import PAGE, make_notebook
print(sha256(render_notebook(make_notebook(), PAGE).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def report() -> str:
    """Give the mock report."""
    return render_notebook(make_notebook(), PAGE)


def test_policy_allows_the_one_style_sheet_alone(report: str):
    """The policy names the hash of the page's own style sheet, and there is no other."""
    styles = re.findall(r"<style>(.*?)</style>", report, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()

    assert len(styles) == 1
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
    html = render_notebook(make_notebook(), replace(PAGE, synthetic=False))

    assert "SYNTHETIC" not in html


def test_kind_of_report_stands_above_the_title(report: str):
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
    with pytest.raises(PublishingError, match="at most 4,000,000 bytes") as refused:
        render_page(f"<p>{'é' * 2_000_000}</p>", Page("Eastern Africa"), limit=4_000_000)

    size = re.fullmatch(r"Eastern Africa: (4,0\d\d,\d\d\d) bytes", refused.value.offenders[0])
    assert size


def test_text_around_the_report_is_escaped():
    """Titles, facts and provenance from tables are text."""
    page = Page("<b>", facts=(("<i>", "&"),), provenance=(("a", "<script>"),))
    html = render_page("<p>x</p>", page)

    assert "<h1>&lt;b&gt;</h1>" in html
    assert "<dt>&lt;i&gt;</dt><dd>&amp;</dd>" in html
    assert "<dd>&lt;script&gt;</dd>" in html


def test_unescaped_output_is_refused():
    """An output that would run something is not published."""
    output = v4.new_output("display_data", {"text/html": "<script>x()</script>"})
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x", outputs=[output])])

    with pytest.raises(PublishingError, match="may not be published"):
        render_notebook(notebook, Page("Eastern Africa"))


@pytest.mark.parametrize("seed", ["1", "2"])
def test_same_notebook_gives_same_bytes_anywhere(report: str, tmp_path: Path, seed: str):
    """The page does not depend on hash seed, time zone, locale, folder, or the user's templates."""
    planted = tmp_path / "nbconvert" / "templates" / "base"
    planted.mkdir(parents=True)
    (planted / "display_priority.j2").write_text("planted")
    surroundings = {"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    surroundings |= {"JUPYTER_PATH": str(tmp_path), "PYTHONPATH": str(TESTS)}
    printed = subprocess.run(
        [sys.executable, "-c", RENDER],
        env={**os.environ, **surroundings},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert printed.stdout.strip() == hashlib.sha256(report.encode()).hexdigest()
