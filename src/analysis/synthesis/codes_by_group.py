"""Codes by focus group held: how many were new in each, in the order in which groups met.

The line shows that one order; the band shows what random orders of the same groups give. The word
saturation is used only for a study whose codebook grew out of its data.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.study.language import to_translate, translate, write_number
from analysis.synthesis.claims import FOCUS_GROUPS, evidence_of
from analysis.synthesis.coefficients import DRAWS, SEED
from analysis.synthesis.figures import LINE_HEIGHT, ROW, Line, draw, paint_line
from analysis.synthesis.markup import Row, date, element, say, say_number, table, term

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from markupsafe import Markup

    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.coefficients import IntArray
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content

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
MOST_ROWS = 16
EACH_UP_TO = 6
MOST_DRAWN = 100
# Guest, Namey and Chen (2020): the focus groups whose codes are the base, how many more are looked
# at together, and up to which share of the base codes that are new in these are taken as none.
BASE = 4
RUNS = (2, 3)
THRESHOLDS = {"at5": 0.05, "at0": 0.0}
SOURCE = (
    "Guest, G., Namey, E. and Chen, M. (2020). A simple method to assess and report thematic "
    "saturation in qualitative research. PLoS ONE 15(5), e0232076."
)
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
    """Return the codes of a study by focus group, in the order in which these met.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    """
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


def take_steps(groups: int, most: int, each_up_to: int) -> list[int]:
    """Return numbers of focus groups to show: the first ones, and others evenly up to all.

    Examples
    --------
    >>> take_steps(20, 8, 4)
    [1, 2, 3, 4, 8, 12, 16, 20]
    """
    if groups <= most:
        return list(range(1, groups + 1))
    rest = np.linspace(each_up_to, groups, most - each_up_to + 1).round().astype(int)[1:]
    return [*range(1, each_up_to + 1), *(int(step) for step in rest)]


def show_codes_by_group(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return how many codes were new in each focus group held; nothing for one focus group.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    ledger : Ledger
        The claims of the report.
    """
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
        *(_show_saturation(held, ledger) if inductive else ()),
    )


def _draw(held: CodesHeld, ledger: Ledger) -> Markup:
    """Return the line of codes so far, with the band of random orders."""
    groups = len(held.groups)
    steps = take_steps(groups, MOST_DRAWN, EACH_UP_TO)
    bands = held.bands(steps).T.tolist()
    line = Line(steps, [held.in_all[step - 1] for step in steps], bands[0], bands[1])
    last = max(at for at, number in enumerate(held.new, start=1) if number)
    title = say(
        "The last new code came with focus group {n} of {all}",
        n=ledger.number(
            "held.last",
            translate("Focus groups held up to the last one that raised a new code"),
            (last, FOCUS_GROUPS),
            **evidence_of(held.first[held.first["order"] == last - 1])._asdict(),
        ),
        all=ledger.number(
            "held.groups",
            translate("Focus groups with a coded passage"),
            (groups, FOCUS_GROUPS),
            focus_groups=held.groups,
        ),
    )
    shown = take_steps(groups, MOST_ROWS, EACH_UP_TO)
    said = ", ".join(
        translate("{codes} after {groups}", codes=held.in_all[step - 1], groups=step)
        for step in shown
    )
    return draw(
        "codes-by-group",
        title,
        translate(
            "{title}. Codes raised, by the number of focus groups held: {numbers}.",
            title=title.striptags(),
            numbers=said,
        ),
        rows=LINE_HEIGHT / ROW,
        paint=paint_line(
            line,
            (
                translate("codes raised, in the order held"),
                translate("95 % of 1,000 random orders"),
            ),
            (translate("1 group"), translate("{n} groups", n=write_number(groups))),
        ),
    )


def _show_table(held: CodesHeld, ledger: Ledger) -> Markup:
    """Return new codes, codes so far, and those in random orders, by focus groups held."""
    steps = take_steps(len(held.groups), MOST_ROWS, EACH_UP_TO)
    bands = held.bands(steps).tolist()
    before = 0
    rows = []
    for step, (low, high) in zip(steps, bands, strict=True):
        rows.append(_row(held, ledger, (before, step), (low, high)))
        before = step
    columns = [
        translate("Groups held"),
        translate("Last met on"),
        translate("New codes"),
        translate("Codes so far"),
        translate("In random orders"),
    ]
    title = translate("Codes raised, by focus groups held")
    return table("codes-by-group", title, columns, rows, kind="compact")


