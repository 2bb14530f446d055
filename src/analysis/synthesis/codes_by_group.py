"""Codes by focus group held: how many were new in each, in the order in which groups met.

The line shows that one order; the band shows what random orders of the same groups give.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from analysis.study.language import to_translate, translate, translate_number, write_number
from analysis.synthesis.claims import FOCUS_GROUPS, evidence_of
from analysis.synthesis.coefficients import DRAWS, SEED
from analysis.synthesis.drawing import draw
from analysis.synthesis.figures import Line, paint_line
from analysis.synthesis.markup import Row, date, element, say, say_number, table, term

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.coefficients import IntArray
    from analysis.synthesis.coverage import Coverage

CODES = "codes"
BAND = {
    "low": to_translate(
        "Fewest codes up to focus group {groups}, but for 25 of 1,000 random orders"
    ),
    "high": to_translate(
        "Most codes up to focus group {groups}, but for 25 of 1,000 random orders"
    ),
}
# As many orders are above the band as below it; all others are within.
BEYOND = 25
# Steps in the table and in the figure; each of the first focus groups is one.
MOST_ROWS = 16
MOST_DRAWN = 100
EACH_UP_TO = 6
BY_CODEBOOK = to_translate(
    "A flat line doesn't show that nothing new was said: codes are those of the codebook, and the "
    "study does not state that they grew out of what was said."
)


@dataclass(frozen=True, eq=False)
class CodesHeld:
    """The codes that focus groups raised, in the order in which they met.

    Parameters
    ----------
    groups : tuple of str
        The focus groups with a coded passage, by date and then by id.
    dates : tuple of str
        When each met.
    first : DataFrame
        The codings with which each code was raised first: ``segment, focus_group, code``, and the
        ``order`` of the focus group, from 0.
    raised : array of bool
        Focus groups x codes: who raised what.
    """

    groups: tuple[str, ...]
    dates: tuple[str, ...]
    first: pd.DataFrame
    raised: np.ndarray

    @cached_property
    def new(self) -> list[int]:
        """How many codes each focus group was the first to raise."""
        by_order = self.first.groupby("order")["code"].nunique()
        return [int(by_order.get(at, 0)) for at in range(len(self.groups))]

    @cached_property
    def in_all(self) -> list[int]:
        """How many codes so many focus groups raised, from the first on."""
        return [int(n) for n in np.cumsum(self.new)]

    def first_raised(self, start: int, end: int) -> pd.DataFrame:
        """Return the codings with which some of the focus groups were the first to raise a code."""
        return self.first[self.first["order"].between(start, end, inclusive="left")]

    @cached_property
    def _first_in_orders(self) -> IntArray:
        """How many focus groups came before each code, in each of 1,000 random orders."""
        random = Random(SEED)  # noqa: S311 (nothing secret)
        size = DRAWS * len(self.groups)
        drawn = np.fromiter((random.random() for _ in range(size)), np.float64, size)
        drawn = drawn.reshape(DRAWS, -1)
        lowest = np.array([drawn[:, who].min(axis=1) for who in self.raised.T]).T
        pairs = zip(np.sort(drawn, axis=1), lowest, strict=True)
        return np.array([np.searchsorted(order, low) for order, low in pairs])

    def bands(self, steps: Sequence[int]) -> IntArray:
        """Return between how many codes so many focus groups raised in most random orders.

        The 25 lowest and the 25 highest of 1,000 orders are beyond. In each order every focus
        group, in the order held, gets a number of `random.Random(2020).random()`; the group with
        the smallest comes first.
        """
        counts = [np.sort((self._first_in_orders < step).sum(axis=1)) for step in steps]
        return np.array(counts)[:, [BEYOND, DRAWS - BEYOND - 1]]


def order_codes(coverage: Coverage) -> CodesHeld:
    """Return the codes of a study by focus group, in the order in which these met."""
    codings = coverage.codings[["segment", "focus_group", "code"]].astype("str")
    groups = coverage.focus_groups[
        coverage.focus_groups["focus_group"].isin(codings["focus_group"])
    ]
    groups = groups.sort_values(["held_on", "focus_group"])
    order = {group: at for at, group in enumerate(groups["focus_group"])}
    codings = codings.assign(order=codings["focus_group"].map(order))
    first = codings[codings["order"] == codings.groupby("code")["order"].transform("min")]
    codes = {code: at for at, code in enumerate(sorted(codings["code"].unique()))}
    raised = np.zeros((len(order), len(codes)), dtype=bool)
    raised[codings["order"], codings["code"].map(codes)] = True
    return CodesHeld(tuple(groups["focus_group"]), tuple(groups["held_on"]), first, raised)


def take_steps(groups: int, most: int) -> list[int]:
    """Return numbers of focus groups to show: the first ones, and others evenly up to all.

    Examples
    --------
    >>> take_steps(30, 8)
    [1, 2, 3, 4, 5, 6, 18, 30]
    """
    if groups <= most:
        return list(range(1, groups + 1))
    rest = np.linspace(EACH_UP_TO, groups, most - EACH_UP_TO + 1).round().astype(int)[1:]
    return [*range(1, EACH_UP_TO + 1), *(int(step) for step in rest)]


def show_codes_by_group(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return how many codes were new in each focus group held; nothing for one focus group."""
    held = order_codes(coverage)
    if len(held.groups) < 2:
        return ledger.show()
    inductive = coverage.study.settings.codebook == "inductive"
    raised = ledger.number(
        "held.raised",
        translate("Codes of the codebook that any focus group raised"),
        (held.in_all[-1], CODES),
        **evidence_of(held.first)._asdict(),
    )
    book = coverage.study.codebook.codes
    every = ledger.number("held.codebook", translate("Codes of the codebook"), (len(book), CODES))
    about = say_number(
        "{n} of the {all} codes of the codebook was raised. Focus groups are in the order in which "
        "they met.",
        "{n} of the {all} codes of the codebook were raised. Focus groups are in the order in "
        "which they met.",
        raised.value,
        n=raised,
        all=every,
    )
    return ledger.show(
        element("h2", say("Codes by focus group held"), id="codes-by-group"),
        element("p", about, class_="hint"),
        "" if inductive else element("p", say(BY_CODEBOOK), class_="hint"),
        element("div", _draw(held, ledger), _show_table(held, ledger), class_="beside"),
    )


