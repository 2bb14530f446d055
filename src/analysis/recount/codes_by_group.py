"""The claims on codes by focus group held, recounted."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from analysis.recount.number import quantity

if TYPE_CHECKING:
    from analysis.recount.corpus import Corpus
    from analysis.recount.number import Counted, Number

ORDERS = 1000
BEYOND = 25
BASE = 4
ROWS, FIRST = 16, 6


class _Held:
    """Focus groups in the order held, each with the segments of its codes."""

    def __init__(self, everyone: Corpus) -> None:
        whole = everyone.whole
        self.codes_of: dict[str, dict[str, set[str]]] = {}
        for segment, code in everyone.codings:
            raised = self.codes_of.setdefault(whole.group_of(segment), {})
            raised.setdefault(code, set()).add(segment)
        met = whole.study.focus_groups
        self.groups = sorted(self.codes_of, key=lambda name: (met[name]["held_on"], name))
        self.new: list[set[str]] = []
        for group in self.groups:
            self.new.append(set(self.codes_of[group]).difference(*self.new))

    def new_between(self, start: int, end: int) -> Number:
        """Count the codes that were new in some of the focus groups."""
        value = 0
        groups: set[str] = set()
        segments: set[str] = set()
        for group, codes in list(zip(self.groups, self.new, strict=True))[start:end]:
            value += len(codes)
            groups |= {group} if codes else set()
            segments = segments.union(*(self.codes_of[group][code] for code in codes))
        return quantity(value, groups=groups, segments=segments)

    def in_orders(self) -> list[list[int]]:
        """Return, for each number of focus groups, the codes that they raise in random orders."""
        random = Random(2020)  # noqa: S311
        counts: list[list[int]] = [[] for _ in self.groups]
        for _ in range(ORDERS):
            drawn = {group: random.random() for group in self.groups}
            heard: set[str] = set()
            for at, group in enumerate(sorted(self.groups, key=drawn.__getitem__)):
                heard |= self.codes_of[group].keys()
                counts[at].append(len(heard))
        return [sorted(numbers) for numbers in counts]


def recount_held(everyone: Corpus) -> Counted:
    """Count the codes that so many focus groups raised, in the order held and in random orders."""
    held = _Held(everyone)
    every = len(held.groups)
    if every < 2:
        return
    yield "held.raised", held.new_between(0, every)
    yield "held.codebook", quantity(len(everyone.whole.study.codes))
    yield "held.groups", quantity(every, groups=held.groups)
    last = max(at for at, codes in enumerate(held.new, start=1) if codes)
    of_last = held.new_between(last - 1, last)
    yield "held.last", quantity(last, groups=of_last.focus_groups, segments=of_last.segments)
    in_orders, start = held.in_orders(), 0
    for end in _steps(every):
        value, numbers = sum(map(len, held.new[:end])), in_orders[end - 1]
        yield f"held.codes.{end}", quantity(value, groups=held.groups[:end])
        yield f"held.new.{start + 1}-{end}", held.new_between(start, end)
        start = end
        yield f"held.low.{end}", quantity(numbers[BEYOND], groups=held.groups)
        yield f"held.high.{end}", quantity(numbers[-BEYOND - 1], groups=held.groups)
    yield from _saturation(held)


def _steps(groups: int) -> list[int]:
    """Return the numbers of focus groups in the table: up to 16, of more the first 6 and others."""
    if groups <= ROWS:
        return list(range(1, groups + 1))
    each = (groups - FIRST) / (ROWS - FIRST)
    others = [round(FIRST + each * n) for n in range(1, ROWS - FIRST + 1)]
    return [*range(1, FIRST + 1), *others]


def _saturation(held: _Held) -> Counted:
    """Find the first run of focus groups in which few codes are new, compared with the base."""
    yield "held.base", held.new_between(0, BASE)
    in_base = sum(map(len, held.new[:BASE]))
    for run in (2, 3):
        for name, percent in (("at5", 5), ("at0", 0)):
            met = [
                after
                for after in range(BASE, len(held.groups) - run + 1)
                if 100 * sum(map(len, held.new[after : after + run])) <= percent * in_base
            ]
            for after in met[:1]:
                number = quantity(after, groups=held.groups[:after])
                yield f"held.saturation.run{run}.{name}", number
                new = held.new_between(after, after + run)
                yield f"held.saturation_new.run{run}.{name}", new
