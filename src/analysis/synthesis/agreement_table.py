"""Agreement as a report shows it: over all codes, and code by code."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from analysis.synthesis.claims import SEGMENTS
from analysis.synthesis.code_agreement import (
    code_agreement,
    compared_segments,
    overall_agreement,
)
from analysis.synthesis.figures import draw, paint_dots
from analysis.synthesis.markup import Row, element, table, term

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.synthesis.agreement import Agreement
    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content

COEFFICIENT = "coefficient"
MODEL_CAVEAT = (
    "Coders that are runs of a language model share what the model has learnt: their agreement is "
    "no evidence of how reliably people would code."
)
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
    compared = _compared(coverage)
    if not len(compared):
        return ledger.show(element("p", NOTHING_COMPARED))
    overall = overall_agreement(
        coverage.segments,
        coverage.code_applications,
        codes=list(coverage.study.codebook.codes),
        coders=coverage.coders,
    )
    size = ledger.number(
        "agreement.compared",
        "Segments that at least two coders coded",
        (len(compared), SEGMENTS),
        focus_groups=compared["focus_group"],
        segments=compared["segment"],
    )
    rows = [
        Row(label, [_claim_overall(ledger, name, label, agreement, compared)])
        for name, label, agreement in (
            (
                "set_alpha",
                "Krippendorff's alpha of the sets of codes (MASI distance)",
                overall.set_alpha,
            ),
            ("alpha", "Krippendorff's alpha, code by code, put or not", overall.alpha),
            ("ac1", "Gwet's AC₁, code by code, put or not", overall.ac1),
        )
    ]
    caption = "Agreement over all codes"
    parts: list[Content] = [
        element("p", size, " segments were coded by at least two coders."),
        table("overall", caption, ["Coefficient", "Value"], rows),
    ]
    if any(coder.kind == "model" for coder in coverage.study.settings.coders):
        parts.append(element("p", MODEL_CAVEAT, class_="caveat", role="note"))
    return ledger.show(*parts)


def _compared(coverage: Coverage) -> pd.DataFrame:
    return compared_segments(coverage.segments, coverage.code_applications, coders=coverage.coders)


def _claim_overall(
    ledger: Ledger, name: str, label: str, agreement: Agreement, compared: pd.DataFrame
) -> Claim:
    return ledger.number(
        f"agreement.{name}",
        label,
        (agreement.value, COEFFICIENT),
        focus_groups=compared["focus_group"],
        segments=compared["segment"],
    )


def show_code_agreement(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the agreement on each code, as a figure and as the table beside it.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    ledger : Ledger
        The claims of the report.
    """
    compared = _compared(coverage)
    if not len(compared):
        return ledger.show(element("p", NOTHING_COMPARED))
    codes = coverage.study.codebook.codes
    measured = code_agreement(
        coverage.segments,
        coverage.code_applications,
        codes=list(codes),
        coders=coverage.coders,
    )
    on_compared = coverage.code_applications["segment"].isin(compared["segment"])
    put = coverage.code_applications[on_compared].drop_duplicates(["segment", "code"])
    rows = [
        _code_row(coverage, ledger, row, put[put["code"] == row["code"]])
        for row in measured.sort_values(["alpha", "code"]).to_dict("records")
    ]
    columns = [
        "Code",
        "Put by all coders",
        "Put by one only",
        "Krippendorff's alpha",
        "Gwet's AC₁",
    ]
    caption = "Agreement on each code, lowest first"
    return ledger.show(_draw(coverage, measured), table("agreement", caption, columns, rows))


def _code_row(coverage: Coverage, ledger: Ledger, row: Mapping[Any, Any], put: pd.DataFrame) -> Row:
    code = str(row["code"])
    name = coverage.study.codebook.name(code)
    groups = coverage.segments.set_index("segment").loc[put["segment"], "focus_group"]

    def claim(kind: str, label: str, value: float | None, unit: str) -> Claim:
        return ledger.number(
            f"{kind}.{code}",
            f"{label} {name}",
            (value, unit),
            focus_groups=groups,
            segments=put["segment"],
        )

    return Row(
        term(name),
        [
            claim(
                "put_by_several",
                "Segments on which at least two coders put",
                int(row["two_or_more"]),
                SEGMENTS,
            ),
            claim(
                "put_by_one",
                "Segments on which only one coder put",
                int(row["only_one"]),
                SEGMENTS,
            ),
            claim("alpha", "Krippendorff's alpha of", _defined(row["alpha"]), COEFFICIENT),
            claim("ac1", "Gwet's AC₁ of", _defined(row["ac1"]), COEFFICIENT),
        ],
    )


def _defined(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _draw(coverage: Coverage, measured: pd.DataFrame) -> Content:
    """Draw the codes on which alpha is defined; values below zero stand at zero."""
    shown = measured.dropna(subset=["alpha"]).sort_values(["alpha", "code"])
    names = [coverage.study.codebook.name(code) for code in shown["code"]]
    told = ", ".join(
        f"{name} {alpha:.2f}" for name, alpha in zip(names, shown["alpha"], strict=True)
    )
    return draw(
        "agreement",
        "Krippendorff's alpha of each code",
        f"Krippendorff's alpha of each code, lowest first: {told}.",
        rows=len(shown) + 1,
        paint=paint_dots(
            names, [("alpha", [max(0.0, alpha) for alpha in shown["alpha"]])], ("0", "0.5", "1")
        ),
    )
