"""Imports in a server that processes are forked from, which nothing may end."""

from __future__ import annotations

import gc
from contextlib import suppress
from importlib import import_module

from analysis.engine.scratch import clear_when_this_ends


def import_ahead(*names: str) -> None:
    """Import modules, as far as it can be.

    What is broken is told by the work that needs it: here it would end the server, and all work.

    Parameters
    ----------
    *names : str
        The modules; those of other layers by name alone, which the engine may not import itself.
    """
    # Imports leave no garbage, and what they leave is looked through for none: that would take
    # time here, and memory of its own in every process that is forked.
    gc.disable()
    for name in names:
        with suppress(Exception):
            import_module(name)
    gc.freeze()
    gc.enable()
    clear_when_this_ends()
