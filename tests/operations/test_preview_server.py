"""Pages as `compendium watch` serves them: to this machine alone, with a script that reloads."""

from __future__ import annotations

import threading
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest

from analysis.errors import StorageError
from analysis.operations import preview_server
from analysis.operations.preview_server import EVENTS, SCRIPT, PreviewServer, serve_pages
from analysis.publishing.rendering import Page, render_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PORT = 18470
WHOLE = render_page("<p>Words</p>", Page(title="A page")).html
FILTERED = render_page("<p>Words</p>", Page(title="A page"), filtered=True).html


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Give a folder of reports, with a file that is none."""
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "esa.html").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "tiny" / "explorer.html").write_text(FILTERED, encoding="utf-8")
    (tmp_path / "index.html").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "tiny" / "a.csv").write_text("a,b\n", encoding="utf-8")
    (tmp_path / ".staged").mkdir()
    (tmp_path / ".staged" / "esa.html").write_text(WHOLE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def server(reports: Path) -> Iterator[PreviewServer]:
    """Give a server of these reports."""
    with serve_pages(reports, PORT) as server:
        yield server


def ask(
    server: PreviewServer, path: str, host: str = "localhost", method: str = "GET"
) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.request(method, path, headers={"Host": f"{host}:{server.server_port}"})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def scripts_allowed(page: str) -> list[str]:
    """Return the sources of scripts in a page's policy, of which a browser takes the first."""
    return [part.partition("script-src ")[2] for part in page.split(";") if "script-src " in part]


def test_served_page_reloads_and_the_published_one_has_no_script(
    server: PreviewServer, reports: Path
) -> None:
    """A page is served with the script and a policy that allows it; the file stays as it is."""
    for path in ("/tiny/esa.html", "/tiny/esa.html#at", "/"):
        status, page = ask(server, path)

        assert status == 200
        assert f'<script src="{SCRIPT}?{server.version}"></script></body>' in page
        assert [each.split() for each in scripts_allowed(page)] == [["'self'"]]
        assert "; connect-src 'self'; img-src data:;" in page
    assert ask(server, SCRIPT)[0] == 200
    assert (reports / "tiny" / "esa.html").read_text("utf-8") == WHOLE


def test_page_with_a_filter_keeps_it(server: PreviewServer) -> None:
    """A page that has a script of its own may run both."""
    (own,) = scripts_allowed(FILTERED)

    _, page = ask(server, "/tiny/explorer.html")

    assert scripts_allowed(page) == [f"'self' {own}"]


def test_other_files_are_served_as_they_are(server: PreviewServer) -> None:
    """A download has no script, and no browser keeps a copy."""
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.request("GET", "/tiny/a.csv", headers={"Host": f"localhost:{server.server_port}"})
    answer = connection.getresponse()

    assert (answer.status, answer.read()) == (200, b"a,b\n")
    assert answer.getheader("Cache-Control") == "no-store"


@pytest.mark.parametrize(
    "path", ["/tiny/none.html", "/.staged/esa.html", "/%2estaged/esa.html", "/tiny/", "/../x.html"]
)
def test_other_addresses_are_not_found(server: PreviewServer, path: str) -> None:
    """Hidden folders, folders without an index, and what lies outside aren't served."""
    assert ask(server, path)[0] == 404


def test_only_this_machine_is_answered(server: PreviewServer) -> None:
    """A page from elsewhere that has its name lead to this machine reads nothing."""
    for path in ("/tiny/esa.html", "/tiny/a.csv", EVENTS):
        assert ask(server, path, host="example.org")[0] == 403
    assert ask(server, "/tiny/a.csv", host="example.org", method="HEAD")[0] == 405
    assert server.server_address[0] == "127.0.0.1"


def test_open_page_hears_of_a_new_version(server: PreviewServer) -> None:
    """A page that listens gets the version now, and the next one as soon as there is one."""
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.request("GET", EVENTS, headers={"Host": f"localhost:{server.server_port}"})
    answer = connection.getresponse()
    first = answer.fp.readline().decode()
    answer.fp.readline()
    threading.Timer(0.05, server.renew).start()
    second = answer.fp.readline().decode()

    assert second == f"data: {server.version}\n"
    assert first.startswith("data: ")
    assert first != second


def test_port_that_is_taken_is_skipped(
    server: PreviewServer, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next port serves; if none is free, that is refused."""
    with serve_pages(reports, server.server_port) as second:
        assert second.server_port > server.server_port
    monkeypatch.setattr(preview_server, "NEXT_PORTS", 1)
    with pytest.raises(StorageError, match="are taken"), serve_pages(reports, server.server_port):
        pass
