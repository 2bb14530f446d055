"""What a synthetic study has said so far, so that nothing is said again sooner than it must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from analysis.synthetic.chance import Chance
    from analysis.synthetic.statements import Sentence

REMEMBERED = 24
"""Ways in which a statement was last told that are not told again, whatever the study's size."""

DeckKey = tuple[str, str, str]


class Repertoire:
    """Deals statements to focus groups, region by region, until all have been dealt.

    A deck holds the statements of one region, code and question.
    """

    def __init__(self) -> None:
        self._decks: dict[DeckKey, list[Sentence]] = {}
        self._told: dict[int, dict[tuple[int, ...], None]] = {}
        self._times: dict[int, int] = {}

    def next_of(
        self,
        key: DeckKey,
        statements: Sequence[Sentence],
        *,
        apart_from: Container[int],
        landlocked: bool,
        chance: Chance,
    ) -> Sentence | None:
        """Return the next statement of a deck that a focus group can make, or None.

        Parameters
        ----------
        key : tuple of str
            Region, code and question.
        statements : sequence of Sentence
            The statements of a full deck.
        apart_from : container of int
            Numbers of statements that the focus group has made already.
        landlocked : bool
            Whether it cannot speak of the sea.
        chance : Chance
            Where the order of a new deck is drawn from.
        """
        deck = self._decks.setdefault(key, [])
        for _ in range(2):
            for statement in deck:
                if statement.number not in apart_from and not (landlocked and statement.coast):
                    return statement
            deck.extend([entry for entry in chance.shuffle(statements) if entry not in deck])
        return None

    def deal(self, key: DeckKey, statement: Sentence) -> None:
        """Take a statement out of its deck."""
        self._decks[key].remove(statement)
        self._times[statement.number] = self.times(statement) + 1

    def times(self, statement: Sentence) -> int:
        """Return how often a statement was dealt in the study."""
        return self._times.get(statement.number, 0)

    def tell(self, statement: Sentence, details: Sequence[Sentence]) -> bool:
        """Return whether a statement was not lately told with these details, and remember it."""
        told = self._told.setdefault(statement.number, {})
        way = tuple([detail.number for detail in details])
        if way in told:
            return False
        told[way] = None
        if len(told) > REMEMBERED:
            del told[next(iter(told))]
        return True
