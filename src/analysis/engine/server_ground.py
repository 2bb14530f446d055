"""What the server that processes are forked from has imported, as far as it can be.

What is broken is told by the work that needs it: here it would end the server, and all work.
"""

from __future__ import annotations

import gc
from contextlib import suppress
from importlib import import_module

from analysis.engine.scratch import clear_when_this_ends

# Imports leave no garbage, and what they leave is looked through for none: that would take time
# here, and memory of its own in every process that is forked.
gc.disable()

# By name: the engine itself imports none of the synthesis.
for name in (
    "analysis.engine.kernel_ground",
    "analysis.synthesis.ready",
    "analysis.engine.work_ground",
):
    with suppress(Exception):
        import_module(name)

gc.freeze()
gc.enable()
clear_when_this_ends()
