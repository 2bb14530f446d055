"""The claims on the agreement of two coders: what they are called, and how a coefficient reads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.study.language import to_translate, translate, write_coefficient, write_decimals
from analysis.synthesis.claims import SEGMENTS, evidence_of
from analysis.synthesis.drawing import draw
from analysis.synthesis.figures import paint_dots
from analysis.synthesis.markup import list_words, say, say_number, term

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from markupsafe import Markup

    from analysis.synthesis.agreement import CoderPair
    from analysis.synthesis.claims import Claim, Ledger, Quantity
    from analysis.synthesis.coefficients import FloatArray
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content

COEFFICIENT = "coefficient"
# Fewer focus groups give no interval, and fewer uses of a code no reading of its alpha.
GROUPS_FOR_INTERVAL = 10
LEAST_USES = 5
# Krippendorff (2019): rely on 0.800 and more; draw only tentative conclusions from 0.667 on.
RELIABLE, TENTATIVE = 0.8, 0.667
# With tables and figures of their own on the page; the download has all.
MOST_PAIRS = 3
ENDS = {
    "from": to_translate("Lower end of the interval of Krippendorff's alpha of {what}"),
    "to": to_translate("Upper end of the interval of Krippendorff's alpha of {what}"),
}


def most_compared(coverage: Coverage) -> list[CoderPair]:
    """Return the pairs of coders whose tables and figures a page shows: those who share most."""
    largest = sorted(coverage.pairs, key=_count_shared, reverse=True)[:MOST_PAIRS]
    return [pair for pair in coverage.pairs if pair in largest]


def _count_shared(pair: CoderPair) -> int:
    return max(len(pair.stated.units), len(pair.as_no.units))


@dataclass(frozen=True, eq=False)
class PairClaims:
    """Names two coders, and makes the claims on their agreement.

    The id of a claim is its kind, the two coders, and what it is about: a code, a focus group or
    one of the coders; nothing where it is about all codes.
    """

    coverage: Coverage
    ledger: Ledger
    pair: CoderPair

    @property
    def id(self) -> str:
        """The two coders as part of an id."""
        return ".".join(self.pair.coders)

    @property
    def coders(self) -> str:
        """The two coders as plain text."""
        one, other = self.pair.coders
        return translate("{others} and {last}", others=one, last=other)

    @property
    def title(self) -> Markup:
        """The two coders in words."""
        return list_words([term(coder) for coder in self.pair.coders])

    @property
    def count_columns(self) -> list[str]:
        """The columns of a table of what both did with a code, and what only one of them did."""
        alone = [say("Only {coder}", coder=term(coder)) for coder in self.pair.coders]
        return [translate("Code"), translate("Both"), *alone]

    def number(
        self, kind: str, label: str, quantity: Quantity, rows: pd.DataFrame, about: str = ""
    ) -> Claim:
        """Return the claim of a number that rests on the segments of some rows."""
        return self.ledger.number(
            self._name(kind, about), label, quantity, **evidence_of(rows)._asdict()
        )

    def passages(self, kind: str, label: str, rows: pd.DataFrame, about: str = "") -> Claim:
        """Return the claim of how many passages there are, a row for each."""
        return self.number(kind, label, (len(rows), SEGMENTS), rows, about)

    def coefficient(
        self, kind: str, label: str, value: float, rows: pd.DataFrame, about: str = ""
    ) -> Claim:
        """Return the claim of a coefficient, which may not be defined."""
        defined = None if math.isnan(value) else float(value)
        return self.number(kind, label, (defined, COEFFICIENT), rows, about)

    def groups(self, kind: str, label: str, groups: Iterable[str]) -> Claim:
        """Return the claim of how many focus groups there are, of those of the study."""
        every = self.coverage.focus_groups["focus_group"]
        return self.ledger.count(self._name(kind), label, groups, of=every)

    def units(self) -> Markup:
        """Return what agreement rests on: passages that both looked at, and their focus groups."""
        stated = self.pair.stated
        label = translate("Passages that {coders} both looked at", coders=self.coders)
        both = self.passages("units", label, stated.units)
        label = translate(
            "Focus groups in which {coders} looked at the same passages", coders=self.coders
        )
        return say_number(
            "{n} passage coded twice; focus groups: {groups}",
            "{n} passages coded twice; focus groups: {groups}",
            both.value,
            n=both,
            groups=self.groups("groups", label, stated.groups),
        )

    def add_interval(
        self, kind: str, claim: Claim, what: str, bounds: FloatArray, about: str = ""
    ) -> Content:
        """Return a coefficient with its interval in brackets, if it has one."""
        if np.isnan(bounds).any():
            return claim
        low, high = (
            self.ledger.number(
                self._name(f"{kind}_{end}", about),
                translate(label, what=what),
                (float(bound), COEFFICIENT),
                focus_groups=self.pair.stated.groups,
            )
            for (end, label), bound in zip(ENDS.items(), bounds, strict=True)
        )
        return say("{n} ({low} to {high})", n=claim, low=low, high=high)

    def read(self, alpha: float | None, uses: int) -> Content:
        """Return what an alpha lets one conclude; nothing where a coder is a language model."""
        if uses < LEAST_USES or alpha is None:
            return say("too few uses to say")
        if "model" in self.kinds:
            return say("not human reliability")
        low, high = (term(write_decimals(bound, 3)) for bound in (TENTATIVE, RELIABLE))
        if alpha >= RELIABLE:
            return say("reliable (from {n})", n=high)
        if alpha >= TENTATIVE:
            return say("tentative ({low} to below {high})", low=low, high=high)
        return say("not reliable (below {n})", n=low)

    @property
    def kinds(self) -> set[str]:
        """What the two coders are: people, language models or programs."""
        coders = self.coverage.study.settings.coders
        return {each.kind for each in coders if each.coder in self.pair.coders}

    def _name(self, kind: str, about: str = "") -> str:
        return ".".join(filter(None, ("agreement", kind, *self.pair.coders, about)))


def draw_alphas(
    identifier: str, title: str, names: list[str], series: list[tuple[str, list[float]]]
) -> Content:
    """Draw alphas, each name on its line, with a mark for each two coders.

    Values below zero are drawn at zero; those that are not defined are left out.
    """
    in_words = translate("; ").join(
        f"{coders}: " + ", ".join(map(_describe_alpha, names, alphas)) for coders, alphas in series
    )
    drawn = [(coders, np.maximum(0, alphas).tolist()) for coders, alphas in series]
    return draw(
        identifier,
        title,
        translate("{title}, Krippendorff's alpha of {values}.", title=title, values=in_words),
        paint_dots(names, drawn, ("0", write_decimals(0.5, 1), "1")),
    )


def _describe_alpha(name: str, alpha: float) -> str:
    return f"{name} {translate('not defined') if math.isnan(alpha) else write_coefficient(alpha)}"
