"""Modules that the fork server imports, so that tasks, kernels and pages start in milliseconds.

``multiprocessing`` imports this module in the server. On a Dask worker,
``dask worker --preload analysis.engine.cluster`` has the same effect.
"""

from __future__ import annotations

import atexit
import builtins
import gc
import os
import shutil
import sys
from contextlib import contextmanager, suppress
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING

from analysis.engine.environment import SCRATCH_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

DEBUGGER = "debugpy"
# Two of these look at where they are imported: pandas chooses how wide it prints, and ipykernel
# whether there is a debugger, which delays the start of each kernel.
IN_A_KERNEL = (
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "numpy",
    "pandas",
    # Imported when a kernel starts, or when a table is first read; some versions lack some of them.
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.extensions.storemagic",
    "pandas.core.arrays.arrow.extension_types",
    "pandas.core.methods.to_dict",
    "pyarrow.dataset",
    "pyarrow.pandas_compat",
    "tornado.platform.asyncio",
    "zmq.utils.garbage",
)
# By name alone: the engine imports no synthesis. Each `ready` also draws or renders once, so that
# fonts and templates are loaded.
MODULES = ("analysis.synthesis.ready", "analysis.engine.execution", "analysis.publishing.ready")


@contextmanager
def as_in_a_kernel() -> Iterator[None]:
    """Let modules that are imported meanwhile find themselves in a kernel without a debugger."""
    debugger = sys.modules.get(DEBUGGER)
    sys.modules[DEBUGGER] = None  # type: ignore[assignment]
    builtins.get_ipython = lambda: SimpleNamespace(kernel=True)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]
        del sys.modules[DEBUGGER]
        if debugger is not None:
            sys.modules[DEBUGGER] = debugger


def import_all() -> None:
    """Import all modules that can be imported.

    An error would end the server; the task that needs the module will raise it.
    """
    # Imports leave no garbage; freezing what they leave keeps it shared by all forked processes.
    gc.disable()
    with as_in_a_kernel():
        for name in IN_A_KERNEL:
            with suppress(Exception):
                import_module(name)
    for name in MODULES:
        with suppress(Exception):
            import_module(name)
    with suppress(Exception):
        _use_jupyter_once()
    gc.freeze()
    gc.enable()


def _use_jupyter_once() -> None:
    """Let Jupyter build its schema and its list of plugins, which it does at first use."""
    import nbformat  # noqa: PLC0415 (if it is broken, the task that needs it will say so)
    from jupyter_client.provisioning.factory import KernelProvisionerFactory  # noqa: PLC0415
    from nbformat import v4  # noqa: PLC0415

    nbformat.validate(v4.new_notebook())  # type: ignore[no-untyped-call]
    KernelProvisionerFactory.instance()


def remove_scratch_at_end() -> None:
    """Let the server remove the temporary files of a build or worker that was killed."""
    folder, server = os.environ.get(SCRATCH_VARIABLE), os.getpid()

    def remove() -> None:
        # Processes that are forked from the server inherit this call.
        if folder and os.getpid() == server:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)


remove_scratch_at_end()
import_all()
