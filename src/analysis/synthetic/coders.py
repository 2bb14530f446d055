"""Simulated coders: which of the codes of a segment each one finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from analysis.synthetic.answers import Answer
    from analysis.synthetic.proportions import CoderHabit
    from analysis.synthetic.seeded_random import SeededRandom, Weighted

MISSES_STATEMENT = 0.05
MISSES_DETAIL = 0.18
ADDS_NEIGHBOUR = 0.06
HARDNESS = {1: 0.5, 2: 1.0, 3: 2.0}
"""How much oftener than usual a code is missed, or mistaken for its neighbour."""


class SimulatedCoder:
    """Applies codes as one person would; a hard code is missed, or mistaken, more often."""

    def __init__(self, habit: CoderHabit, hardness: Mapping[str, int]) -> None:
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
        rng: SeededRandom,
    ) -> Iterator[tuple[int, str]]:
        """Yield the number of an answer and a code for all that the coder applies, at least one.

        A plain code is never missed in a statement; a neighbour is a code of the same theme that
        another can be mistaken for.
        """
        has_coded = False
        for number, answer in enumerate(answers):
            found = list(self._codes_found(answer.codes, neighbours, rng))
            if answer.codes and answer.codes[0] in plain and answer.codes[0] not in found:
                found.insert(0, answer.codes[0])
            for code in found:
                has_coded = True
                yield number, code
        if not has_coded:
            first = next(number for number, answer in enumerate(answers) if answer.codes)
            yield first, answers[first].codes[0]

    def _codes_found(
        self, codes: Sequence[str], neighbours: Mapping[str, Weighted[str]], rng: SeededRandom
    ) -> Iterator[str]:
        misses = self._misses_statement
        for code in codes:
            if not rng.happens(misses[code]):
                yield code
            misses = self._misses_detail
        if codes and codes[0] in neighbours and rng.happens(self._adds[codes[0]]):
            added = rng.weighted_choice(neighbours[codes[0]])
            if added not in codes:
                yield added


def _scaled(probability: float, factors: Mapping[str, float]) -> dict[str, float]:
    return {code: probability * factor for code, factor in factors.items()}
