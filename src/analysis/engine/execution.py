"""Run one notebook with papermill, in an interpreter of its own, with the same result each time."""

from __future__ import annotations

import signal
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill import PapermillExecutionError, execute_notebook
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger
from traitlets.config import Config

from analysis.engine.environment import fixed_settings
from analysis.engine.kernels import BACKEND, INLINE, address_in, has_spare_kernel, private_arguments
from analysis.engine.parameters import check_parameters, literal_path
from analysis.engine.withheld_output import DeferredOutput, WithheldOutput
from analysis.errors import NotebookError
from analysis.publishing.notebook_files import (
    INJECTED,
    PARAMETERS,
    is_own,
    without_defaults,
    write_notebook,
)
from analysis.tables.build_folder import CLAIMS_MIME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

    from analysis.engine.environment import TaskEnvironment
    from analysis.engine.task import Task

ENGINE = "compendium"
WARM = "analysis.engine.kernels.WarmKernelManager"
PLAIN = "jupyter_client.manager.AsyncKernelManager"
KERNEL = "python3"
LANGUAGE_INFO = {"name": "python"}
FIRST_WITH_IDS = 5
FOR_OWNER_ALONE = 0o600
# More than any reader can read; a cell that prints without end is stopped here.
MOST_PRINTED = 20_000_000
# Of a notebook that printed too much, a cell's outputs that are longer are not kept.
MOST_KEPT = 100_000
MORE_ROOM = "give it more memory, or run fewer notebooks at once: compendium build --jobs 1"

# Its errors reach us as exceptions.
logger.disabled = True


def run_notebook(environment: TaskEnvironment, task: Task) -> None:
    """Run one notebook, and write the executed one into the folder of the build.

    When a cell fails, the notebook up to there is written into the folder of failed ones, readable
    by its owner alone, without words that a report may not show.

    Raises
    ------
    ParameterError
        When the parameters are not those that the notebook declares; no cell has run then.
    NotebookError
        When the notebook is missing, or a cell fails, takes or prints too much, or ends its
        interpreter: names notebook, cell and cause.
    """
    source = environment.root / "notebooks" / f"{task.notebook}.ipynb"
    if not source.is_file():
        raise NotebookError(
            f"The notebook {task.notebook} does not exist.",
            offenders=[f"notebooks/{source.name} is missing"],
            remedy="restore it from the repository",
        )
    study = environment.root / "data" / environment.study
    withheld = (WithheldOutput if environment.has_tables else DeferredOutput)(study, source)
    _require_notebook(source, withheld)
    check_parameters(source, task.parameters)
    output, failed = environment.build.notebook(task.name), environment.build.failed(task.name)
    output.parent.mkdir(parents=True, exist_ok=True)
    failed.parent.mkdir(parents=True, exist_ok=True)
    shown = {BACKEND: INLINE} if is_own(task.notebook) else {}
    with _kept_if_it_fails(failed, task, withheld) as written, fixed_settings(**shown):
        executed = _run(_Run(environment, task, source, written), withheld)
        _name_cells(executed, source)
        write_notebook(normalise_run(executed, task), output)


