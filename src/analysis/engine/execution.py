"""Running one notebook in an interpreter of its own, and leaving it the same at every run."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from analysis.engine.parameters import check_parameters
from analysis.engine.warm_kernels import can_fork, warm_up
from analysis.errors import NotebookError
from analysis.tables.build_folder import BUILD_VARIABLE, CLAIMS_MIME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nbformat import NotebookNode

    from analysis.engine.plan import Step

# What a kernel must not depend on is set here, whatever the machine says.
SETTINGS = {
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "LANGUAGE": "",
    "MPLBACKEND": "svg",
    "OPENBLAS_NUM_THREADS": "1",
    # A process with threads of its own cannot be forked safely.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
INJECTED_ID = "injected-parameters"
KERNEL_MANAGERS = {
    "warm": "analysis.engine.warm_kernels.WarmKernelManager",
    "plain": "jupyter_client.manager.AsyncKernelManager",
}
# What the notebooks import, by name: the engine itself imports none of it.
WARM_MODULES = ("analysis.synthesis.ready",)
LANGUAGE_INFO = {"name": "python"}


Kernels: TypeAlias = Literal["warm", "plain"]


@dataclass(frozen=True)
class Execution:
    """Where notebooks run.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    build : Path
        The folder in which the steps of all studies leave what later steps read.
    kernels : {"warm", "plain"}
        Whether kernels are forked from a server that has all imported, or started one by one.
    """

    root: Path
    build: Path
    kernels: Kernels = "warm"

    @property
    def kernel_kind(self) -> Kernels:
        """The kind of kernels to use: plain ones where this machine cannot fork."""
        return self.kernels if can_fork() else "plain"


@contextmanager
def kernels_ready(execution: Execution) -> Iterator[None]:
    """Set what kernels inherit from this process, and have warm ones made ready, for a while.

    Parameters
    ----------
    execution : Execution
        Where notebooks run.
    """
    before = dict(os.environ)
    os.environ.update(SETTINGS)
    os.environ["COMPENDIUM_ROOT"] = str(execution.root)
    os.environ[BUILD_VARIABLE] = str(execution.build)
    try:
        if execution.kernel_kind == "warm":
            warm_up(WARM_MODULES)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def run_step(execution: Execution, step: Step, output: Path) -> Path:
    """Run one notebook, and return the file of the executed one.

    Parameters
    ----------
    execution : Execution
        Where notebooks run; `settle` was called with it in this process.
    step : Step
        The notebook with its parameters.
    output : Path
        The file to write; where a cell fails it holds the notebook up to there.

    Raises
    ------
    ParameterError
        When the parameters are not those that the notebook declares; nothing has run then.
    NotebookError
        When the notebook is missing, or a cell fails: names notebook, cell and cause.
    """
    source = execution.root / "notebooks" / f"{step.notebook}.ipynb"
    if not source.is_file():
        raise NotebookError(
            f"There is no notebook {step.notebook}.",
            offenders=[f"notebooks/{source.name} is missing"],
            remedy="put it back from the repository",
        )
    check_parameters(source, step.parameters)
    executed = _run(execution, source, step.parameters, output)
    _write(normalise_run(executed, step), output)
    return output


def _run(
    execution: Execution, source: Path, parameters: Mapping[str, Any], output: Path
) -> NotebookNode:
    # Heavy, and needed only in the processes that run notebooks.
    from nbclient.exceptions import DeadKernelError  # noqa: PLC0415
    from papermill import PapermillExecutionError  # noqa: PLC0415

    output.parent.mkdir(parents=True, exist_ok=True)
    about = ", ".join(f"{name} {value}" for name, value in parameters.items())
    try:
        executed = _execute(execution, source, output, parameters)
    except PapermillExecutionError as error:
        raise NotebookError(
            f"{source.name} failed for {about}.",
            offenders=[f"cell {_failed_cell(output)}: {error.ename}: {error.evalue}"],
            remedy=f"read the notebook as far as it came: {_below(execution.root, output)}",
        ) from None
    except DeadKernelError:
        raise NotebookError(
            f"{source.name} failed for {about}: its interpreter ended by itself.",
            remedy="give it more memory, or run fewer notebooks at once: compendium build --jobs 1",
        ) from None
    _require_all_run(executed, f"{source.name} failed for {about}: it ended before its last cell.")
    return executed


def _require_all_run(executed: NotebookNode, what: str) -> None:
    """Refuse a notebook that a cell has ended: papermill takes that for success."""
    code = [cell for cell in executed.cells if cell.cell_type == "code" and cell.source.strip()]
    left = [cell.id for cell in code if cell.execution_count is None]
    if left:
        raise NotebookError(
            what,
            offenders=[f"cell {identifier} has not run" for identifier in left],
            remedy="take what ends the notebook out of the cell before",
        )


def _execute(
    execution: Execution, source: Path, output: Path, parameters: Mapping[str, Any]
) -> NotebookNode:
    from papermill import execute_notebook  # noqa: PLC0415 (see _run)
    from traitlets.config import Config  # noqa: PLC0415

    with _own_loop(), tempfile.TemporaryDirectory(prefix="kernel-") as private:
        # Sockets in a folder of this user alone; the default address is the same for all kernels.
        address = {"transport": "ipc", "connection_file": str(Path(private) / "k.json")}
        executed: NotebookNode = execute_notebook(
            _literal(source),
            _literal(output),
            parameters=dict(parameters),
            progress_bar=False,
            request_save_on_cell_execute=False,
            config=Config(KernelManager=address),
            kernel_manager_class=KERNEL_MANAGERS[execution.kernel_kind],
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(execution.root)}},
            extra_arguments=[
                # What is wrong with a kernel reaches us as an error; its own log is noise.
                "--IPKernelApp.log_level=CRITICAL",
                # The user's own profile may run anything at the start of a kernel.
                f"--ipython-dir={private}",
            ],
        )
    return executed


def _literal(path: Path) -> str:
    """Return a path as papermill is to take it: it fills in what stands in braces."""
    return str(path).replace("{", "{{").replace("}", "}}")


@contextmanager
def _own_loop() -> Iterator[None]:
    """Close the loop that papermill speaks to a kernel in: it would outlive its thread."""
    from jupyter_core.utils import ensure_event_loop  # noqa: PLC0415 (see _run)

    loop = ensure_event_loop()
    try:
        yield
    finally:
        if not loop.is_running():
            loop.close()


def _failed_cell(output: Path) -> str:
    """Return the id of the cell that failed, from the notebook as far as it came."""
    import nbformat  # noqa: PLC0415 (only needed when a cell has failed)

    cells = nbformat.read(output, as_version=4).cells  # type: ignore[no-untyped-call]
    return next((cell.id for cell in cells if _has_error(cell)), INJECTED_ID)


def _has_error(cell: NotebookNode) -> bool:
    return any(told.output_type == "error" for told in cell.get("outputs", []))


def _below(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def normalise_run(executed: NotebookNode, step: Step) -> NotebookNode:
    """Return an executed notebook without what differs from run to run.

    Parameters
    ----------
    executed : NotebookNode
        As papermill left it; changed in place.
    step : Step
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
        compendium={"notebook": f"{step.notebook}.ipynb", "parameters": dict(step.parameters)},
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


def _write(notebook: NotebookNode, output: Path) -> None:
    import nbformat  # noqa: PLC0415 (see _run)

    nbformat.write(notebook, output)  # type: ignore[no-untyped-call]
