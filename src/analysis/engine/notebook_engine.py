"""papermill's engine, held to a limit of print, that leaves what is cut short as far as it came."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger

from analysis.tables.build_folder import CLAIMS_MIME

if TYPE_CHECKING:
    from nbformat import NotebookNode

ENGINE = "compendium"
# More than any reader takes in; a cell that prints without end is stopped here.
MOST_PRINTED = 20_000_000
# Of a notebook that printed too much, a cell's outputs that are longer are not kept.
MOST_KEPT = 100_000

# What it has to tell reaches us as an error.
logger.disabled = True


class PrintedTooMuchError(Exception):
    """Raised when a notebook prints more than a report could show."""


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """Runs the cells of a notebook, and ends a kernel that prints or shows too much."""

    printed = 0

    def process_message(self, *told: Any) -> NotebookNode | None:  # noqa: ANN401 (as nbclient has it)
        """Take a message of the kernel."""
        output: NotebookNode | None = super().process_message(*told)
        if output is not None:
            self.printed += _length(output)
            if self.printed > MOST_PRINTED:
                # While a cell is running nothing else is heard of.
                self.km.provisioner.process.send_signal(signal.SIGKILL)
        return output


def _length(value: object) -> int:
    """Return the number of characters in an output, but for the claims, which no reader sees."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(_length(each) for name, each in value.items() if name != CLAIMS_MIME)
    return sum(map(_length, value)) if isinstance(value, list) else 0


def _leave_out_long_outputs(notebook: NotebookNode) -> None:
    """Have cells whose outputs nobody would read through say how long they were."""
    for cell in notebook.cells:
        length = _length(cell.get("outputs", []))
        if length > MOST_KEPT:
            told = f"({length:,} characters are left out)\n"
            cell.outputs = [type(cell)(output_type="stream", name="stdout", text=told)]


class NotebookEngine(NBClientEngine):  # type: ignore[misc]
    """Runs notebooks; papermill itself writes one only when all is well, or a cell raises."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,  # noqa: ANN401 (papermill is not typed)
        kernel_name: str,
        *,
        keep_at: str,
        **how: Any,  # noqa: ANN401 (as papermill has it)
    ) -> None:
        """Run a notebook, and have it written to a file if its run is cut short.

        Raises
        ------
        PrintedTooMuchError
            When it prints more than a report could show.
        """
        how.pop("input_path")
        times = {
            "startup_timeout": how.pop("start_timeout"),
            "timeout": how.pop("execution_timeout"),
        }
        client = _Client(nb_man, kernel_name=kernel_name, log=logger, **times, **how)
        try:
            client.execute()
        except BaseException:
            nb_man.output_path = keep_at
            if client.printed > MOST_PRINTED:
                _leave_out_long_outputs(nb_man.nb)
                raise PrintedTooMuchError from None
            raise


papermill_engines.register(ENGINE, NotebookEngine)
