"""Agreement as a report shows it: who looked at what, and agreement over all codes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from analysis.study.language import to_translate, translate
from analysis.synthesis.agreement_claims import (
    GROUPS_FOR_INTERVAL,
    PairClaims,
    draw_alphas,
    most_compared,
)
from analysis.synthesis.coefficients import draw_groups, interval_of
from analysis.synthesis.markup import Row, element, items, list_words, say, table, term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from analysis.synthesis.agreement import Comparison
    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content

NOTHING_COMPARED = to_translate(
    "No two coders coded, or looked at, the same focus groups: agreement cannot be measured."
)
ONE_CODER = to_translate("There is one coder: agreement cannot be measured.")
NOT_STATED = to_translate("not stated")
CHOSEN = {
    "all": to_translate("every passage was coded twice"),
    "random": to_translate("at random"),
    "systematic": to_translate("by a fixed step, one of every so many"),
    "whole_documents": to_translate("as whole focus groups"),
    "purposive": to_translate("on purpose, not at random"),
}
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
ALPHA_IF = {
    "blank_is_no": to_translate(
        "Krippendorff's alpha of the sets of codes of {coders}, if a blank means no"
    ),
    "blank_is_unseen": to_translate(
        "Krippendorff's alpha of the sets of codes of {coders}, if a blank means not looked at"
    ),
}


def show_double_coding(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return which passages two coders looked at, and how these were chosen and coded."""
    title = element("h2", say("Who looked at what"), id="who-looked-at-what")
    if not coverage.pairs:
        alone = len(coverage.study.settings.coders) == 1
        return ledger.show(title, element("p", say(ONE_CODER if alone else NOTHING_COMPARED)))
    pairs = [PairClaims(coverage, ledger, pair) for pair in coverage.pairs]
    rows = [Row(claims.title, [*_looked_at(claims), claims.units()]) for claims in pairs]
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


def _looked_at(claims: PairClaims) -> Iterator[Content]:
    """Yield how many passages each of two coders looked at."""
    for coder, units in zip(claims.pair.coders, claims.pair.looked_at, strict=True):
        label = translate("Passages that {coder} looked at", coder=coder)
        yield claims.passages("looked_at", label, units, coder)


