"""Agreement on each code as a report shows it, where it is stated who looked at what or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.study.language import to_translate, translate
from analysis.synthesis.agreement import COUNTS
from analysis.synthesis.agreement_claims import (
    GROUPS_FOR_INTERVAL,
    LEAST_USES,
    PairClaims,
    draw_alphas,
    most_compared,
)
from analysis.synthesis.claims import FOCUS_GROUPS
from analysis.synthesis.coefficients import draw_groups, interval_of
from analysis.synthesis.links import link_code
from analysis.synthesis.markup import Row, element, say, say_number, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from analysis.synthesis.agreement import Comparison
    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content

CHARACTERS = "characters"
COEFFICIENTS = {
    "alpha": to_translate("Krippendorff's alpha of {code}, for {coders}"),
    "positive_agreement": to_translate("Positive agreement on {code}, for {coders}"),
    "blank_is_no": to_translate(
        "Krippendorff's alpha, if a blank means no, of {code}, for {coders}"
    ),
    "blank_is_unseen": to_translate(
        "Krippendorff's alpha, if a blank means not looked at, of {code}, for {coders}"
    ),
}
TITLE = to_translate("Agreement on each code, lowest first")
# Of the download.
AGREEMENT_COLUMNS = {
    "coder_one": "pseudonym of a coder",
    "coder_other": "pseudonym of another coder, later in the study settings",
    "basis": "stated: on passages that both coders looked at, as stated; else how blanks count",
    "focus_groups": "number of focus groups with a passage compared",
    "code": "id of the code",
    "units": "number of passages compared",
    "both": "number of passages with the code of both coders",
    "only_one": "number of passages with the code of the first coder alone",
    "only_other": "number of passages with the code of the other coder alone",
    "positive_agreement": "2 both / (2 both + only_one + only_other)",
    "alpha": "Krippendorff's alpha, nominal; blank where nothing varies",
    "percent_agreement": "share of passages on which both did the same, empty ones included",
    "kappa": "Cohen's kappa",
    "ac1": "Gwet's AC1",
}
ABOUT_CODES = to_translate(
    "On how many passages both coders put a code, and only one of them did. Where agreement is "
    "low, read the numbers on the code with care, and its definition again."
)
IN_DOWNLOAD = to_translate(
    "Percent agreement, Cohen's kappa and Gwet's AC\u2081 of each code are in the download."
)
ALONE = to_translate("Passages to which {coder} and not {other} applied {code}")
OTHER_PAIRS = to_translate("Other pairs of coders shared fewer passages: see the download.")


def show_code_agreement(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the agreement on each code, in a table for each two coders."""
    if not coverage.pairs:
        return ledger.show()
    shown = [PairClaims(coverage, ledger, pair) for pair in most_compared(coverage)]
    stated = [claims for claims in shown if len(claims.pair.stated.units)]
    parts: list[Content] = [
        element("h2", say("Agreement on each code"), id="agreement-on-each-code"),
        element("p", say(ABOUT_CODES), class_="hint"),
        *_draw_codes(stated),
    ]
    for claims in shown:
        if len(claims.pair.stated.units):
            parts.append(_show_codes(claims))
        if len(claims.pair.as_no.units):
            parts.append(_show_code_ranges(claims))
        if claims.pair.cut.groups:
            parts += _show_characters(claims)
    if len(shown) < len(coverage.pairs):
        parts.append(element("p", say(OTHER_PAIRS)))
    parts.append(element("p", say(IN_DOWNLOAD), class_="caption"))
    return ledger.show(*parts)


def _draw_codes(pairs: Sequence[PairClaims]) -> list[Content]:
    """Return one figure of the agreement on codes, the lowest of any two coders first.

    Codes of which each two coders have too few uses are left out.
    """
    alphas = {}
    for claims in pairs:
        measured = claims.pair.stated.measure_codes().set_index("code")
        enough = measured[COUNTS].sum(axis="columns") >= LEAST_USES
        alphas[claims.coders] = measured["alpha"].where(enough)
    together = pd.DataFrame(alphas).dropna(how="all")
    if not len(together):
        return []
    lowest = together.min(axis="columns")
    ordered = together.assign(lowest=lowest).reset_index().sort_values(["lowest", "code"])
    book = pairs[0].coverage.study.codebook
    names = [book.name(code) for code in ordered["code"].astype("str")]
    series = [(coders, ordered[coders].tolist()) for coders in alphas]
    return [draw_alphas("agreement-codes", translate(TITLE), names, series)]


