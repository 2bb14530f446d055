"""The claims about the agreement of coders, recounted from what each looked at and applied."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations
from random import Random
from statistics import quantiles
from typing import TYPE_CHECKING, Any, TypeVar

from analysis.recount.number import count, quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence

    from analysis.recount.corpus import Corpus, Whole
    from analysis.recount.number import Counted, Number

    Sets = tuple[frozenset[str], frozenset[str]]

T = TypeVar("T", bound="Hashable")

BOTH = (True, True)
DRAWS, SEED, LEAST_USES = 1000, 2020, 5
GROUPS_FOR_INTERVAL, MOST_GROUPS = 10, 100


def recount_agreement(everyone: Corpus) -> Counted:
    """Count what each two coders looked at and applied, and how alike they are.

    Intervals are left out where many groups were coded twice: they would take minutes.
    """
    for one, other in combinations(everyone.whole.study.settings["coders"], 2):
        yield from _Pair(everyone, one, other).claims()


@dataclass(frozen=True)
class _Compared:
    """Segments, with the sets of codes that two coders put on each."""

    whole: Whole
    sets: dict[str, Sets]

    @property
    def groups(self) -> list[str]:
        return sorted(self.whole.groups_of(self.sets))

    @property
    def has_interval(self) -> bool:
        return GROUPS_FOR_INTERVAL <= len(self.groups) <= MOST_GROUPS

    def with_code(self, code: str, *sides: bool) -> list[str]:
        """Return the segments on which either put a code, or just these of the two."""
        found = {
            segment: tuple(code in held for held in sets) for segment, sets in self.sets.items()
        }
        return [s for s, put in found.items() if (put == sides if sides else any(put))]

    def alpha(self, code: str) -> float | None:
        return alpha([[code in held for held in sets] for sets in self.sets.values()], different)

    @property
    def set_alpha(self) -> float | None:
        return alpha(list(self.sets.values()), masi)


class _Pair:
    """Two coders: what both looked at, and what each applied."""

    def __init__(self, everyone: Corpus, one: dict[str, Any], other: dict[str, Any]) -> None:
        self.everyone, self.whole = everyone, everyone.whole
        self.coders = (str(one["coder"]), str(other["coder"]))
        lacking = {*one.get("codes_not_in_version", ()), *other.get("codes_not_in_version", ())}
        self.codes = [code for code in self.whole.study.codes if code not in lacking]
        self.seen = {coder: self.whole.looked_at(coder) for coder in self.coders}
        self.coded = {coder: self.whole.coded_by(coder) for coder in self.coders}
        in_groups = [self.whole.groups_of(self.coded[coder]) for coder in self.coders]
        stated = [self.whole.groups_of(self.seen[coder]) for coder in self.coders]
        self.open = (in_groups[0] & in_groups[1]) - (stated[0] & stated[1])

    def claims(self) -> Counted:
        stated = self._compare(self.seen[self.coders[0]] & self.seen[self.coders[1]])
        as_no, as_unseen = self._compare(self._open(silent=True)), self._compare(self._open())
        if not stated.sets and not as_no.sets:
            return
        yield from self._units(stated)
        if stated.sets:
            yield from self._overall(stated)
            yield from self._by_code(stated)
        if as_no.sets:
            yield from self._ranges(as_no, as_unseen)

    def _compare(self, segments: Collection[str]) -> _Compared:
        one, other = self.coders
        return _Compared(
            self.whole,
            {
                segment.name: (self._put(segment.name, one), self._put(segment.name, other))
                for segment in self.everyone.codable
                if segment.name in segments
            },
        )

    def _put(self, segment: str, coder: str) -> frozenset[str]:
        """Return the codes that a coder put on a segment."""
        put_by = self.whole.put_by
        return frozenset(code for code in self.codes if coder in put_by.get((segment, code), ()))

    def _open(self, *, silent: bool = False) -> set[str]:
        """Return what both looked at in groups where that is not stated of both."""
        found = {s.name for s in self.everyone.codable if s.group in self.open}
        for coder in self.coders:
            stated = self.whole.groups_of(self.seen[coder])
            found = {
                segment
                for segment in found
                if segment in self.seen[coder]
                or (
                    self.whole.group_of(segment) not in stated
                    and (silent or segment in self.coded[coder])
                )
            }
        return found

    def _quantity(self, value: float | None, on: Iterable[str], *about: str) -> Number:
        """Return a number that rests on some segments and their focus groups."""
        segments = set(on)
        groups = self.whole.groups_of(segments)
        return quantity(value, *about, groups=groups, segments=segments)

    def _id(self, *parts: str) -> str:
        return ".".join(("agreement", parts[0], *self.coders, *parts[1:]))

    def _units(self, stated: _Compared) -> Counted:
        for coder in self.coders:
            seen = self.seen[coder]
            yield self._id("looked_at", coder), self._quantity(len(seen), seen, coder)
        yield self._id("units"), self._quantity(len(stated.sets), stated.sets, *self.coders)
        yield self._id("groups"), count(stated.groups, *self.coders, of=self.everyone.groups)

    def _overall(self, stated: _Compared) -> Counted:
        reported = self._quantity(stated.set_alpha, stated.sets, "MASI", *self.coders)
        yield self._id("set_alpha"), reported
        both = sum(len(one & other) for one, other in stated.sets.values())
        applied = sum(len(one) + len(other) for one, other in stated.sets.values())
        positive = 2 * both / applied if applied else None
        reported = self._quantity(positive, stated.sets, *self.coders)
        yield self._id("positive_agreement"), reported
        if stated.has_interval:
            yield from self._interval("set_alpha", stated, _set_alphas(stated))
        elif 1 < len(stated.groups) < GROUPS_FOR_INTERVAL:
            for group in stated.groups:
                of = {s: sets for s, sets in stated.sets.items() if self.whole.group_of(s) == group}
                value = _Compared(self.whole, of).set_alpha
                yield self._id("group_alpha", group), self._quantity(value, of, group)

    def _interval(
        self, name: str, stated: _Compared, drawn: list[float], code: str = ""
    ) -> Counted:
        about = self.whole.study.codebook[code]["name"] if code else "the sets"
        for end, bound in zip(("from", "to"), _percentiles(drawn), strict=True):
            reported = quantity(bound, about, *self.coders, groups=stated.groups)
            yield self._id(f"{name}_{end}", *([code] if code else [])), reported

    def _counts(self, compared: _Compared, code: str, prefix: str = "") -> Counted:
        name = self.whole.study.codebook[code]["name"]
        for kind, sides in (
            ("both", BOTH),
            (f"only.{self.coders[0]}", (True, False)),
            (f"only.{self.coders[1]}", (False, True)),
        ):
            found = compared.with_code(code, *sides)
            reported = self._quantity(len(found), found, name, *self.coders)
            yield f"agreement.{prefix}{kind}.{'.'.join(self.coders)}.{code}", reported

    def _by_code(self, stated: _Compared) -> Counted:
        drawn = _code_alphas(stated, self.codes)
        for code in self.codes:
            name = self.whole.study.codebook[code]["name"]
            yield from self._counts(stated, code)
            used, both = stated.with_code(code), len(stated.with_code(code, *BOTH))
            applied = both + len(used)
            positive = 2 * both / applied if applied else None
            yield self._id("positive_agreement", code), self._quantity(positive, used, name)
            yield self._id("alpha", code), self._quantity(stated.alpha(code), used, name)
            if stated.has_interval and len(used) >= LEAST_USES:
                yield from self._interval("alpha", stated, drawn[code], code)

    def _ranges(self, as_no: _Compared, as_unseen: _Compared) -> Counted:
        yield self._id("unstated"), count(as_no.groups, *self.coders, of=self.everyone.groups)
        for name, compared in (("blank_is_no", as_no), ("blank_is_unseen", as_unseen)):
            yield self._id(name), self._quantity(compared.set_alpha, compared.sets, *self.coders)
            for code in self.codes:
                used = as_no.with_code(code)
                reported = self._quantity(compared.alpha(code), used, *self.coders)
                yield self._id(name, code), reported
        for code in self.codes:
            yield from self._counts(as_no, code, "unstated_")


def _draws(groups: int) -> Iterator[Counter[int]]:
    """Yield how often each focus group is drawn, with Python's own generator."""
    random = Random(SEED)  # noqa: S311 (nothing secret)
    for _ in range(DRAWS):
        yield Counter(int(random.random() * groups) for _ in range(groups))


