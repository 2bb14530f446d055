"""The figures in both README.md and in docs/, written from what was measured and never by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.machine import format_machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

README = Path(__file__).with_name("README.md")
SCAN = README.parent / "personal_data" / "README.md"
PAGES = (README, SCAN, *sorted((README.parents[1] / "docs").glob("*.md")))


def write_into_pages(
    folder: Path,
    format_results: Mapping[str, Callable[[Mapping[str, Any]], str]],
    pages: Iterable[Path] = PAGES,
) -> None:
    """Write the table of each scenario that was run into its marked places.

    Parameters
    ----------
    folder : Path
        Holds what was kept of each scenario.
    format_results : mapping of str to callable
        Returns the Markdown of a scenario, by its name.
    pages : iterable of Path, optional
        The pages to write into.
    """
    kept = {name: path for name in format_results if (path := folder / f"{name}.json").is_file()}
    tables = {name: _format(path, format_results[name]) for name, path in kept.items()}
    for page in pages:
        before = text = page.read_text(encoding="utf-8")
        for name, content in tables.items():
            text = fill_in(text, name, content)
        if text != before:
            page.write_text(text, encoding="utf-8")


def _format(path: Path, table_of: Callable[[Mapping[str, Any]], str]) -> str:
    results = json.loads(path.read_text(encoding="utf-8"))
    return f"{format_machine(results['machine'])}\n{table_of(results)}"


def fill_in(text: str, name: str, content: str) -> str:
    """Return a text in which what is between the marks of a name is replaced."""
    start, end = f"<!-- figures: {name} -->\n", f"<!-- end: {name} -->"
    pattern = re.escape(start) + ".*?" + re.escape(end)
    return re.sub(pattern, lambda _: f"{start}\n{content}\n{end}", text, flags=re.DOTALL)