def normalise_run(executed: NotebookNode, task: Task) -> NotebookNode:
    """Return an executed notebook without the parts that differ from run to run.

    Parameters
    ----------
    executed : NotebookNode
        As papermill left it; changed in place.
    task : Task
        The task; recorded in the notebook's metadata.

    Returns
    -------
    NotebookNode
        Without times, paths, versions of the interpreter, default parameters and the error stream;
        each claim knows its cell.
    """
    kernelspec = executed.metadata.get("kernelspec", {})
    executed.metadata = type(executed.metadata)(
        kernelspec=kernelspec,
        language_info=LANGUAGE_INFO,
        compendium={"notebook": f"{task.notebook}.ipynb", "parameters": dict(task.parameters)},
    )
    for cell in executed.cells:
        tags = cell.metadata.get("tags", [])
        if INJECTED in tags:
            cell.id = INJECTED
        if PARAMETERS in tags:
            cell.source = without_defaults(cell.source)
        cell.metadata = type(executed.metadata)({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            cell.outputs = [out for out in cell.outputs if out.get("name") != "stderr"]
            _name_cell_in_claims(cell)
    return executed


@contextmanager
def _kept_if_it_fails(failed: Path, task: Task, withheld: WithheldOutput) -> Iterator[Path]:
    """Give a file for papermill to write; if a cell fails, keep what a report may show of it."""
    failed.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-") as private:
        written = Path(private) / failed.name
        try:
            yield written
        except NotebookError:
            shown = withheld.clear(normalise_run(_read_notebook(written), task))
            failed.touch(mode=FOR_OWNER_ALONE)
            write_notebook(shown, failed)
            raise


def _require_notebook(source: Path, withheld: WithheldOutput) -> None:
    """Refuse a file that papermill could not read as a notebook."""
    try:
        notebook = _read_notebook(source)
        nbformat.validate(notebook)
        fault = "" if "kernelspec" in notebook.metadata else "it names no kernel"
    except Exception as error:
        fault = first_line(error)
    if fault:
        raise NotebookError(
            f"{source.name} cannot be read as a notebook.",
            offenders=[f"notebooks/{source.name}: {withheld.repeat(fault)}"],
            remedy="open it in JupyterLab and save it again, or restore it from the repository",
        )


@dataclass(frozen=True)
class _Run:
    """One run of one notebook."""

    environment: TaskEnvironment
    task: Task
    source: Path
    written: Path

    def error(self, what: str, *cells: str, remedy: str) -> NotebookError:
        """Return an error that says what went wrong in which cells."""
        given = ", ".join(f"{name} {value}" for name, value in self.task.parameters.items())
        return NotebookError(
            f"{self.source.name} failed for {given}{what}.", offenders=cells, remedy=remedy
        )

    @property
    def last_cell(self) -> str:
        """The last cell that had started."""
        cells = [cell for cell in _read_notebook(self.written).cells if cell.cell_type == "code"]
        started = [cell.id for cell in cells if cell.metadata["papermill"]["start_time"]]
        return f"cell {started[-1] if started else INJECTED} was running"

    @property
    def where_to_look(self) -> str:
        failed = self.environment.build.failed(self.task.name).relative_to(self.environment.root)
        return f"read the notebook up to the cell that failed: {failed.as_posix()}"


def _run(run: _Run, withheld: WithheldOutput) -> NotebookNode:
    try:
        executed = _execute(run)
    except PapermillExecutionError as error:
        message = withheld.repeat(error.evalue)
        where = f"cell {_failed_cell(run.written)}: {error.ename}: {message}"
        raise run.error("", where, remedy=run.where_to_look) from None
    except DeadKernelError:
        what = ": its interpreter ended by itself"
        raise run.error(what, run.last_cell, remedy=MORE_ROOM) from None
    except CellTimeoutError:
        limit = run.environment.cell_seconds
        remedy = f"if it needs more time, run: compendium build --limit {2 * limit}"
        what = f": a cell took more than {limit} seconds"
        raise run.error(what, run.last_cell, remedy=remedy) from None
    except PrintedTooMuchError:
        what = f": it printed more than {MOST_PRINTED:,} characters"
        remedy = "print less: a report shows tables and figures, and their claims"
        raise run.error(what, run.last_cell, remedy=remedy) from None
    except RuntimeError as error:
        where = withheld.repeat(first_line(error))
        raise run.error(": its interpreter did not start", where, remedy=MORE_ROOM) from None
    _require_all_run(executed, run)
    return executed


def _execute(run: _Run) -> NotebookNode:
    with _own_event_loop(), tempfile.TemporaryDirectory(prefix="kernel-") as private:
        executed: NotebookNode = execute_notebook(
            literal_path(run.source),
            literal_path(run.written),
            parameters=dict(run.task.parameters),
            engine_name=ENGINE,
            keep_at=str(run.written),
            # The notebook may have been saved with a kernel of another name.
            kernel_name=KERNEL,
            language=LANGUAGE_INFO["name"],
            progress_bar=False,
            request_save_on_cell_execute=False,
            start_timeout=run.environment.cell_seconds,
            execution_timeout=run.environment.cell_seconds,
            config=Config(KernelManager=address_in(private)),
            # There is no spare kernel if processes can't be forked, or kernels are plain.
            kernel_manager_class=WARM if has_spare_kernel() else PLAIN,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(run.environment.root)}},
            extra_arguments=private_arguments(private),
        )
    return executed


