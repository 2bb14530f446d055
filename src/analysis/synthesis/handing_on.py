"""What a region's report hands on to those of its continents: all counts, and few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.synthesis.corpus_parts import parts_of, write_parts
from analysis.synthesis.excerpts import choose_excerpts
from analysis.synthesis.listing import take_fairly
from analysis.synthesis.points import KEY
from analysis.synthesis.voices import find_heard_once
from analysis.tables.build_folder import build_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.prevalence import Prevalence
    from analysis.tables.numbering import IntArray


def travelling_rows(corpus: Corpus, themes: Iterable[str], most: int) -> IntArray:
    """Return the segments of a region whose words its continents' reports may show too.

    They are those of the excerpts and of the voices heard once; and the first of the segments that
    no code holds and of the key recommendations, as many as a report shows. All other words stay in
    the region's report.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the region.
    themes : iterable of str
        The themes that excerpts stand for.
    most : int
        At most so many excerpts for each theme.

    Returns
    -------
    array of int
        Their rows.
    """
    chosen = [row for theme in themes for row in choose_excerpts(corpus, theme, most)]
    return np.unique(
        np.concatenate(
            [
                np.array(chosen, dtype=np.int64),
                corpus.rows.coded.row[find_heard_once(corpus)],
                take_fairly(corpus, corpus.rows.uncoded),
                take_fairly(corpus, corpus.rows.codable_in(KEY)),
            ]
        )
    )


def hand_on(corpus: Corpus, measured: Iterable[Prevalence], excerpts_per_theme: int) -> str:
    """Leave what wider reports are built from, and say whether this is part of a build.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the region.
    measured : iterable of Prevalence
        Themes and codes.
    excerpts_per_theme : int
        At most so many excerpts for each theme.
    """
    build = build_folder(corpus.study.root, corpus.study.settings.name)
    if build is None:
        return "Not part of a build: the continental notebook works the aggregates out itself."
    themes = [prevalence.code for prevalence in measured if prevalence.is_theme]
    travelling = travelling_rows(corpus, themes, excerpts_per_theme)
    write_parts(parts_of(corpus, travelling), build.aggregates(corpus.place))
    return "The aggregates of the region are kept for the reports of its continents."
