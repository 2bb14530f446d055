from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.synthesis.claims import Ledger
from analysis.synthesis.corpus import open_corpus
from analysis.synthesis.corpus_parts import PARTS, parts_of, read_parts
from analysis.synthesis.handing_on import hand_on, travelling_rows
from analysis.synthesis.prevalence import measure_prevalence
from synthesis.made_corpora import make_codings, make_corpus, make_groups
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from analysis.study.opened_study import OpenedStudy


def test_only_some_words_travel(study: OpenedStudy) -> None:
    """Words of excerpts, voices heard once, uncoded segments and key recommendations travel."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", "uga"),
        segments=[
            {"segment": "ken.1"},
            {"segment": "ken.2"},
            {"segment": "ken.3"},
            {"segment": "ken.4", "cell": "recommendations.key"},
            {"segment": "uga.1"},
            {"segment": "uga.2"},
        ],
        codings=make_codings(
            *("ken.1 stigma", "ken.2 stigma", "uga.1 stigma"),
            *("uga.2 services", "ken.4 stigma"),
        ),
    )

    travelling = travelling_rows(corpus, study.codebook.themes, most=1)

    assert list(corpus.rows.bearing(travelling).segments) == ["ken.1", "ken.3", "ken.4", "uga.2"]


def test_counts_travel_whole(study: OpenedStudy) -> None:
    """All segments and codings travel; the text of those that do not is left behind."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken"),
        segments=[{"segment": "ken.1", "label": "Kept"}, {"segment": "ken.2"}],
        codings=make_codings("ken.1 stigma", "ken.2 stigma"),
    )

    parts = parts_of(corpus, np.array([1]))

    assert list(parts["segments"]["text"]) == ["", "Words."]
    assert parts["segments"]["label"][0] == "Kept"
    assert len(parts["codings"]) == 2


def test_parts_are_kept_only_in_a_build(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a build a region's aggregates are left for its continents; elsewhere nothing is."""
    corpus = open_corpus(STUDY, "wca")
    measured = measure_prevalence(corpus, Ledger("wca"))
    outside = hand_on(corpus, measured, 3)
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")

    inside = hand_on(corpus, measured, 3)

    assert outside.startswith("Not part of a build")
    assert inside.startswith("The aggregates of the region are kept")
    kept = read_parts(tiny_root / "build" / STUDY / "aggregates" / "wca")
    assert set(kept) == set(PARTS)
    assert list(kept["focus_groups"]["focus_group"]) == ["gha"]
