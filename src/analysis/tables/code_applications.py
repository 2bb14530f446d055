"""The table of code applications: its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

SEGMENT = "segment"
CODE = "code"
CODER = "coder"

COLUMNS = (SEGMENT, CODE, CODER)

NO_CODE = "none"
"""In place of a code: the coder looked at the segment, and no code applies."""


def without_none(applications: pd.DataFrame, codes: Collection[str]) -> pd.DataFrame:
    """Return code applications without those that say that no code applies.

    Parameters
    ----------
    applications : DataFrame
        ``segment, code, coder``.
    codes : collection of str
        The codes of the codebook; where one of them is ``none``, it is a code like others.
    """
    return applications if NO_CODE in codes else applications[applications[CODE] != NO_CODE]
