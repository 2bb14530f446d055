from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from synthesis.made_corpora import make_codings, make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.coded_rows import CodedRows

HOPE, CONCERNS = "structures.hope", "structures.concerns"


@pytest.fixture
def coded(study: OpenedStudy) -> CodedRows:
    """Give codings of three segments in two cells, in no order."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[
            {"segment": "ken.1", "cell": HOPE},
            {"segment": "ken.2", "cell": CONCERNS},
            {"segment": "uga.1", "cell": HOPE},
        ],
        codings=[
            *make_codings("uga.1 stigma", coders=2, of_coders=2),
            *make_codings("ken.1 stigma", "ken.1 criminalization", coders=1, of_coders=2),
            *make_codings("ken.2 services"),
        ],
    )
    return corpus.rows.coded


def test_segments_bear_codes_and_their_themes(coded: CodedRows) -> None:
    """A segment bears a code once, and a theme once however many of its codes it bears."""
    bearing = {code: coded.bearing(code).tolist() for code in ("stigma", "rights", "community")}

    assert bearing == {"stigma": [0, 2], "rights": [0, 2], "community": []}


def test_agreed_is_what_several_coders_put(coded: CodedRows) -> None:
    """A code is agreed on where each of several coders put it; one coder agrees with no one."""
    agreed = {code: coded.agreed(code).tolist() for code in ("stigma", "services")}

    assert agreed == {"stigma": [2], "services": []}
    assert coded.by_several


def test_themes_are_raised_in_cells(coded: CodedRows) -> None:
    """Each cell has the themes that its segments bear, and no others."""
    by_cell = coded.by_cell(np.array([0, 1, 0]), [HOPE, CONCERNS])

    assert {
        cell: {theme: rows.tolist() for theme, rows in themes} for cell, themes in by_cell.items()
    } == {HOPE: {"rights": [0, 2]}, CONCERNS: {"support": [1]}}


def test_codes_of_a_segment_are_sorted(coded: CodedRows) -> None:
    """Each segment asked for has its codes; one without has none."""
    assert coded.on_each(np.array([0, 2])) == [("criminalization", "stigma"), ("stigma",)]
    assert coded.on_each(np.array([], dtype=np.int64)) == []
