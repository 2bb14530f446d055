"""Hide words that no report may show in failed notebooks and in their errors."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.engine.program_code import source_files
from analysis.tables.withheld_text import read_withheld_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbformat import NotebookNode

    from analysis.errors import CompendiumError
    from analysis.tables.withheld_text import WithheldWords

LEFT_OUT = "its text is left out, since it may hold words that no report may show"
# They enclose a text of which it is not yet known whether it may be shown.
START, END = "\ue000", "\ue001"
DEFERRED = re.compile(f"{START}(.*){END}", re.DOTALL)
LONGEST_MESSAGE = 2_000


class WithheldOutput:
    """Hides the words of a study that no report may show.

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

    def repeat(self, message: str) -> str:
        """Return an error's message, shortened, or that it is left out."""
        if self._withheld.are_in(message):
            return f"({LEFT_OUT})"
        is_short = len(message) <= LONGEST_MESSAGE
        return message if is_short else f"{message[:LONGEST_MESSAGE]} …"

    def repeat_deferred(self, error: CompendiumError) -> CompendiumError:
        """Return an error from another machine, with the messages that may be shown."""
        offenders = [DEFERRED.sub(lambda found: self.repeat(found[1]), o) for o in error.offenders]
        return error.with_offenders(offenders)

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


class DeferredOutput(WithheldOutput):
    """Leaves texts as they are, for the machine that has the study's tables to decide."""

    def repeat(self, message: str) -> str:
        """Return an error's message between marks."""
        return f"{START}{message}{END}"

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
