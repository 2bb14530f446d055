"""What the server that processes are forked from has imported, where notebooks are run."""

from __future__ import annotations

from analysis.engine.import_ahead import import_ahead

import_ahead(
    "analysis.engine.kernel_ground",
    "analysis.synthesis.ready",
    "analysis.engine.work_ground",
)
