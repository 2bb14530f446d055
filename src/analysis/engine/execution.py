"""Running one notebook in an interpreter of its own, and leaving it the same at every run."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill import PapermillExecutionError, execute_notebook
from traitlets.config import Config

from analysis.engine.failed_cells import (
    INJECTED_ID,
    failed_cell,
    first_line,
    last_cell,
    read_notebook,
    require_all_run,
)
from analysis.engine.kernel_arguments import address_in, private_arguments
from analysis.engine.kernels import has_spare_kernel
from analysis.engine.notebook_engine import ENGINE, MOST_PRINTED, PrintedTooMuchError
from analysis.engine.parameters import check_parameters, literal_path
from analysis.engine.storage import FOR_OWNER_ALONE
from analysis.engine.withheld_output import ToldElsewhere, ToldFailure
from analysis.errors import NotebookError
from analysis.publishing.notebook_files import write_notebook
from analysis.tables.build_folder import CLAIMS_MIME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

    from analysis.engine.environment import Surroundings
    from analysis.engine.task import Work

WARM = "analysis.engine.kernels.WarmKernelManager"
PLAIN = "jupyter_client.manager.AsyncKernelManager"
KERNEL = "python3"
LANGUAGE_INFO = {"name": "python"}
MORE_ROOM = "give it more memory, or run fewer notebooks at once: compendium build --jobs 1"


def run_notebook(surroundings: Surroundings, work: Work, output: Path, failed: Path) -> None:
    """Run one notebook, and write the executed one.

    Parameters
    ----------
    surroundings : Surroundings
        What the notebook finds around it.
    work : Work
        The notebook with its parameters.
    output : Path
        The file to write when all cells have run.
    failed : Path
        The file that holds the notebook up to the cell that fails, for the owner's eyes alone and
        with what a report may show; there is none when all cells have run.

    Raises
    ------
    ParameterError
        When the parameters are not those that the notebook declares; nothing has run then.
    NotebookError
        When the notebook is missing, or a cell fails, takes or prints too much, or ends its
        interpreter: names notebook, cell and cause.
    """
    source = surroundings.root / "notebooks" / f"{work.notebook}.ipynb"
    if not source.is_file():
        raise NotebookError(
            f"There is no notebook {work.notebook}.",
            offenders=[f"notebooks/{source.name} is missing"],
            remedy="put it back from the repository",
        )
    study = surroundings.root / "data" / str(work.parameters.get("study", ""))
    told = (ToldFailure if surroundings.has_tables else ToldElsewhere)(study, source)
    _require_notebook(source, told)
    check_parameters(source, work.parameters)
    output.parent.mkdir(parents=True, exist_ok=True)
    failed.parent.mkdir(parents=True, exist_ok=True)
    with _kept_where_it_fails(failed, work, told) as written:
        executed = _run(_Run(surroundings, work, source, written, failed), told)
        write_notebook(normalise_run(executed, work), output)


@contextmanager
def _kept_where_it_fails(failed: Path, work: Work, told: ToldFailure) -> Iterator[Path]:
    """Give a file for papermill to write; if a cell fails, what a report may show of it is kept.

    The file itself is this user's alone, and goes with the processes of the build.
    """
    failed.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-") as private:
        written = Path(private) / failed.name
        try:
            yield written
        except NotebookError:
            shown = told.clear(normalise_run(read_notebook(written), work))
            failed.touch(mode=FOR_OWNER_ALONE)
            write_notebook(shown, failed)
            raise


def _require_notebook(source: Path, told: ToldFailure) -> None:
    """Refuse a file that papermill could not take for a notebook."""
    try:
        notebook = read_notebook(source)
        nbformat.validate(notebook)
        fault = "" if "kernelspec" in notebook.metadata else "it names no kernel"
    except Exception as error:
        fault = first_line(error)
    if fault:
        raise NotebookError(
            f"{source.name} cannot be read as a notebook.",
            offenders=[f"notebooks/{source.name}: {told.repeat(fault)}"],
            remedy="open it in JupyterLab and save it again, or put it back from the repository",
        )


@dataclass(frozen=True)
class _Run:
    """One run of one notebook."""

    surroundings: Surroundings
    work: Work
    source: Path
    written: Path
    failed: Path

    @property
    def what(self) -> str:
        """What is said where it fails."""
        told = ", ".join(f"{name} {value}" for name, value in self.work.parameters.items())
        return f"{self.source.name} failed for {told}"

    @property
    def read_it(self) -> str:
        """Where to look."""
        root = self.surroundings.root
        return f"read the notebook as far as it came: {_below(root, self.failed)}"


def _run(run: _Run, told: ToldFailure) -> NotebookNode:
    try:
        executed = _execute(run)
    except PapermillExecutionError as error:
        said = told.repeat(error.evalue)
        raise NotebookError(
            f"{run.what}.",
            offenders=[f"cell {failed_cell(run.written)}: {error.ename}: {said}"],
            remedy=run.read_it,
        ) from None
    except DeadKernelError:
        raise NotebookError(
            f"{run.what}: its interpreter ended by itself.",
            offenders=[f"cell {last_cell(run.written)} was running"],
            remedy=MORE_ROOM,
        ) from None
    except CellTimeoutError:
        limit = run.surroundings.cell_seconds
        raise NotebookError(
            f"{run.what}: a cell took more than {limit} seconds.",
            offenders=[f"cell {last_cell(run.written)} was running"],
            remedy=f"if it needs more, allow it: compendium build --limit {2 * limit}",
        ) from None
    except PrintedTooMuchError:
        raise NotebookError(
            f"{run.what}: it printed more than {MOST_PRINTED:,} characters.",
            offenders=[f"cell {last_cell(run.written)} was running"],
            remedy="print less: a report shows tables and figures, and their claims",
        ) from None
    except RuntimeError as error:
        raise NotebookError(
            f"{run.what}: its interpreter did not start.",
            offenders=[told.repeat(first_line(error))],
            remedy=MORE_ROOM,
        ) from None
    require_all_run(executed, f"{run.what}: it ended before its last cell.")
    return executed


def _execute(run: _Run) -> NotebookNode:
    with _own_loop(), tempfile.TemporaryDirectory(prefix="kernel-") as private:
        executed: NotebookNode = execute_notebook(
            literal_path(run.source),
            literal_path(run.written),
            parameters=dict(run.work.parameters),
            engine_name=ENGINE,
            keep_at=str(run.written),
            # Whatever the kernel was called where the notebook was saved.
            kernel_name=KERNEL,
            language=LANGUAGE_INFO["name"],
            progress_bar=False,
            request_save_on_cell_execute=False,
            start_timeout=run.surroundings.cell_seconds,
            execution_timeout=run.surroundings.cell_seconds,
            config=Config(KernelManager=address_in(private)),
            # Nothing was forked where that is not to be had, or not wanted.
            kernel_manager_class=WARM if has_spare_kernel() else PLAIN,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(run.surroundings.root)}},
            extra_arguments=private_arguments(private),
        )
    return executed


@contextmanager
def _own_loop() -> Iterator[None]:
    """Close the loop that papermill speaks to a kernel in: it would outlive its thread."""
    loop = ensure_event_loop()
    try:
        yield
    finally:
        if not loop.is_running():
            loop.close()


def _below(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def normalise_run(executed: NotebookNode, work: Work) -> NotebookNode:
    """Return an executed notebook without what differs from run to run.

    Parameters
    ----------
    executed : NotebookNode
        As papermill left it; changed in place.
    work : Work
        What was run; recorded in the notebook's metadata.

    Returns
    -------
    NotebookNode
        Without times, paths, versions of the interpreter and what was printed to the error stream;
        each claim knows its cell.
    """
    kernelspec = executed.metadata.get("kernelspec", {})
    executed.metadata = type(executed.metadata)(
        kernelspec=kernelspec,
        language_info=LANGUAGE_INFO,
        compendium={"notebook": f"{work.notebook}.ipynb", "parameters": dict(work.parameters)},
    )
    for cell in executed.cells:
        tags = cell.metadata.get("tags", [])
        if INJECTED_ID in tags:
            cell.id = INJECTED_ID
        cell.metadata = type(executed.metadata)({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            cell.outputs = [out for out in cell.outputs if out.get("name") != "stderr"]
            _name_cell(cell)
    return executed


def _name_cell(cell: NotebookNode) -> None:
    for output in cell.outputs:
        for claim in output.get("data", {}).get(CLAIMS_MIME, {}).get("claims", []):
            claim["cell"] = cell.id
