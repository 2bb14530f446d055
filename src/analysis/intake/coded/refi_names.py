"""The names of REFI-QDA: its namespaces, its elements, and GUIDs."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree  # type: ignore[import-untyped]

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"

_OURS = uuid.UUID("6f0a3c52-3d8e-5a55-9d0c-2f7c5b1f4e61")


def guid_of(kind: str, key: str) -> str:
    """Return the GUID of a thing: always the same for the same thing.

    Examples
    --------
    >>> guid_of("code", "stigma") == guid_of("code", "stigma")
    True
    """
    return str(uuid.uuid5(_OURS, f"{kind}\n{key}"))


def folded(guid: str | None) -> str:
    """Return a GUID as it is compared: without braces, in lower case."""
    return (guid or "").strip().strip("{}").lower()


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element, *names: str) -> list[etree._Element]:
    """Return the children of an element with one of these names, whatever their namespace."""
    return [child for child in element if local_name(child) in names]


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first child of an element with a name."""
    return next(iter(children(element, name)), None)


def text_of(element: etree._Element | None) -> str:
    """Return the text of an element; empty where there is none."""
    return "" if element is None else (element.text or "")
