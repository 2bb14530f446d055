"""Warm kernels: forked from a server that has imported what notebooks need, in milliseconds each.

The server is the standard library's ``multiprocessing`` fork server. Each notebook still has an
interpreter of its own, to which Jupyter speaks as to any other kernel.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing import connection, forkserver
from queue import Empty
from types import ModuleType
from typing import TYPE_CHECKING, Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import DottedObjectName

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from multiprocessing.context import ForkServerContext, ForkServerProcess

    from jupyter_client.connect import KernelConnectionInfo

GROUND = "analysis.engine.kernel_ground"
FORK_SERVER = "forkserver"
POLL_SECONDS = 0.005
REPLY_SECONDS = 0.2

# multiprocessing keeps its list of processes for one thread alone.
_one_at_a_time = threading.Lock()


def can_fork() -> bool:
    """Return whether this machine has a fork server to take kernels from."""
    return FORK_SERVER in multiprocessing.get_all_start_methods()


def warm_up(modules: Iterable[str]) -> None:
    """Start the server that kernels are forked from, without waiting for its imports.

    Parameters
    ----------
    modules : iterable of str
        What notebooks import; the settings of this process at the time become the server's.
    """
    _context().set_forkserver_preload([GROUND, *modules])
    forkserver.ensure_running()


def _context() -> ForkServerContext:
    return multiprocessing.get_context("forkserver")


def _serve(arguments: Sequence[str], folder: str, settings: Mapping[str, str]) -> None:
    """Be a kernel, in a process just forked, until told to stop or left alone."""
    os.setsid()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(settings)
    import numpy as np  # noqa: PLC0415 (in the server already)
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415

    np.random.seed()
    kernel = IPKernelApp.instance()
    kernel.parent_handle = 0
    kernel.initialize(list(arguments))  # type: ignore[no-untyped-call]
    kernel.start()  # type: ignore[no-untyped-call]


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _start(process: ForkServerProcess) -> None:
    """Start a process that does not import the main module of this one again."""
    with _one_at_a_time:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main


class _Forked:
    """A forked process, in the words of ``subprocess.Popen`` that a provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process
        self.pid = process.pid or 0

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)


class WarmProvisioner(LocalProvisioner):
    """Takes kernels from the fork server."""

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> KernelConnectionInfo:  # noqa: ANN401
        """Fork a kernel with the arguments of an ordinary one, and return how to reach it."""
        told = (
            cmd[cmd.index("-m") + 2 :],
            settings.get("cwd") or os.getcwd(),  # noqa: PTH109 (as text, for another process)
            dict(settings["env"]),
        )
        process = _context().Process(target=_serve, args=told, daemon=True)
        _start(process)
        self.process = _Forked(process)  # type: ignore[assignment]
        self.pid = self.pgid = process.pid
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait until the kernel has ended, and return its exit code."""
        while await self.poll() is None:
            await asyncio.sleep(POLL_SECONDS)
        return await super().wait()

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and all that it started; one that has ended needs none.

        An interrupt is not sent: a kernel of a build is interrupted only to be killed next.
        """
        if self.process is None or signum == signal.SIGINT:
            return
        try:
            await super().send_signal(signum)
        except ProcessLookupError:
            return

    async def kill(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        """End the kernel at once, and wait until it has ended."""
        await super().kill(restart=restart)
        await self.wait()


class PromptClient(AsyncKernelClient):
    """A client that takes a kernel for ready as soon as it answers on both channels."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        deadline = asyncio.get_running_loop().time() + (timeout or float("inf"))
        while not await self._has_answered():
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if asyncio.get_running_loop().time() > deadline:
                raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds")

    async def _has_answered(self) -> bool:
        """Ask who the kernel is; until both channels are joined, an answer may be missed."""
        asked = self.kernel_info()
        try:
            reply = await self._async_get_shell_msg(timeout=1)
            while reply["parent_header"].get("msg_id") != asked:
                reply = await self._async_get_shell_msg(timeout=1)
            self._handle_kernel_info_reply(reply)
            while True:
                told = await self._async_get_iopub_msg(timeout=REPLY_SECONDS)
                is_idle = told["content"].get("execution_state") == "idle"
                if is_idle and told["parent_header"].get("msg_id") == asked:
                    return True
        except Empty:
            return False

    wait_for_ready = _async_wait_for_ready


class WarmKernelManager(AsyncKernelManager):
    """Manages kernels of the warm provisioner."""

    client_class = DottedObjectName(f"{__name__}.{PromptClient.__name__}")

    @property
    def kernel_spec(self) -> Any:  # noqa: ANN401 (jupyter_client's own, untyped)
        """The kernel that a notebook asks for, taken from the fork server."""
        spec: Any = super().kernel_spec
        spec.metadata["kernel_provisioner"] = {"provisioner_name": "warm"}
        return spec
