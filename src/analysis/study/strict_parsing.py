"""YAML and JSON that a person writes, read strictly: each key once, and nothing nested deep."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_LEVELS = 20

DEEP = "nested too deep"


class YamlFault(ValueError):  # noqa: N818 (what is wrong, in a message for an error of ours)
    """Raised when text isn't such YAML; the message has the row, and no words of the text."""


class _Strict:
    """What both loaders do besides what those of the library do."""

    _level = 0

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - as in the library
        if self._level == MOST_LEVELS:
            mark = self.peek_event().start_mark  # type: ignore[attr-defined]
            raise yaml.MarkedYAMLError(problem="nested too deep", problem_mark=mark)
        self._level += 1
        node = super().compose_node(parent, index)  # type: ignore[misc]
        self._level -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002
        keys: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in keys:
                mark = key.start_mark
                raise yaml.MarkedYAMLError(problem="a key is there twice", problem_mark=mark)
            keys.add(str(key.value))
        return super().construct_mapping(node, deep)  # type: ignore[misc]


class _Loader(_Strict, yaml.SafeLoader):
    """Gives numbers, dates and so on their types."""


class _TextLoader(_Strict, yaml.BaseLoader):
    """Leaves every value a text."""


def parse_yaml(text: str, *, as_text: bool = False) -> dict[Any, Any]:
    """Return the keys and values of YAML.

    Parameters
    ----------
    text : str
        YAML.
    as_text : bool, optional
        Whether numbers, dates and so on are left as text.

    Raises
    ------
    YamlFault
        When it is not YAML, has no keys, has a key twice, has more than 20 levels, or has a date or
        a number that cannot be.
    """
    try:
        values = yaml.load(text, _TextLoader if as_text else _Loader)  # noqa: S506 - both are safe
    except yaml.MarkedYAMLError as error:
        row = error.problem_mark.line + 1 if error.problem_mark else 1
        fault = re.sub("\"[^\"]*\"|'[^']*'", _without_names, error.problem or "not YAML")
        raise YamlFault(f"row {row}: {fault}") from None
    except yaml.YAMLError:
        raise YamlFault("characters that YAML does not allow") from None
    except ValueError as error:
        if "digits" in str(error):
            raise YamlFault("a number of too many digits") from None
        # YAML makes a date of whatever looks like one, before any field is known.
        raise YamlFault(f"row {_row_of_date(text)}: not a real date: {error}") from error
    if not isinstance(values, dict):
        raise YamlFault("not keys and values")
    return values


def _without_names(quoted: re.Match[str]) -> str:
    """Return a mark of YAML as it is; all else that is quoted may name somebody."""
    is_mark = quoted[0].startswith("'<") or not re.search(r"\w", quoted[0])
    return quoted[0] if is_mark else "a name"


def _row_of_date(text: str) -> int:
    """Return the row of the first date in a YAML text that does not exist."""
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.ScalarToken) and token.plain and token.value[:1].isdigit():
            try:
                yaml.safe_load(token.value)
            except ValueError:
                return int(token.start_mark.line) + 1
    return 1


def parse_json(content: bytes) -> Any:  # noqa: ANN401 - it may be anything
    """Return the value of JSON in UTF-8.

    Parameters
    ----------
    content : bytes
        JSON.

    Raises
    ------
    ValueError
        When it is not such JSON; the message has the line or the key, and no value.
    """
    try:
        value = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_object_of,
            parse_constant=_refuse_number,
            parse_float=_finite,
        )
        _require_flat(value)
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}") from None
    except RecursionError:
        raise ValueError(DEEP) from None
    return value


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON, of which the library would keep the last of two equal keys."""
    keys = [key for key, _ in pairs]
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        raise ValueError(f"the key {repeated[0]} is there twice")
    return dict(pairs)


def _refuse_number(word: str) -> None:
    raise ValueError(f"{word} is not a finite number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        _refuse_number(digits)
    return number


def _require_flat(value: object, levels: int = MOST_LEVELS) -> None:
    """Refuse JSON that is nested so deep that code which walks through it would fail."""
    if not levels:
        raise ValueError(DEEP)
    inner: Iterable[object] = ()
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
    for each in inner:
        _require_flat(each, levels - 1)
