"""The source of a notebook: what decides its results, without outputs and default parameters."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

from analysis.study.digests import digest_bytes, digest_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PARAMETERS = "parameters"


def digest_source(path: Path) -> str:
    """Return the SHA-256 of a notebook's source.

    It counts what nbstripout keeps of each cell (its type, id, tags and source), and not the
    default values in the cell tagged ``parameters``: each build gives all parameters. So a notebook
    that was run in JupyterLab, also with other defaults, has the same digest.

    Parameters
    ----------
    path : Path
        The notebook; of a file that is not a notebook, all bytes count.

    Raises
    ------
    OSError
        When the file can't be read.
    """
    content = path.read_bytes()
    try:
        cells = [_source_of(cell) for cell in json.loads(content)["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return digest_bytes(content)
    return digest_text(json.dumps(cells, ensure_ascii=False))


def _source_of(cell: dict[str, Any]) -> list[Any]:
    tags = cell.get("metadata", {}).get("tags", [])
    source = "".join(cell["source"])
    if PARAMETERS in tags:
        source = without_defaults(source)
    return [cell["cell_type"], cell.get("id", ""), tags, source]


def without_defaults(source: str) -> str:
    """Return the source of a parameters cell without the default values.

    Parameters
    ----------
    source : str
        Lines of ``name: type = default  # help``; what isn't Python is returned as it is.

    Examples
    --------
    >>> without_defaults('place: str = "esa"  # A region, by code')
    'place: str  # A region, by code'
    """
    try:
        program = ast.parse(source)
    except (SyntaxError, ValueError):
        return source
    # Positions in a syntax tree count bytes of UTF-8.
    text = source.encode()
    for start, end in reversed(list(_spans_of_defaults(program, text))):
        text = text[:start] + text[end:]
    return text.decode()


def _spans_of_defaults(program: ast.Module, text: bytes) -> Iterator[tuple[int, int]]:
    """Yield the first and last byte of each ``= default``, from the end of the type on."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for statement in program.body:
        value = statement.value if isinstance(statement, ast.AnnAssign) else None
        if isinstance(statement, ast.AnnAssign) and value is not None:
            kind = statement.annotation
            first = starts[(kind.end_lineno or 1) - 1] + (kind.end_col_offset or 0)
            last = starts[(value.end_lineno or 1) - 1] + (value.end_col_offset or 0)
            yield first, last
