"""Pictures, charts and embedded objects in a Word document, whose words no program reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Collection

# By their local names: pictures, charts, SmartArt, ink, embedded objects, and WordArt of old.
SILENT = frozenset({"pic", "imagedata", "chart", "relIds", "contentPart", "OLEObject", "textpath"})


def has_picture(element: Any, unsaid: Collection[str]) -> bool:  # noqa: ANN401 - lxml has no types
    """Return whether something in an element says what it says in another way than words.

    Parameters
    ----------
    element : element
        A row or a paragraph.
    unsaid : collection of str
        The tags of what is not looked at.
    """
    return any(
        etree.QName(child).localname in SILENT or has_picture(child, unsaid)
        for child in element
        if isinstance(child.tag, str) and child.tag not in unsaid
    )
