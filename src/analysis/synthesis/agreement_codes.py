"""Agreement on each code as a report shows it, where it is stated who looked at what or not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.study.language import to_translate, translate
from analysis.synthesis.agreement import COUNTS
from analysis.synthesis.agreement_section import (
    COEFFICIENT,
    GROUPS_FOR_INTERVAL,
    LEAST_USES,
    claim_interval,
    claim_units,
    draw_alphas,
    id_of,
    name_alone,
    name_coders,
    name_pair,
    read_alpha,
    value_of,
    with_interval,
)
from analysis.synthesis.claims import FOCUS_GROUPS, SEGMENTS, evidence_of
from analysis.synthesis.coefficients import draw_groups, interval_of
from analysis.synthesis.markup import Row, element, say, say_number, table
from analysis.synthesis.named_codes import link_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.synthesis.agreement import CoderPair, Comparison
    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.coefficients import FloatArray
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
# Tables of single codes on the page; the download has all.
MOST_TABLES = 3


def show_code_agreement(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the agreement on each code, in a table for each two coders.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    ledger : Ledger
        The claims of the report.
    """
    if not coverage.pairs:
        return ledger.show()
    largest = sorted(coverage.pairs, key=_size, reverse=True)[:MOST_TABLES]
    shown = [pair for pair in coverage.pairs if pair in largest]
    stated = [pair for pair in shown if len(pair.stated.units)]
    parts: list[Content] = [
        element("h2", say("Agreement on each code"), id="agreement-on-each-code"),
        element("p", say(ABOUT_CODES), class_="hint"),
        *_draw_codes(coverage, stated),
    ]
    for pair in shown:
        if len(pair.stated.units):
            parts.append(_show_codes(coverage, ledger, pair))
        if len(pair.as_no.units):
            parts.append(_show_code_ranges(coverage, ledger, pair))
        if pair.cut.groups:
            parts += _show_characters(coverage, ledger, pair)
    if len(shown) < len(coverage.pairs):
        parts.append(element("p", say(OTHER_PAIRS)))
    parts.append(element("p", say(IN_DOWNLOAD), class_="caption"))
    return ledger.show(*parts)


def _size(pair: CoderPair) -> int:
    return max(len(pair.stated.units), len(pair.as_no.units))


@dataclass(frozen=True, eq=False)
class _CodeClaims:
    """Makes the claims about single codes of one comparison of two coders."""

    coverage: Coverage
    ledger: Ledger
    pair: CoderPair
    compared: Comparison

    def name(self, code: str) -> str:
        return self.coverage.study.codebook.name(code)

    @property
    def count_columns(self) -> list[str]:
        return [translate("Code"), translate("Both"), *name_alone(self.pair)]

    @cached_property
    def _rows(self) -> dict[str, pd.DataFrame]:
        return {str(code): rows for code, rows in self.compared.applied.groupby("code")}

    def rows_of(self, code: str) -> pd.DataFrame:
        """Return the segments to which either coder applied a code."""
        return self._rows.get(code, self.compared.applied.iloc[:0])

    def counts(self, code: str, prefix: str = "") -> list[Claim]:
        """Return on how many passages both coders put a code, and only one of them.

        Each count rests on just the passages that it counts.
        """
        one, other = self.pair.coders
        rows = self.rows_of(code)
        coders, applied = name_coders(self.pair), self.name(code)
        both = translate(
            "Passages to which both {coders} applied {code}", coders=coders, code=applied
        )
        found = (
            ("both", both, rows["one"] & rows["other"]),
            (
                f"only.{one}",
                translate(ALONE, coder=one, other=other, code=applied),
                rows["one"] & ~rows["other"],
            ),
            (
                f"only.{other}",
                translate(ALONE, coder=other, other=one, code=applied),
                rows["other"] & ~rows["one"],
            ),
        )
        return [
            self.ledger.number(
                f"agreement.{prefix}{name}.{id_of(self.pair)}.{code}",
                label,
                (int(chosen.sum()), SEGMENTS),
                **evidence_of(rows[chosen])._asdict(),
            )
            for name, label, chosen in found
        ]

    def coefficient(self, kind: str, code: str, value: float) -> Claim:
        """Return a coefficient of a code; it rests on all passages with the code."""
        return self.ledger.number(
            f"agreement.{kind}.{id_of(self.pair)}.{code}",
            translate(COEFFICIENTS[kind], code=self.name(code), coders=name_coders(self.pair)),
            (value_of(value), COEFFICIENT),
            **evidence_of(self.rows_of(code))._asdict(),
        )

    def interval(self, code: str, bounds: FloatArray) -> list[Claim]:
        """Return the ends of the interval of alpha of a code."""
        at = f"{id_of(self.pair)}.{code}"
        of = translate("{code}, for {coders}", code=self.name(code), coders=name_coders(self.pair))
        names = (f"alpha_from.{at}", f"alpha_to.{at}")
        return claim_interval(self.ledger, names, of, bounds, self.compared.groups)


