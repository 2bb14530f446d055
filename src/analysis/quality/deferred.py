"""Modules that are imported when they are first used, and not when they are first named."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Deferred(ModuleType):
    """Stands for a module until something in it is asked for, and then is as good as it."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the module holds)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        module = import_module(self.__name__)
        self.__dict__.update(module.__dict__)
        return getattr(module, name)


def defer(names: Iterable[str]) -> None:
    """Have modules imported when they are first used; those that are imported already stay.

    Parameters
    ----------
    names : iterable of str
        The modules.
    """
    for name in names:
        sys.modules.setdefault(name, _Deferred(name))
