from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest

from analysis.cli import app
from built.checkout import ROOT

SPHINX = Path(sys.executable).with_name("sphinx-build")


@pytest.fixture(scope="module")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the site, as ``make site`` gathers it."""
    if not SPHINX.exists():
        pytest.skip("Sphinx is missing: `make site` installs it")
    folder = tmp_path_factory.mktemp("site")
    ended = subprocess.run(
        [SPHINX, "-W", "-q", "-c", "docs", ".", folder / "site", "-d", folder / "read"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr == ""
    shutil.copytree(built / "reports", folder / "site" / "reports")
    return folder / "site"


@pytest.mark.slow
def test_each_link_of_the_site_leads_somewhere(site: Path) -> None:
    """Each link, anchor, picture and download of each page of the docs is there."""
    pages = [page for page in site.rglob("*.html") if page.relative_to(site).parts[0] != "reports"]
    lost = [f"{page.relative_to(site)}: {link}" for page in pages for link in lost_links(page)]

    assert len(pages) > 20
    assert lost == []


def lost_links(page: Path) -> list[str]:
    """Return the links of a page, within the site, that lead nowhere."""
    tree = lxml.html.fromstring(page.read_bytes())
    return [link for *_, link, _ in tree.iterlinks() if not leads_somewhere(page, link)]


def leads_somewhere(page: Path, link: str) -> bool:
    to = urlsplit(link)
    if to.scheme or to.netloc:
        return True
    target = (page.parent / unquote(to.path)) if to.path else page
    if target.suffix != ".html" or not to.fragment:
        return target.exists()
    ids = lxml.html.fromstring(target.read_bytes()).xpath("//@id")
    return unquote(to.fragment) in ids


@pytest.mark.slow
def test_landing_page_leads_each_reader_to_their_walk(site: Path) -> None:
    """The first page of the site names the three readers and links the reports."""
    landing = lxml.html.fromstring((site / "index.html").read_bytes())
    links = landing.xpath("//main//a/@href")

    assert landing.xpath("//main//li/h2/text()") == ["Reviewers", "Students", "Researchers"]
    assert {"reports/index.html", "docs/index.html"} < set(links)


@pytest.mark.slow
def test_reference_has_every_command(site: Path) -> None:
    """The page of commands is generated from the program: it has each command and option."""
    tree = lxml.html.fromstring((site / "docs" / "commands.html").read_bytes())
    shown = {
        section.xpath("string(./*[1]/text())").strip(): section.text_content()
        for section in tree.xpath("//section[@id='compendium']/section")
    }
    missing = [
        f"{name} {option}"
        for name, command in app.commands.items()
        for parameter in command.params
        for option in (parameter.opts[0] if parameter.opts[0].startswith("-") else "",)
        if name not in shown or option not in shown[name]
    ]

    assert missing == []