def _draw_codes(coverage: Coverage, pairs: Sequence[CoderPair]) -> list[Content]:
    """Return one figure of the agreement on codes, the lowest of any two coders first.

    Codes of which each two coders have too few uses are left out.
    """
    alphas = {}
    for pair in pairs:
        measured = pair.stated.measure_codes().set_index("code")
        enough = measured[COUNTS].sum(axis="columns") >= LEAST_USES
        alphas[name_coders(pair)] = measured["alpha"].where(enough)
    together = pd.DataFrame(alphas).dropna(how="all")
    if not len(together):
        return []
    lowest = together.min(axis="columns")
    ordered = together.assign(lowest=lowest).reset_index().sort_values(["lowest", "code"])
    names = [coverage.study.codebook.name(code) for code in ordered["code"].astype("str")]
    series = [(coders, ordered[coders].tolist()) for coders in alphas]
    return [draw_alphas("agreement-codes", translate(TITLE), names, series)]


def _show_codes(coverage: Coverage, ledger: Ledger, pair: CoderPair) -> Content:
    """Return the table of codes on passages that both coders looked at, folded away."""
    claims = _CodeClaims(coverage, ledger, pair, pair.stated)
    measured = pair.stated.measure_codes()
    uses = measured[COUNTS].sum(axis="columns")
    measured = measured.assign(
        uses=uses, few=uses < LEAST_USES, bounds=_intervals(pair.stated, uses)
    )
    rows = []
    for row in measured.sort_values(["few", "alpha", "code"]).to_dict("records"):
        code = str(row["code"])
        alpha = claims.coefficient("alpha", code, row["alpha"])
        positive = claims.coefficient("positive_agreement", code, row["positive_agreement"])
        shown = with_interval(alpha, claims.interval(code, row["bounds"]))
        reading = read_alpha(coverage, pair, alpha.value, int(row["uses"]))
        cells = [*claims.counts(code), positive, shown, reading]
        rows.append(Row(link_code(coverage.study, code), cells))
    caption = say("Agreement of {coders} on each code, lowest first", coders=name_pair(pair))
    columns = [
        *claims.count_columns,
        translate("Positive agreement"),
        translate("Alpha"),
        translate("Reading"),
    ]
    units = claim_units(coverage, ledger, pair)
    return element(
        "details",
        element("summary", name_pair(pair)),
        element("p", units),
        table(f"codes-{id_of(pair)}", caption, columns, rows),
    )


def _intervals(compared: Comparison, uses: pd.Series) -> pd.Series:
    """Return the interval of alpha of each code, undefined where there are too few to draw."""
    bounds = np.full((len(uses), 2), np.nan)
    enough = (uses >= LEAST_USES).to_numpy()
    if len(compared.groups) >= GROUPS_FOR_INTERVAL and enough.any():
        drawn = compared.resampled_alphas(draw_groups(len(compared.groups)))
        bounds[enough] = interval_of(drawn[:, enough]).T
    return pd.Series(list(bounds), index=uses.index)


