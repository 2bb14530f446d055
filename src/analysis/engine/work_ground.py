"""What every process of a build has ready, imported once in the server it is forked from."""

from __future__ import annotations

import nbclient  # noqa: F401
import nbformat
import papermill  # noqa: F401
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbformat import v4

import analysis.engine.warm_kernels
import analysis.publishing.ready
import analysis.tables.parting  # noqa: F401

# Each is made when it is first asked for: a schema compiled, installed packages searched through.
nbformat.validate(v4.new_notebook())  # type: ignore[no-untyped-call]
KernelProvisionerFactory.instance()
KernelSpecManager().find_kernel_specs()
