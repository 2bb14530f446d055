"""Warm kernels, forked in milliseconds from a process that has imported the notebooks' modules.

The process that runs a notebook is forked from the fork server of ``multiprocessing``. Before it
has threads, it forks again: that process becomes a kernel, and waits until Jupyter starts one. Each
notebook has an interpreter of its own, to which Jupyter speaks as to any other kernel.
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

from analysis.engine.environment import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

    from jupyter_client.connect import KernelConnectionInfo

POLL_SECONDS = 0.005
REPLY_SECONDS = 0.2
LISTENING_SECONDS = 10
WARM = "warm"
BACKEND = "MPLBACKEND"
INLINE = "module://matplotlib_inline.backend_inline"
"""How matplotlib shows figures in JupyterLab: below the cell that draws them."""
PROVISIONERS = "jupyter_client.kernel_provisioners"
# The path of a socket may have 104 characters on some systems, and 108 on Linux.
LONGEST_SOCKET = 100


def private_arguments(folder: str) -> list[str]:
    """Return the arguments of a kernel that uses an empty folder of its own."""
    return [
        # Errors reach us as such; the kernel's own log is noise.
        "--IPKernelApp.log_level=CRITICAL",
        "--HistoryManager.enabled=False",
        # The user's own profile may run anything when a kernel starts.
        f"--ipython-dir={folder}",
    ]


def address_in(folder: str) -> dict[str, str]:
    """Return where a kernel listens: at sockets in a folder of its own, with its connection file.

    The default address is the same for all kernels. If the folder's path is too long for a socket,
    a kernel listens at ports of this machine, as by default.

    Parameters
    ----------
    folder : str
        An empty folder that only this user can read.

    Returns
    -------
    dict of str to str
        ``transport`` and ``connection_file``, options of a kernel and of its manager.
    """
    connection = Path(folder) / "k.json"
    socket = f"{connection.with_suffix('')}-ipc-5"
    is_short = len(os.fsencode(socket)) <= LONGEST_SOCKET
    return {"transport": "ipc" if is_short else "tcp", "connection_file": str(connection)}


class SpareKernel:
    """A forked process that is a kernel, and waits for its working directory and environment.

    It has the methods of ``subprocess.Popen`` that a provisioner calls.

    Parameters
    ----------
    folder : str
        An empty folder that only this user can read, in which it listens.
    unneeded : Connection
        A connection that the process inherits and must close.
    """

    stdin = stdout = stderr = None

    def __init__(self, folder: str, unneeded: Connection) -> None:
        context = multiprocessing.get_context("fork")
        orders, self._orders = context.Pipe()
        self._folder = folder
        inherited = (folder, orders, self._orders, unneeded)
        self._process: ForkProcess = context.Process(
            target=_wait_and_serve, args=inherited, daemon=True
        )
        self._process.start()
        orders.close()
        self.pid = self._process.pid or 0

    def start(self, directory: str, variables: Mapping[str, str]) -> KernelConnectionInfo:
        """Start the kernel, and return where it listens.

        Raises
        ------
        RuntimeError
            When its process has ended.
        """
        with suppress(EOFError, ConnectionError):
            self._orders.send((directory, variables))
            # A client that connects before it listens waits 0.1 s to try again.
            if self._orders.poll(LISTENING_SECONDS):
                self._orders.recv()
        file = Path(address_in(self._folder)["connection_file"])
        if not file.is_file():
            raise RuntimeError("Kernel died before it listened")
        connection: Any = json.loads(file.read_text(encoding="utf-8"))
        connection["key"] = connection["key"].encode()
        info: KernelConnectionInfo = connection
        return info

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
    """Keep a process ready for the next kernel; call this before the process has threads.

    The kernel closes the connection that it inherits and doesn't need.
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
    """Create a kernel, wait for directory and environment, and run it until it is stopped."""
    for each in unneeded:
        each.close()
    os.setsid()
    end_with_parent()
    kernel, created = _create_kernel(folder)
    try:
        directory, variables = orders.recv()
    except EOFError:
        # Its threads need not be waited for.
        os._exit(0)
    os.chdir(directory)
    kernel.shell.starting_dir = directory
    os.environ.clear()
    os.environ.update({**variables, **created})
    import numpy as np  # noqa: PLC0415 (in this process already)

    np.random.seed()
    if variables.get(BACKEND) == INLINE:
        kernel.shell.enable_matplotlib("inline")
    orders.send("listening")
    kernel.start()


def _create_kernel(folder: str) -> tuple[Any, dict[str, str]]:
    """Return a kernel that listens, and the environment variables that it has set."""
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415 (in this process already)

    before = dict(os.environ)
    address = [f"--IPKernelApp.{name}={value}" for name, value in address_in(folder).items()]
    kernel: Any = IPKernelApp.instance()
    kernel.parent_handle = 0
    kernel.initialize([*address, *private_arguments(folder)])
    return kernel, {name: value for name, value in os.environ.items() if before.get(name) != value}


class WarmProvisioner(LocalProvisioner):
    """Provides the kernel that was forked ahead."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:  # noqa: ANN401, ARG002
        """Start the spare kernel instead of a command, and return how to reach it."""
        spare = _spare.pop()
        directory = options.get("cwd") or os.getcwd()  # noqa: PTH109 (text, for another process)
        self.connection_info = spare.start(directory, dict(options["env"]))
        self.process = spare  # type: ignore[assignment]
        self.pid = self.pgid = spare.pid
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait until the kernel has ended, and return its exit code."""
        while await self.poll() is None:
            await asyncio.sleep(POLL_SECONDS)
        return await super().wait()

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and all that it started, unless it has ended.

        An interrupt is not sent: a kernel of a build is interrupted only to be killed next.
        """
        if self.process is None or signum == signal.SIGINT:
            return
        with suppress(ProcessLookupError):
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
        """Kill the kernel, and wait until it has ended."""
        await super().kill(restart=restart)
        await self.wait()


class PromptClient(AsyncKernelClient):
    """A client for which a kernel is ready as soon as it answers on both channels.

    Jupyter's own client then waits another 0.2 s for messages that never come: 3 s in a build of
    the study ``demo``.
    """

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        deadline = asyncio.get_running_loop().time() + (timeout or float("inf"))
        while not await self._has_answered():
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if asyncio.get_running_loop().time() > deadline:
                raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds")

    async def _has_answered(self) -> bool:
        """Ask the kernel for its version; a reply may be lost until both channels are connected."""
        request = self.kernel_info()
        try:
            reply = await self._async_get_shell_msg(timeout=1)
            while reply["parent_header"].get("msg_id") != request:
                reply = await self._async_get_shell_msg(timeout=1)
            self._handle_kernel_info_reply(reply)
            while True:
                message = await self._async_get_iopub_msg(timeout=REPLY_SECONDS)
                is_idle = message["content"].get("execution_state") == "idle"
                if is_idle and message["parent_header"].get("msg_id") == request:
                    return True
        except Empty:
            return False

    wait_for_ready = _async_wait_for_ready


class WarmKernelManager(AsyncKernelManager):
    """Manages the kernel that was forked ahead."""

    client_factory = Type(PromptClient)

    @property
    def kernel_spec(self) -> Any:  # noqa: ANN401 (jupyter_client's own, untyped)
        """The kernel that a notebook asks for, with the provisioner of this module."""
        provisioners = KernelProvisionerFactory.instance().provisioners
        provisioners[WARM] = EntryPoint(WARM, f"{__name__}:WarmProvisioner", PROVISIONERS)
        spec: Any = super().kernel_spec
        spec.metadata["kernel_provisioner"] = {"provisioner_name": WARM}
        return spec
