from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.quality.outcomes import Outcome
from analysis.quality.suites import Expectation, read_suites
from analysis.quality.wording import fill_touches
from analysis.synthesis import accounting, contrasts, overview, points, prevalence, who_was_heard
from analysis.synthesis.aggregates import open_continent
from analysis.synthesis.agreement_codes import show_code_agreement
from analysis.synthesis.agreement_section import show_double_coding, show_overall_agreement
from analysis.synthesis.caveats import Caveats
from analysis.synthesis.claims import Ledger
from analysis.synthesis.corpus_tables import open_region
from analysis.synthesis.coverage import open_coverage
from analysis.synthesis.coverage_section import (
    show_who_answered,
    show_who_coded,
    show_who_took_part,
    show_who_was_heard,
)
from analysis.synthesis.framework_matrix import show_framework_matrix
from analysis.synthesis.single_mentions import show_single_mentions
from tiny_study import ROOT, STUDY, put_value, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    # A claim without its place, and the focus groups and segments that it rests on.
    Rested = tuple[str, frozenset[str], frozenset[str]]

# Rows of each table of the tiny study that a warning may be on, and the cell of the first.
ROWS = {"codebook": ("stigma",), "focus_groups": ("ken",), "segments": ("ken.4", "ken.6")}
CELL = "reaching_person.hope"
# Rows that a warning of one kind is on: a point above sub-points, a group without participants.
ROWS_OF = {"point above sub-points coded": ("ken.3",), "no participants": ("uga",)}
WARNINGS = [
    (suite.table, each)
    for suite in read_suites(ROOT / "expectations")
    for each in suite.expectations
    if each.severity == "warning" and "cleaned" in each.stages and each.touches
]


class _Recording(Caveats):
    """Caveats that remember what is asked of them."""

    asked: list[Rested]

    def touching(
        self, name: str, focus_groups: Iterable[str], segments: Iterable[str]
    ) -> list[Outcome]:
        self.asked.append((name, frozenset(focus_groups), frozenset(segments)))
        return []


@pytest.fixture(scope="module")
def rested(tmp_path_factory: pytest.TempPathFactory) -> list[Rested]:
    """Give what the claims of all reports on the tiny study rest on."""
    root = write_tiny_root(tmp_path_factory.mktemp("caveats") / "root")
    put_value(root, "focus_groups", (3, "participants"), "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMPENDIUM_ROOT", str(root))
        patch.delenv("COMPENDIUM_BUILD", raising=False)
        patch.setattr(_Recording, "asked", [], raising=False)
        patch.setattr("analysis.synthesis.claims.Caveats", _Recording)
        for place in ("esa", "africa"):
            _make_report(place)
        _make_coverage()
        return _Recording.asked


def _make_report(place: str) -> None:
    is_continent = place == "africa"
    corpus = (open_continent if is_continent else open_region)(STUDY, place)
    ledger = Ledger(place)
    themes = prevalence.measure_prevalence(corpus, ledger)
    if is_continent:
        found = contrasts.contrast_regions(corpus, ledger)
        contrasts.show_by_region(corpus, ledger, found)
        accounting.show_conservation(corpus, ledger)
    overview.show_source(corpus, ledger)
    overview.show_method(corpus, ledger)
    prevalence.show_raised(corpus, ledger, themes)
    for show in (
        who_was_heard.show_heard,
        show_framework_matrix,
        points.show_asks,
        points.show_patterns,
        points.show_key_recommendations,
        show_single_mentions,
        accounting.show_accounting,
    ):
        show(corpus, ledger)


def _make_coverage() -> None:
    coverage = open_coverage(STUDY)
    ledger = Ledger("study")
    for show in (
        show_who_was_heard,
        show_who_took_part,
        show_who_answered,
        show_who_coded,
        show_double_coding,
        show_overall_agreement,
        show_code_agreement,
    ):
        show(coverage, ledger)


@pytest.mark.parametrize(
    ("table", "expectation"), WARNINGS, ids=lambda each: getattr(each, "fault", each)
)
def test_warning_is_shown_next_to_a_number_of_each_kind_that_it_names(
    rested: list[Rested], table: str, expectation: Expectation
) -> None:
    """Where a row falls short, some claim has a mark for each pattern of the expectation."""
    rows = ROWS_OF.get(expectation.fault, ROWS[table])

    unmarked = [
        pattern
        for pattern in fill_touches(expectation.touches, [CELL], rows)
        if not _is_marked(rested, table, rows, pattern)
    ]

    assert unmarked == []


def _is_marked(rested: list[Rested], table: str, rows: tuple[str, ...], pattern: str) -> bool:
    outcome = Outcome(
        expectation="e",
        table=table,
        stage="cleaned",
        severity="warning",
        verdict="fell_short",
        touches=(pattern,),
        ids=rows,
    )
    caveats = Caveats([outcome])
    return any(caveats.touching(*claim) for claim in rested)


def test_numbers_on_a_cell_name_it(rested: list[Rested]) -> None:
    """The name of a claim on segments of one cell has the cell, so that a pattern can match it."""
    key = frozenset({"gha.2"})
    on_key = {name for name, _, segments in rested if segments == key}

    assert {name for name in on_key if "recommendations.key" in name} == {
        "answered.recommendations.key",
        "answered.wca.recommendations.key",
    }


def make_warning(name: str, **said: object) -> Outcome:
    fields = {"table": "segments", "touches": ("prevalence.*",), "ids": ("ken.1",), **said}
    return Outcome(
        expectation=name, stage="cleaned", severity="warning", verdict="fell_short", **fields
    )


@pytest.mark.parametrize(
    ("claim", "groups", "segments", "touching"),
    [
        ("prevalence.stigma", ["ken"], ["ken.1", "ken.2"], ["segment", "group"]),
        ("prevalence.stigma", ["ken"], ["ken.2"], ["group"]),
        ("prevalence.stigma", ["uga"], ["uga.1"], []),
        ("points.stigma", ["ken"], ["ken.1"], []),
        ("prevalence", ["ken"], ["ken.1"], []),
    ],
    ids=["both", "group-alone", "other-rows", "other-claims", "whole-name"],
)
def test_warning_touches_claims_of_its_kind_on_its_rows(
    claim: str, groups: Sequence[str], segments: Sequence[str], touching: Sequence[str]
) -> None:
    """A warning touches a claim of a kind that it names, on a row that fell short."""
    caveats = Caveats(
        [
            make_warning("segment"),
            make_warning("group", table="focus_groups", ids=("ken",)),
            make_warning("elsewhere", ids=("gha.1",)),
            make_warning("untouching", touches=()),
        ]
    )

    found = caveats.touching(claim, groups, segments)

    assert [warning.expectation for warning in found] == touching


@pytest.mark.parametrize(
    ("claim", "touching"),
    [
        ("prevalence.stigma", ["code"]),
        ("cell.context.hope.stigma", ["code"]),
        ("prevalence.services", []),
        ("prevalence", []),
    ],
)
def test_warning_on_a_code_touches_the_claims_on_it(claim: str, touching: Sequence[str]) -> None:
    """A warning on a code of the codebook marks the numbers on that code, and no others."""
    of_code = make_warning("code", table="codebook", touches=("*.stigma",), ids=("stigma",))

    found = Caveats([of_code]).touching(claim, ["ken"], ["ken.1"])

    assert [warning.expectation for warning in found] == touching