def _show_codes(claims: PairClaims) -> Content:
    """Return the table of codes on passages that both coders looked at, folded away."""
    compared = claims.pair.stated
    measured = _with_intervals(compared)
    applied = _by_code(compared)
    rows = []
    for row in measured.sort_values(["few", "alpha", "code"]).to_dict("records"):
        code = str(row["code"])
        alpha = _coefficient(claims, "alpha", code, row["alpha"], applied[code])
        positive = row["positive_agreement"]
        what = translate("{code}, for {coders}", code=_name(claims, code), coders=claims.coders)
        cells = [
            *_count(claims, code, applied[code]),
            _coefficient(claims, "positive_agreement", code, positive, applied[code]),
            claims.add_interval("alpha", alpha, what, row["bounds"], code),
            claims.read(alpha.value, int(row["uses"])),
        ]
        rows.append(Row(link_code(claims.coverage.study, code), cells))
    caption = say("Agreement of {coders} on each code, lowest first", coders=claims.title)
    columns = [
        *claims.count_columns,
        translate("Positive agreement"),
        translate("Alpha"),
        translate("Reading"),
    ]
    return element(
        "details",
        element("summary", claims.title),
        element("p", claims.units()),
        table(f"codes-{claims.id}", caption, columns, rows),
    )


def _with_intervals(compared: Comparison) -> pd.DataFrame:
    """Return the measures of each code, with its uses and the bounds of its alpha, NaN for none."""
    measured = compared.measure_codes()
    uses = measured[COUNTS].sum(axis="columns")
    bounds = np.full((len(uses), 2), np.nan)
    enough = ((uses >= LEAST_USES) & measured["alpha"].notna()).to_numpy()
    if len(compared.groups) >= GROUPS_FOR_INTERVAL and enough.any():
        drawn = compared.resampled_alphas(draw_groups(len(compared.groups)))
        bounds[enough] = interval_of(drawn[:, enough]).T
    return measured.assign(uses=uses, few=uses < LEAST_USES, bounds=list(bounds))


def _by_code(compared: Comparison) -> dict[str, pd.DataFrame]:
    """Return the passages to which either coder applied each code."""
    found = dict(iter(compared.applied.groupby("code")))
    return {code: found.get(code, compared.applied.iloc[:0]) for code in compared.codes}


def _name(claims: PairClaims, code: str) -> str:
    return claims.coverage.study.codebook.name(code)


def _count(claims: PairClaims, code: str, rows: pd.DataFrame, prefix: str = "") -> list[Claim]:
    """Return on how many passages both coders put a code, and only one of them.

    Each count rests on just the passages that it counts.
    """
    one, other = claims.pair.coders
    name, by_one, by_other = _name(claims, code), rows["one"], rows["other"]
    both = translate(
        "Passages to which both {coders} applied {code}", coders=claims.coders, code=name
    )
    found = (
        ("both", both, by_one & by_other),
        (f"only.{one}", translate(ALONE, coder=one, other=other, code=name), by_one & ~by_other),
        (f"only.{other}", translate(ALONE, coder=other, other=one, code=name), by_other & ~by_one),
    )
    return [
        claims.passages(f"{prefix}{kind}", label, rows[chosen], code)
        for kind, label, chosen in found
    ]


def _coefficient(
    claims: PairClaims, kind: str, code: str, value: float, rows: pd.DataFrame
) -> Claim:
    """Return a coefficient of a code; it rests on all passages with the code."""
    label = translate(COEFFICIENTS[kind], code=_name(claims, code), coders=claims.coders)
    return claims.coefficient(kind, label, value, rows, code)


