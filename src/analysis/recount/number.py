"""A number that was counted independently, to compare with a claim."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


Counted: TypeAlias = "Iterator[tuple[str, Number]]"


@dataclass(frozen=True)
class Number:
    """A number recounted, with what supports it and the names that its label must have."""

    value: float | None
    focus_groups: frozenset[str]
    segments: frozenset[str]
    about: tuple[str, ...]
    of: frozenset[str] | None = None
    shown_as: str = ""

    def differences(self, claim: Mapping[str, Any]) -> list[str]:
        """Return where a claim says another number, or rests on something else."""
        counted = None if self.of is None else len(self.of)
        expected = {
            "numerator": None if self.of is None else self.value,
            "denominator": counted,
            "focus_groups": sorted(self.focus_groups),
            "segments": sorted(self.segments),
        }
        found = {name: claim.get(name) for name in expected}
        found |= {name: sorted(found[name] or ()) for name in ("focus_groups", "segments")}
        wrong = [name for name in expected if found[name] != expected[name]]
        wrong += [] if _same(claim["value"], self.value) else ["value"]
        wrong += [] if claim.get("shown_as", "") == self.shown_as else ["shown_as"]
        reported = [
            f"{name}: {_short(claim.get(name))}, recounted {_short(expected.get(name, self.value))}"
            for name in wrong
        ]
        return [f"{claim['id']}: {each}" for each in reported]

    def missing_names(self, claim: Mapping[str, Any]) -> list[str]:
        """Return which names the label of a claim lacks."""
        return [
            f"{claim['id']}: the label lacks {name}"
            for name in self.about
            if name not in claim["label"]
        ]


def quantity(
    value: float | None,
    *about: str,
    groups: Iterable[str] = (),
    segments: Iterable[str] = (),
    shown_as: str = "",
) -> Number:
    """Return a number that is no count of focus groups among others."""
    return Number(value, frozenset(groups), frozenset(segments), about, shown_as=shown_as)


def count(
    groups: Iterable[str], *about: str, of: Iterable[str], segments: Iterable[str] = ()
) -> Number:
    """Return a count of focus groups, of those that could have been counted."""
    supporting = frozenset(groups)
    return Number(len(supporting), supporting, frozenset(segments), about, frozenset(of))


def _same(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return type(found) is type(expected) and math.isclose(found, expected, abs_tol=1e-9)


def _short(value: object) -> str:
    return f"{len(value)} ids" if isinstance(value, list) else repr(value)
