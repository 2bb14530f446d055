"""What the server that processes are forked from has imported, where a cluster runs notebooks."""

from __future__ import annotations

from analysis.engine.import_ahead import import_ahead

import_ahead("analysis.tables.parting", "analysis.publishing.assembly")
