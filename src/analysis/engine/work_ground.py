"""What every process of a build has ready, imported once in the server it is forked from."""

from __future__ import annotations

from importlib import import_module

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbformat import v4

from analysis.quality.gx import defer
from analysis.study.instrument import read_instrument

# papermill reads and writes notebooks on the web as well, which no build does.
defer(("requests",))
for _name in ("engine.execution", "publishing.ready", "tables.parting"):
    import_module(f"analysis.{_name}")

# Each is made when it is first asked for: a schema compiled, packages searched through, the
# template read.
nbformat.validate(v4.new_notebook())  # type: ignore[no-untyped-call]
KernelProvisionerFactory.instance()
KernelSpecManager().find_kernel_specs()
read_instrument()
