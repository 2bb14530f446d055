"""Where the sentences of reports are, for `pybabel extract` (docs/languages.md).

Each function gets an open file and yields, for each sentence, its line, the function of gettext
that translates it, the sentence or its two forms, and comments for translators. Babel's own
reader of Python misses sentences that are parts of other sentences.
"""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    Found = tuple[int, str, str | tuple[str, ...], list[str]]

# The functions whose first argument is a sentence, and those whose first two are its forms.
OF_ONE = frozenset({"say", "translate", "to_translate"})
OF_NUMBERS = frozenset({"say_number", "translate_number", "to_translate_number"})

# What a page says of an expectation, besides its notes.
SAID = ("fault", "expected")


def extract_code(file: BinaryIO, *_: object, **__: object) -> Iterator[Found]:
    """Yield the sentences of a Python module; those that aren't literals are marked elsewhere."""
    for node in ast.walk(ast.parse(file.read())):
        match node:
            case ast.Call(
                ast.Name(name), [ast.Constant(str(one)), ast.Constant(str(many)), *_]
            ) if name in OF_NUMBERS:
                yield node.lineno, "ngettext", (one, many), []
            case ast.Call(ast.Name(name), [ast.Constant(str(sentence)), *_]) if name in OF_ONE:
                yield node.lineno, "gettext", sentence, []


def extract_notebook(file: BinaryIO, *_: object, **__: object) -> Iterator[Found]:
    """Yield the markdown cells of a notebook."""
    cells: list[dict[str, Any]] = json.load(file)["cells"]
    for cell in cells:
        if cell["cell_type"] == "markdown":
            yield 1, "gettext", "".join(cell["source"]), []


def extract_suite(file: BinaryIO, *_: object, **__: object) -> Iterator[Found]:
    """Yield what a suite says of its expectations: what holds, what is wrong, and why."""
    for expectation in json.load(file)["expectations"]:
        said = (expectation["notes"], *(expectation["meta"].get(name) for name in SAID))
        yield from ((1, "gettext", text, []) for text in said if text)
