"""Agreement as a report shows it: who looked at what, over all codes, and code by code."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from analysis.study.decimals import format_decimal
from analysis.study.language import to_translate, translate, write_decimals
from analysis.synthesis.claims import SEGMENTS, evidence_of
from analysis.synthesis.coefficients import draw_groups, interval_of
from analysis.synthesis.figures import draw, height_of_dots, paint_dots
from analysis.synthesis.markup import (
    Row,
    element,
    items,
    list_words,
    say,
    say_number,
    table,
    term,
)

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
TOO_FEW = to_translate("too few uses to say")
NOTHING_COMPARED = to_translate(
    "No two coders coded, or looked at, the same focus groups: agreement cannot be measured."
)
NOT_STATED = to_translate("not stated")
CHOSEN = {
    "all": to_translate("every passage was coded twice"),
    "random": to_translate("at random"),
    "systematic": to_translate("by a fixed step, one of every so many"),
    "whole_documents": to_translate("as whole focus groups"),
    "purposive": to_translate("on purpose, not at random"),
}
BLIND = {True: to_translate("no"), False: to_translate("yes")}
DISAGREEMENTS = {
    "kept": to_translate("they were not: both codings are kept, and compared here"),
    "discussion": to_translate("by discussion"),
    "third_coder": to_translate("by a third coder"),
    "one_coder": to_translate("one of the coders decided"),
}
SETTLED = to_translate(
    "Disagreements were settled before these codings were handed in, so this agreement is higher "
    "than that of coders who work alone."
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
SELECTED = to_translate(
    "Some passages are selections of a coder. What no coder selected is not compared, so this "
    "agreement says nothing about finding passages."
)
OF_MODELS = to_translate(
    "Runs of a language model can share their errors: their agreement is no evidence of how "
    "reliably people would code. This is not human reliability."
)
OF_PROGRAMS = to_translate("A program applied codes, not a person. This is not human reliability.")


BLANK_IS_NO = to_translate(
    "Krippendorff's alpha of the sets of codes of {coders}, if a blank means no"
)
BLANK_IS_UNSEEN = to_translate(
    "Krippendorff's alpha of the sets of codes of {coders}, if a blank means not looked at"
)


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
        return ledger.show(title, element("p", say(NOTHING_COMPARED)))
    rows = [Row(name_pair(pair), _unit_claims(coverage, ledger, pair)) for pair in coverage.pairs]
    columns = [
        translate("Coders"),
        translate("First coder looked at"),
        translate("Second coder looked at"),
        translate("Both looked at"),
    ]
    caption = say("Passages that each coder looked at, as stated, and both")
    return ledger.show(
        title,
        element("p", say(ABOUT_UNITS), class_="hint"),
        table("looked-at", caption, columns, rows),
        items(_facts(coverage)),
        *_notes(coverage),
    )


def name_pair(pair: CoderPair) -> Markup:
    """Return the two coders in words."""
    return list_words([term(coder) for coder in pair.coders])


def name_alone(pair: CoderPair) -> list[Markup]:
    """Return the names of columns for what only one of two coders did."""
    return [say("Only {coder}", coder=term(coder)) for coder in pair.coders]


def id_of(pair: CoderPair) -> str:
    """Return the two coders as part of a claim's id."""
    return ".".join(pair.coders)


def _unit_claims(coverage: Coverage, ledger: Ledger, pair: CoderPair) -> list[Content]:
    seen = [
        ledger.number(
            f"agreement.looked_at.{id_of(pair)}.{coder}",
            translate("Passages that {coder} looked at", coder=coder),
            (len(units), SEGMENTS),
            **evidence_of(units)._asdict(),
        )
        for coder, units in zip(pair.coders, pair.looked_at, strict=True)
    ]
    return [*seen, claim_units(coverage, ledger, pair)]