def _show_code_ranges(coverage: Coverage, ledger: Ledger, pair: CoderPair) -> Content:
    """Return the table of codes where nobody stated who looked at what."""
    claims = _CodeClaims(coverage, ledger, pair, pair.as_no)
    as_no, as_unseen = (
        compared.measure_codes().set_index("code")["alpha"]
        for compared in (pair.as_no, pair.as_unseen)
    )
    rows = [
        Row(
            link_code(coverage.study, code),
            [
                *claims.counts(code, "unstated_"),
                claims.coefficient("blank_is_no", code, as_no[code]),
                claims.coefficient("blank_is_unseen", code, as_unseen[code]),
            ],
        )
        for code in pair.as_no.codes
    ]
    columns = [
        *claims.count_columns,
        translate("Alpha, a blank is no"),
        translate("Alpha, a blank is not looked at"),
    ]
    caption = say("{coders}, where it is not stated who looked at what", coders=name_pair(pair))
    return table(f"ranges-{id_of(pair)}", caption, columns, rows)


def _show_characters(coverage: Coverage, ledger: Ledger, pair: CoderPair) -> list[Content]:
    """Return the characters with each code, where coders cut passages of their own."""
    coders = name_coders(pair)
    countable = pair.cut.groups - pair.cut.uncountable
    groups = ledger.count(
        f"agreement.cut.{id_of(pair)}",
        translate("Focus groups in which {coders} cut passages of their own", coders=coders),
        pair.cut.groups,
        of=coverage.focus_groups["focus_group"],
    )
    cut = say(
        "{coders} cut passages of their own in {groups} focus groups. There is no passage that "
        "both could code or leave, so characters are counted, and no coefficient is given.",
        coders=name_pair(pair),
        groups=groups,
    )
    shown: list[Content] = [element("p", cut)]
    if pair.cut.uncountable:
        several = ledger.number(
            f"agreement.uncountable.{id_of(pair)}",
            translate("Focus groups of several documents that {coders} coded", coders=coders),
            (len(pair.cut.uncountable), FOCUS_GROUPS),
            focus_groups=pair.cut.uncountable,
        )
        left_out = say_number(
            "{n} focus group of several documents is left out: positions in different documents "
            "can't be compared.",
            "{n} focus groups of several documents are left out: positions in different documents "
            "can't be compared.",
            several.value,
            n=several,
        )
        shown.append(element("p", left_out))
    if countable and len(pair.cut.applied):
        shown.append(_tabulate_characters(coverage, ledger, pair))
    return shown


def _tabulate_characters(coverage: Coverage, ledger: Ledger, pair: CoderPair) -> Content:
    """Return the table of characters with each code of both coders, and of one of them."""
    one, other = pair.coders
    kinds = {"only_one": one, "only_other": other}
    rows = []
    for code in sorted(set(pair.cut.applied["code"])):
        name = coverage.study.codebook.name(code)
        evidence = evidence_of(pair.cut.applied[pair.cut.applied["code"] == code])._asdict()
        characters = pair.cut.characters(code, pair.coders)._asdict()
        labels = {
            "both": translate(
                "Characters with {code} of both {coders}", code=name, coders=name_coders(pair)
            ),
            **{
                kind: translate("Characters with {code} of {coder} alone", code=name, coder=coder)
                for kind, coder in kinds.items()
            },
        }
        claims = [
            ledger.number(
                f"agreement.characters_{kind}.{id_of(pair)}.{code}",
                label,
                (characters[kind], CHARACTERS),
                **evidence,
            )
            for kind, label in labels.items()
        ]
        rows.append(Row(link_code(coverage.study, code), claims))
    caption = say("Characters with each code, {coders}", coders=name_pair(pair))
    columns = [translate("Code"), translate("Both"), *name_alone(pair)]
    return table(f"characters-{id_of(pair)}", caption, columns, rows)


def agreement_table(coverage: Coverage) -> pd.DataFrame:
    """Return the agreement on each code of each two coders, for the download.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.

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