def _row(held: CodesHeld, ledger: Ledger, between: tuple[int, int], band: tuple[int, int]) -> Row:
    start, step = between
    first = held.first
    new = first[(first["order"] >= start) & (first["order"] < step)]
    number = ledger.number(
        f"held.new.{start + 1}-{step}",
        translate(
            "Codes that focus groups {start} to {end}, in the order held, raised first",
            start=write_number(start + 1),
            end=write_number(step),
        ),
        (sum(held.new[start:step]), CODES),
        **evidence_of(new)._asdict(),
    )
    so_far = ledger.number(
        f"held.codes.{step}",
        translate("Codes of the first {n} focus groups held", n=write_number(step)),
        (held.in_all[step - 1], CODES),
        focus_groups=held.groups[:step],
    )
    ends = [
        ledger.number(
            f"held.{name}.{step}",
            translate(words, groups=write_number(step)),
            (value, CODES),
            focus_groups=held.groups,
        )
        for (name, words), value in zip(BAND.items(), band, strict=True)
    ]
    in_orders = say("{low} to {high}", low=ends[0], high=ends[1])
    return Row(term(write_number(step)), [date(held.dates[step - 1]), number, so_far, in_orders])


class Saturation(NamedTuple):
    """When so few codes were new that a threshold was met.

    Parameters
    ----------
    after : int or None
        After how many focus groups; None where it was not met.
    new : int
        New codes in the run that met it.
    """

    after: int | None
    new: int = 0


def find_saturation(new: Sequence[int], run: int, threshold: float, base: int = BASE) -> Saturation:
    """Return after how many focus groups new codes were at most some share of those of the base.

    This is the method of Guest, Namey and Chen (2020). The codes of the first focus groups are the
    base. The next run starts after these, and each further run one focus group later. The first
    run whose new codes, divided by the codes of the base, are at or below the threshold decides:
    saturation is reached with the focus group before it.

    Parameters
    ----------
    new : sequence of int
        How many codes were new in each focus group, in the order held.
    run : int
        How many focus groups are a run.
    threshold : float
        The largest share of new codes that is taken as none.
    base : int
        How many focus groups are the base.

    Examples
    --------
    Of 37 codes in the base, 7 are new in the first run, then 4, then 1: at most 5 %.

    >>> find_saturation([20, 9, 5, 3, 4, 3, 1, 0], run=2, threshold=0.05)
    Saturation(after=6, new=1)
    """
    in_base = sum(new[:base])
    for after in range(base, len(new) - run + 1):
        in_run = sum(new[after : after + run])
        if in_run <= threshold * in_base:
            return Saturation(after, in_run)
    return Saturation(None)


def _show_saturation(held: CodesHeld, ledger: Ledger) -> list[Content]:
    """Return after how many focus groups saturation was reached, by run length and threshold."""
    if len(held.groups) < BASE + min(RUNS):
        return []
    first = held.first[held.first["order"] < BASE]
    base = ledger.number(
        "held.base",
        translate("Codes of the first {n} focus groups held, the base of saturation", n=BASE),
        (sum(held.new[:BASE]), CODES),
        **evidence_of(first)._asdict(),
    )
    rows = [
        Row(
            say(
                "{run} groups, at most {share} % new",
                run=term(f"{run}"),
                share=term(f"{100 * share:.0f}"),
            ),
            _reached(held, ledger, run, name),
        )
        for run in RUNS
        for name, share in THRESHOLDS.items()
    ]
    about = say(
        "Base size: the first {size} focus groups, with {n} codes. A run is as many focus groups "
        "as the run length; the next starts one group later. Saturation is reached before the "
        "first run whose new codes, as a share of the base, are within the new-information "
        "threshold. The method was tested on interviews.",
        size=term(f"{BASE}"),
        n=base,
    )
    title = translate("When saturation was reached, by run length and new-information threshold")
    columns = [
        translate("Run length and threshold"),
        translate("Reached after"),
        translate("New codes in the run"),
    ]
    return [
        element("h3", say("Saturation"), id="saturation"),
        element("p", about, class_="hint"),
        table("saturation", title, columns, rows, kind="compact"),
        element("p", term(SOURCE), class_="caption"),
    ]


def _reached(held: CodesHeld, ledger: Ledger, run: int, name: str) -> list[Content]:
    found = find_saturation(held.new, run, THRESHOLDS[name])
    if found.after is None:
        return [say("not reached"), "\u2013"]
    at = f"run{run}.{name}"
    rule = {"run": run, "percent": round(100 * THRESHOLDS[name])}
    after = ledger.number(
        f"held.saturation.{at}",
        translate(
            "Focus groups held before saturation, with runs of {run} and a threshold of "
            "{percent} %",
            **rule,
        ),
        (found.after, FOCUS_GROUPS),
        focus_groups=held.groups[: found.after],
    )
    order = held.first["order"]
    in_run = held.first[(order >= found.after) & (order < found.after + run)]
    new = ledger.number(
        f"held.saturation_new.{at}",
        translate(
            "New codes in the run before which saturation was reached, with runs of {run} and a "
            "threshold of {percent} %",
            **rule,
        ),
        (found.new, CODES),
        **evidence_of(in_run)._asdict(),
    )
    notation = term(f"({found.after}+{run})")
    return [say("{n} groups {notation}", n=after, notation=notation), new]