def _facts(coverage: Coverage) -> Iterator[Content]:
    """Yield what study.yaml states about double coding, item by item."""
    stated = coverage.study.settings.double_coding
    chosen = say(CHOSEN.get(stated.chosen or "", NOT_STATED))
    yield say("How passages for a second coder were chosen: {how}.", how=chosen)
    seen = say(NOT_STATED) if stated.blind is None else say("no" if stated.blind else "yes")
    yield say("Could coders see each other's codes: {answer}.", answer=seen)
    settled = say(DISAGREEMENTS.get(stated.disagreements or "", NOT_STATED))
    yield say("How disagreements were settled: {how}.", how=settled)
    versions = [
        term(f"{coder.coder} ({coder.codebook_version or translate(NOT_STATED)})")
        for coder in coverage.study.settings.coders
    ]
    yield say("Version of the codebook: {versions}.", versions=list_words(versions))
    for pair in coverage.pairs:
        if pair.left_out:
            names = [term(coverage.study.codebook.name(code)) for code in pair.left_out]
            yield say(
                "Not compared for {coders}, since one of them did not have the code: {codes}.",
                coders=list_words([term(coder) for coder in pair.coders]),
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
    """Return the agreement of each two coders over all codes."""
    if not coverage.pairs:
        return ledger.show()
    pairs = [PairClaims(coverage, ledger, pair) for pair in coverage.pairs]
    stated = [claims for claims in pairs if len(claims.pair.stated.units)]
    detailed = most_compared(coverage)
    rows = [Row(claims.title, _overall_cells(claims)) for claims in stated]
    columns = [
        translate("Coders"),
        translate("Alpha of the sets of codes"),
        translate("Positive agreement"),
        translate("Reading"),
    ]
    caption = say("Agreement over all codes, on passages that both coders looked at")
    return ledger.show(
        element("h2", say("Agreement over all codes"), id="agreement-over-all-codes"),
        element("p", say(ABOUT_OVERALL), class_="hint"),
        *([table("overall", caption, columns, rows)] if rows else []),
        *(part for claims in stated if claims.pair in detailed for part in _show_groups(claims)),
        *(_describe_range(claims) for claims in pairs if len(claims.pair.as_no.units)),
        *_coder_notes(pairs),
    )


def _overall_cells(claims: PairClaims) -> list[Content]:
    """Return alpha of the sets of codes with its interval, positive agreement and a reading."""
    compared, coders = claims.pair.stated, claims.coders
    alpha = claims.coefficient(
        "set_alpha",
        translate(
            "Krippendorff's alpha of the sets of codes (MASI distance) of {coders}", coders=coders
        ),
        _set_alpha(compared),
        compared.units,
    )
    both, *only = compared.counts_by_group.sum(axis=(1, 2)).tolist()
    applied = 2 * both + sum(only)
    positive = claims.coefficient(
        "positive_agreement",
        translate("Positive agreement over all codes of {coders}", coders=coders),
        round(2 * both / applied, 12) if applied else math.nan,
        compared.units,
    )
    what = translate("the sets of codes of {coders}", coders=coders)
    shown: Content = alpha
    if len(compared.groups) >= GROUPS_FOR_INTERVAL and alpha.value is not None:
        bounds = interval_of(compared.set_distances.alpha(draw_groups(len(compared.groups))))
        shown = claims.add_interval("set_alpha", alpha, what, bounds)
    return [shown, positive, claims.read(alpha.value, compared.applied["segment"].nunique())]


def _set_alpha(compared: Comparison) -> float:
    once = np.ones((1, len(compared.groups)), dtype=np.int64)
    return float(compared.set_distances.alpha(once)[0])


def _coder_notes(pairs: list[PairClaims]) -> Iterator[Content]:
    kinds = {kind for claims in pairs for kind in claims.kinds}
    if "model" in kinds:
        yield _note(OF_MODELS)
    if "rule" in kinds:
        yield _note(OF_PROGRAMS)


def _show_groups(claims: PairClaims) -> list[Content]:
    """Return the alpha of each focus group, where they are too few for an interval."""
    compared = claims.pair.stated
    if not 1 < len(compared.groups) < GROUPS_FOR_INTERVAL:
        return []
    alphas = compared.set_distances.alpha(np.eye(len(compared.groups), dtype=np.int64))
    rows, found = [], []
    for group, alpha in zip(compared.groups, alphas.tolist(), strict=True):
        label = translate(
            "Krippendorff's alpha of the sets of codes of {coders} in {group}",
            coders=claims.coders,
            group=group,
        )
        units = compared.units[compared.units["focus_group"] == group]
        rows.append(
            Row(term(group), [claims.coefficient("group_alpha", label, alpha, units, group)])
        )
        found += [] if math.isnan(alpha) else [(group, alpha)]
    caption = say("Agreement of {coders} in each focus group", coders=claims.title)
    columns = [translate("Focus group"), translate("Alpha of the sets of codes")]
    listed = table(f"groups-{claims.id}", caption, columns, rows, kind="compact")
    if not found:
        return [listed]
    names, values = map(list, zip(*found, strict=True))
    title = translate("Agreement in each focus group")
    figure = draw_alphas(f"groups-{claims.id}", title, names, [(claims.coders, values)])
    return [element("div", figure, listed, class_="beside")]


def _describe_range(claims: PairClaims) -> Markup:
    """Return between what agreement lies where nobody stated who looked at what."""
    pair = claims.pair
    label = translate(
        "Focus groups that {coders} coded without stating what they looked at",
        coders=claims.coders,
    )
    ends = {"blank_is_no": pair.as_no, "blank_is_unseen": pair.as_unseen}
    no, unseen = (
        claims.coefficient(
            kind,
            translate(ALPHA_IF[kind], coders=claims.coders),
            _set_alpha(compared),
            compared.units,
        )
        for kind, compared in ends.items()
    )
    sentence = say(
        "{coders}: in {groups} focus groups it is not stated who looked at what. Alpha of the sets "
        "of codes is between {no} (a blank counts as no) and {unseen} (a blank counts as not "
        "looked at). To get one number, state who looked at what: a row for each coder and focus "
        "group in {file}.",
        coders=claims.title,
        groups=claims.groups("unstated", label, pair.as_no.groups),
        no=no,
        unseen=unseen,
        file=element("code", "coded.csv"),
    )
    return element("p", sentence, class_="caveat", role="note")
