"""The body of a report, from the cells of an executed notebook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_core.paths import ENV_JUPYTER_PATH, jupyter_path
from markupsafe import escape
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from traitlets.config import Config

from analysis.tables.build_folder import CLAIMS_MIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TEMPLATES = Path(__file__).parent / "templates"
SHOWN_FIRST = ["text/html", "image/svg+xml", "image/png", "text/plain", CLAIMS_MIME]
HARMFUL_LINK = "#harmful-link"

_ANY_HEADING = re.compile(r"^#{1,6}\s", re.MULTILINE)
_FIRST_HEADING = re.compile(r"\A\s*#\s+(?P<heading>.+?)\s*#*\s*(?:\n|\Z)")


@dataclass(frozen=True)
class NotebookBody:
    """An executed notebook as HTML, without the page around it.

    Parameters
    ----------
    kind : str
        The heading of the cell tagged ``about``: what kind of report it is.
    about : str
        What comes before the first section.
    html : str
        The sections.
    """

    kind: str
    about: str
    html: str


def render_cells(cells: Sequence[NotebookNode]) -> NotebookBody:
    """Return the cells of an executed notebook as HTML.

    Parameters
    ----------
    cells : sequence of NotebookNode
        Their outputs hold trusted HTML in which all text is escaped.

    Returns
    -------
    NotebookBody
        Code is folded away below what it shows; where it shows nothing, so are the words before
        it. Raw HTML, unsafe links and outside images in markdown are shown as their source.
    """
    kind, preamble, sections = _split_preamble(_join_method(cells))
    return NotebookBody(kind, _export(preamble), _export(sections))


def kind_of(notebook: NotebookNode) -> str:
    """Return what kind of report a notebook is: the heading of the cell tagged ``about``."""
    return _split_preamble(notebook.cells)[0]


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
        highlight = Highlight2HTML(pygments_lexer="python3")  # type: ignore[no-untyped-call]
        yield "highlight_code", highlight


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


def _tags(cell: NotebookNode) -> Sequence[str]:
    tags: Sequence[str] = cell.metadata.get("tags", ())
    return tags


def _export(cells: Sequence[NotebookNode]) -> str:
    notebook = _node(cells=cells, metadata=_node())
    body: str = _exporter().from_notebook_node(notebook)[0]
    return body


def _split_preamble(
    cells: Sequence[NotebookNode],
) -> tuple[str, list[NotebookNode], list[NotebookNode]]:
    """Return the kind of report, the cells before its first section, and those of its sections."""
    starts = (at for at, cell in enumerate(cells) if _starts_section(cell))
    start = next(starts, len(cells))
    about = [cell.source for cell in cells[:start] if "about" in _tags(cell)]
    found = _FIRST_HEADING.match(about[0]) if about else None
    if found is None:
        return "", list(cells[:start]), list(cells[start:])
    preamble = [
        _with(cell, source=cell.source[found.end() :]) if "about" in _tags(cell) else cell
        for cell in cells[:start]
    ]
    return found["heading"], preamble, list(cells[start:])


def _starts_section(cell: NotebookNode) -> bool:
    if cell.cell_type == "markdown":
        return "about" not in _tags(cell) and bool(_ANY_HEADING.search(cell.source))
    return bool(cell.get("outputs"))


def _join_method(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Give code that shows nothing the words before it, unless these start a section."""
    joined: list[NotebookNode] = []
    for cell in cells:
        before = joined[-1] if joined else None
        if _shows_nothing(cell) and before is not None and _only_explains(before):
            joined[-1] = _with(cell, metadata={**cell.metadata, "method": before.source})
        else:
            joined.append(cell)
    return joined


def _shows_nothing(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and not cell.outputs


def _only_explains(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and not _ANY_HEADING.search(cell.source)


def _with(cell: NotebookNode, **changed: Any) -> NotebookNode:  # noqa: ANN401
    return _node(**{**cell, **changed})


def _node(**parts: Any) -> NotebookNode:  # noqa: ANN401
    return NotebookNode(parts)  # type: ignore[no-untyped-call]
