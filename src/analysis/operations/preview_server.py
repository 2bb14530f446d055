"""Serve the pages of reports to this machine alone, and reload them when they are rebuilt.

The script that reloads a page is added as the page is served: published pages have none.
"""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from time import time_ns
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from analysis.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "127.0.0.1"
# Any other name is that of a page from elsewhere, which leads its readers to this machine.
HOSTS = ("localhost", HOST)
NEXT_PORTS = 20
SCRIPT = "/.watch/reload.js"
EVENTS = "/.watch/events"
# After this long without a new version, a browser that is gone is noticed.
PING_SECONDS = 15
POLL_SECONDS = 0.05
RELOAD = f"""\
const shown = document.currentScript.src.split("?")[1];
new EventSource("{EVENTS}").onmessage = (event) => {{
  if (event.data !== shown) location.reload();
}};
"""
# A page's policy, with its own script if it has one.
POLICY = re.compile(r"(?: script-src (?P<own>[^;\"]*);)? img-src")


class PreviewServer(ThreadingHTTPServer):
    """Serves a folder of reports at a port."""

    daemon_threads = True

    def __init__(self, reports: Path, port: int) -> None:
        super().__init__((HOST, port), partial(_Handler, directory=str(reports)))
        self._renewed = threading.Condition()
        self.version = str(time_ns())

    @property
    def address(self) -> str:
        """The address of the index of all reports."""
        return f"http://localhost:{self.server_port}/"

    def renew(self) -> None:
        """Reload the pages that are open."""
        with self._renewed:
            self.version = str(time_ns())
            self._renewed.notify_all()

    def wait(self, version: str) -> str:
        """Return the version of the pages as soon as it is another, or after some seconds."""
        with self._renewed:
            self._renewed.wait_for(lambda: self.version != version, PING_SECONDS)
            return self.version

    def handle_error(self, *_: Any) -> None:  # noqa: ANN401
        """Ignore that a browser has gone away."""


@contextmanager
def serve_pages(reports: Path, port: int) -> Iterator[PreviewServer]:
    """Serve a folder of reports at a port, or at the next that is free.

    Raises
    ------
    StorageError
        When no port is free.
    """
    server = _open_server(reports, port)
    threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def _open_server(reports: Path, port: int) -> PreviewServer:
    for candidate in range(port, port + NEXT_PORTS):
        with suppress(OSError):
            return PreviewServer(reports, candidate)
    raise StorageError(
        "Pages can't be served.",
        offenders=[f"ports {port} to {port + NEXT_PORTS - 1} are taken"],
        remedy="give another: compendium watch --port 9000",
    )


class _Handler(SimpleHTTPRequestHandler):
    """Answers a browser of this machine."""

    server: PreviewServer

    def do_HEAD(self) -> None:
        """Refuse to describe files without sending them, which no browser asks for."""
        self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)

    def do_GET(self) -> None:
        """Send a page with the script, a file as it is, or what the script asks for."""
        path = unquote(urlsplit(self.path).path)
        if self.headers.get("Host", "").rpartition(":")[0] not in HOSTS:
            self.send_error(HTTPStatus.FORBIDDEN)
        elif path == EVENTS:
            self._send_events()
        elif path == SCRIPT:
            self._send(RELOAD.encode(), "text/javascript")
        elif any(part.startswith(".") for part in path.split("/")):
            self.send_error(HTTPStatus.NOT_FOUND)
        elif path.endswith((".html", "/")):
            self._send_page(path if path.endswith(".html") else f"{path}index.html")
        else:
            super().do_GET()

    def _send_page(self, path: str) -> None:
        version = self.server.version
        try:
            with open(self.translate_path(path), encoding="utf-8") as file:  # noqa: PTH123 (text)
                page = file.read()
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        script = f'<script src="{SCRIPT}?{version}"></script>'
        served = POLICY.sub(_allow_script, page, count=1).replace("</body>", f"{script}</body>")
        self._send(served.encode(), "text/html; charset=utf-8")

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _send_events(self) -> None:
        """Send the version of the pages now and at each change, until the browser is gone."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        version = self.server.version
        with suppress(OSError):
            while True:
                self.wfile.write(f"data: {version}\n\n".encode())
                version = self.server.wait(version)

    def end_headers(self) -> None:
        """Forbid browsers to keep a copy."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: Any) -> None:  # noqa: ANN401
        """Keep no log of the pages that were read."""


def _allow_script(policy: re.Match[str]) -> str:
    """Return the end of a page's policy that also allows the script which reloads it."""
    return f" script-src 'self' {policy['own'] or ''}; connect-src 'self'; img-src"
