"""The topics and the words of a synthetic focus group."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.synthetic.proportions import TENTHS, USUAL_WEIGHT
from analysis.synthetic.seeded_random import Weighted

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Mapping, Sequence

    from analysis.synthetic.seeded_random import SeededRandom
    from analysis.synthetic.sentences import Sentence, Vocabulary
    from analysis.synthetic.study_plan import PlannedGroup, PlannedPoint

LEAST_CODES = 8
LEAST_WEIGHT = 2
STRESS_TO_WEIGHT = 4
THEME_WEIGHT = 2
TRIES = 8
REMEMBERED = 24
"""Ways in which a statement was last made that are not repeated, in studies of any size."""
OFTEN = 24
"""Studies larger than the demonstration repeat statements so often that they need more remarks."""
DETAILS = {
    "introduction": (0.4, 0.06),
    "situation": (0.55, 0.12),
    "concerns": (0.55, 0.12),
    "hope": (0.35, 0.04),
    "constraints": (0.55, 0.12),
    "patterns": (0.35, 0.04),
    "continue": (0.35, 0.04),
    "stop": (0.4, 0.05),
    "start": (0.4, 0.05),
    "key": (0.4, 0.05),
}
"""By question: how likely a statement has a detail, and how likely two."""

DeckKey = tuple[str, str, str]
"""Region, code and question."""


class Utterance(NamedTuple):
    """A statement with its details, in words, and the codes of both, the statement's first."""

    label: str
    text: str
    codes: tuple[str, ...]


class Repertoire:
    """Deals statements to focus groups, region by region, until all have been dealt.

    A deck has the statements of one region, code and question, so that nothing is repeated sooner
    than it must be.
    """

    def __init__(self) -> None:
        self._decks: dict[DeckKey, list[Sentence]] = {}
        self._recent: dict[int, dict[tuple[int, ...], None]] = {}
        self._times: dict[int, int] = {}

    def next_of(
        self,
        key: DeckKey,
        statements: Sequence[Sentence],
        *,
        apart_from: Container[int],
        landlocked: bool,
        rng: SeededRandom,
    ) -> Sentence | None:
        """Return the next statement of a deck that a focus group can make, or None.

        Statements to be apart from are those that it has made already.
        """
        deck = self._decks.setdefault(key, [])
        for _ in range(2):
            for statement in deck:
                if statement.number not in apart_from and not (landlocked and statement.coast):
                    return statement
            deck.extend([entry for entry in rng.shuffled(statements) if entry not in deck])
        return None

    def deal(self, key: DeckKey, statement: Sentence) -> None:
        """Take a statement out of its deck."""
        self._decks[key].remove(statement)
        self._times[statement.number] = self.times(statement) + 1

    def times(self, statement: Sentence) -> int:
        """Return how often a statement was dealt in the study."""
        return self._times.get(statement.number, 0)

    def remember(self, statement: Sentence, details: Sequence[Sentence]) -> bool:
        """Return whether a statement was not lately made with these details, and remember it."""
        recent = self._recent.setdefault(statement.number, {})
        details_used = tuple([detail.number for detail in details])
        if details_used in recent:
            return False
        recent[details_used] = None
        if len(recent) > REMEMBERED:
            del recent[next(iter(recent))]
        return True


