"""What we write as the description of a code, and read again; and the codes for themes."""

from __future__ import annotations

ITSELF = "_"
"""Ends the id of the code that stands for a theme which was put itself, as in `rights._`."""

# A definition, and behind it what REFI-QDA has no place for.
DESCRIBED = "{definition}\n\nInclude: {include}\n\nExclude: {exclude}\n\nId: {code}"
_LABELS = ("\n\nId: ", "\n\nExclude: ", "\n\nInclude: ")


def parse_description(text: str) -> tuple[str, str, str, str]:
    r"""Return definition, include, exclude and id, from a description that we wrote.

    Examples
    --------
    >>> parse_description("Fear.\n\nInclude: dread\n\nExclude: \n\nId: fear")
    ('Fear.', 'dread', '', 'fear')
    >>> parse_description("Fear.")
    ('Fear.', '', '', '')
    """
    rest, found = text, []
    for label in _LABELS:
        if label not in rest:
            return text, "", "", ""
        rest, _, held = rest.rpartition(label)
        found.append(held)
    code, exclude, include = found
    return rest, include, exclude, code
