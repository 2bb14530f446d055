"""What a worker of a cluster has ready when it joins: ``dask worker --preload`` loads this module.

A worker without it is made ready by the first work that it is given, which takes seconds.
"""

from __future__ import annotations

import asyncio

import dask

from analysis.engine.parcels import get_ready

# Its own threads wait for processes: to look at them a hundred times a second tells nothing.
dask.config.set({"distributed.worker.profile.enabled": False})


async def dask_setup(_: object) -> None:
    """Get ready before the worker joins its scheduler."""
    await asyncio.to_thread(get_ready)
