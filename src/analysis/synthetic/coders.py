"""Simulated coders: what each finds of the codes that a segment bears."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from analysis.synthetic.answers import Answer
    from analysis.synthetic.chance import Chance, Weighted
    from analysis.synthetic.proportions import Habit

MISSES_STATEMENT = 0.05
MISSES_DETAIL = 0.18
ADDS_NEIGHBOUR = 0.06
HARDNESS = {1: 0.5, 2: 1.0, 3: 2.0}
"""How much oftener than usual a code is missed, or mistaken for its neighbour."""


class SimulatedCoder:
    """Applies codes as one person would.

    Parameters
    ----------
    habit : Habit
        How the coder differs from the usual one.
    hardness : mapping of str to int
        By code: 1 easy to apply, 2 usual, 3 hard.
    """

    def __init__(self, habit: Habit, hardness: Mapping[str, int]) -> None:
        factors = {code: HARDNESS[level] for code, level in hardness.items()}
        self.coder = habit.coder
        self._misses_statement = _scaled(MISSES_STATEMENT * habit.misses, factors)
        self._misses_detail = _scaled(MISSES_DETAIL * habit.misses, factors)
        self._adds = _scaled(ADDS_NEIGHBOUR * habit.adds, factors)

    def code(
        self,
        answers: Sequence[Answer],
        *,
        neighbours: Mapping[str, Weighted[str]],
        plain: Collection[str],
        chance: Chance,
    ) -> Iterator[tuple[int, str]]:
        """Yield the codes that the coder applies, at least one in all.

        Parameters
        ----------
        answers : sequence of Answer
            The segments of a focus group.
        neighbours : mapping of str to Weighted of str
            By code: those of its theme that it can be mistaken for.
        plain : collection of str
            Codes that nobody misses in a statement of this focus group.
        chance : Chance
            Where misses and additions are drawn from.

        Yields
        ------
        tuple of (int, str)
            The number of the answer, and a code.
        """
        has_coded = False
        for number, answer in enumerate(answers):
            found = list(self._codes_found(answer.codes, neighbours, chance))
            if answer.codes and answer.codes[0] in plain and answer.codes[0] not in found:
                found.insert(0, answer.codes[0])
            for code in found:
                has_coded = True
                yield number, code
        if not has_coded:
            first = next(number for number, answer in enumerate(answers) if answer.codes)
            yield first, answers[first].codes[0]

    def _codes_found(
        self, codes: Sequence[str], neighbours: Mapping[str, Weighted[str]], chance: Chance
    ) -> Iterator[str]:
        misses = self._misses_statement
        for code in codes:
            if not chance.happens(misses[code]):
                yield code
            misses = self._misses_detail
        if codes and codes[0] in neighbours and chance.happens(self._adds[codes[0]]):
            added = chance.weigh(neighbours[codes[0]])
            if added not in codes:
                yield added


def _scaled(probability: float, factors: Mapping[str, float]) -> dict[str, float]:
    return {code: probability * factor for code, factor in factors.items()}