def _percentiles(drawn: list[float]) -> tuple[float, float]:
    """Return the 2.5th and the 97.5th percentile, between the two nearest values."""
    cuts = quantiles(drawn, n=40, method="inclusive")
    return round(cuts[0], 6), round(cuts[-1], 6)


def _set_alphas(stated: _Compared) -> list[float]:
    """Return alpha of the sets of codes in each draw of focus groups."""
    held: dict[int, Counter[frozenset[str]]] = defaultdict(Counter)
    within: dict[int, float] = defaultdict(float)
    units: Counter[int] = Counter()
    number = {group: at for at, group in enumerate(stated.groups)}
    for segment, (one, other) in stated.sets.items():
        at = number[stated.whole.group_of(segment)]
        held[at].update((one, other))
        within[at] += masi(one, other)
        units[at] += 1
    apart = cache(masi)
    crossed = {
        (g, h): sum(n * m * apart(s, t) for s, n in held[g].items() for t, m in held[h].items())
        for g in held
        for h in held
    }
    return [
        _alpha(
            sum(n * within[g] for g, n in draw.items()) / total,
            sum(n * m * crossed[g, h] for g, n in draw.items() for h, m in draw.items())
            / (2 * total * (2 * total - 1)),
        )
        for draw in _draws(len(number))
        for total in [sum(n * units[g] for g, n in draw.items())]
    ]


