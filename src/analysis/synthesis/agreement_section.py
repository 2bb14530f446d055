"""Agreement as a report shows it: who looked at what, over all codes, and code by code."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from analysis.study.decimals import format_decimal
from analysis.study.language import to_translate
from analysis.synthesis.claims import SEGMENTS, agree, evidence_of
from analysis.synthesis.coefficients import draw_groups, interval_of
from analysis.synthesis.figures import draw, height_of_dots, paint_dots
from analysis.synthesis.markup import Row, element, items, join, list_words, say, table, term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from analysis.synthesis.agreement import CoderPair, Comparison
    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.coefficients import FloatArray, IntArray
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content

COEFFICIENT = "coefficient"
# Fewer focus groups give no interval, and fewer uses of a code no reading of its alpha.
GROUPS_FOR_INTERVAL = 10
LEAST_USES = 5
# Krippendorff (2019): rely on 0.800 and more; draw only tentative conclusions from 0.667 on.
RELIABLE, TENTATIVE = 0.8, 0.667
TOO_FEW = "too few uses to say"
NOTHING_COMPARED = (
    "No two coders coded, or looked at, the same focus groups: agreement cannot be measured."
)
NOT_STATED = "not stated"
CHOSEN = {
    "all": "every passage was coded twice",
    "random": "at random",
    "systematic": "by a fixed step, one of every so many",
    "whole_documents": "as whole focus groups",
    "purposive": "on purpose, not at random",
}
BLIND = {True: "no", False: "yes"}
DISAGREEMENTS = {
    "kept": "they were not: both codings are kept, and compared here",
    "discussion": "by discussion",
    "third_coder": "by a third coder",
    "one_coder": "one of the coders decided",
}
SETTLED = (
    "Disagreements were settled before these codings were handed in, so this agreement is higher "
    "than that of coders who work alone."
)
HOW_TO_STATE = (
    "To get one number, state who looked at what: a row for each coder and focus group in "
)
ABOUT_UNITS = to_translate(
    "Agreement is measured on passages that both coders looked at, as stated. There, a passage "
    "without a code means that no code applies. A passage that a coder never saw is not compared."
)
ABOUT_OVERALL = to_translate(
    "Krippendorff's alpha compares the sets of codes that two coders put on each passage, by MASI "
    "distance: one is perfect agreement, and zero is what chance would give. Positive agreement is "
    "how often one coder's codes are also the other's. An interval shows how much the value "
    "depends on which focus groups were coded twice."
)
SELECTED = (
    "Some passages are selections of a coder. What no coder selected is not compared, so this "
    "agreement says nothing about finding passages."
)
NOT_HUMAN = "This is not human reliability."
OF_MODELS = (
    "Runs of a language model can share their errors: their agreement is no evidence of how "
    f"reliably people would code. {NOT_HUMAN}"
)
OF_PROGRAMS = f"A program applied codes, not a person. {NOT_HUMAN}"


def show_double_coding(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return which passages two coders looked at, and how these were chosen and coded.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    ledger : Ledger
        The claims of the report.
    """
    title = element("h2", say("Who looked at what"), id="who-looked-at-what")
    if not coverage.pairs:
        return ledger.show(title, element("p", NOTHING_COMPARED))
    rows = [Row(name_pair(pair), _unit_claims(coverage, ledger, pair)) for pair in coverage.pairs]
    columns = ["Coders", "First coder looked at", "Second coder looked at", "Both looked at"]
    caption = "Passages that each coder looked at, as stated, and both"
    return ledger.show(
        title,
        element("p", say(ABOUT_UNITS), class_="hint"),
        table("looked-at", caption, columns, rows),
        items(_facts(coverage)),
        *_notes(coverage),
    )


def name_pair(pair: CoderPair) -> Markup:
    """Return the two coders in words."""
    return join([term(pair.coders[0]), " and ", term(pair.coders[1])])


def name_alone(pair: CoderPair) -> list[Markup]:
    """Return the names of columns for what only one of two coders did."""
    return [join(["Only ", term(coder)]) for coder in pair.coders]


