"""Marks of Markdown that are no words: backslashes before signs, and underscores of emphasis."""

from __future__ import annotations

import re

# A bar behind a backslash is told from one that parts cells where rows are split.
_ESCAPE = re.compile(r"\\(?:([!-/:-@\[-`{}~])|(?=[ \t]|$))", re.MULTILINE)
# It ends in its paragraph and its cell.
_EMPHASIS = re.compile(
    r"(?<![\w\\])(_{1,3})(?=[^\s_])((?:\\.?|[^\\_|\n]|\n(?![ \t]*(?:\n|$)))*+)(?<=\S)\1(?!\w)"
)
# Signs that open a tag or an entity where no backslash stands before them.
_KEPT = {"<": "&lt;", "&": "&amp;"}


def without_marks(text: str) -> str:
    r"""Return a text of Markdown without its backslashes and underscores of emphasis.

    Underscores within words, and those that stand alone, are kept.

    Parameters
    ----------
    text : str
        Lines of Markdown.

    Examples
    --------
    >>> without_marks(r"It is __never__ the _right_ time\!")
    'It is never the right time!'
    >>> without_marks(r"a_b_c ____ \_d\_")
    'a_b_c ____ _d_'
    """
    plain = _EMPHASIS.sub(r"\2", text)
    return _ESCAPE.sub(lambda sign: _KEPT.get(sign[1], sign[1] or ""), plain)