def _code_alphas(stated: _Compared, codes: list[str]) -> dict[str, list[float]]:
    """Return alpha of each code in each draw of focus groups in which it is defined."""
    if not stated.has_interval:
        return {}
    number = {group: at for at, group in enumerate(stated.groups)}
    units: Counter[int] = Counter()
    put: dict[str, dict[int, Counter[str]]] = {
        code: {at: Counter() for at in number.values()} for code in codes
    }
    for segment, (one, other) in stated.sets.items():
        at = number[stated.whole.group_of(segment)]
        units[at] += 1
        for code in one | other:
            put[code][at]["put"] += (code in one) + (code in other)
            put[code][at]["differ"] += (code in one) != (code in other)
    found: dict[str, list[float]] = {code: [] for code in codes}
    for draw in _draws(len(number)):
        total = sum(n * units[g] for g, n in draw.items())
        for code in codes:
            times = sum(n * put[code][g]["put"] for g, n in draw.items())
            differ = sum(n * put[code][g]["differ"] for g, n in draw.items())
            if 0 < times < 2 * total:
                chance = 2 * times * (2 * total - times) / (2 * total * (2 * total - 1))
                found[code].append(_alpha(differ / total, chance))
    return found


def _alpha(observed: float, expected: float) -> float:
    return 1 - observed / expected


def different(one: Hashable, other: Hashable) -> float:
    """Return the nominal distance (Krippendorff 2011, section C)."""
    return float(one != other)


def masi(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the MASI distance (Passonneau 2006, section 3): 1 - Jaccard x monotonicity."""
    if one == other:
        return 0.0
    shared = len(one & other)
    monotonicity = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - shared / len(one | other) * (monotonicity if shared else 0)


def alpha(units: Iterable[Sequence[T]], distance: Callable[[T, T], float]) -> float | None:
    """Return Krippendorff's alpha (Krippendorff 2011): 1 - observed / expected disagreement.

    Both are means over ordered pairs of ratings: within units, each unit's pairs weighted by
    1 / (its ratings - 1); and of any two ratings of all units.
    """
    paired = [unit for unit in units if len(unit) > 1]
    ratings = Counter(value for unit in paired for value in unit)
    total = ratings.total()
    if len(ratings) < 2:
        return None
    observed = sum(
        distance(one, other) / (len(unit) - 1)
        for unit in paired
        for one, other in permutations(unit, 2)
    )
    expected = sum(
        times * ratings[other] * distance(one, other)
        for one, times in ratings.items()
        for other in ratings
    )
    return 1 - (observed / total) / (expected / (total * (total - 1)))
