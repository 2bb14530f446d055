"""An executed notebook as a page, by nbconvert: safe, and the same everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from jupyter_core.paths import ENV_JUPYTER_PATH, jupyter_path
from markupsafe import escape
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from traitlets.config import Config

from analysis.publishing.rendering import render_page
from analysis.publishing.templates import TEMPLATES
from analysis.study.language import translate
from analysis.tables.build_folder import CLAIMS_MIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.publishing.rendering import Page, RenderedPage

SHOWN_FIRST = ["text/html", "image/svg+xml", "image/png", "text/plain", CLAIMS_MIME]
# The tag, known to Jupyter Book too, of code that a page leaves to the notebook.
HIDE_CODE = "remove-input"
HARMFUL_LINK = "#harmful-link"

_ANY_HEADING = re.compile(r"^#{1,6}\s", re.MULTILINE)
_FIRST_HEADING = re.compile(r"\A\s*#\s+(?P<heading>.+?)\s*#*\s*(?:\n|\Z)")


def render_notebook(notebook: NotebookNode, page: Page) -> RenderedPage:
    """Return an executed notebook as a self-contained page.

    What comes before the first section (the cell tagged ``about``, or the first, whose heading
    gives the kicker, and the code that gets things ready) is folded away under the title. Code is
    folded away below what it shows; where it shows nothing, so are the words before it.

    Parameters
    ----------
    notebook : NotebookNode
        An executed notebook; its outputs hold trusted HTML in which all text is escaped.

    Raises
    ------
    PublishingError
        When an output holds a script, an inline style, an outside resource, a repeated id, a link
        within the page that leads nowhere, or a number that is no claim.
    """
    body = render_cells(notebook.cells)
    titled = replace(page, kicker=page.kicker or body.kind)
    return render_page(body.html, titled, about=body.about, claimed=True)


@dataclass(frozen=True)
class NotebookBody:
    """An executed notebook as HTML, without the page around it.

    Parameters
    ----------
    kind : str
        The heading of the cell tagged ``about``, or of the first: what kind of report it is.
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
    shown = [_translated(_without_claims(cell)) for cell in cells]
    kind, preamble, sections = _split_preamble(_join_method(shown))
    return NotebookBody(kind, _export_cells(preamble), _export_cells(sections))


def kind_of(notebook: NotebookNode) -> str:
    """Return what kind of report a notebook is: the heading of its first cell."""
    return _split_preamble([*map(_translated, notebook.cells)])[0]


def _translated(cell: NotebookNode) -> NotebookNode:
    """Return a cell with its words, not its code, in the language of the report."""
    is_text = cell.cell_type == "markdown" and cell.source
    return _with(cell, source=translate(cell.source)) if is_text else cell


def _tags(cell: NotebookNode) -> Sequence[str]:
    tags: Sequence[str] = cell.metadata.get("tags", ())
    return tags


def _split_preamble(
    cells: Sequence[NotebookNode],
) -> tuple[str, list[NotebookNode], list[NotebookNode]]:
    """Return the kind of report, the cells before its first section, and those of its sections."""
    tagged = (at for at, cell in enumerate(cells) if "about" in _tags(cell))
    about = next(tagged, 0)
    is_text = bool(cells) and cells[about].cell_type == "markdown"
    found = _FIRST_HEADING.match(cells[about].source) if is_text else None
    shown = list(cells)
    if found:
        shown[about] = _with(cells[about], source=cells[about].source[found.end() :])
    starts = (at for at, cell in enumerate(shown) if _starts_section(cell))
    start = next(starts, len(cells))
    return found["heading"] if found else "", shown[:start], shown[start:]


def _starts_section(cell: NotebookNode) -> bool:
    if cell.cell_type == "markdown":
        return "about" not in _tags(cell) and bool(_ANY_HEADING.search(cell.source))
    return bool(cell.get("outputs"))


def _join_method(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Give code the words before it, to be folded away with it, unless these start a section."""
    joined: list[NotebookNode] = []
    for cell in cells:
        before = joined[-1] if joined else None
        if HIDE_CODE in _tags(cell) and not _shows_anything(cell):
            # A section that would be empty is left out, with the words on its method.
            if before is not None and _only_explains(before):
                joined.pop()
            continue
        if cell.cell_type == "code" and before is not None and _only_explains(before):
            joined[-1] = _with(cell, metadata={**cell.metadata, "method": before.source})
        else:
            joined.append(cell)
    return joined


def _shows_anything(cell: NotebookNode) -> bool:
    """Return whether a code cell shows more than empty HTML."""
    shown = (output.get("data", {}).get("text/html", "x") for output in cell.get("outputs", ()))
    return any("".join(html).strip() for html in shown)


def _only_explains(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and not _ANY_HEADING.search(cell.source)


def _without_claims(cell: NotebookNode) -> NotebookNode:
    """Empty the claims in a cell's outputs: they are large, copied on the way, and never shown."""
    if not any(CLAIMS_MIME in output.get("data", ()) for output in cell.get("outputs", ())):
        return cell
    outputs = [
        _with(output, data={**output["data"], CLAIMS_MIME: {}})
        if CLAIMS_MIME in output.get("data", ())
        else output
        for output in cell.outputs
    ]
    return _with(cell, outputs=outputs)


def _with(cell: NotebookNode, **changed: Any) -> NotebookNode:  # noqa: ANN401
    return type(cell)({**cell, **changed})


def _export_cells(cells: Sequence[NotebookNode]) -> str:
    """Return executed cells as HTML; outputs other than trusted HTML are escaped."""
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
    """nbconvert's template exporter, which looks nowhere but here and in its own base."""

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
    exporter = _ReportExporter(  # type: ignore[no-untyped-call]
        config=Config({"NbConvertBase": {"display_data_priority": SHOWN_FIRST}}),
        default_preprocessors=[],
        extra_template_basedirs=[str(TEMPLATES)],
        template_name="compendium",
        file_extension=".html",
    )
    exporter.environment.globals["_"] = translate
    return exporter


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
