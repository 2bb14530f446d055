"""Where the segments stand that the claims of a report list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.tables.numbering import places_of

if TYPE_CHECKING:
    from analysis.synthesis.claims import Ledger


def addresses_of_listed(ledger: Ledger, segments: pd.Series, pages: pd.Series) -> dict[str, str]:
    """Return the address of each segment that a claim made so far lists.

    Parameters
    ----------
    ledger : Ledger
        The claims of the report.
    segments : Series of str
        Segments that stand somewhere; one that is none of them has no address.
    pages : Series of str
        The page of each.
    """
    listed = {segment for claim in ledger for segment in claim.segments}
    names = pd.Series(sorted(listed), dtype="str")
    rows = places_of(names, segments)
    located = zip(names[rows >= 0], pages.iloc[rows[rows >= 0]], strict=True)
    return {segment: f"{page}.html#segment-{segment}" for segment, page in located}
