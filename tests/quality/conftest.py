from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.quality.context import CheckContext
from analysis.quality.personal_data.exceptions import PrivacyException
from analysis.quality.suites import Suite, read_suites
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

SHA = "0" * 64
REGIONS = {"esa": "region", "wca": "region"}
ROWS = {
    "codebook": [
        ("rights", "", "Rights", "What the law does.", "", ""),
        ("stigma", "rights", "Stigma", "Being looked down on.", "", ""),
        ("hope", "rights", "Hope", "What gives strength.", "", ""),
    ],
    "focus_groups": [
        (
            *("one", "First meeting", "2020-10-12", "country", "MWI", "", "A network", "Care"),
            *("12 network members (MWI)", "en", "public", "", "", "", ""),
        ),
        (
            *("two", "Second meeting", "2020-10-13", "region", "esa", "wca", "A network", "Care"),
            *("3 nurses; 4 network members", "en", "aggregate-only", "", "", SHA, ""),
        ),
    ],
    "segments": [
        ("one.a", "one", "theme", "introduction", "p1", "lead_in", "", "We say:"),
        ("one.b", "one", "theme", "introduction", "1", "point", "", "Care is far."),
        ("one.c", "one", "theme", "introduction", "1a", "subpoint", "", "The bus is dear."),
        ("one.d", "one", "recommendations", "stop", "1", "point", "", "Stop arrests."),
        ("one.e", "one", "recommendations", "stop", "2", "point", "", "Stop fines."),
        ("two.a", "two", "recommendations", "stop", "1", "point", "", "Stop raids."),
    ],
    "code_applications": [
        ("one.c", "stigma", "ann"),
        ("one.d", "stigma", "ann"),
        ("one.d", "hope", "bot"),
        ("one.e", "hope", "ann"),
        ("two.a", "hope", "ann"),
    ],
}


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    """Give the tables of a study of two focus groups and six segments, without a fault."""
    rows = {
        **ROWS,
        # Reports are in French: each code has a name in it.
        "codebook": [(*row, row[2], "") for row in ROWS["codebook"]],
        "segments": [
            (*row, "restated", "en", f"{at:064}") for at, row in enumerate(ROWS["segments"])
        ],
    }
    return {
        name: pd.DataFrame(
            rows[name],
            columns=list(COLUMNS[name]),
            index=pd.RangeIndex(2, len(rows[name]) + 2, name="row"),
            dtype="str",
        )
        for name in COLUMNS
    }


@pytest.fixture(scope="session")
def context() -> CheckContext:
    """Give what the tiny study allows: two points in a cell of recommendations."""
    return CheckContext(
        codes=("stigma", "hope"),
        themes=("rights",),
        coders=("ann", "bot"),
        places={"MWI": "country", "KEN": "country", "GHA": "country"} | REGIONS,
        countries={
            **{country: frozenset({country}) for country in ("MWI", "KEN", "GHA")},
            "esa": frozenset({"MWI", "KEN"}),
            "wca": frozenset({"GHA"}),
        },
        names={"Malawi": "MWI", "Kenya": "KEN", "Ghana": "GHA"},
        cells=("theme.introduction", "recommendations.stop", "recommendations.start"),
        limited_cells=("recommendations.stop", "recommendations.start"),
        languages=("en", "fr"),
        as_of="2020-12-31",
        report_language="fr",
        max_points=2,
        synthetic=False,
        prompts=frozenset({"what must stop"}),
        rows_to_recode=frozenset({99}),
        # For rows that the tiny study does not have, until a defect gives one of them this id.
        privacy_exceptions=(
            PrivacyException("codebook", "reviewed", "name", "name-role", 2),
            PrivacyException("focus_groups", "reviewed", "organiser", "phone", 3),
            PrivacyException("segments", "one.reviewed", "text", "email", 4),
        ),
    )


@pytest.fixture(scope="session")
def suites(root: Path) -> tuple[Suite, ...]:
    """Give the suites that ship."""
    return read_suites(root / "expectations")
