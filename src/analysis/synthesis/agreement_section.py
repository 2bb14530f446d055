"""Agreement as a report shows it: over all codes, and code by code."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from analysis.synthesis.agreement import code_agreement, overall_agreement
from analysis.synthesis.claims import SEGMENTS, Evidence, agree, evidence_of
from analysis.synthesis.figures import draw, paint_dots
from analysis.synthesis.markup import Row, element, table, term

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from markupsafe import Markup

    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content

COEFFICIENT = "coefficient"
MODEL_CAVEAT = (
    "Coders that are runs of a language model share what the model has learnt: their agreement is "
    "no evidence of how reliably people would code."
)
OVERALL = {
    "set_alpha": "Krippendorff's alpha of the sets of codes (MASI distance)",
    "alpha": "Krippendorff's alpha, code by code, put or not",
    "ac1": "Gwet's AC₁, code by code, put or not",
}
CODE_COLUMNS = ("Put by several", "Put by one alone", "Krippendorff's alpha", "Gwet's AC₁")
CODE_LABELS = {
    "put_by_several": "Segments on which at least two coders put",
    "put_by_one": "Segments, of those that several coded, on which only one put",
    "alpha": "Krippendorff's alpha of",
    "ac1": "Gwet's AC₁ of",
}
NOTHING_COMPARED = "No focus group was coded by two coders: agreement cannot be measured."


def show_overall_agreement(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the coefficients over all codes.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    ledger : Ledger
        The claims of the report.
    """
    compared = coverage.shared.segments
    if not len(compared):
        return ledger.show(element("p", NOTHING_COMPARED))
    evidence = evidence_of(compared)
    size = ledger.number(
        "agreement.compared",
        "Segments that at least two coders coded",
        (len(compared), SEGMENTS),
        **evidence._asdict(),
    )
    by_machine = any(coder.kind == "model" for coder in coverage.study.settings.coders)
    return ledger.show(
        element("p", size, agree(" segment", size), " coded by at least two coders."),
        _overall_table(coverage, ledger, evidence),
        *([element("p", MODEL_CAVEAT, class_="caveat", role="note")] if by_machine else []),
    )


def _overall_table(coverage: Coverage, ledger: Ledger, compared: Evidence) -> Markup:
    overall = overall_agreement(coverage.shared)
    rows = [
        Row(
            label,
            [
                ledger.number(
                    f"agreement.{name}",
                    label,
                    (getattr(overall, name).value, COEFFICIENT),
                    **compared._asdict(),
                )
            ],
        )
        for name, label in OVERALL.items()
    ]
    return table("overall", "Agreement over all codes", ["Coefficient", "Value"], rows)


def show_code_agreement(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the agreement on each code, as a figure and as the table beside it.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    ledger : Ledger
        The claims of the report.
    """
    shared = coverage.shared
    if not len(shared.segments):
        return ledger.show(element("p", NOTHING_COMPARED))
    measured = code_agreement(shared).sort_values(["alpha", "code"])
    applied = {str(code): rows for code, rows in shared.applied.groupby("code", observed=True)}
    none = shared.applied.iloc[:0]
    rows = [
        _code_row(coverage, ledger, measures, applied.get(measures["code"], none))
        for measures in measured.to_dict("records")
    ]
    columns = ["Code", *CODE_COLUMNS]
    caption = "Agreement on each code, lowest first"
    shown = measured.dropna(subset=["alpha"])
    figure = [_draw(coverage, shown)] if len(shown) else []
    return ledger.show(*figure, table("agreement", caption, columns, rows))


def _code_row(
    coverage: Coverage, ledger: Ledger, measures: Mapping[Any, Any], applied: pd.DataFrame
) -> Row:
    """Return the row of a code; each count rests on just the segments that it counts."""
    code = str(measures["code"])
    name = coverage.study.codebook.name(code)
    by_several, by_one = applied[applied["coders"] >= 2], applied[applied["coders"] == 1]
    counted = (
        ("put_by_several", int(measures["two_or_more"]), SEGMENTS, by_several),
        ("put_by_one", int(measures["only_one"]), SEGMENTS, by_one),
        ("alpha", _defined(measures["alpha"]), COEFFICIENT, applied),
        ("ac1", _defined(measures["ac1"]), COEFFICIENT, applied),
    )
    claims = [
        ledger.number(
            f"{kind}.{code}",
            f"{CODE_LABELS[kind]} {name}",
            (value, unit),
            **evidence_of(rows)._asdict(),
        )
        for kind, value, unit, rows in counted
    ]
    return Row(term(name), claims)


def _defined(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _draw(coverage: Coverage, shown: pd.DataFrame) -> Content:
    """Draw the codes on which alpha is defined; values below zero are drawn at zero."""
    names = [coverage.study.codebook.name(code) for code in shown["code"]]
    alphas = ", ".join(
        f"{name} {alpha:.2f}" for name, alpha in zip(names, shown["alpha"], strict=True)
    )
    return draw(
        "agreement",
        "Krippendorff's alpha of each code",
        f"Krippendorff's alpha of each code, lowest first: {alphas}.",
        rows=len(shown) + 1,
        paint=paint_dots(
            names, [("alpha", [max(0.0, alpha) for alpha in shown["alpha"]])], ("0", "0.5", "1")
        ),
    )
