"""What a region's report hands on to those of its continents: all counts, and few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.synthesis.corpus import write_parts
from analysis.synthesis.excerpts import choose_excerpts
from analysis.synthesis.points import KEY
from analysis.synthesis.voices import find_heard_once, find_uncoded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.prevalence import Prevalence


def hand_on(corpus: Corpus, measured: Iterable[Prevalence], excerpts_per_theme: int) -> str:
    """Leave what wider reports are built from, and say whether this is part of a build.

    The words that travel are those of the excerpts, of the voices heard once, of the segments that
    no code holds, and of the key recommendations; all other words stay in the region's report.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the region.
    measured : iterable of Prevalence
        Themes and codes.
    excerpts_per_theme : int
        At most so many excerpts for each theme.
    """
    chosen = [
        segment
        for prevalence in measured
        if prevalence.is_theme
        for segment in choose_excerpts(corpus, prevalence.code, excerpts_per_theme)
    ]
    key = corpus.segments.loc[corpus.segments["cell"] == KEY, "segment"]
    travelling = [
        *chosen,
        *key,
        *find_heard_once(corpus)["segment"],
        *find_uncoded(corpus)["segment"],
    ]
    if write_parts(corpus, travelling):
        return "The aggregates of the region are kept for the reports of its continents."
    return "Not part of a build: the continental notebook works the aggregates out itself."
