"""What every process of a build has ready, imported once in the server it is forked from."""

from __future__ import annotations

import nbclient  # noqa: F401
import nbformat  # noqa: F401
import papermill  # noqa: F401

import analysis.engine.warm_kernels
import analysis.publishing.ready
import analysis.tables.parting  # noqa: F401
