"""What is repeated of what a failed notebook said: nothing that a report could not show."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.engine.failed_cells import shortened
from analysis.engine.reach import source_files
from analysis.tables.withheld_text import read_withheld_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbformat import NotebookNode

    from analysis.errors import CompendiumError
    from analysis.tables.withheld_text import WithheldWords

LEFT_OUT = "what it says is left out, since it may hold words that no report may show"
# What a failure says stands between these, as long as nobody has told whether it may be repeated.
BEGINS, ENDS = "\ue000", "\ue001"
UNTOLD = re.compile(f"{BEGINS}(.*){ENDS}", re.DOTALL)


class ToldFailure:
    """What may be repeated of the failure of a notebook.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    notebook : Path
        The file of the notebook.
    """

    def __init__(self, folder: Path, notebook: Path) -> None:
        self._folder = folder
        self._notebook = notebook

    @cached_property
    def _withheld(self) -> WithheldWords:
        return read_withheld_words(self._folder, self._harmless())

    def _harmless(self) -> Iterator[str]:
        for path in (*source_files(), self._notebook):
            if path.suffix in (".py", ".ipynb") and path.is_file():
                yield path.read_text(encoding="utf-8", errors="replace")

    def repeat(self, told: str) -> str:
        """Return what an error says as far as anybody would read it, or that it is left out."""
        return f"({LEFT_OUT})" if self._withheld.are_in(told) else shortened(told)

    def retell(self, error: CompendiumError) -> CompendiumError:
        """Return an error that was to be told elsewhere as it is told here."""
        offenders = [UNTOLD.sub(lambda found: self.repeat(found[1]), o) for o in error.offenders]
        return type(error)(
            error.what,
            offenders=offenders,
            expected=error.expected,
            why=error.why,
            remedy=error.remedy,
        )

    def clear(self, executed: NotebookNode) -> NotebookNode:
        """Return a notebook, changed in place, without outputs that no report may show."""
        for cell in executed.cells:
            if cell.cell_type == "code":
                cell.outputs = [self._clear(output) for output in cell.outputs]
        return executed

    def _clear(self, output: NotebookNode) -> NotebookNode:
        if not any(map(self._withheld.are_in, _texts(output))):
            return output
        kind = type(output)
        if output.output_type == "error":
            note = f"({LEFT_OUT})"
            return kind(
                output_type="error",
                ename=output.ename,
                evalue=note,
                traceback=[f"{output.ename}: {note}"],
            )
        return kind(output_type="stream", name="stdout", text=f"({LEFT_OUT})\n")


class ToldElsewhere(ToldFailure):
    """What a failure says, whole, for whoever has the tables of the study to tell."""

    def repeat(self, told: str) -> str:
        """Return what an error says, with a mark before and after it."""
        return f"{BEGINS}{told}{ENDS}"

    def clear(self, executed: NotebookNode) -> NotebookNode:
        """Return a notebook as it is."""
        return executed


def _texts(value: object) -> Iterator[str]:
    """Yield every text in an output."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
