"""The body of a report, from the cells of an executed notebook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.tables.build_folder import CLAIMS_MIME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbformat import NotebookNode

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
    # It brings all of nbconvert along, which only a build needs.
    from analysis.publishing.notebook_html import export_cells  # noqa: PLC0415

    kind, preamble, sections = _split_preamble(_join_method([*map(_without_claims, cells)]))
    return NotebookBody(kind, export_cells(preamble), export_cells(sections))


def kind_of(notebook: NotebookNode) -> str:
    """Return what kind of report a notebook is: the heading of the cell tagged ``about``."""
    return _split_preamble(notebook.cells)[0]


def _tags(cell: NotebookNode) -> Sequence[str]:
    tags: Sequence[str] = cell.metadata.get("tags", ())
    return tags


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
