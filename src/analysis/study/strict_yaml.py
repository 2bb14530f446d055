"""YAML that a person writes, read strictly: a key is there once, and nothing is nested deep."""

from __future__ import annotations

from typing import Any

import yaml

MOST_LEVELS = 20


class StrictYamlError(yaml.MarkedYAMLError):
    """Raised when YAML has a key twice, or is nested too deep; `problem` has no text of it."""


class _Strict:
    """What both loaders do besides what those of the library do."""

    _level = 0

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - as in the library
        if self._level == MOST_LEVELS:
            event = self.peek_event()  # type: ignore[attr-defined]
            raise StrictYamlError(problem="nested too deep", problem_mark=event.start_mark)
        self._level += 1
        node = super().compose_node(parent, index)  # type: ignore[misc]
        self._level -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002
        keys: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in keys:
                raise StrictYamlError(problem="a key is there twice", problem_mark=key.start_mark)
            keys.add(str(key.value))
        return super().construct_mapping(node, deep)  # type: ignore[misc]


class _Loader(_Strict, yaml.SafeLoader):
    """Gives numbers, dates and so on their types."""


class _TextLoader(_Strict, yaml.BaseLoader):
    """Leaves every value a text."""


def parse_yaml(text: str, *, as_text: bool = False) -> Any:  # noqa: ANN401 - it may be anything
    """Return what YAML holds.

    Parameters
    ----------
    text : str
        YAML.
    as_text : bool, optional
        Whether numbers, dates and so on are left as text.

    Raises
    ------
    yaml.YAMLError
        When it is not YAML, and `StrictYamlError` when it has a key twice, or more than 20 levels.
    ValueError
        When it has a date or a number that cannot be.
    """
    return yaml.load(text, _TextLoader if as_text else _Loader)  # noqa: S506 - both are safe
