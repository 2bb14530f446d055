"""Tables that pandas shows by itself: cut short, unlabelled, and with numbers that are no claim."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.errors import PublishingError
from analysis.publishing.notebook_source import INJECTED

if TYPE_CHECKING:
    from nbformat import NotebookNode

# How pandas marks a DataFrame, one with a Styler, and the last line of a Series.
_FRAME = re.compile(r'class="dataframe"|<table id="T_')
_SERIES = re.compile(r"(?:\A|\n|, )dtype: \S+\Z")


def require_shown_tables(notebook: NotebookNode) -> None:
    """Refuse a report with a cell that shows a DataFrame or a Series by itself.

    Parameters
    ----------
    notebook : NotebookNode
        An executed notebook.

    Raises
    ------
    PublishingError
        Naming each such cell, by its number in the notebook and its id.
    """
    name = notebook.metadata["compendium"]["notebook"]
    cells = [cell for cell in notebook.cells if INJECTED not in cell.metadata.get("tags", ())]
    found = [
        f"notebooks/{name}: cell {number} ({cell.id})"
        for number, cell in enumerate(cells, start=1)
        if any(map(_is_frame, cell.get("outputs", ())))
    ]
    if found:
        raise PublishingError(
            f"{name} shows a DataFrame by itself.",
            offenders=found,
            expected="a table with a caption, whole and escaped, whose numbers are recorded",
            remedy='show it with: from analysis import show_table; show_table(frame, "What it '
            'shows")',
        )


def _is_frame(output: NotebookNode) -> bool:
    shown = output.get("data", {})
    html, text = ("".join(shown.get(kind, "")) for kind in ("text/html", "text/plain"))
    return bool(_FRAME.search(html)) if html else bool(_SERIES.search(text))
