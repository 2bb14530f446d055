"""Make the pictures of the README and the tutorial again, in a clone of what is committed.

``.venv/bin/python docs/pictures/make.py`` takes the steps of the tutorial, and photographs pages.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
SIZE = {"width": 1200, "height": 840}
COLOURS = 64
GIT = ("git", "-c", "user.name=pictures", "-c", "user.email=pictures@example.org")


def main() -> None:
    """Build in a clone, and write each picture next to this file."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder) / "clone"
        run("git", "clone", "-q", str(HERE.parents[1]), str(root), cwd=HERE)
        compendium = partial(run, sys.executable, "-m", "analysis.cli", cwd=root)
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        page = chromium.new_page(viewport=SIZE, color_scheme="light")
        show = partial(photograph, page, root)

        compendium("build")
        # What changes later is then compared with this build.
        run(*GIT, "commit", "-qam", "Build", "--allow-empty", cwd=root)
        show("report", "reports/demo/esa.html")
        show("evidence", "reports/demo/esa.html", click="12 of 13")
        show("recount", "reports/demo/esa.recount.html")
        compendium("verify", "africa-2020", "--html", "receipt.html")
        show("receipt", "receipt.html")
        compendium("new", "my-study", "--example")
        compendium("build", "my-study")
        show("first", "reports/my-study/esa.html")
        table = root / "data" / "demo" / "code_applications.csv"
        table.write_text("".join(table.read_text().splitlines(keepends=True)[:-1]))
        compendium("build", "demo")
        compendium("diff", "HEAD", ".", "--study", "demo", "--html", "changes.html")
        show("changes", "changes.html")


def run(*command: str, cwd: Path) -> None:
    """Run a command in a folder, and stop if it fails."""
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def photograph(page: Page, root: Path, name: str, path: str, click: str = "") -> None:
    """Write the picture of a page of the clone, or of where a link on it leads."""
    page.goto((root / path).as_uri())
    if click:
        page.get_by_role("link", name=click).first.click()
    image = Image.open(BytesIO(page.screenshot())).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(HERE / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