def id_of(pair: CoderPair) -> str:
    """Return the two coders as part of a claim's id."""
    return ".".join(pair.coders)


def _unit_claims(coverage: Coverage, ledger: Ledger, pair: CoderPair) -> list[Content]:
    seen = [
        ledger.number(
            f"agreement.looked_at.{id_of(pair)}.{coder}",
            f"Passages that {coder} looked at",
            (len(units), SEGMENTS),
            **evidence_of(units)._asdict(),
        )
        for coder, units in zip(pair.coders, pair.looked_at, strict=True)
    ]
    return [*seen, join(claim_units(coverage, ledger, pair))]


def claim_units(coverage: Coverage, ledger: Ledger, pair: CoderPair) -> list[Content]:
    """Return what the agreement of two coders rests on: passages, and focus groups of all."""
    units = pair.stated.units
    both = ledger.number(
        f"agreement.units.{id_of(pair)}",
        f"Passages that {pair.coders[0]} and {pair.coders[1]} both looked at",
        (len(units), SEGMENTS),
        **evidence_of(units)._asdict(),
    )
    groups = ledger.count(
        f"agreement.groups.{id_of(pair)}",
        f"Focus groups in which {pair.coders[0]} and {pair.coders[1]} looked at the same passages",
        pair.stated.groups,
        of=coverage.focus_groups["focus_group"],
    )
    return [both, agree(" passage", both), " coded twice, in ", groups, " focus groups"]


def _facts(coverage: Coverage) -> Iterator[Content]:
    """Yield what study.yaml states about double coding, item by item."""
    stated = coverage.study.settings.double_coding
    chosen = CHOSEN.get(stated.chosen or "", NOT_STATED)
    yield f"How passages for a second coder were chosen: {chosen}."
    seen = NOT_STATED if stated.blind is None else BLIND[stated.blind]
    yield f"Could coders see each other's codes: {seen}."
    settled = DISAGREEMENTS.get(stated.disagreements or "", NOT_STATED)
    yield f"How disagreements were settled: {settled}."
    versions = [
        join([term(coder.coder), ": ", term(coder.codebook_version or NOT_STATED)])
        for coder in coverage.study.settings.coders
    ]
    yield join(["Version of the codebook: ", list_words(versions), "."])
    for pair in coverage.pairs:
        if pair.left_out:
            names = [term(coverage.study.codebook.name(code)) for code in pair.left_out]
            yield join(
                [
                    "Not compared for ",
                    name_pair(pair),
                    ", since one of them did not have the code: ",
                    list_words(names),
                    ".",
                ]
            )


def _notes(coverage: Coverage) -> Iterator[Content]:
    """Yield what must be known to read the agreement of any pair."""
    if coverage.study.settings.double_coding.disagreements not in (None, "kept"):
        yield _note(SETTLED)
    if any(pair.is_selected for pair in coverage.pairs):
        yield _note(SELECTED)


def _note(text: Content) -> Markup:
    return element("p", text, class_="caveat", role="note")


