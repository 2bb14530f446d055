"""JSON that a person writes, read strictly: each key once, finite numbers, no deep nesting."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from analysis.study.strict_yaml import MOST_LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable

DEEP = "nested too deep"


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
