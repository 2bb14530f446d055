from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.synthesis.homes import Homes
from synthesis.made_corpora import make_codings, make_corpus, make_groups

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy


def test_homes_part_focus_groups_and_segments(study: OpenedStudy) -> None:
    """Coded focus groups are known by home, and segments can be taken by it."""
    corpus = make_corpus(
        study,
        groups=[*make_groups("ken", "uga"), *make_groups("gha", home="wca")],
        segments=[{"segment": name} for name in ("ken.1", "gha.1", "uga.1")],
        codings=make_codings("ken.1 stigma", "gha.1 stigma"),
        place="africa",
    )

    homes = Homes(corpus)

    assert homes.coded == {"esa": ["ken"], "wca": ["gha"]}
    assert homes.regions == ["esa", "wca"]
    assert homes.rows_at(["esa"], np.arange(3)).tolist() == [0, 2]
    assert homes.rows_at(["mena"], np.arange(3)).tolist() == []


def test_homes_may_be_many(study: OpenedStudy) -> None:
    """A continent may have more homes than a small number can tell."""
    names = [f"g{number}" for number in range(300)]
    corpus = make_corpus(
        study,
        groups=[{"focus_group": name, "home": f"home-{name}"} for name in names],
        segments=[{"segment": f"{name}.1"} for name in names],
        place="africa",
    )

    assert Homes(corpus).rows_at(["home-g299"], np.arange(300)).tolist() == [299]
