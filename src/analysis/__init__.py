"""Analysis of coded focus groups, from submissions to synthesis reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from analysis.operations.study_frames import StudyFrames
    from analysis.synthesis.claims import Fragment

__all__ = ["open_study", "show_table"]
__version__ = "0.1.0"


def open_study(name: str, root: Path | None = None) -> StudyFrames:
    """Open a study, to work with its tables in a notebook.

    Parameters
    ----------
    name : str
        The study, a folder below ``data/``.
    root : Path, optional
        The folder with ``data/``; found upward from where the notebook is, if not given.

    Returns
    -------
    StudyFrames
        The tables that reports count, as DataFrames: ``focus_groups``, ``segments``, ``codings``,
        ``codebook`` and ``claims``; ``place("esa")`` has those of one place.

    Raises
    ------
    StudyError
        When the study does not exist.
    """
    # Importing the package stays free of heavy libraries.
    from analysis.operations.study_frames import StudyFrames  # noqa: PLC0415

    return StudyFrames.open(name, root)


def show_table(frame: pd.DataFrame | pd.Series, caption: str = "") -> Fragment:
    """Show a table in a notebook as reports do: whole, with a caption, all text escaped.

    In a report each number must be a claim: each cell that holds a number becomes one, with the
    id ``own.<caption>.<row>.<column>``, so that ``verify`` and ``diff`` compare it. It is no link,
    since a table doesn't say which passages its numbers rest on. Text is shown as it is; digits
    without words, as ``5 of 7``, count as a number.

    Parameters
    ----------
    frame : DataFrame or Series
        The table. Its index heads the rows; if that only counts rows, the first column does.
    caption : str, optional
        What the table shows; the names of its columns, if not given. Each table of a notebook needs
        a caption of its own.

    Returns
    -------
    Fragment
        What JupyterLab shows as the last value of a cell, and a report on its page.

    Raises
    ------
    TypeError
        When it is neither a DataFrame nor a Series.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame({"theme": ["Stigma", "Hope"], "focus groups": [7, 5]})
    >>> [claim.id for claim in show_table(counts, "Themes").claims]
    ['own.themes.stigma.focus-groups', 'own.themes.hope.focus-groups']
    """
    from analysis.synthesis.frame_table import show_frame  # noqa: PLC0415

    return show_frame(frame, caption)
