from __future__ import annotations

import ast
import re
from pathlib import Path

from analysis.publishing.templates import TEMPLATES

SOURCES = Path(__file__).parents[2] / "src" / "analysis"
# By Pygments around code, and the question of that name.
WRITTEN_ELSEWHERE = {"highlight", "n", "ow", "stop"}


def words_of_python(path: Path) -> set[str]:
    """Return the words of the strings that could be classes."""
    strings = {
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    named = {word for text in strings if re.fullmatch(r"[a-z -]+", text) for word in text.split()}
    return named | {word for text in strings for word in classes_of_html(text)}


def classes_of_html(text: str) -> set[str]:
    """Return the words of the classes in HTML or a template."""
    return {
        word
        for found in re.findall(r'class="([^>]*)"', text)
        for word in re.findall(r"[\w-]+", found)
    }


def test_each_class_of_the_style_sheet_is_written_by_a_page() -> None:
    """Every page carries the style sheet, so it has no rule for classes that no page has."""
    sheet = re.sub(r"/\*.*?\*/", "", (TEMPLATES / "style.css").read_text("utf-8"), flags=re.DOTALL)
    selectors = re.findall(r"([^{};]+)\{", sheet)
    styled = {name for each in selectors for name in re.findall(r"\.([a-z][\w-]*)", each)}
    # The level of a shade is written by a number.
    styled = {re.sub(r"\d$", "", name) for name in styled}
    written = {
        word
        for layer in ("publishing", "synthesis", "quality")
        for path in (SOURCES / layer).glob("*.py")
        for word in words_of_python(path)
    }
    for path in TEMPLATES.rglob("*.j2"):
        written |= classes_of_html(path.read_text(encoding="utf-8"))

    assert styled - written - WRITTEN_ELSEWHERE == set()
