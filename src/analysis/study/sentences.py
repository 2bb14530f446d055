"""Where the sentences of reports are, for `pybabel extract` (docs/languages.md).

Each function gets an open file and yields, for each sentence, its line, the function of gettext
that translates it, the sentence or its two forms, and comments for translators.
"""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any, BinaryIO

from analysis.study import language

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE = "gettext"
ONE_OR_MANY = "ngettext"
# The functions whose first argument is a sentence, or whose first two are.
FUNCTIONS = {
    "say": ONE,
    language.translate.__name__: ONE,
    language.to_translate.__name__: ONE,
    "say_number": ONE_OR_MANY,
    language.translate_number.__name__: ONE_OR_MANY,
    language.to_translate_number.__name__: ONE_OR_MANY,
}

# What a page says of an expectation, besides its notes.
SAID = ("fault", "expected", "remedy")

Found = tuple[int, str, "str | tuple[str, ...]", list[str]]


def extract_code(file: BinaryIO, *_: object, **__: object) -> Iterator[Found]:
    """Yield the sentences of a Python module; those that aren't literals are marked elsewhere."""
    for call in ast.walk(ast.parse(file.read())):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        function = FUNCTIONS.get(name)
        if function is None:
            continue
        arguments = call.args[: 2 if function == ONE_OR_MANY else 1]
        values = [each.value for each in arguments if isinstance(each, ast.Constant)]
        said = tuple(each for each in values if isinstance(each, str))
        if said:
            yield call.lineno, function, said if function == ONE_OR_MANY else said[0], []


def extract_notebook(file: BinaryIO, *_: object, **__: object) -> Iterator[Found]:
    """Yield the markdown cells of a notebook."""
    cells: list[dict[str, Any]] = json.load(file)["cells"]
    for cell in cells:
        if cell["cell_type"] == "markdown":
            yield 1, ONE, "".join(cell["source"]), []


def extract_suite(file: BinaryIO, *_: object, **__: object) -> Iterator[Found]:
    """Yield what a suite says of its expectations: what holds, what is wrong, and what to do."""
    for expectation in json.load(file)["expectations"]:
        said = (expectation["notes"], *(expectation["meta"].get(name) for name in SAID))
        yield from ((1, ONE, text, []) for text in said if text)
