"""What every kernel of a build has ready, imported once in the server that kernels are forked from.

Nothing here is patched. Two modules look at where they are imported, so they are shown a kernel:
pandas chooses how wide it prints, and ipykernel whether a debugger is to be had (it costs each
kernel its start, and a build has no use for it).
"""

from __future__ import annotations

import builtins
import sys
from contextlib import suppress
from importlib import import_module
from types import SimpleNamespace

DEBUGGER = "debugpy"
# What a kernel imports only when it starts, and tables only when they are first read; some version
# may have none of it.
IMPORTED_LATER = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.extensions.storemagic",
    "pandas.core.methods.to_dict",
    "pyarrow.pandas_compat",
    "tornado.platform.asyncio",
    "zmq.utils.garbage",
)


def _import_as_in_a_kernel() -> None:
    had = sys.modules.get(DEBUGGER)
    sys.modules[DEBUGGER] = None  # type: ignore[assignment]
    builtins.get_ipython = lambda: SimpleNamespace(kernel=True)  # type: ignore[attr-defined]
    try:
        import ipykernel.debugger  # noqa: PLC0415
        import ipykernel.kernelapp  # noqa: PLC0415
        import ipykernel.zmqshell  # noqa: F401, PLC0415
        import numpy as np  # noqa: F401, PLC0415
        import pandas as pd  # noqa: F401, PLC0415
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]
        del sys.modules[DEBUGGER]
        if had is not None:
            sys.modules[DEBUGGER] = had


_import_as_in_a_kernel()
for _name in IMPORTED_LATER:
    with suppress(ImportError):
        import_module(_name)