def _show_code_ranges(claims: PairClaims) -> Content:
    """Return the table of codes where nobody stated who looked at what."""
    pair = claims.pair
    as_no, as_unseen = (
        compared.measure_codes().set_index("code")["alpha"]
        for compared in (pair.as_no, pair.as_unseen)
    )
    rows = [
        Row(
            link_code(claims.coverage.study, code),
            [
                *_count(claims, code, applied, "unstated_"),
                _coefficient(claims, "blank_is_no", code, as_no[code], applied),
                _coefficient(claims, "blank_is_unseen", code, as_unseen[code], applied),
            ],
        )
        for code, applied in _by_code(pair.as_no).items()
    ]
    columns = [
        *claims.count_columns,
        translate("Alpha, a blank is no"),
        translate("Alpha, a blank is not looked at"),
    ]
    caption = say("{coders}, where it is not stated who looked at what", coders=claims.title)
    return table(f"ranges-{claims.id}", caption, columns, rows)


def _show_characters(claims: PairClaims) -> list[Content]:
    """Return the characters with each code, where coders cut passages of their own."""
    cut = claims.pair.cut
    label = translate(
        "Focus groups in which {coders} cut passages of their own", coders=claims.coders
    )
    about = say(
        "{coders} cut passages of their own in {groups} focus groups. There is no passage that "
        "both could code or leave, so characters are counted, and no coefficient is given.",
        coders=claims.title,
        groups=claims.groups("cut", label, cut.groups),
    )
    return [
        element("p", about),
        *([element("p", _describe_uncountable(claims))] if cut.uncountable else []),
        *([_tabulate_characters(claims)] if len(cut.applied) else []),
    ]


def _describe_uncountable(claims: PairClaims) -> Markup:
    """Return how many focus groups have several documents, so that nothing is counted there."""
    groups = claims.pair.cut.uncountable
    several = claims.ledger.number(
        f"agreement.uncountable.{claims.id}",
        translate("Focus groups of several documents that {coders} coded", coders=claims.coders),
        (len(groups), FOCUS_GROUPS),
        focus_groups=groups,
    )
    return say_number(
        "{n} focus group of several documents is left out: positions in different documents "
        "can't be compared.",
        "{n} focus groups of several documents are left out: positions in different documents "
        "can't be compared.",
        several.value,
        n=several,
    )


def _tabulate_characters(claims: PairClaims) -> Content:
    """Return the table of characters with each code of both coders, and of one of them."""
    cut, (one, other) = claims.pair.cut, claims.pair.coders
    rows = []
    for code, applied in cut.applied.groupby("code"):
        name = _name(claims, str(code))
        labels = {
            "both": translate(
                "Characters with {code} of both {coders}", code=name, coders=claims.coders
            ),
            "only_one": translate("Characters with {code} of {coder} alone", code=name, coder=one),
            "only_other": translate(
                "Characters with {code} of {coder} alone", code=name, coder=other
            ),
        }
        characters = cut.characters(str(code), claims.pair.coders)._asdict()
        shown = [
            claims.number(
                f"characters_{kind}", label, (characters[kind], CHARACTERS), applied, str(code)
            )
            for kind, label in labels.items()
        ]
        rows.append(Row(link_code(claims.coverage.study, str(code)), shown))
    caption = say("Characters with each code, {coders}", coders=claims.title)
    return table(f"characters-{claims.id}", caption, claims.count_columns, rows)


def agreement_table(coverage: Coverage) -> pd.DataFrame:
    """Return the agreement on each code of each two coders, for the download.

    Returns
    -------
    DataFrame
        ``coder_one, coder_other``; ``basis``, how blanks count; ``focus_groups`` compared;
        ``code``; and the columns of `Comparison.measure_codes`.
    """
    tables = [
        compared.measure_codes().assign(
            coder_one=pair.coders[0],
            coder_other=pair.coders[1],
            basis=basis,
            focus_groups=len(compared.groups),
        )
        for pair in coverage.pairs
        for basis, compared in (
            ("stated", pair.stated),
            ("blank counts as no", pair.as_no),
            ("blank counts as not looked at", pair.as_unseen),
        )
        if len(compared.units)
    ]
    if not tables:
        return pd.DataFrame(columns=list(AGREEMENT_COLUMNS))
    return pd.concat(tables, ignore_index=True)[list(AGREEMENT_COLUMNS)]
