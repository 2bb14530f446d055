"""Analysis of coded focus groups, from submissions to synthesis reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.operations.study_frames import StudyFrames

__all__ = ["open_study"]
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
