"""nbconvert, set up so that what it makes of cells is safe and the same everywhere."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from jupyter_core.paths import ENV_JUPYTER_PATH, jupyter_path
from markupsafe import escape
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from traitlets.config import Config

from analysis.publishing.templates import TEMPLATES
from analysis.tables.build_folder import CLAIMS_MIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHOWN_FIRST = ["text/html", "image/svg+xml", "image/png", "text/plain", CLAIMS_MIME]
HARMFUL_LINK = "#harmful-link"


def export_cells(cells: Sequence[NotebookNode]) -> str:
    """Return executed cells as HTML.

    Parameters
    ----------
    cells : sequence of NotebookNode
        Their outputs hold trusted HTML; what else they hold is escaped.
    """
    notebook = NotebookNode(cells=cells, metadata=NotebookNode())  # type: ignore[no-untyped-call]
    body: str = _exporter().from_notebook_node(notebook)[0]
    return body


class _ReportRenderer(IPythonRenderer):
    """Markdown to HTML; raw HTML, unsafe links and outside images are shown as their source."""

    def __init__(self) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Return a link, or its source where its target is not safe."""
        if self.safe_url(url) == HARMFUL_LINK:
            return f"[{text}]({escape(url)})"
        return super().link(text, url, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return an image that the notebook itself holds, or its source."""
        if not url.startswith(("attachment:", "data:image/")):
            return f"![{escape(text)}]({escape(url)})"
        return super().image(text, url, title)


class _ReportExporter(TemplateExporter):
    """nbconvert's template exporter, told to look nowhere but here and in its own base."""

    def get_prefix_root_dirs(self) -> list[str]:
        """Return where to find nbconvert's base template, this environment's own first."""
        return [*ENV_JUPYTER_PATH, *jupyter_path()]

    def default_filters(self) -> Iterable[tuple[str, Any]]:
        """Yield the filters of templates, with safe markdown and plain highlighting."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "markdown2html", _to_html
        yield "highlight_code", _highlight


@cache
def _exporter() -> TemplateExporter:
    return _ReportExporter(  # type: ignore[no-untyped-call]
        config=Config({"NbConvertBase": {"display_data_priority": SHOWN_FIRST}}),
        default_preprocessors=[],
        extra_template_basedirs=[str(TEMPLATES)],
        template_name="compendium",
        file_extension=".html",
    )


@cache
def _markdown() -> MarkdownWithMath:
    return MarkdownWithMath(renderer=_ReportRenderer())


def _to_html(source: str) -> str:
    return _markdown().render(source)


def _highlight(source: str, metadata: object) -> str:  # noqa: ARG001 (what nbconvert passes)
    return _highlighted(source)


# The reports of a kind hold the same code.
@lru_cache(maxsize=256)
def _highlighted(source: str) -> str:
    highlight = Highlight2HTML(pygments_lexer="python3")  # type: ignore[no-untyped-call]
    html: str = highlight(source)
    return html