@contextmanager
def _own_event_loop() -> Iterator[None]:
    """Close the event loop that papermill uses: it would outlive its thread."""
    loop = ensure_event_loop()
    try:
        yield
    finally:
        if not loop.is_running():
            loop.close()


class PrintedTooMuchError(Exception):
    """Raised when a notebook prints more than a report could show."""


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """Runs the cells of a notebook, and kills a kernel that prints or shows too much."""

    printed = 0

    def process_message(self, *message: Any) -> NotebookNode | None:  # noqa: ANN401 (of nbclient)
        """Process a message of the kernel."""
        output: NotebookNode | None = super().process_message(*message)
        if output is not None:
            self.printed += _length(output)
            if self.printed > MOST_PRINTED:
                # While a cell is running, the kernel reads no message.
                self.km.provisioner.process.send_signal(signal.SIGKILL)
        return output


class NotebookEngine(NBClientEngine):  # type: ignore[misc]
    """An engine of papermill that also writes a notebook whose run is cut short."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,  # noqa: ANN401 (papermill is not typed)
        kernel_name: str,
        *,
        keep_at: str,
        **options: Any,  # noqa: ANN401 (papermill is not typed)
    ) -> None:
        """Run a notebook, and write it to a file if its run is cut short.

        Raises
        ------
        PrintedTooMuchError
            When it prints more than a report could show.
        """
        options.pop("input_path")
        times = {
            "startup_timeout": options.pop("start_timeout"),
            "timeout": options.pop("execution_timeout"),
        }
        client = _Client(nb_man, kernel_name=kernel_name, log=logger, **times, **options)
        try:
            client.execute()
        except BaseException:
            nb_man.output_path = keep_at
            if client.printed > MOST_PRINTED:
                _drop_long_outputs(nb_man.nb)
                raise PrintedTooMuchError from None
            raise


papermill_engines.register(ENGINE, NotebookEngine)


def _length(value: object) -> int:
    """Return the number of characters in an output without its claims, which no reader sees."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(_length(each) for name, each in value.items() if name != CLAIMS_MIME)
    return sum(map(_length, value)) if isinstance(value, list) else 0


def _drop_long_outputs(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        length = _length(cell.get("outputs", []))
        if length > MOST_KEPT:
            text = f"({length:,} characters are left out)\n"
            cell.outputs = [type(cell)(output_type="stream", name="stdout", text=text)]


def _read_notebook(path: Path) -> NotebookNode:
    notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def _failed_cell(output: Path) -> str:
    """Return the id of the cell that failed, from the notebook up to there."""
    return next((cell.id for cell in _read_notebook(output).cells if _has_error(cell)), INJECTED)


def _has_error(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _require_all_run(executed: NotebookNode, run: _Run) -> None:
    """Refuse a notebook that a cell has ended: for papermill that is success."""
    code = [cell for cell in executed.cells if cell.cell_type == "code" and cell.source.strip()]
    left = [cell.id for cell in code if cell.execution_count is None]
    if left:
        cells = [f"cell {identifier} has not run" for identifier in left]
        remedy = "remove what ends the notebook from the cell before"
        raise run.error(": it ended before its last cell", *cells, remedy=remedy)


def first_line(error: Exception) -> str:
    """Return the kind of an error, and the first line of its message."""
    message = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _name_cells(executed: NotebookNode, source: Path) -> None:
    """Give cells of an older format, which have no ids, ids by number: papermill's are random."""
    if _read_notebook(source).nbformat_minor < FIRST_WITH_IDS:
        for number, cell in enumerate(executed.cells, start=1):
            cell.id = f"cell-{number}"


def _name_cell_in_claims(cell: NotebookNode) -> None:
    for output in cell.outputs:
        for claim in output.get("data", {}).get(CLAIMS_MIME, {}).get("claims", []):
            claim["cell"] = cell.id