def claim_units(coverage: Coverage, ledger: Ledger, pair: CoderPair) -> Markup:
    """Return what the agreement of two coders rests on: passages, and focus groups of all."""
    units = pair.stated.units
    both = ledger.number(
        f"agreement.units.{id_of(pair)}",
        translate("Passages that {coders} both looked at", coders=name_coders(pair)),
        (len(units), SEGMENTS),
        **evidence_of(units)._asdict(),
    )
    groups = ledger.count(
        f"agreement.groups.{id_of(pair)}",
        translate(
            "Focus groups in which {coders} looked at the same passages", coders=name_coders(pair)
        ),
        pair.stated.groups,
        of=coverage.focus_groups["focus_group"],
    )
    return say_number(
        "{n} passage coded twice, in {groups} focus groups",
        "{n} passages coded twice, in {groups} focus groups",
        both.value,
        n=both,
        groups=groups,
    )


def _facts(coverage: Coverage) -> Iterator[Content]:
    """Yield what study.yaml states about double coding, item by item."""
    stated = coverage.study.settings.double_coding
    chosen = say(CHOSEN.get(stated.chosen or "", NOT_STATED))
    yield say("How passages for a second coder were chosen: {how}.", how=chosen)
    seen = say(NOT_STATED if stated.blind is None else BLIND[stated.blind])
    yield say("Could coders see each other's codes: {answer}.", answer=seen)
    settled = say(DISAGREEMENTS.get(stated.disagreements or "", NOT_STATED))
    yield say("How disagreements were settled: {how}.", how=settled)
    versions = [
        say(
            "{coder}: {version}",
            coder=term(coder.coder),
            version=term(coder.codebook_version or translate(NOT_STATED)),
        )
        for coder in coverage.study.settings.coders
    ]
    yield say("Version of the codebook: {versions}.", versions=list_words(versions))
    for pair in coverage.pairs:
        if pair.left_out:
            names = [term(coverage.study.codebook.name(code)) for code in pair.left_out]
            yield say(
                "Not compared for {coders}, since one of them did not have the code: {codes}.",
                coders=name_pair(pair),
                codes=list_words(names),
            )


def _notes(coverage: Coverage) -> Iterator[Content]:
    """Yield what must be known to read the agreement of any pair."""
    if coverage.study.settings.double_coding.disagreements not in (None, "kept"):
        yield _note(SETTLED)
    if any(pair.is_selected for pair in coverage.pairs):
        yield _note(SELECTED)


