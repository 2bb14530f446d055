"""Imports the modules that make pages, and makes one: processes of a build start with both."""

from __future__ import annotations

from nbformat import v4

import analysis.publishing.notebook_files
import analysis.publishing.report  # noqa: F401 (what follows needs neither)
from analysis.publishing.notebook_html import render_notebook
from analysis.publishing.rendering import Page, compile_templates

_SHOWN = v4.new_output("display_data", {"text/html": "<p>Ready</p>"})  # type: ignore[no-untyped-call]
_CELLS = [
    v4.new_markdown_cell("## Ready"),  # type: ignore[no-untyped-call]
    v4.new_code_cell("ready = True", outputs=[_SHOWN]),  # type: ignore[no-untyped-call]
]

render_notebook(v4.new_notebook(cells=_CELLS), Page("Ready"))  # type: ignore[no-untyped-call]
compile_templates()