def show_overall_agreement(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the agreement of each two coders over all codes.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    ledger : Ledger
        The claims of the report.
    """
    if not coverage.pairs:
        return ledger.show()
    stated = [pair for pair in coverage.pairs if len(pair.stated.units)]
    rows = [Row(name_pair(pair), _overall_cells(coverage, ledger, pair)) for pair in stated]
    columns = ["Coders", "Alpha of the sets of codes", "Positive agreement", "Reading"]
    caption = "Agreement over all codes, on passages that both coders looked at"
    shown = [table("overall", caption, columns, rows)] if rows else []
    dots = [part for pair in stated for part in _show_groups(ledger, pair)]
    ranges = [
        _describe_range(coverage, ledger, pair) for pair in coverage.pairs if len(pair.as_no.units)
    ]
    return ledger.show(
        element("h2", say("Agreement over all codes"), id="agreement-over-all-codes"),
        element("p", say(ABOUT_OVERALL), class_="hint"),
        *shown,
        *dots,
        *ranges,
        *_coder_notes(coverage),
    )


def _overall_cells(coverage: Coverage, ledger: Ledger, pair: CoderPair) -> list[Content]:
    compared = pair.stated
    evidence = evidence_of(compared.units)._asdict()
    distances = compared.set_distances
    alpha = value_of(distances.alpha(_once(compared))[0])
    both, *only = compared.counts_by_group.sum(axis=(1, 2)).tolist()
    applied = 2 * both + sum(only)
    shown = [
        ledger.number(f"agreement.{name}.{id_of(pair)}", f"{label} {' and '.join(pair.coders)}",
                      (value, COEFFICIENT), **evidence)
        for name, label, value in (
            ("set_alpha", "Krippendorff's alpha of the sets of codes (MASI distance) of", alpha),
            ("positive_agreement", "Positive agreement over all codes of",
             round(2 * both / applied, 12) if applied else None),
        )
    ]  # fmt: skip
    interval: list[Claim] = []
    if len(compared.groups) >= GROUPS_FOR_INTERVAL and alpha is not None:
        bounds = interval_of(distances.alpha(draw_groups(len(compared.groups))))
        interval = claim_interval(
            ledger,
            (f"set_alpha_from.{id_of(pair)}", f"set_alpha_to.{id_of(pair)}"),
            f"the sets of codes of {' and '.join(pair.coders)}",
            bounds,
            compared.groups,
        )
    uses = compared.applied["segment"].nunique()
    reading = read_alpha(coverage, pair, alpha, uses)
    return [with_interval(shown[0], interval), shown[1], reading]


def _once(compared: Comparison) -> IntArray:
    return np.ones((1, len(compared.groups)), dtype=np.int64)


def value_of(number: float) -> float | None:
    """Return a coefficient as a claim has it: None where it is not defined."""
    return None if math.isnan(number) else float(number)


def claim_interval(
    ledger: Ledger, names: tuple[str, str], of: str, bounds: FloatArray, groups: list[str]
) -> list[Claim]:
    """Return the claims of the two ends of an interval, or none where it is undefined."""
    if np.isnan(bounds).any():
        return []
    return [
        ledger.number(
            f"agreement.{name}",
            f"{end} end of the interval of Krippendorff's alpha of {of}",
            (float(bound), COEFFICIENT),
            focus_groups=groups,
        )
        for name, end, bound in zip(names, ("Lower", "Upper"), bounds, strict=True)
    ]


def with_interval(claim: Claim, interval: list[Claim]) -> Content:
    """Return a coefficient with its interval, if any, in brackets."""
    return join([claim, " (", interval[0], " to ", interval[1], ")"]) if interval else claim


def read_alpha(coverage: Coverage, pair: CoderPair, alpha: float | None, uses: int) -> Content:
    """Return what an alpha lets one conclude; nothing where a coder is a language model."""
    if uses < LEAST_USES or alpha is None:
        return TOO_FEW
    if is_of_model(coverage, pair):
        return "not human reliability"
    if alpha >= RELIABLE:
        return join(["reliable ", term(f"(from {RELIABLE:.3f})")])
    if alpha >= TENTATIVE:
        return join(["tentative ", term(f"({TENTATIVE:.3f} to below {RELIABLE:.3f})")])
    return join(["not reliable ", term(f"(below {TENTATIVE:.3f})")])


def is_of_model(coverage: Coverage, pair: CoderPair) -> bool:
    """Return whether a language model is one of two coders."""
    return "model" in _kinds(coverage, pair)


def _kinds(coverage: Coverage, pair: CoderPair) -> set[str]:
    return {c.kind for c in coverage.study.settings.coders if c.coder in pair.coders}


def _coder_notes(coverage: Coverage) -> Iterator[Content]:
    kinds = {kind for pair in coverage.pairs for kind in _kinds(coverage, pair)}
    if "model" in kinds:
        yield _note(OF_MODELS)
    if "rule" in kinds:
        yield _note(OF_PROGRAMS)


def _show_groups(ledger: Ledger, pair: CoderPair) -> list[Content]:
    """Return the alpha of each focus group, where they are too few for an interval."""
    compared = pair.stated
    if not 1 < len(compared.groups) < GROUPS_FOR_INTERVAL:
        return []
    alphas = compared.set_distances.alpha(np.eye(len(compared.groups), dtype=np.int64))
    rows, found = [], []
    for group, alpha in zip(compared.groups, alphas, strict=True):
        units = compared.units[compared.units["focus_group"] == group]
        claim = ledger.number(
            f"agreement.group_alpha.{id_of(pair)}.{group}",
            f"Krippendorff's alpha of the sets of codes of {' and '.join(pair.coders)} in {group}",
            (value_of(alpha), COEFFICIENT),
            **evidence_of(units)._asdict(),
        )
        rows.append(Row(term(group), [claim]))
        found += [(group, alpha)] if claim.value is not None else []
    title = "Agreement in each focus group"
    caption = join(["Agreement of ", name_pair(pair), " in each focus group"])
    columns = ["Focus group", "Alpha of the sets of codes"]
    listed = table(f"groups-{id_of(pair)}", caption, columns, rows, kind="compact")
    if not found:
        return [listed]
    names = [name for name, _ in found]
    series = [(name_coders(pair), [alpha for _, alpha in found])]
    figure = draw_alphas(f"groups-{id_of(pair)}", title, names, series)
    return [element("div", figure, listed, class_="beside")]


def name_coders(pair: CoderPair) -> str:
    """Return the two coders as plain text."""
    return " and ".join(pair.coders)


def draw_alphas(
    identifier: str, title: str, names: list[str], series: list[tuple[str, list[float]]]
) -> Content:
    """Draw alphas, each name on its line, with a mark for each two coders.

    Values below zero are drawn at zero; those that are not defined are left out.
    """
    said = "; ".join(
        f"{coders}: " + ", ".join(_say_alpha(*each) for each in zip(names, alphas, strict=True))
        for coders, alphas in series
    )
    drawn = [(coders, [max(0.0, alpha) for alpha in alphas]) for coders, alphas in series]
    return draw(
        identifier,
        title,
        f"{title}, Krippendorff's alpha of {said}.",
        rows=height_of_dots(len(names), len(series)),
        paint=paint_dots(names, drawn, ("0", "0.5", "1")),
    )


def _say_alpha(name: str, alpha: float) -> str:
    return f"{name} {'not defined' if math.isnan(alpha) else format_decimal(alpha)}"


def _describe_range(coverage: Coverage, ledger: Ledger, pair: CoderPair) -> Markup:
    """Return between what agreement lies where nobody stated who looked at what."""
    groups = ledger.count(
        f"agreement.unstated.{id_of(pair)}",
        f"Focus groups that {' and '.join(pair.coders)} coded without stating what they looked at",
        pair.as_no.groups,
        of=coverage.focus_groups["focus_group"],
    )
    ends = [
        ledger.number(
            f"agreement.{name}.{id_of(pair)}",
            f"Krippendorff's alpha of the sets of codes of {' and '.join(pair.coders)}, {words}",
            (_set_alpha(compared), COEFFICIENT),
            **evidence_of(compared.units)._asdict(),
        )
        for name, words, compared in (
            ("blank_is_no", "if a blank means no", pair.as_no),
            ("blank_is_unseen", "if a blank means not looked at", pair.as_unseen),
        )
    ]
    return element(
        "p", name_pair(pair), ": in ", groups,
        " focus groups it is not stated who looked at what. Alpha of the sets of codes is between ",
        ends[0], " (blank counts as no) and ", ends[1], " (blank counts as not looked at). ",
        HOW_TO_STATE, element("code", "coded.csv"), ".", class_="caveat", role="note",
    )  # fmt: skip


def _set_alpha(compared: Comparison) -> float | None:
    if compared.units.empty:
        return None
    return value_of(compared.set_distances.alpha(_once(compared))[0])
