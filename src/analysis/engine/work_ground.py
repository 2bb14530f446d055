"""What every process of a build has ready, imported once in the server it is forked from."""

from __future__ import annotations

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbformat import v4

import analysis.engine.execution
import analysis.publishing.ready
import analysis.tables.parting  # noqa: F401
from analysis.study.instrument import read_instrument

# Each is made when it is first asked for: a schema compiled, packages searched through, the
# template read.
nbformat.validate(v4.new_notebook())  # type: ignore[no-untyped-call]
KernelProvisionerFactory.instance()
KernelSpecManager().find_kernel_specs()
read_instrument()
