"""Where the segments stand that the claims of a report list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.tables.numbering import places_of

if TYPE_CHECKING:
    from analysis.synthesis.claims import Ledger


def addresses_of_listed(ledger: Ledger, segments: pd.DataFrame) -> dict[str, str]:
    """Return the address of each segment that a claim made so far lists.

    Parameters
    ----------
    ledger : Ledger
        The claims of the report.
    segments : DataFrame
        Segments that stand somewhere, with the ``page`` of each; a segment that is none of them
        has no address.
    """
    listed = {segment for claim in ledger for segment in claim.segments}
    names = pd.Series(sorted(listed), dtype="str")
    rows = places_of(names, segments["segment"])
    located = zip(names[rows >= 0], segments["page"].iloc[rows[rows >= 0]], strict=True)
    return {segment: f"{page}.html#segment-{segment}" for segment, page in located}
