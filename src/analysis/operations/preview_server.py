"""Serve the pages of reports to this machine alone, and reload them when they are rebuilt.

The script that reloads a page is added as the page is served: published pages have none.
"""

from __future__ import annotations

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
# Names under which a browser of this machine reaches it; any other is of a page from elsewhere.
HOSTS = ("localhost", HOST)
NEXT_PORTS = 20
SCRIPT = "/.watch/reload.js"
EVENTS = "/.watch/events"
PATIENCE_SECONDS = 15
POLL_SECONDS = 0.05
RELOAD = f"""\
const shown = document.currentScript.src.split("?")[1];
new EventSource("{EVENTS}").onmessage = (event) => {{
  if (event.data !== shown) location.reload();
}};
"""
POLICY = "default-src 'none';"
POLICY_HERE = "default-src 'none'; script-src 'self'; connect-src 'self';"


class PreviewServer(ThreadingHTTPServer):
    """Serves a folder of reports.

    Parameters
    ----------
    reports : Path
        The folder.
    port : int
        Where to listen.
    """

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
        """Let open pages load again."""
        with self._renewed:
            self.version = str(time_ns())
            self._renewed.notify_all()

    def wait(self, version: str) -> str:
        """Return the version of the pages as soon as it is another, or after some seconds."""
        with self._renewed:
            self._renewed.wait_for(lambda: self.version != version, PATIENCE_SECONDS)
            return self.version

    def handle_error(self, *_: Any) -> None:  # noqa: ANN401
        """Say nothing of a browser that has gone away."""


@contextmanager
def serve_pages(reports: Path, port: int) -> Iterator[PreviewServer]:
    """Serve a folder of reports at a port, or at one of the next if that is taken.

    Raises
    ------
    StorageError
        When none of them is free.
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
        served = page.replace(POLICY, POLICY_HERE, 1).replace("</body>", f"{script}</body>")
        self._send(served.encode(), "text/html; charset=utf-8")

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _send_events(self) -> None:
        """Send the version of the pages now, and whenever it changes, until the browser goes."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        version = self.server.version
        with suppress(OSError):
            while True:
                self.wfile.write(f"data: {version}\n\n".encode())
                version = self.server.wait(version)

    def end_headers(self) -> None:
        """Let browsers keep nothing."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def list_directory(self, path: Any) -> None:  # noqa: ANN401 (of http.server)
        """List no folder: an index is a page."""
        del path
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, *_: Any) -> None:  # noqa: ANN401
        """Log nothing: addresses of pages are nobody's business."""
