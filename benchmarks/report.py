"""The figures in pages, written from what was measured and never by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.machine import told_in_one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

README = Path(__file__).with_name("README.md")
PRIVACY = README.parents[1] / "docs" / "privacy.md"
PAGES = (README, PRIVACY)


def write_into_readme(
    folder: Path, tell: Mapping[str, Callable[[Mapping[str, Any]], str]], readme: Path = README
) -> None:
    """Write the table of each scenario that was run into its marked place.

    Parameters
    ----------
    folder : Path
        Holds what was kept of each scenario.
    tell : mapping of str to callable
        Returns the Markdown of a scenario, by its name.
    readme : Path, optional
        The page to write into.
    """
    text = readme.read_text(encoding="utf-8")
    for name, table_of in tell.items():
        path = folder / f"{name}.json"
        if path.is_file():
            results = json.loads(path.read_text(encoding="utf-8"))
            text = fill_in(
                text, name, f"{told_in_one_line(results['machine'])}\n{table_of(results)}"
            )
    readme.write_text(text, encoding="utf-8")


def fill_in(text: str, name: str, content: str) -> str:
    """Return a text with what stands between the marks of a name replaced."""
    begin, end = f"<!-- figures: {name} -->\n", f"<!-- end: {name} -->"
    pattern = re.escape(begin) + ".*?" + re.escape(end)
    return re.sub(pattern, lambda _: f"{begin}\n{content}\n{end}", text, flags=re.DOTALL)
