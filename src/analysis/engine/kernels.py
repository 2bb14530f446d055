"""Warm kernels: forked from a process that has imported what notebooks need, in milliseconds each.

Whatever runs a notebook is itself forked from the standard library's ``multiprocessing`` fork
server. Before it has threads of its own it forks once more: that process makes itself a kernel, and
waits until Jupyter starts one. Each notebook still has an interpreter of its own, to which Jupyter
speaks as to any other kernel.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import tempfile
from contextlib import contextmanager, suppress
from importlib.metadata import EntryPoint
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Type

from analysis.engine.kernel_arguments import address_in, arguments_in
from analysis.engine.parentage import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

    from jupyter_client.connect import KernelConnectionInfo

POLL_SECONDS = 0.005
REPLY_SECONDS = 0.2
LISTENING_SECONDS = 10
WARM = "warm"
FOUND_BY = "jupyter_client.kernel_provisioners"


class SpareKernel:
    """A process that is a kernel but for its surroundings, which it waits to be told.

    Parameters
    ----------
    folder : str
        A folder of this user alone, in which it listens.
    unneeded : Connection
        What the process inherits and must let go of.
    """

    stdin = stdout = stderr = None

    def __init__(self, folder: str, unneeded: Connection) -> None:
        context = multiprocessing.get_context("fork")
        orders, self._orders = context.Pipe()
        self._folder = folder
        held = (folder, orders, self._orders, unneeded)
        self._process: ForkProcess = context.Process(target=_wait_and_serve, args=held, daemon=True)
        self._process.start()
        orders.close()
        self.pid = self._process.pid or 0

    def start(self, place: str, settings: Mapping[str, str]) -> KernelConnectionInfo:
        """Be a kernel, and say where it listens.

        Raises
        ------
        RuntimeError
            When it ended before it did.
        """
        with suppress(EOFError, ConnectionError):
            self._orders.send((place, settings))
            # Who knocks before it listens waits a tenth of a second to knock again.
            if self._orders.poll(LISTENING_SECONDS):
                self._orders.recv()
        file = Path(address_in(self._folder)["connection_file"])
        if not file.is_file():
            raise RuntimeError("Kernel died before it listened")
        told: Any = json.loads(file.read_text(encoding="utf-8"))
        told["key"] = told["key"].encode()
        where: KernelConnectionInfo = told
        return where

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
    with tempfile.TemporaryDirectory(prefix="kernel-") as folder:
        spare = SpareKernel(folder, unneeded)
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


def _wait_and_serve(folder: str, orders: Connection, *unneeded: Connection) -> None:
    """Make a kernel, wait for its surroundings, and be it until told to stop or left alone."""
    for each in unneeded:
        each.close()
    os.setsid()
    end_with_parent()
    kernel, made = _make_kernel(folder)
    try:
        place, settings = orders.recv()
    except EOFError:
        # It has threads by now, which need not be waited for.
        os._exit(0)
    os.chdir(place)
    kernel.shell.starting_dir = place
    os.environ.clear()
    os.environ.update({**settings, **made})
    import numpy as np  # noqa: PLC0415 (in this process already)

    np.random.seed()
    orders.send("listening")
    kernel.start()


def _make_kernel(folder: str) -> tuple[Any, dict[str, str]]:
    """Return a kernel that listens, and the variables of the environment that it has set."""
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415 (in this process already)

    before = dict(os.environ)
    kernel: Any = IPKernelApp.instance()
    kernel.parent_handle = 0
    kernel.initialize(list(arguments_in(folder)))
    return kernel, {name: said for name, said in os.environ.items() if before.get(name) != said}


class WarmProvisioner(LocalProvisioner):
    """Takes the kernel that was forked ahead."""

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> KernelConnectionInfo:  # noqa: ANN401, ARG002
        """Start the spare kernel where an ordinary one would be; say how to reach it."""
        spare = _spare.pop()
        place = settings.get("cwd") or os.getcwd()  # noqa: PTH109 (as text, for another process)
        self.connection_info = spare.start(place, dict(settings["env"]))
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
        factory = KernelProvisionerFactory.instance()
        factory.provisioners[WARM] = EntryPoint(WARM, f"{__name__}:WarmProvisioner", FOUND_BY)
        spec: Any = super().kernel_spec
        spec.metadata["kernel_provisioner"] = {"provisioner_name": WARM}
        return spec
