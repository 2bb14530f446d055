"""Copies of the fields of pydantic's models, which take a third of importing Great Expectations."""

from __future__ import annotations

from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from pydantic.v1.fields import FieldInfo, ModelField

if TYPE_CHECKING:
    from collections.abc import Iterator

# What is never copied. Of a field's fifty parts most are none, true or a name.
SHARED = frozenset({type(None), bool, int, float, str, type})
FIELDS = (FieldInfo, ModelField)


@contextmanager
def quick_field_copies() -> Iterator[None]:
    """Copy fields part by part meanwhile, which is what ``deepcopy`` does the long way round.

    Each class of models has copies of the fields of those that it inherits from.
    """
    for kind in FIELDS:
        kind.__deepcopy__ = _copy  # type: ignore[union-attr]
    try:
        yield
    finally:
        for kind in FIELDS:
            del kind.__deepcopy__  # type: ignore[union-attr]


def _copy(field: Any, memo: dict[int, Any]) -> Any:  # noqa: ANN401 (fields of two kinds)
    """Return a copy of a field, as ``deepcopy`` is to make it."""
    copied = memo[id(field)] = field.__class__.__new__(field.__class__)
    for name in field.__slots__:
        part = getattr(field, name)
        setattr(copied, name, part if type(part) in SHARED else deepcopy(part, memo))
    return copied