def _draw(held: CodesHeld, ledger: Ledger) -> Markup:
    """Return the line of codes so far, with the band of random orders."""
    groups = len(held.groups)
    steps = take_steps(groups, MOST_DRAWN)
    low, high = held.bands(steps).T.tolist()
    title = _title(held, ledger)
    in_words = ", ".join(
        translate("{codes} after {groups}", codes=held.in_all[step - 1], groups=step)
        for step in take_steps(groups, MOST_ROWS)
    )
    return draw(
        "codes-by-group",
        title,
        translate(
            "{title}. Codes raised, by the number of focus groups held: {numbers}.",
            title=title.striptags(),
            numbers=in_words,
        ),
        paint_line(
            Line(steps, [held.in_all[step - 1] for step in steps], low, high),
            (
                translate("codes raised, in the order held"),
                translate("95% of 1,000 random orders"),
            ),
            (translate("1 group"), translate("{n} groups", n=write_number(groups))),
        ),
    )


def _title(held: CodesHeld, ledger: Ledger) -> Markup:
    """Return with which focus group the last new code came."""
    last = int(held.first["order"].max()) + 1
    return say(
        "The last new code came with focus group {n} of {all}",
        n=ledger.number(
            "held.last",
            translate("Focus groups held up to the last one that raised a new code"),
            (last, FOCUS_GROUPS),
            **evidence_of(held.first_raised(last - 1, last))._asdict(),
        ),
        all=ledger.number(
            "held.groups",
            translate("Focus groups with a coded passage"),
            (len(held.groups), FOCUS_GROUPS),
            focus_groups=held.groups,
        ),
    )


def _show_table(held: CodesHeld, ledger: Ledger) -> Markup:
    """Return new codes, codes so far, and those in random orders, by focus groups held."""
    steps = take_steps(len(held.groups), MOST_ROWS)
    rows = [
        Row(
            term(write_number(step)),
            [
                date(held.dates[step - 1]),
                *_count_codes(held, ledger, before, step),
                _show_band(held, ledger, step, band),
            ],
        )
        for before, step, band in zip([0, *steps], steps, held.bands(steps).tolist(), strict=False)
    ]
    columns = [
        translate("Groups held"),
        translate("Last met on"),
        translate("New codes"),
        translate("Codes so far"),
        translate("In random orders"),
    ]
    title = translate("Codes raised, by focus groups held")
    return table("codes-by-group", title, columns, rows, kind="compact")


def _count_codes(held: CodesHeld, ledger: Ledger, before: int, step: int) -> tuple[Claim, Claim]:
    """Return the codes that are new since some step, and all so far."""
    new = ledger.number(
        f"held.new.{before + 1}-{step}",
        translate(
            "Codes that focus groups {start} to {end}, in the order held, raised first",
            start=write_number(before + 1),
            end=write_number(step),
        ),
        (sum(held.new[before:step]), CODES),
        **evidence_of(held.first_raised(before, step))._asdict(),
    )
    so_far = ledger.number(
        f"held.codes.{step}",
        translate_number(
            "Codes of the first focus group held",
            "Codes of the first {n} focus groups held",
            step,
            n=write_number(step),
        ),
        (held.in_all[step - 1], CODES),
        focus_groups=held.groups[:step],
    )
    return new, so_far


def _show_band(held: CodesHeld, ledger: Ledger, step: int, band: Sequence[int]) -> Markup:
    """Return between how many codes so many focus groups raise in most random orders."""
    low, high = (
        ledger.number(
            f"held.{name}.{step}",
            translate(words, groups=write_number(step)),
            (value, CODES),
            focus_groups=held.groups,
        )
        for (name, words), value in zip(BAND.items(), band, strict=True)
    )
    return say("{low} to {high}", low=low, high=high)
