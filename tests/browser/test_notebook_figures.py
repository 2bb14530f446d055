"""Figures on a notebook page as JupyterLab shows it, without the style sheet of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output
from traitlets.config import Config

from notebook_runs import run_notebook
from tiny_study import write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

# A figure has 360 px of it; prompts and margins take the rest.
NARROW = {"width": 486, "height": 800}
FIGURE = 360
SMALLEST_TEXT = 12
# The size of each text of a figure as it is shown, and whether it is inside its figure.
TEXTS = """() => [...document.querySelectorAll('figure svg text')].map(text => {
    const svg = text.closest('svg'), box = text.getBoundingClientRect();
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const paper = svg.getBoundingClientRect();
    return {
        words: text.textContent,
        size: parseFloat(getComputedStyle(text).fontSize) * scale,
        inside: box.left >= paper.left - 2 && box.right <= paper.right + 2,
    };
})"""
# What is painted black although it should have a colour, or none: a style that was left out.
UNPAINTED = """() => [...document.querySelectorAll('figure svg :is(path, rect, circle)')]
    .filter(mark => mark.closest('defs') === null)
    .filter(mark => getComputedStyle(mark).fill === 'rgb(0, 0, 0)'
        && !mark.closest('[fill]') && !mark.hasAttribute('fill'))
    .map(mark => mark.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def notebook_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the regional notebook of the tiny study as a page with JupyterLab's own look."""
    folder = tmp_path_factory.mktemp("lab")
    shown = run_notebook(write_tiny_root(folder / "root"), "03-regional-synthesis")
    outputs = [new_output("display_data", {"text/html": str(part.html)}) for part in shown]
    notebook = new_notebook(cells=[new_code_cell("report", outputs=outputs)])
    exporter = HTMLExporter(
        config=Config({"HTMLExporter": {"mathjax_url": "", "require_js_url": ""}}),
        template_name="lab",
    )
    path = folder / "notebook.html"
    path.write_text(exporter.from_notebook_node(notebook)[0], encoding="utf-8")
    return path


@pytest.fixture
def phone(browser: Browser, notebook_page: Path) -> Page:
    """Give the page in a window as narrow as a phone's screen, without a network."""
    page = browser.new_page(viewport=NARROW)
    page.route("http*://**", lambda route: route.abort())
    page.goto(notebook_page.as_uri())
    return page


def test_figures_can_be_read_in_jupyterlab(phone: Page):
    """Each text of a figure that is 360 px wide has at least 12 px, and stays in its figure."""
    texts = phone.evaluate(TEXTS)
    width = phone.evaluate("document.querySelector('figure').clientWidth")
    phone.close()

    assert texts
    assert width == FIGURE
    assert [each for each in texts if each["size"] < SMALLEST_TEXT or not each["inside"]] == []


def test_figures_are_painted_without_the_style_sheet(phone: Page):
    """No mark of a figure is black for want of a style, and each figure says what it shows."""
    unpainted = phone.evaluate(UNPAINTED)
    labels = phone.eval_on_selector_all("figure svg", "all => all.map(svg => svg.ariaLabel)")
    phone.close()

    assert unpainted == []
    assert labels
    assert all(labels)


def test_figures_work_without_colour(phone: Page):
    """In grey, each mark differs from white paper by a contrast of at least 3:1."""
    greys = phone.evaluate(
        """() => [...document.querySelectorAll('figure svg [fill^="#"]')]
            .filter(mark => mark.tagName !== 'text')
            .map(mark => {
                const channels = getComputedStyle(mark).fill.match(/\\d+/g).slice(0, 3)
                    .map(value => value / 255)
                    .map(value => value <= 0.04045 ? value / 12.92
                        : ((value + 0.055) / 1.055) ** 2.4);
                const grey = 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2];
                return 1.05 / (grey + 0.05);
            })"""
    )
    phone.close()

    assert greys
    assert min(greys) >= 3