def _note(sentence: str) -> Markup:
    return element("p", say(sentence), class_="caveat", role="note")


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
    columns = [
        translate("Coders"),
        translate("Alpha of the sets of codes"),
        translate("Positive agreement"),
        translate("Reading"),
    ]
    caption = say("Agreement over all codes, on passages that both coders looked at")
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
    coders = name_coders(pair)
    label = translate(
        "Krippendorff's alpha of the sets of codes (MASI distance) of {coders}", coders=coders
    )
    shown = [
        ledger.number(
            f"agreement.set_alpha.{id_of(pair)}", label, (alpha, COEFFICIENT), **evidence
        ),
        ledger.number(
            f"agreement.positive_agreement.{id_of(pair)}",
            translate("Positive agreement over all codes of {coders}", coders=coders),
            (round(2 * both / applied, 12) if applied else None, COEFFICIENT),
            **evidence,
        ),
    ]
    interval: list[Claim] = []
    if len(compared.groups) >= GROUPS_FOR_INTERVAL and alpha is not None:
        bounds = interval_of(distances.alpha(draw_groups(len(compared.groups))))
        interval = claim_interval(
            ledger,
            (f"set_alpha_from.{id_of(pair)}", f"set_alpha_to.{id_of(pair)}"),
            translate("the sets of codes of {coders}", coders=coders),
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
    labels = (
        translate("Lower end of the interval of Krippendorff's alpha of {what}", what=of),
        translate("Upper end of the interval of Krippendorff's alpha of {what}", what=of),
    )
    return [
        ledger.number(f"agreement.{name}", label, (float(bound), COEFFICIENT), focus_groups=groups)
        for name, label, bound in zip(names, labels, bounds, strict=True)
    ]


def with_interval(claim: Claim, interval: list[Claim]) -> Content:
    """Return a coefficient with its interval, if any, in brackets."""
    if not interval:
        return claim
    return say("{n} ({low} to {high})", n=claim, low=interval[0], high=interval[1])


def read_alpha(coverage: Coverage, pair: CoderPair, alpha: float | None, uses: int) -> Content:
    """Return what an alpha lets one conclude; nothing where a coder is a language model."""
    if uses < LEAST_USES or alpha is None:
        return say(TOO_FEW)
    if is_of_model(coverage, pair):
        return say("not human reliability")
    low, high = (term(write_decimals(bound, 3)) for bound in (TENTATIVE, RELIABLE))
    if alpha >= RELIABLE:
        return say("reliable (from {n})", n=high)
    if alpha >= TENTATIVE:
        return say("tentative ({low} to below {high})", low=low, high=high)
    return say("not reliable (below {n})", n=low)


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
            translate(
                "Krippendorff's alpha of the sets of codes of {coders} in {group}",
                coders=name_coders(pair),
                group=group,
            ),
            (value_of(alpha), COEFFICIENT),
            **evidence_of(units)._asdict(),
        )
        rows.append(Row(term(group), [claim]))
        found += [(group, alpha)] if claim.value is not None else []
    title = translate("Agreement in each focus group")
    caption = say("Agreement of {coders} in each focus group", coders=name_pair(pair))
    columns = [translate("Focus group"), translate("Alpha of the sets of codes")]
    listed = table(f"groups-{id_of(pair)}", caption, columns, rows, kind="compact")
    if not found:
        return [listed]
    names = [name for name, _ in found]
    series = [(name_coders(pair), [alpha for _, alpha in found])]
    figure = draw_alphas(f"groups-{id_of(pair)}", title, names, series)
    return [element("div", figure, listed, class_="beside")]


def name_coders(pair: CoderPair) -> str:
    """Return the two coders as plain text."""
    return translate("{others} and {last}", others=pair.coders[0], last=pair.coders[1])


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
        translate("{title}, Krippendorff's alpha of {values}.", title=title, values=said),
        rows=height_of_dots(len(names), len(series)),
        paint=paint_dots(names, drawn, ("0", write_decimals(0.5, 1), "1")),
    )


def _say_alpha(name: str, alpha: float) -> str:
    return f"{name} {translate('not defined') if math.isnan(alpha) else format_decimal(alpha)}"


def _describe_range(coverage: Coverage, ledger: Ledger, pair: CoderPair) -> Markup:
    """Return between what agreement lies where nobody stated who looked at what."""
    groups = ledger.count(
        f"agreement.unstated.{id_of(pair)}",
        translate(
            "Focus groups that {coders} coded without stating what they looked at",
            coders=name_coders(pair),
        ),
        pair.as_no.groups,
        of=coverage.focus_groups["focus_group"],
    )
    ends = [
        ledger.number(
            f"agreement.{name}.{id_of(pair)}",
            translate(label, coders=name_coders(pair)),
            (_set_alpha(compared), COEFFICIENT),
            **evidence_of(compared.units)._asdict(),
        )
        for name, label, compared in (
            ("blank_is_no", BLANK_IS_NO, pair.as_no),
            ("blank_is_unseen", BLANK_IS_UNSEEN, pair.as_unseen),
        )
    ]
    sentence = say(
        "{coders}: in {groups} focus groups it is not stated who looked at what. Alpha of the sets "
        "of codes is between {no} (a blank counts as no) and {unseen} (a blank counts as not "
        "looked at). To get one number, state who looked at what: a row for each coder and focus "
        "group in {file}.",
        coders=name_pair(pair),
        groups=groups,
        no=ends[0],
        unseen=ends[1],
        file=element("code", "coded.csv"),
    )
    return element("p", sentence, class_="caveat", role="note")


def _set_alpha(compared: Comparison) -> float | None:
    if compared.units.empty:
        return None
    return value_of(compared.set_distances.alpha(_once(compared))[0])
