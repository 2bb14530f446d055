"""Warm kernels: forked from a process that has imported what notebooks need, in milliseconds each.

Whatever runs a notebook is itself forked from the standard library's ``multiprocessing`` fork
server. Before it has threads of its own it forks once more: that process waits, and becomes the
kernel when Jupyter starts one. Each notebook still has an interpreter of its own, to which Jupyter
speaks as to any other kernel.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from contextlib import contextmanager, suppress
from queue import Empty
from typing import TYPE_CHECKING, Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Type

from analysis.engine.parentage import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

    from jupyter_client.connect import KernelConnectionInfo

POLL_SECONDS = 0.005
REPLY_SECONDS = 0.2
LISTENING_SECONDS = 10


class SpareKernel:
    """A process that waits to be told the arguments of a kernel, and then is one.

    Parameters
    ----------
    unneeded : Connection
        What the process inherits and must let go of.
    """

    stdin = stdout = stderr = None

    def __init__(self, unneeded: Connection) -> None:
        context = multiprocessing.get_context("fork")
        orders, self._orders = context.Pipe()
        held = (orders, self._orders, unneeded)
        self._process: ForkProcess = context.Process(target=_wait_and_serve, args=held, daemon=True)
        self._process.start()
        orders.close()
        self.pid = self._process.pid or 0

    def start(self, arguments: Sequence[str], folder: str, settings: Mapping[str, str]) -> None:
        """Be a kernel, and listen: who knocks before waits a tenth of a second to knock again."""
        self._orders.send((arguments, folder, settings))
        if self._orders.poll(LISTENING_SECONDS):
            with suppress(EOFError):
                self._orders.recv()

    # What follows are the words of subprocess.Popen that a provisioner uses.
    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._process.exitcode

    def wait(self) -> int | None:
        """Wait until it has ended, and return the exit code."""
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal."""
        os.kill(self.pid, number)


_spare: list[SpareKernel] = []


@contextmanager
def spare_kernel(unneeded: Connection) -> Iterator[None]:
    """Have a process ready for the next kernel; to be called before this process has threads.

    Parameters
    ----------
    unneeded : Connection
        What the kernel inherits and must let go of.
    """
    spare = SpareKernel(unneeded)
    _spare.append(spare)
    try:
        yield
    finally:
        _spare.clear()
        if spare.poll() is None:
            spare.send_signal(signal.SIGKILL)
        spare.wait()


def has_spare_kernel() -> bool:
    """Return whether a process is ready for the next kernel."""
    return bool(_spare)


def _wait_and_serve(orders: Connection, *unneeded: Connection) -> None:
    """Wait for the arguments of a kernel, and be it until told to stop or left alone."""
    for each in unneeded:
        each.close()
    os.setsid()
    end_with_parent()
    try:
        arguments, folder, settings = orders.recv()
    except EOFError:
        return
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(settings)
    import numpy as np  # noqa: PLC0415 (in this process already)
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415

    np.random.seed()
    kernel = IPKernelApp.instance()
    kernel.parent_handle = 0
    kernel.initialize(list(arguments))  # type: ignore[no-untyped-call]
    orders.send("listening")
    kernel.start()  # type: ignore[no-untyped-call]


class WarmProvisioner(LocalProvisioner):
    """Takes the kernel that was forked ahead."""

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> KernelConnectionInfo:  # noqa: ANN401
        """Start the spare kernel with the arguments of an ordinary one; say how to reach it."""
        spare = _spare.pop()
        spare.start(
            cmd[cmd.index("-m") + 2 :],
            settings.get("cwd") or os.getcwd(),  # noqa: PTH109 (as text, for another process)
            dict(settings["env"]),
        )
        self.process = spare  # type: ignore[assignment]
        self.pid = self.pgid = spare.pid
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

    client_factory = Type(PromptClient)

    @property
    def kernel_spec(self) -> Any:  # noqa: ANN401 (jupyter_client's own, untyped)
        """The kernel that a notebook asks for, forked ahead."""
        spec: Any = super().kernel_spec
        spec.metadata["kernel_provisioner"] = {"provisioner_name": "warm"}
        return spec
