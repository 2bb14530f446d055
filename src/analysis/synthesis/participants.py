"""Participants: how many people took part, as far as the submissions tell it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.tables.focus_groups import parse_participants

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.synthesis.claims import Claim, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.tables.focus_groups import Participants

PARTICIPANTS = "participants"


def count_people(participants: Iterable[str]) -> int:
    """Return how many people took part in focus groups.

    Parameters
    ----------
    participants : iterable of str
        The column of that name.

    Returns
    -------
    int
        Those who can be understood: what cannot is a warning, which the number then bears.
    """
    told = Counter(participants)
    return sum(times * part.count for text, times in told.items() for part in understand(text))


def understand(participants: str) -> tuple[Participants, ...]:
    """Return the participants of a focus group by kind; none where the text is not understood."""
    try:
        return parse_participants(participants)
    except ValueError:
        return ()


def claim_participants(corpus: Corpus, ledger: Ledger) -> Claim:
    """Return the claim of how many people took part in the focus groups counted."""
    return ledger.number(
        "participants",
        f"Participants of the focus groups counted in {corpus.name}",
        (count_people(corpus.focus_groups["participants"]), PARTICIPANTS),
        focus_groups=corpus.focus_groups["focus_group"],
    )