class Conversation:
    """Finds the next statement of one focus group."""

    def __init__(
        self,
        planned: PlannedGroup,
        vocabulary: Vocabulary,
        repertoire: Repertoire,
        rng: SeededRandom,
    ) -> None:
        self._planned = planned
        self._vocabulary = vocabulary
        self._repertoire = repertoire
        self._rng = rng
        self._made: set[int] = set()
        self._agenda = _agenda(planned, vocabulary, rng)
        usual = dict.fromkeys(self._agenda, USUAL_WEIGHT)
        self._usual = _weighted(self._agenda, usual)
        self._by_section = {
            section: _weighted(self._agenda, leanings)
            for section, leanings in vocabulary.leanings.items()
        }
        self._related = _related(self._agenda, vocabulary)

    def speaks_of(self, code: str) -> bool:
        """Return whether a code is on the agenda."""
        return code in self._agenda

    def say(self, section: str, question: str, *, apart_from: Collection[str]) -> Utterance | None:
        """Return something that the focus group has not said yet, or None.

        Codes to be apart from, those that the cell already has, are avoided while there are others.
        """
        codes = self._by_section.get(section, self._usual)
        for _ in range(TRIES):
            drawn = (self._rng.weighted_choice(codes), self._rng.weighted_choice(codes))
            statements = [self._next(code, question) for code in drawn if code not in apart_from]
            can_be_made = [statement for statement in statements if statement]
            if can_be_made:
                rarest = min(can_be_made, key=self._repertoire.times)
                utterance = self._state(rarest, question)
                if utterance:
                    return utterance
        return self.say_of(codes.items, question)

    def say_of(self, codes: Collection[str], question: str) -> Utterance | None:
        """Return something not said yet with one of the codes, the first that is possible."""
        for code in codes:
            statement = self._next(code, question)
            if statement:
                return self._state(statement, question) or self._repeat(statement, question)
        return None

    def say_planned(self, point: PlannedPoint) -> Utterance | None:
        """Return what a planned point says: a rare statement has no details."""
        if point.statement is None:
            return self.say_of((point.code,), point.question)
        self._made.add(point.statement.number)
        return Utterance(point.statement.label, point.statement.text, (point.code,))

    def _next(self, code: str, question: str) -> Sentence | None:
        return self._repertoire.next_of(
            (self._planned.region, code, question),
            self._vocabulary.statements.get((code, question), ()),
            apart_from=self._made,
            landlocked=self._planned.landlocked,
            rng=self._rng,
        )

    def _state(self, statement: Sentence, question: str) -> Utterance | None:
        """Return a statement with details of related codes, or None if it was made so before."""
        times = self._repertoire.times(statement)
        self._repertoire.deal((self._planned.region, statement.code, question), statement)
        self._made.add(statement.number)
        one, two = DETAILS[question]
        wanted = 2 if self._rng.happens(two) else int(self._rng.happens(one))
        is_frequent = times > OFTEN
        for _ in range(TRIES if wanted or not times else 0):
            details = self._details(self._related.get(statement.code), statement, question, wanted)
            extras = [*details, *self._remarks(question, int(is_frequent and bool(details)))]
            if self._repertoire.remember(statement, extras):
                return self._utterance(statement, extras)
            if not details:
                break
        for _ in range(TRIES):
            remarks = self._remarks(question, 1 + is_frequent)
            if remarks and self._repertoire.remember(statement, remarks):
                return self._utterance(statement, remarks)
        return None

    def _remarks(self, question: str, wanted: int) -> list[Sentence]:
        """Return remarks without a code, less those made before."""
        remarks = self._vocabulary.remarks[question]
        drawn = dict.fromkeys(self._rng.choice(remarks) for _ in range(wanted))
        return [remark for remark in drawn if remark.number not in self._made]

    def _repeat(self, statement: Sentence, question: str) -> Utterance:
        """Return a statement with details of any codes, in a new way if there is one."""
        for attempt in range(2 * TRIES):
            details = self._details(self._usual, statement, question, 1 + attempt // TRIES)
            if self._repertoire.remember(statement, details):
                break
        return self._utterance(statement, details)

    def _utterance(self, statement: Sentence, details: Sequence[Sentence]) -> Utterance:
        self._made.update(detail.number for detail in details)
        return Utterance(
            statement.label,
            " ".join((statement.text, *(detail.text for detail in details))),
            (statement.code, *(detail.code for detail in details if detail.code)),
        )

    def _details(
        self, codes: Weighted[str] | None, statement: Sentence, question: str, wanted: int
    ) -> list[Sentence]:
        """Return details with some of the codes that were not used before."""
        found: list[Sentence] = []
        if codes is None:
            return found
        table = self._vocabulary.details[question]
        taken = [statement.code]
        for _ in range(TRIES * wanted):
            other = self._rng.weighted_choice(codes)
            if other in taken or not table[other]:
                continue
            detail = self._rng.choice(table[other])
            is_at_sea = detail.coast and self._planned.landlocked
            if detail.number not in self._made and not is_at_sea:
                found.append(detail)
                taken.append(other)
            if len(found) == wanted:
                break
        return found


def _agenda(planned: PlannedGroup, vocabulary: Vocabulary, rng: SeededRandom) -> dict[str, int]:
    """Return the codes that a focus group speaks of, with their weights.

    Stress decides above all whether a code is spoken of; were it to weigh much as well, every focus
    group of a region would make the same few statements.
    """
    spoken_of = {code: tenths for code, tenths in vocabulary.tenths.items() if tenths}
    agenda = [code for code, tenths in spoken_of.items() if rng.below(TENTHS) < tenths]
    most_stressed = sorted(spoken_of, key=lambda code: -spoken_of[code])
    missing = max(0, LEAST_CODES - len(agenda))
    agenda += [code for code in most_stressed if code not in agenda][:missing]
    weights = {code: LEAST_WEIGHT + spoken_of[code] // STRESS_TO_WEIGHT for code in agenda}
    for code in planned.theme.codes:
        weights[code] = weights.get(code, LEAST_WEIGHT) + THEME_WEIGHT
    return weights


def _weighted(agenda: Mapping[str, int], leanings: Mapping[str, int]) -> Weighted[str]:
    return Weighted.of({code: weight * leanings[code] for code, weight in agenda.items()})


def _related(agenda: Mapping[str, int], vocabulary: Vocabulary) -> dict[str, Weighted[str]]:
    """Return the codes on the agenda that details can have, by the code of their statement."""
    weights = {
        code: {other: agenda[other] for other in related if other in agenda}
        for code, related in vocabulary.related.items()
    }
    return {code: Weighted.of(found) for code, found in weights.items() if found}
