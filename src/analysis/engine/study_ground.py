"""What the server that processes are forked from has imported, where a cluster runs notebooks.

A later build of the same process may run notebooks itself: what shows how it was imported is
imported as in a kernel here, too.
"""

from __future__ import annotations

from analysis.engine.import_ahead import import_ahead

import_ahead(
    "analysis.engine.kernel_ground",
    "analysis.tables.parting",
    "analysis.publishing.assembly",
)
