"""Saturation: after how many focus groups few codes were new, by Guest, Namey and Chen (2020).

Only a study whose codebook grew out of its data has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.study.language import translate
from analysis.synthesis.claims import FOCUS_GROUPS, evidence_of
from analysis.synthesis.codes_by_group import CODES, order_codes
from analysis.synthesis.markup import Row, element, say, table, term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.codes_by_group import CodesHeld
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content

# The base size; the run lengths; and the new-information thresholds, in percent.
BASE = 4
RUNS = (2, 3)
THRESHOLDS = (5, 0)
SOURCE = (
    "Guest, G., Namey, E. and Chen, M. (2020). A simple method to assess and report thematic "
    "saturation in qualitative research. PLoS ONE 15(5), e0232076."
)


def find_saturation(new: Sequence[int], run: int, percent: int) -> int | None:
    """Return after how many focus groups saturation was reached; None where it was not.

    The codes of the first four focus groups are the base. The first run starts after these, and
    each further run one focus group later. The first run whose new codes are at most ``percent``
    of the codes of the base decides: saturation is reached with the focus group before it.

    Parameters
    ----------
    new : sequence of int
        How many codes were new in each focus group, in the order held.
    run : int
        How many focus groups are a run.
    percent : int
        The largest share of new codes that is taken as none.

    Examples
    --------
    Of 37 codes in the base, 7 are new in the first run, then 4, then 1: at most 5 %.

    >>> find_saturation([20, 9, 5, 3, 4, 3, 1, 0], run=2, percent=5)
    6
    """
    most = percent * sum(new[:BASE])
    runs = range(BASE, len(new) - run + 1)
    return next((after for after in runs if 100 * sum(new[after : after + run]) <= most), None)


def show_saturation(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return after how many focus groups saturation was reached, by run length and threshold.

    Nothing where the codebook did not grow out of the data, or no run follows the base.
    """
    held = order_codes(coverage)
    is_inductive = coverage.study.settings.codebook == "inductive"
    if not is_inductive or len(held.groups) < BASE + min(RUNS):
        return ledger.show()
    rows = [
        Row(
            say("{run} groups, at most {share}% new", run=term(f"{run}"), share=term(f"{share}")),
            _reached(held, ledger, run, share),
        )
        for run in RUNS
        for share in THRESHOLDS
    ]
    title = translate("When saturation was reached, by run length and new-information threshold")
    columns = [
        translate("Run length and threshold"),
        translate("Reached after"),
        translate("New codes in the run"),
    ]
    return ledger.show(
        element("h3", say("Saturation"), id="saturation"),
        element("p", _explain(held, ledger), class_="hint"),
        table("saturation", title, columns, rows, kind="compact"),
        element("p", term(SOURCE), class_="caption"),
    )


def _explain(held: CodesHeld, ledger: Ledger) -> Markup:
    """Return the method in a few sentences, with the codes of the base."""
    base = ledger.number(
        "held.base",
        translate("Codes of the first {n} focus groups held, the base of saturation", n=BASE),
        (sum(held.new[:BASE]), CODES),
        **evidence_of(held.first_raised(0, BASE))._asdict(),
    )
    return say(
        "Base size: the first {size} focus groups, with {n} codes. A run is as many focus groups "
        "as the run length; the next starts one group later. Saturation is reached before the "
        "first run whose new codes, as a share of the base, are within the new-information "
        "threshold. The method was tested on interviews.",
        size=term(f"{BASE}"),
        n=base,
    )


def _reached(held: CodesHeld, ledger: Ledger, run: int, percent: int) -> list[Content]:
    """Return after how many focus groups saturation was reached, and the new codes in the run."""
    found = find_saturation(held.new, run, percent)
    if found is None:
        return [say("not reached"), "\u2013"]
    after = ledger.number(
        f"held.saturation.run{run}.at{percent}",
        translate(
            "Focus groups held before saturation, with runs of {run} and a threshold of {percent}%",
            run=run,
            percent=percent,
        ),
        (found, FOCUS_GROUPS),
        focus_groups=held.groups[:found],
    )
    new = ledger.number(
        f"held.saturation_new.run{run}.at{percent}",
        translate(
            "New codes in the run before which saturation was reached, with runs of {run} and "
            "a threshold of {percent}%",
            run=run,
            percent=percent,
        ),
        (sum(held.new[found : found + run]), CODES),
        **evidence_of(held.first_raised(found, found + run))._asdict(),
    )
    return [say("{n} groups {notation}", n=after, notation=term(f"({found}+{run})")), new]
