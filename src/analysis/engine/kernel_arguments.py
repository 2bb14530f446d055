"""What a kernel of a build is told when it starts: where it listens, and what it leaves alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# The path of a socket has room for 104 signs on some systems, and for 108 on Linux.
LONGEST_SOCKET = 100


def private_arguments(folder: str) -> list[str]:
    """Return the arguments of a kernel that keeps to a folder of its own.

    Parameters
    ----------
    folder : str
        A folder of this user alone, in which nothing else is.
    """
    return [
        # What is wrong with a kernel reaches us as an error; its own log is noise.
        "--IPKernelApp.log_level=CRITICAL",
        # Nobody will ask for what was typed.
        "--HistoryManager.enabled=False",
        # The user's own profile may run anything at the start of a kernel.
        f"--ipython-dir={folder}",
    ]


def address_in(folder: str) -> dict[str, str]:
    """Return where a kernel listens: at sockets in a folder of its own, beside the connection file.

    The default address is the same for all kernels. Where the folder's path is too long for a
    socket, a kernel listens at ports of this machine, as Jupyter has it.

    Parameters
    ----------
    folder : str
        A folder of this user alone, in which nothing else is.

    Returns
    -------
    dict of str to str
        ``transport`` and ``connection_file``, as both a kernel and its manager know them.
    """
    connection = Path(folder) / "k.json"
    socket = f"{connection.with_suffix('')}-ipc-5"
    is_short = len(os.fsencode(socket)) <= LONGEST_SOCKET
    return {"transport": "ipc" if is_short else "tcp", "connection_file": str(connection)}


def arguments_in(folder: str) -> Iterator[str]:
    """Yield all arguments of a kernel that nobody has given an address yet."""
    for name, value in address_in(folder).items():
        yield f"--IPKernelApp.{name}={value}"
    yield from private_arguments(folder)
